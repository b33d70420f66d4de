using Grants.Domain;
using Grants.Domain.Programs;
using Grants.Domain.Reinvestment.Locks;
using Grants.Domain.Reinvestment.Policies;
using Grants.Domain.Reinvestment.Watching;
using Grants.Ethereum.Abi;
using Grants.Ethereum.Contracts;
using Grants.Ethereum.JsonRpc;
using Grants.Primitives;
using Grants.Service.Ingestion;
using Grants.Service.Ingestion.Retention;
using Marten;

namespace Grants.Service.Reinvestment.Sequencers;

/// <summary>The sequencers of the locks that a space's policies and its list name, out of final logs.</summary>
public sealed class SequencerLogs(ChainView view, ChainIdentity chain, IDocumentStore store, Spaces spaces) : IKeepsLogs
{
    private static readonly AbiEvent[] Kinds =
    [
        LockingInfo.Locked, LockingInfo.Relocked, LockingInfo.LockUpdate, LockingInfo.SignerChange, LockingInfo.ClaimRewards,
        LockingInfo.UnlockInit, LockingInfo.Unlocked, LockingInfo.SetMaxLock,
    ];

    /// <summary>All sequencers of one contract, by their numbers, as of the promoted block.</summary>
    public async Task<IReadOnlyList<Sequencer>> OfAsync(Address contract, CancellationToken cancellation)
    {
        if (await view.HeadsAsync(chain.ChainId, cancellation) is not { } heads)
            return [];
        var logs = await view.FinalizedLogsAsync(
            chain.ChainId, contract, Kinds.Select(kind => kind.Topic0), heads.Promoted.Number, cancellation);
        return Sequencer.Of(contract, logs.Select(ChangeOf).OfType<SequencerChange>());
    }

    /// <summary>The locks among the venues of a space, in the order of their addresses.</summary>
    public static async Task<IReadOnlyList<Address>> LocksOfAsync(IQuerySession session, CancellationToken cancellation)
    {
        var programs = await session.Query<FundingProgram>().ToListAsync(cancellation);
        var adopted = await session.Query<AdoptedPolicies>().ToListAsync(cancellation);
        var list = await session.LoadAsync<WatchList>(WatchList.StreamId, cancellation);
        var venues = programs.SelectMany(program => program.Terms.Policy.Venues)
            .Concat(adopted.SelectMany(policies => policies.Adopted).SelectMany(policy => policy.Policy.Venues))
            .Concat((list?.Lines ?? []).Select(line => line.Entry.Venue).OfType<PolicyVenue>());
        return
        [
            .. venues.Where(venue => venue.Kind == VenueKind.Lock).Select(venue => venue.Address).Distinct()
                .OrderBy(address => address.ToString(), StringComparer.OrdinalIgnoreCase),
        ];
    }

    /// <summary>They are read from their beginning, whenever somebody asks.</summary>
    public async Task<KeptLogs> KeptAsync(long chainId, CancellationToken cancellation)
    {
        var kept = new List<Address>();
        foreach (var space in chainId == chain.ChainId ? spaces.All : [])
        {
            await using var session = store.QuerySession(space.Id);
            kept.AddRange(await LocksOfAsync(session, cancellation));
        }

        return new KeptLogs([.. kept.Distinct()]);
    }

    private static SequencerChange? ChangeOf(RpcLog log) => LockingInfo.Logs.Read(log) switch
    {
        LockingInfo.LockedLog made => new SequencerMade(made.SequencerId, made.Signer, made.Amount),
        LockingInfo.RelockedLog grown => new SequencerGrown(grown.SequencerId, grown.Amount),
        LockingInfo.LockUpdateLog resized => new SequencerResized(resized.SequencerId, resized.NewAmount),
        LockingInfo.SignerChangeLog handed => new SequencerHandedOver(handed.SequencerId, handed.NewSigner),
        LockingInfo.ClaimRewardsLog reward => new SequencerRewarded(reward.SequencerId, reward.Recipient, reward.Amount),
        LockingInfo.UnlockInitLog exit => new SequencerExitBegun(exit.SequencerId, exit.UnlockClaimTime),
        LockingInfo.UnlockedLog left => new SequencerLeft(left.SequencerId),
        LockingInfo.SetMaxLockLog set => new LargestLockSet(set.NewMaxLock),
        _ => null,
    };
}
