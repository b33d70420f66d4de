using Grants.Domain.Ballots;
using Grants.Domain.Proposals;
using Grants.Primitives;
using Xunit;

namespace Grants.Service.Tests.Ballots;

/// <summary>The close is a fence: what was acknowledged before it counts, all of it, and nothing after it.</summary>
public sealed class ClosingVoteTests(LocalServers servers) : IAsyncLifetime
{
    private BallotRig rig = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => rig = await BallotRig.StartAsync(servers);

    public ValueTask DisposeAsync() => rig.DisposeAsync();

    [Fact]
    public async Task a_close_in_the_midst_of_10000_ballots_certifies_exactly_those_that_were_acknowledged()
    {
        const int voters = 10_000;
        var powers = Enumerable.Range(1, voters).Select(i => (UInt256)(ulong)i).ToArray();
        var vote = await rig.OpenAsync(ARule.Simple, powers);
        var acknowledged = 0;
        async Task<(int Voter, string? Code)> CastAsync(int voter)
        {
            var answer = await rig.CastAsync(vote, voter, 1, $"{1 + (voter % 3)}");
            if (answer.Receipt is not null)
                Interlocked.Increment(ref acknowledged);
            return (voter, answer.Rejection?.Code);
        }

        var casting = Task.WhenAll(Enumerable.Range(0, 4).Select(lane => Task.Run(async () =>
        {
            var answers = new List<(int Voter, string? Code)>();
            foreach (var part in Enumerable.Range(0, voters).Where(voter => voter % 4 == lane).Chunk(100))
                answers.AddRange(await Task.WhenAll(part.Select(CastAsync)));
            return answers;
        })));
        await Embedded.Eventually.TrueAsync(
            () => Volatile.Read(ref acknowledged) > 2_000, TimeSpan.FromMinutes(2), "2,000 ballots are acknowledged");
        rig.Clock.Now = vote.ClosesAt;
        Assert.Null(await rig.CertifyAsync(vote));
        var answers = (await casting).SelectMany(answered => answered).ToList();

        var counted = answers.Where(answer => answer.Code is null).Select(answer => answer.Voter).ToList();
        Assert.InRange(counted.Count, 2_001, voters - 1);
        Assert.All(answers, answer => Assert.Contains(answer.Code, new[] { null, "OUTSIDE_VOTING_WINDOW", "VOTING_NOT_OPEN" }));
        var result = (await rig.ProposalAsync(vote)).Vote!.Result!;
        Assert.Equal(counted.Count, result.Outcome.Count.Voters);
        Assert.Equal(counted.Count, result.BallotCount);
        for (var choice = 1; choice <= 3; choice++)
        {
            var power = counted.Where(voter => 1 + (voter % 3) == choice).Aggregate(UInt256.Zero, (sum, voter) => sum + powers[voter]);
            Assert.Equal((Rational)power, result.Outcome.Count.Scores[choice - 1]);
        }
    }

    [Fact]
    public async Task a_certificate_has_the_root_of_its_own_ballots_and_of_the_spaces_log()
    {
        var vote = await rig.OpenAsync(ARule.Simple, 10, 20, 30);
        for (var voter = 0; voter < 3; voter++)
            await rig.CastAsync(vote, voter, 1, "1");
        var last = (await rig.CastAsync(vote, 2, 2, "2")).Receipt!;
        rig.Clock.Now = vote.ClosesAt;
        await rig.CertifyAsync(vote);
        var result = (await rig.ProposalAsync(vote)).Vote!.Result!;
        Hash32[] leaves = [.. (await rig.RecordsAsync(vote)).Select(BallotLog.Leaf)];
        Assert.Equal((4, BallotLog.Root(leaves)), (result.BallotCount, result.BallotRoot));
        Assert.Equal((last.Head.Head.Size, last.Head.Head.Root), (result.LogSize, result.LogRoot));
        Assert.Equal((3, false), (result.Outcome.Count.Voters, result.Outcome.IsApproved));
    }

    [Fact]
    public async Task a_vote_without_ballots_is_certified_with_an_empty_log()
    {
        var vote = await rig.OpenAsync(ARule.Simple, 10);
        rig.Clock.Now = vote.ClosesAt;
        await rig.CertifyAsync(vote);
        var result = (await rig.ProposalAsync(vote)).Vote!.Result!;
        Assert.Equal(
            (0L, BallotLog.EmptyRoot, 0L, BallotLog.EmptyRoot), (result.BallotCount, result.BallotRoot, result.LogSize, result.LogRoot));
        Assert.Equal(ProposalState.Rejected, (await rig.ProposalAsync(vote)).State);
    }

    [Fact]
    public async Task certifying_again_changes_nothing()
    {
        var vote = await rig.OpenAsync(ARule.Simple, 10);
        await rig.CastAsync(vote, 0, 1, "1");
        rig.Clock.Now = vote.ClosesAt;
        await rig.CertifyAsync(vote);
        var certified = await rig.ProposalAsync(vote);
        await rig.CertifyAsync(vote);
        Assert.Equal(certified, await rig.ProposalAsync(vote));
    }

    [Fact]
    public async Task a_close_that_comes_early_comes_again_later_and_closes_nothing()
    {
        var vote = await rig.OpenAsync(ARule.Simple, 10);
        Assert.Equal(vote.ClosesAt, await rig.CertifyAsync(vote));
        Assert.NotNull((await rig.CastAsync(vote, 0, 1)).Receipt);
    }

    [Fact]
    public async Task sums_that_are_not_the_fold_of_the_ballots_are_not_certified()
    {
        var vote = await rig.OpenAsync(ARule.Simple, 10, 20);
        await rig.CastAsync(vote, 0, 1, "1");
        await using (var tamper = rig.Database.CreateCommand("update voting.tally set amount = amount + 1 where vote = $1"))
        {
            tamper.Parameters.Add(new() { Value = vote.VoteId.ToBytes() });
            await tamper.ExecuteNonQueryAsync(Cancellation);
        }

        rig.Clock.Now = vote.ClosesAt;
        await Assert.ThrowsAsync<InvalidDataException>(() => rig.CertifyAsync(vote));
        Assert.Equal(ProposalState.Voting, (await rig.ProposalAsync(vote)).State);
    }

    [Fact]
    public async Task whoever_did_not_hear_the_answer_hears_it_after_the_close()
    {
        var vote = await rig.OpenAsync(ARule.Simple, 10);
        var ballot = BallotRig.BallotOf(vote, 0, 1);
        var receipt = (await rig.CastAsync(ballot, 0)).Receipt;
        rig.Clock.Now = vote.ClosesAt;
        await rig.CertifyAsync(vote);
        Assert.Equal(receipt, (await rig.CastAsync(ballot, 0)).Receipt);
        Assert.Equal("OUTSIDE_VOTING_WINDOW", (await rig.CastAsync(vote, 0, 2)).Rejection!.Code);
    }
}
