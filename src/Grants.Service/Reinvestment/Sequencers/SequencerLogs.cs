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

/// <summary>A contract that holds locks.</summary>
/// <param name="ChainId">Null on the chain that pays.</param>
public sealed record LockContract(Address Address, long? ChainId);

/// <summary>The sequencers of the locks that a space's policies and its list name, out of final logs.</summary>
public sealed class SequencerLogs(ChainView view, ChainIdentity chain, IDocumentStore store, Spaces spaces) : IKeepsLogs
{
    private static readonly AbiEvent[] Kinds =
    [
        LockingInfo.Locked, LockingInfo.Relocked, LockingInfo.LockUpdate, LockingInfo.SignerChange, LockingInfo.ClaimRewards,
        LockingInfo.UnlockInit, LockingInfo.Unlocked, LockingInfo.SetMaxLock,
    ];

    /// <summary>All sequencers of one lock, by their numbers, as of the promoted block of its chain.</summary>
    public async Task<IReadOnlyList<Sequencer>> OfAsync(LockContract contract, CancellationToken cancellation)
    {
        var chainId = contract.ChainId ?? chain.ChainId;
        if (await view.HeadsAsync(chainId, cancellation) is not { } heads)
            return [];
        var logs = await view.FinalizedLogsAsync(
            chainId, contract.Address, Kinds.Select(kind => kind.Topic0), heads.Promoted.Number, cancellation);
        return Sequencer.Of(contract.Address, logs.Select(ChangeOf).OfType<SequencerChange>());
    }

    /// <summary>The locks among the venues of a space, in the order of their addresses.</summary>
    public static async Task<IReadOnlyList<LockContract>> LocksOfAsync(IQuerySession session, CancellationToken cancellation)
    {
        var programs = await session.Query<FundingProgram>().ToListAsync(cancellation);
        var adopted = await session.Query<AdoptedPolicies>().ToListAsync(cancellation);
        var list = await session.LoadAsync<WatchList>(WatchList.StreamId, cancellation);
        var policies = programs.Select(program => program.Terms.Policy)
            .Concat(adopted.SelectMany(policies => policies.Adopted).Select(policy => policy.Policy))
            .ToList();
        var venues = policies.SelectMany(policy => policy.Venues)
            .Concat((list?.Lines ?? []).Select(line => line.Entry.Venue).OfType<PolicyVenue>())
            .Select(venue => (Venue: venue, ChainId: (long?)null))
            .Concat(policies.Select(policy => policy.OtherChain).OfType<OtherChain>()
                .SelectMany(other => other.Venues.Select(venue => (Venue: venue, ChainId: (long?)other.ChainId))));
        return
        [
            .. venues.Where(one => one.Venue.Kind == VenueKind.Lock)
                .Select(one => new LockContract(one.Venue.Address, one.ChainId))
                .Distinct()
                .OrderBy(one => one.Address.ToString(), StringComparer.OrdinalIgnoreCase)
                .ThenBy(one => one.ChainId),
        ];
    }

    /// <summary>They are read from their beginning, whenever somebody asks.</summary>
    public async Task<KeptLogs> KeptAsync(long chainId, CancellationToken cancellation)
    {
        var kept = new List<LockContract>();
        foreach (var space in spaces.All)
        {
            await using var session = store.QuerySession(space.Id);
            kept.AddRange(await LocksOfAsync(session, cancellation));
        }

        return new KeptLogs([.. kept.Where(one => (one.ChainId ?? chain.ChainId) == chainId).Select(one => one.Address).Distinct()]);
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
