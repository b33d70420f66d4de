using System.Runtime.CompilerServices;
using Grants.Domain.Proposals;
using Grants.Primitives;
using Grants.Service.Api;
using Grants.Service.Hosting.Changes;
using Grants.Service.Proposals;
using GraphQL;
using GraphQL.Types;

namespace Grants.Service.Ballots;

/// <summary>What is live of a vote. Each stream ends when the vote is closed and everything is shown.</summary>
public static class BallotsSubscriptions
{
    // A tally that changes a hundred times a second is read by nobody.
    private static readonly TimeSpan TallyPause = TimeSpan.FromMilliseconds(200);

    public static void Extend(ObjectGraphType subscription)
    {
        subscription.AddResumable<VotingOutcomeGraphType>(
            "tallyChanged",
            "What the ballots of a vote come to now, and again whenever that changes, until the vote is closed. Always the newest: whoever "
                + "is slow is spared what lies between. Its sequence is the logIndex of the last ballot that it counts, -1 for none.",
            [new QueryArgument<NonNullGraphType<Bytes32Scalar>> { Name = "voteId" }],
            (context, after) => TalliesAsync(
                context.Service<BallotStore>(),
                context.Service<ChangeFeed>(),
                context.Space(),
                context.GetArgument<Hash32>("voteId"),
                after));
        subscription.AddResumable<BallotGraphType>(
            "ballotCast",
            "The ballots of a vote in the order of the log, each once: those that were accepted after a place in the log, then each as "
                + "it is accepted, until the vote is closed. To go on after an interruption, give the last logIndex seen, "
                + "which is the sequence here.",
            [
                new QueryArgument<NonNullGraphType<Bytes32Scalar>> { Name = "voteId" },
                new QueryArgument<LongGraphType>
                {
                    Name = "afterLogIndex",
                    Description = "Behind which place to begin; -1 for the first ballot. From now on where left out.",
                },
            ],
            (context, after) => BallotsAsync(
                context.Service<BallotStore>(),
                context.Service<BallotChunks>(),
                context.Service<ChangeFeed>(),
                context.Space(),
                context.GetArgument<Hash32>("voteId"),
                after ?? context.GetArgument<long?>("afterLogIndex")));
    }

    private static async IAsyncEnumerable<Told> TalliesAsync(
        BallotStore ballots,
        ChangeFeed changes,
        string space,
        Hash32 voteId,
        long? after,
        [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        async Task<(StoredVote Vote, CountedTally Counted)> LookAsync(CancellationToken token)
        {
            // In this order: the tally of a vote that is found closed is the last one.
            var vote = await ballots.VoteAsync(space, voteId, token);
            return (vote!, await ballots.CountedAsync(voteId, token));
        }

        using var follower = await FollowAsync(ballots, changes, space, voteId, cancellation);
        var shown = after;
        while (true)
        {
            await follower.WaitAsync(cancellation);
            var (vote, (tally, last)) = await follower.LookTogetherAsync(LookAsync, cancellation);
            if (last != shown)
                yield return new Told(last, new OutcomeUnderRules(vote.Window.Rules, tally.Outcome(vote.Window.Rules, vote.Supply)));
            if (vote.Closed)
                yield break;
            shown = last;
            await Task.Delay(TallyPause, cancellation);
        }
    }

    private static async IAsyncEnumerable<Told> BallotsAsync(
        BallotStore ballots,
        BallotChunks chunks,
        ChangeFeed changes,
        string space,
        Hash32 voteId,
        long? afterLogIndex,
        [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        using var follower = await FollowAsync(ballots, changes, space, voteId, cancellation);
        var place = await follower.LookAsync(token => chunks.BehindAsync(voteId, afterLogIndex, token), cancellation);
        while (true)
        {
            await follower.WaitAsync(cancellation);
            // In this order: of a vote that is found closed, no ballot comes after those that are found.
            var vote = await follower.LookAsync(token => ballots.VoteAsync(space, voteId, token), cancellation);
            while (await follower.LookAsync(token => chunks.NextAsync(space, voteId, place, token), cancellation) is { } next)
            {
                foreach (var record in next.Ballots)
                    yield return new Told(record.Index, CurrentBallot.Of(record, next.Place.Chunk));
                place = next.Place;
            }

            if (vote!.Closed)
                yield break;
        }
    }

    // A vote ends by an event of its proposal.
    private static async Task<Follower> FollowAsync(
        BallotStore ballots, ChangeFeed changes, string space, Hash32 voteId, CancellationToken cancellation) =>
        await ballots.VoteAsync(space, voteId, cancellation) is { } vote
            ? changes.Follow(
                ChangeNotices.Topic(space, BallotStore.StreamId(voteId)), ChangeNotices.Topic(space, Proposal.StreamId(vote.ProposalId)))
            : throw new ProtocolError("NOT_FOUND", "There is no such vote.");
}
