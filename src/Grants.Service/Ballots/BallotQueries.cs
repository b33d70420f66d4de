using System.ComponentModel;
using System.Globalization;
using System.Text.Json;
using Grants.Domain.Ballots;
using Grants.Domain.Ballots.Systems;
using Grants.Primitives;
using Grants.Service.Api;
using Grants.Service.Api.History;
using Grants.Service.Proposals;
using Grants.Service.VotingPower;
using GraphQL;
using GraphQL.Types;
using Marten;
using Npgsql;

namespace Grants.Service.Ballots;

/// <summary>Which ballots of a vote are listed.</summary>
public sealed record BallotFilter(
    [property: Description("Only this account's.")] Address? Voter,
    [property: Description("Only with this choice, as canonical JSON.")] string? Choice);

public static class BallotQueries
{
    public static void Extend(ObjectGraphType query)
    {
        query.Field<VotingOutcomeGraphType>("tally")
            .Description("What the ballots of a vote come to now; null where there is no such vote.")
            .Argument<NonNullGraphType<Bytes32Scalar>>("voteId")
            .Argument<InputType<AsOfInput>>(AsOf.Name, AsOf.Description)
            .ResolveAsync(async context => await OutcomeAsync(context));
        query.Field<NonNullGraphType<UInt256Scalar>>("votingPower")
            .Description("An account's voting power in a vote, base units; zero before the vote opens.")
            .Argument<NonNullGraphType<Bytes32Scalar>>("voteId")
            .Argument<NonNullGraphType<AddressScalar>>("account")
            .ResolveAsync(async context => await context.Service<PowerStore>().PowerOfAsync(
                context.Space(),
                context.GetArgument<Hash32>("voteId"),
                context.GetArgument<Address>("account"),
                context.CancellationToken));
        query.Field<StringGraphType>("ballotTypedData")
            .Description("The EIP-712 typed data of a voter's next ballot, as JSON for eth_signTypedData_v4; null where no vote is open.")
            .Argument<NonNullGraphType<Bytes32Scalar>>("voteId")
            .Argument<NonNullGraphType<AddressScalar>>("voter")
            .Argument<NonNullGraphType<StringGraphType>>("choice", "JSON, as the voting system defines it.")
            .Argument<StringGraphType>("reason")
            .ResolveAsync(async context => await TypedDataAsync(context));
        query.AddKeysetConnection<CurrentBallot, BallotGraphType>(
            "ballots",
            "The ballots of a vote that count now, or did at asOf.",
            [
                new QueryArgument<NonNullGraphType<Bytes32Scalar>> { Name = "voteId" },
                new QueryArgument<InputType<BallotFilter>> { Name = "filter" },
                new QueryArgument<BallotOrderGraphType> { Name = "orderBy", DefaultValue = BallotOrder.LogIndex },
                new QueryArgument<InputType<AsOfInput>> { Name = AsOf.Name, Description = AsOf.OfList },
            ],
            ballot => $"{ballot.Power}:{ballot.LogIndex}",
            ListAsync);
    }

    private static async Task<OutcomeUnderRules?> OutcomeAsync(IResolveFieldContext context)
    {
        var (ballots, voteId) = (context.Service<BallotStore>(), context.GetArgument<Hash32>("voteId"));
        if (await ballots.VoteAsync(context.Space(), voteId, context.CancellationToken) is not { } vote)
            return null;
        var tally = AsOf.MomentOf(context) is { } moment
            ? await RecountAsync(context, vote, moment)
            : await ballots.TallyAsync(voteId, context.CancellationToken);
        return new OutcomeUnderRules(vote.Window.Rules, tally.Outcome(vote.Window.Rules, vote.Supply));
    }

    // Of the record itself: the running sums know only now.
    private static async Task<Tally> RecountAsync(IResolveFieldContext context, StoredVote vote, AsOfInput moment)
    {
        var recount = new VoteRecount(vote.Window.Rules);
        var stream = BallotStore.StreamId(context.GetArgument<Hash32>("voteId"));
        foreach (var batch in await context.Service<IQuerySession>().EventsAsync(stream, moment, context.CancellationToken))
        {
            foreach (var record in ((BallotsRecorded)batch).Ballots)
                recount.Add(record);
        }

        return recount.Tally();
    }

    private static async Task<IReadOnlyList<CurrentBallot>> ListAsync(IResolveFieldContext context, int limit, string? after)
    {
        var (voteId, cancellation) = (context.GetArgument<Hash32>("voteId"), context.CancellationToken);
        var (filter, order) = (context.GetArgument<BallotFilter?>("filter"), context.GetArgument<BallotOrder>("orderBy"));
        BallotPlace? place = after is null ? null : PlaceOf(after);
        if (AsOf.MomentOf(context) is not { } moment)
        {
            return await CurrentBallots.ListAsync(
                context.Service<NpgsqlDataSource>(),
                context.Space(),
                voteId,
                filter?.Voter,
                filter?.Choice,
                order,
                place,
                limit,
                cancellation);
        }

        var then = await PastBallots.ReadAsync(context.Service<IQuerySession>(), voteId, moment, PastBallots.BallotsMax, cancellation);
        return PastBallots.PageOf(then, filter, order, place, limit);
    }

    private static BallotPlace PlaceOf(string cursor) =>
        cursor.Split(':') is [var power, var index]
        && UInt256.TryParse(power, out var parsed)
        && long.TryParse(index, NumberStyles.None, CultureInfo.InvariantCulture, out var place)
            ? new BallotPlace(parsed, place)
            : throw new ProtocolError("BAD_USER_INPUT", "after is not a cursor of this list.");

    private static async Task<string?> TypedDataAsync(IResolveFieldContext context)
    {
        var (voteId, voter) = (context.GetArgument<Hash32>("voteId"), context.GetArgument<Address>("voter"));
        var ballots = context.Service<BallotStore>();
        if (await ballots.VoteAsync(context.Space(), voteId, context.CancellationToken) is not { Closed: false } vote)
            return null;
        var window = vote.Window;
        var last = await CurrentBallots.FindAsync(context.Service<NpgsqlDataSource>(), voteId, voter, context.CancellationToken);
        var ballot = new SignedBallot(
            window.Space,
            voteId,
            window.ProposalHash,
            voter,
            ChoiceOf(context.GetArgument<string>("choice"), window),
            (last?.Nonce ?? UInt256.Zero) + UInt256.One,
            Math.Min(
                window.ClosesAt.ToUnixTimeSeconds() + 1,
                context.Service<TimeProvider>().GetUtcNow().ToUnixTimeSeconds() + BallotBox.ExpirySecondsMax),
            context.GetArgument<string?>("reason") ?? string.Empty);
        return BallotTypedData.Of(ballot, context.Service<ChainIdentity>().ChainId).ToJson();
    }

    // A choice may be written in any way that JSON allows; what is signed is canonical.
    private static string ChoiceOf(string text, VotingWindow window)
    {
        var system = VotingSystem.Of(window.Rules.System);
        try
        {
            using var json = JsonDocument.Parse(text);
            if (system.Canonical(json.RootElement, window.Rules.Choices.Count) is { } choice)
                return choice;
        }
        catch (JsonException)
        {
            // No JSON is no choice.
        }

        throw new ProtocolError("BAD_USER_INPUT", system.ChoiceRule);
    }
}
