using Grants.Domain.Reinvestment.Locks;
using Grants.Primitives;
using Grants.Service.Api;
using GraphQL;
using GraphQL.Types;
using Marten;

namespace Grants.Service.Reinvestment.Sequencers;

/// <summary>A sequencer, and where its lock is.</summary>
public sealed record LockedSequencer(Sequencer Sequencer, LockContract Lock, long ChainId);

public sealed class SequencerGraphType : ObjectGraphType<LockedSequencer>
{
    public SequencerGraphType()
    {
        Name = "Sequencer";
        Description = "A sequencer and its lock, as final logs of the lock's contract tell it. Amounts in base units.";
        Field("contract", one => one.Sequencer.Contract).Description("That holds the lock.");
        Field("chainId", one => one.ChainId).Description("On which it is.");
        Field("sequencerId", one => one.Sequencer.Id).Description("The contract's number of it.");
        Field("signer", one => one.Sequencer.Signer).Description("That signs its blocks now.");
        Field<AddressScalar>("recipient")
            .Description("Who got the last reward; null before the first.")
            .Resolve(context => context.Source.Sequencer.Recipient);
        Field("locked", one => one.Sequencer.Locked).Description("Now; 0 once it was paid out.");
        Field("relocked", one => one.Sequencer.Relocked)
            .Description("All that was added since it was made, compounded reward included.");
        Field("claimed", one => one.Sequencer.Claimed).Description("All rewards that went to a recipient.");
        Field<UInt256Scalar>("largestLock")
            .Description("That a lock may be now, as the contract last said; null where it never did.")
            .Resolve(context => context.Source.Sequencer.LargestLock);
        Field<UInt256Scalar>("room")
            .Description("How much more can be locked: at 0 only the policy's other venues are left. Null without a largest lock.")
            .Resolve(context => context.Source.Sequencer.Room);
        Field("isUnlocking", one => one.Sequencer.IsUnlocking)
            .Description("Whether the lock is on its way out: it is at work no more, and not paid out yet.");
        Field<UInt256Scalar>("claimableFrom")
            .Description("Seconds since 1970 from which on the lock can be paid out; null before its exit begins.")
            .Resolve(context => context.Source.Sequencer.ClaimableFrom);
    }
}

/// <summary>The sequencers of a space's locks.</summary>
public static class SequencersGraphQL
{
    public static void Extend(ObjectGraphType query) => query.AddKeysetConnection<LockedSequencer, SequencerGraphType>(
        "sequencers",
        "The sequencers of the locks that the space's policies and its list of venues name, by contract and number, as of the last "
            + "promoted block. Those that were made before the contract was watched are not among them.",
        [new QueryArgument<AddressScalar> { Name = "contract", Description = "Those of one of the locks alone." }],
        KeyOf,
        LoadAsync);

    private static async Task<IReadOnlyList<LockedSequencer>> LoadAsync(IResolveFieldContext context, int count, string? after)
    {
        var (asked, logs) = (context.GetArgument<Address?>("contract"), context.Service<SequencerLogs>());
        var own = context.Service<ChainIdentity>().ChainId;
        var page = new List<LockedSequencer>();
        foreach (var contract in await SequencerLogs.LocksOfAsync(context.Service<IQuerySession>(), context.CancellationToken))
        {
            // A page needs no lock behind its own, and none that lies before its cursor.
            var isBefore = after is not null && string.CompareOrdinal(KeyOf(contract, UInt256.MaxValue), after) <= 0;
            if (page.Count < count && !isBefore && (asked is null || asked == contract.Address))
            {
                page.AddRange((await logs.OfAsync(contract, context.CancellationToken))
                    .Select(sequencer => new LockedSequencer(sequencer, contract, contract.ChainId ?? own))
                    .Where(one => after is null || string.CompareOrdinal(KeyOf(one), after) > 0));
            }
        }

        return [.. page.Take(count)];
    }

    private static string KeyOf(LockedSequencer one) => KeyOf(one.Lock, one.Sequencer.Id);

    // Locks of the chain that pays come first where an address is one on both: their keys end as they did before there were others.
    private static string KeyOf(LockContract contract, UInt256 id) =>
        $"{Convert.ToHexStringLower(contract.Address.ToBytes())}/"
        + (contract.ChainId is { } other ? $"x{other:x16}/" : string.Empty)
        + Convert.ToHexStringLower(id.ToBytes());
}
