using System.Globalization;
using Grants.Domain.Ballots.Log;
using Grants.Primitives;
using Grants.Service.Api;
using GraphQL;
using GraphQL.Types;

namespace Grants.Service.Ballots.Log;

/// <summary>Proofs of the ballot log, at any time and of any size that it ever had: no vote needs to be over.</summary>
public static class BallotLogGraphQL
{
    public static void Extend(ObjectGraphType query)
    {
        query.Field<NonNullGraphType<BallotLogGraphType>>("ballotLog")
            .Description("The ballot log of the space as it stands.")
            .ResolveAsync(async context => new SpaceLogState(
                context.Space(),
                context.Service<TreeHeadSigner>().Address,
                await context.Service<LogReader>().NewestHeadAsync(context.Space(), context.CancellationToken)));
        query.Field<BallotProofGraphType>("ballotProof")
            .Description("The proof that the ballot of a voter that counts is in the log; null where there is none.")
            .Argument<NonNullGraphType<Bytes32Scalar>>("voteId")
            .Argument<NonNullGraphType<AddressScalar>>("voter")
            .Argument<LongGraphType>("logSize", "Leaves of the log to prove it in; all that there are where left out.")
            .ResolveAsync(async context => await BallotAsync(context));
        query.Field<LogLeafProofGraphType>("logLeafProof")
            .Description("The proof that a leaf is in the log.")
            .Argument<NonNullGraphType<LongGraphType>>("logIndex")
            .Argument<LongGraphType>("logSize", "Leaves of the log to prove it in; all that there are where left out.")
            .ResolveAsync(async context => await LeafAsync(context, context.GetArgument<long>("logIndex")));
        query.Field<LogGrowthProofGraphType>("logConsistency")
            .Description("The proof that nothing of the older log was changed or taken away.")
            .Argument<NonNullGraphType<LongGraphType>>("from", "Leaves of the older log.")
            .Argument<LongGraphType>("to", "Leaves of the newer log; all that there are where left out.")
            .ResolveAsync(async context => await GrowthAsync(context));
        query.AddKeysetConnection<SignedTreeHead, TreeHeadGraphType>(
            "treeHeads", "All heads that were signed, the oldest first.", [], signed => $"{signed.Head.Size}", HeadsAsync);
    }

    private static async Task<ProvedBallot?> BallotAsync(IResolveFieldContext context)
    {
        var record = await context.Service<BallotStore>().RecordAsync(
            context.Space(), context.GetArgument<Hash32>("voteId"), context.GetArgument<Address>("voter"), context.CancellationToken);
        return record is null ? null : new ProvedBallot(record, await LeafAsync(context, record.Index));
    }

    private static async Task<ProvedLeaf> LeafAsync(IResolveFieldContext context, long index)
    {
        var (log, space) = (context.Service<LogReader>(), context.Space());
        var size = await SizeAsync(context, "logSize");
        if (index < 0 || index >= size)
            throw new ProtocolError("BAD_USER_INPUT", $"A log of {size} leaves has no leaf {index}.");
        var roots = await log.RootsAsync(
            space, [new LeafSpan(index, index + 1), new LeafSpan(0, size), .. LogPath.Inclusion(index, size)], context.CancellationToken);
        var head = await log.HeadAsync(space, size, context.CancellationToken);
        return new ProvedLeaf(index, size, roots[0], roots[1], [.. roots.Skip(2)], head);
    }

    private static async Task<ProvedGrowth> GrowthAsync(IResolveFieldContext context)
    {
        var (log, space) = (context.Service<LogReader>(), context.Space());
        var (from, to) = (context.GetArgument<long>("from"), await SizeAsync(context, "to"));
        if (from < 0 || from > to)
            throw new ProtocolError("BAD_USER_INPUT", $"from must be 0 to {to}.");
        var roots = await log.RootsAsync(
            space, [new LeafSpan(0, from), new LeafSpan(0, to), .. LogPath.Consistency(from, to)], context.CancellationToken);
        return new ProvedGrowth(
            from,
            to,
            roots[0],
            roots[1],
            [.. roots.Skip(2)],
            await log.HeadAsync(space, from, context.CancellationToken),
            await log.HeadAsync(space, to, context.CancellationToken));
    }

    private static async Task<long> SizeAsync(IResolveFieldContext context, string argument)
    {
        var present = await context.Service<LogReader>().SizeAsync(context.Space(), context.CancellationToken);
        if (context.GetArgument<long?>(argument) is not { } asked)
            return present;
        return asked >= 0 && asked <= present
            ? asked
            : throw new ProtocolError("BAD_USER_INPUT", $"{argument} must be 0 to {present}.");
    }

    private static async Task<IReadOnlyList<SignedTreeHead>> HeadsAsync(IResolveFieldContext context, int limit, string? after)
    {
        var size = 0L;
        if (after is not null && !long.TryParse(after, NumberStyles.None, CultureInfo.InvariantCulture, out size))
            throw new ProtocolError("BAD_USER_INPUT", "after is not a cursor of this list.");
        return await context.Service<LogReader>().HeadsAsync(context.Space(), size, limit, context.CancellationToken);
    }
}
