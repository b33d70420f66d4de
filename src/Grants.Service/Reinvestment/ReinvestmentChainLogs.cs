using Grants.Domain;
using Grants.Domain.Awards;
using Grants.Domain.Reinvestment;
using Grants.Domain.Reinvestment.Bridging;
using Grants.Domain.Reinvestment.Watching;
using Grants.Ethereum.Contracts;
using Grants.Primitives;
using Grants.Service.Hosting;
using Grants.Service.Ingestion;
using Grants.Service.Reinvestment.Balances;
using Grants.Service.Reinvestment.Pools;
using Grants.Service.Reinvestment.Watching;
using Marten;

namespace Grants.Service.Reinvestment;

/// <summary>Finalized transactions and the passing of chain time, told to the monitors of the awards.</summary>
public sealed class ReinvestmentChainLogs(
    TokenBalances balances,
    NativeBalances native,
    ChainIdentity chain,
    Reruns reruns,
    FreshWallets fresh,
    PoolPrices prices,
    PoolDepths depths)
    : IPromotion
{
    private const int RerunsABlock = 10;

    public async Task<IReadOnlyList<object>> PromoteAsync(
        FinalizedBlock block, IDocumentSession session, CancellationToken cancellation)
    {
        // Of the other chain of a policy, OtherChainLogs tells.
        if (block.ChainId != chain.ChainId)
            return [];
        var monitors = await session.Query<ReinvestmentMonitor>().ToListAsync(cancellation);
        var transactions = Observations.InTransactionsOf(block);
        var again = await DueAgainAsync(monitors, block, session, cancellation);
        foreach (var monitor in monitors)
            await RecordAsync(monitor, again.GetValueOrDefault(monitor.AwardId), transactions, block, session, cancellation);
        foreach (var log in block.Logs)
        {
            if (IncentiveVault.Granted.TryDecode(log, out var granted))
                await StartAsync((Hash32)granted![0], log.Address, block, session, cancellation);
        }

        return [];
    }

    // What the space has come to know is told back before the block itself is told with it; some awards a block, for it takes time.
    private async Task<Dictionary<Hash32, RerunFlows>> DueAgainAsync(
        IReadOnlyList<ReinvestmentMonitor> monitors, FinalizedBlock block, IDocumentSession session, CancellationToken cancellation)
    {
        var again = new Dictionary<Hash32, RerunFlows>();
        if (block.Late || block.Before is not { } last || monitors.Count == 0)
            return again;
        var list = await session.LoadAsync<WatchList>(WatchList.StreamId, cancellation);
        var ready = await reruns.ReadyAsync(list, monitors, block.ChainId, last, cancellation);
        foreach (var monitor in monitors.Where(monitor => monitor.ListVersion < ready).Take(RerunsABlock))
            again[monitor.AwardId] = await reruns.OfAsync(monitor, list!, ready, block.ChainId, last, session, cancellation);
        return again;
    }

    private async Task RecordAsync(
        ReinvestmentMonitor monitor,
        RerunFlows? again,
        IReadOnlyList<List<Observation>> transactions,
        FinalizedBlock block,
        IDocumentSession session,
        CancellationToken cancellation)
    {
        var policy = again is null ? monitor.InForce : WatchList.On(monitor.Policy, again.Entries);
        var facts = new List<(EventKey Evidence, Func<ReinvestmentMonitor?, Decision> Decide)>();
        if (again is not null)
            facts.Add((Between(block, block.Block, -4), state => ReinvestmentMonitor.Decide(again, state)));
        if (!block.Late && block.Before is { } last && LooksBack(monitor))
        {
            // This block's hash decides whether the one before it is a checkpoint, when that one can no longer be filled.
            var seconds = block.Block.TimestampSeconds - last.TimestampSeconds;
            var drawn = await PricedAsync(
                monitor, policy, new EvaluateCheckpoint(monitor.AwardId, last, block.Block.Hash, seconds), again is not null, [],
                cancellation);
            var noted = new NoteBlock(monitor.AwardId, last.TimestampSeconds, block.Block);
            facts.Add((Between(block, last, -2), state => ReinvestmentMonitor.Decide(drawn, state)));
            facts.Add((Between(block, block.Block, -2), state => ReinvestmentMonitor.Decide(noted, state)));
        }

        var scope = monitor.ScopeAt(block.Block.Number);
        foreach (var observations in transactions)
        {
            var joining = await fresh.AmongAsync(observations, scope, block.Block, cancellation);
            scope = scope with { Wallets = [.. scope.Wallets, .. joining] };
            var record = new RecordTransaction(monitor.AwardId, observations, block.Block, joining);
            facts.Add((observations[0].Key, state => ReinvestmentMonitor.Decide(record, state)));
        }

        facts.AddRange(CrossingsOf(monitor, block));
        var follows = facts.Any(fact => fact.Decide(monitor) is { Events.Count: > 0 });
        // Plain payments of a native token leave no log: its balances are held against the ledger wherever a checkpoint follows.
        if (!block.Late && !monitor.Ledger.Released.IsZero
            && (follows || monitor.IsCheckpointDue(block.Block))
            && await native.HeldAsync(monitor, block.Block, cancellation) is { } held)
        {
            var reconcile = new ReconcileBalances(monitor.AwardId, held, block.Block, Between(block, block.Block, -3));
            facts.Add((reconcile.Evidence, state => ReinvestmentMonitor.Decide(reconcile, state)));
        }

        if (!block.Late)
        {
            var checkpoint = await PricedAsync(
                monitor, policy, new EvaluateCheckpoint(monitor.AwardId, block.Block), follows,
                [.. block.Logs.Select(log => log.Address)], cancellation);
            facts.Add((Between(block, block.Block, -1), state => ReinvestmentMonitor.Decide(checkpoint, state)));
        }

        await TellAsync(monitor, facts, session, cancellation);
    }

    /// <summary>Most blocks say nothing to most awards: the stream is only taken for writing where something follows.</summary>
    internal static async Task TellAsync(
        ReinvestmentMonitor monitor,
        IReadOnlyList<(EventKey Evidence, Func<ReinvestmentMonitor?, Decision> Decide)> facts,
        IDocumentSession session,
        CancellationToken cancellation)
    {
        if (facts.Any(fact => fact.Decide(monitor) is { Events.Count: > 0 } or { IsAccepted: false }))
            await session.DecideOnEvidenceAsync(monitor.Id, ReinvestmentMonitor.Evolve, facts, cancellation);
    }

    // What should have come from the other chain by now.
    private static IEnumerable<(EventKey, Func<ReinvestmentMonitor?, Decision>)> CrossingsOf(
        ReinvestmentMonitor monitor, FinalizedBlock block)
    {
        if (block.Late || monitor.Policy.OtherChain is null)
            yield break;
        var crossings = new NoteCrossings(monitor.AwardId, block.ChainId, block.Block, Between(block, block.Block, -5));
        yield return (crossings.Evidence, state => ReinvestmentMonitor.Decide(crossings, state));
    }

    /// <summary>Prices and pools are read only where a checkpoint follows: after most blocks none does.</summary>
    /// <param name="follows">Whether something else does before it.</param>
    private async Task<EvaluateCheckpoint> PricedAsync(
        ReinvestmentMonitor monitor,
        ReinvestmentPolicy policy,
        EvaluateCheckpoint checkpoint,
        bool follows,
        HashSet<Address> touched,
        CancellationToken cancellation) =>
        follows || monitor.IsDue(checkpoint)
            ? checkpoint with
            {
                Prices = await prices.AtAsync(monitor, chain.ChainId, checkpoint.Block, cancellation),
                Pools = await depths.AtAsync(monitor, policy, touched, chain.ChainId, checkpoint.Block, cancellation),
            }
            : checkpoint;

    private static bool LooksBack(ReinvestmentMonitor monitor) =>
        !monitor.Ledger.Released.IsZero && monitor.Policy.Checkpoints is not { ExtraPerDay: 0, HaltAfterSeconds: 0 };

    // The place of what no log of the block says: below zero, so that it is nobody else's.
    private static EventKey Between(FinalizedBlock block, BlockRef at, int place) =>
        new(block.ChainId, at.Number, at.Hash, Hash32.Zero, place);

    // Monitoring begins at the very block in which the vault reserved the award: nothing was released before it, and
    // nothing after it can be missed.
    private async Task StartAsync(
        Hash32 awardId, Address vault, FinalizedBlock block, IDocumentSession session, CancellationToken cancellation)
    {
        if (await session.LoadAsync<Award>(Award.StreamId(awardId), cancellation) is not { Terms: var terms } || terms.Vault != vault)
            return;
        var start = new StartMonitoring(
            awardId,
            [await balances.AtAsync(terms.Token, terms.Recipient, block.Block.Hash, cancellation)],
            terms.Token,
            terms.Vault,
            terms.Treasury,
            terms.Amount,
            terms.Policy,
            block.Block);
        var atBlock = Between(block, block.Block, -1);
        await session.DecideOnEvidenceAsync<ReinvestmentMonitor>(
            ReinvestmentMonitor.StreamId(awardId),
            ReinvestmentMonitor.Evolve,
            [(atBlock, state => ReinvestmentMonitor.Decide(start, state))],
            cancellation);
    }
}
