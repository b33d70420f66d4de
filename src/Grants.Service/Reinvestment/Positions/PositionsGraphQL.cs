using Grants.Domain.Reinvestment;
using Grants.Domain.Reinvestment.Pools;
using Grants.Primitives;
using Grants.Service.Api;
using GraphQL;
using GraphQL.Types;

namespace Grants.Service.Reinvestment.Positions;

/// <summary>What an award's wallets have in one venue, under every convention.</summary>
/// <param name="At">Seconds since 1970 up to which the ledger counts.</param>
/// <param name="Released">Base units of all that was released by then.</param>
/// <param name="Pool">What the wallets hold of the pool, where the policy asks; null elsewhere.</param>
public sealed record PositionView(
    Position Floor,
    IReadOnlyList<(Convention Convention, Position Position)> Readings,
    long At,
    UInt256 Released,
    PoolShare? Pool)
{
    /// <summary>In the order in which the venues were first used, closed ones with nothing in them included.</summary>
    public static IReadOnlyList<PositionView> Of(ReinvestmentMonitor monitor) =>
    [
        .. monitor.Ledger.Under(Convention.Floor).Positions.Select(floor => new PositionView(
            floor,
            [
                .. from account in monitor.Ledger.Accounts
                   from position in account.Positions
                   where position.Venue == floor.Venue
                   select (account.Convention, position),
            ],
            monitor.Ledger.Time,
            monitor.Ledger.Released,
            monitor.Pools.Find(share => share.Pool == floor.Venue))),
    ];
}

public sealed class PositionReadingGraphType : ObjectGraphType<(PositionView View, Convention Convention, Position Position)>
{
    public PositionReadingGraphType()
    {
        Name = "PositionReading";
        Description = "A position under one convention of which token leaves first. Base units.";
        Field<NonNullGraphType<ConventionGraphType>>("convention").Resolve(context => context.Source.Convention);
        Field("granted", reading => reading.Position.Grant).Description("Principal of granted tokens that was put in and is there.");
        Field("own", reading => reading.Position.Own).Description("Principal of the wallets' own tokens.");
        Field("leaving", reading => reading.Position.LeavingGrant)
            .Description("Granted principal that has begun to leave and has not arrived: held, not at work.");
        Field("eligible", reading => reading.Position.EligibleAt(reading.View.At, reading.View.Released))
            .Description("What of the granted counts as reinvested, by the venue's terms.");
        Field("atWork", reading => reading.Position.AtWorkAt(reading.View.At, reading.View.Released))
            .Description("What would count if the wallets' own tokens were granted ones.");
        Field("drift", reading => reading.Position.DriftGrant)
            .Description("Granted tokens that the price has sold of it for the time being; they return with it.");
    }
}

public sealed class PoolShareGraphType : ObjectGraphType<PoolShare>
{
    public PoolShareGraphType()
    {
        Name = "PoolShare";
        Description = "How much of a pool's liquidity an award's wallets hold, as of the last checkpoint.";
        Field<AddressScalar>("pairToken")
            .Description("The pool's other token; null where the venue is no pool of the incentive token.")
            .Resolve(context => context.Source.PairToken);
        Field("whole", share => share.Whole).Description(
            "Of a pair the wallets' shares and the fewest that others had since the checkpoint before; between prices the liquidity of "
            + "others at the price and of the wallets where they have most.");
        Field("held", share => share.Held).Description("The wallets' part of it.");
        Field("ownShare", share => share.OwnShare);
        Field("counting", share => share.Counting, nullable: true).Description(
            "The most of the position's shares that count: what is beyond, or in a pool with a pair token that is not listed, counts for "
            + "nothing. Null where all do.");
        Field("block", share => share.Block);
    }
}

public sealed class PositionGraphType : ObjectGraphType<PositionView>
{
    public PositionGraphType()
    {
        Name = "Position";
        Description =
            "The tokens of an award's wallets in one venue: the principal that was put in, never what a share is said to be worth.";
        Field("venue", view => view.Floor.Venue);
        Field("shares", view => view.Floor.Shares)
            .Description("All that are known of, in units of the venue that do not grow with what it earns, where it has such.");
        Field("debt", view => view.Floor.Debt).Description("Base units that are borrowed against it.");
        Field("weight", view => view.Floor.Weight).Description("How much of it counts, as of its first deposit.");
        Field("cap", view => view.Floor.Cap).Description("The most of it that counts, as a share of all that was released.");
        Field("minHoldSeconds", view => view.Floor.MinHoldSeconds).Description("How long tokens must have been there to count.");
        Field<PoolShareGraphType>("pool")
            .Description("What the wallets hold of the pool, where the venue is one and the policy asks.")
            .Resolve(context => context.Source.Pool);
        Field("at", view => view.At).Description("Until when it is counted: seconds since 1970, chain time.");
        Field<NonNullGraphType<ListGraphType<NonNullGraphType<PositionReadingGraphType>>>>("readings")
            .Description("Sanctions rest on FLOOR alone; the others bracket the truth.")
            .Resolve(context => context.Source.Readings.Select(one => (context.Source, one.Convention, one.Position)));
    }
}

/// <summary>Where an award's tokens are at work, as its monitor's ledger has it.</summary>
public static class PositionsGraphQL
{
    public static void Extend(ObjectGraphType query)
    {
        query.AddListConnection<PositionView, PositionGraphType>(
            "positions",
            "What an award's wallets have in venues, in the order in which these were first used; those that were left as well.",
            ReinvestmentGraphQL.OfAward,
            LoadAsync);
        query.Field<PositionGraphType>("position")
            .Description("What an award's wallets have in one venue; null where they never had anything there.")
            .Argument<NonNullGraphType<Bytes32Scalar>>("awardId")
            .Argument<NonNullGraphType<AddressScalar>>("venue")
            .ResolveAsync(async context =>
            {
                var venue = context.GetArgument<Address>("venue");
                return (await LoadAsync(context)).FirstOrDefault(view => view.Floor.Venue == venue);
            });
    }

    private static async Task<IReadOnlyList<PositionView>> LoadAsync(IResolveFieldContext context) =>
        await ReinvestmentGraphQL.LoadAsync(context, ReinvestmentGraphQL.AwardOf(context)) is { } monitor
            ? PositionView.Of(monitor)
            : [];
}
