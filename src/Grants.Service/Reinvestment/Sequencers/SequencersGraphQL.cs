using Grants.Domain.Reinvestment.Locks;
using Grants.Primitives;
using Grants.Service.Api;
using GraphQL;
using GraphQL.Types;
using Marten;

namespace Grants.Service.Reinvestment.Sequencers;

public sealed class SequencerGraphType : ObjectGraphType<Sequencer>
{
    public SequencerGraphType()
    {
        Name = "Sequencer";
        Description = "A sequencer and its lock, as final logs of the lock's contract tell it. Amounts in base units.";
        Field("contract", sequencer => sequencer.Contract).Description("That holds the lock.");
        Field("sequencerId", sequencer => sequencer.Id).Description("The contract's number of it.");
        Field("signer", sequencer => sequencer.Signer).Description("That signs its blocks now.");
        Field<AddressScalar>("recipient")
            .Description("Who got the last reward; null before the first.")
            .Resolve(context => context.Source.Recipient);
        Field("locked", sequencer => sequencer.Locked).Description("Now; 0 once it was paid out.");
        Field("relocked", sequencer => sequencer.Relocked)
            .Description("All that was added since it was made, compounded reward included.");
        Field("claimed", sequencer => sequencer.Claimed).Description("All rewards that went to a recipient.");
        Field<UInt256Scalar>("largestLock")
            .Description("That a lock may be now, as the contract last said; null where it never did.")
            .Resolve(context => context.Source.LargestLock);
        Field<UInt256Scalar>("room")
            .Description("How much more can be locked: at 0 only the policy's other venues are left. Null without a largest lock.")
            .Resolve(context => context.Source.Room);
        Field("isUnlocking", sequencer => sequencer.IsUnlocking)
            .Description("Whether the lock is on its way out: it is at work no more, and not paid out yet.");
        Field<UInt256Scalar>("claimableFrom")
            .Description("Seconds since 1970 from which on the lock can be paid out; null before its exit begins.")
            .Resolve(context => context.Source.ClaimableFrom);
    }
}

/// <summary>The sequencers of a space's locks.</summary>
public static class SequencersGraphQL
{
    public static void Extend(ObjectGraphType query) => query.AddKeysetConnection<Sequencer, SequencerGraphType>(
        "sequencers",
        "The sequencers of the locks that the space's policies and its list of venues name, by contract and number, as of the last "
            + "promoted block. Those that were made before the contract was watched are not among them.",
        [new QueryArgument<AddressScalar> { Name = "contract", Description = "Those of one of the locks alone." }],
        KeyOf,
        LoadAsync);

    private static async Task<IReadOnlyList<Sequencer>> LoadAsync(IResolveFieldContext context, int count, string? after)
    {
        var (asked, logs) = (context.GetArgument<Address?>("contract"), context.Service<SequencerLogs>());
        var page = new List<Sequencer>();
        foreach (var contract in await SequencerLogs.LocksOfAsync(context.Service<IQuerySession>(), context.CancellationToken))
        {
            // A page needs no lock behind its own, and none that lies before its cursor.
            var isBefore = after is not null && string.CompareOrdinal(KeyOf(contract, UInt256.MaxValue), after) <= 0;
            if (page.Count < count && !isBefore && (asked is null || asked == contract))
            {
                page.AddRange((await logs.OfAsync(contract, context.CancellationToken))
                    .Where(sequencer => after is null || string.CompareOrdinal(KeyOf(sequencer), after) > 0));
            }
        }

        return [.. page.Take(count)];
    }

    private static string KeyOf(Sequencer sequencer) => KeyOf(sequencer.Contract, sequencer.Id);

    private static string KeyOf(Address contract, UInt256 id) =>
        $"{Convert.ToHexStringLower(contract.ToBytes())}/{Convert.ToHexStringLower(id.ToBytes())}";
}
