using Grants.Domain;
using Grants.Domain.Reinvestment;
using Grants.Domain.Reinvestment.Bridging;
using Grants.Primitives;
using Grants.Service.Ingestion;
using Marten;

namespace Grants.Service.Reinvestment.OtherChains;

/// <summary>
/// Finalized transactions of the chain besides the one that pays, told to the monitors whose policies name it. They are told at the last
/// promoted block of the chain that pays, which is held meanwhile: the order in which they come into the stream is the order for good.
/// </summary>
public sealed class OtherChainLogs(ChainIdentity chain) : IPromotion
{
    public async Task<IReadOnlyList<object>> PromoteAsync(
        FinalizedBlock block, IDocumentSession session, CancellationToken cancellation)
    {
        if (block.ChainId == chain.ChainId)
            return [];
        var monitors = (await session.Query<ReinvestmentMonitor>().ToListAsync(cancellation))
            .Where(monitor => monitor.Policy.OtherChain?.ChainId == block.ChainId && monitor.WalletsElsewhere.Any())
            .ToList();
        if (monitors.Count == 0)
            return [];
        var clock = await PromotionQueue.HoldAsync(session, chain.ChainId, cancellation);
        var transactions = Observations.InTransactionsOf(block);
        foreach (var monitor in monitors)
            await RecordAsync(monitor, transactions, block, clock, session, cancellation);
        return [];
    }

    private static async Task RecordAsync(
        ReinvestmentMonitor monitor,
        IReadOnlyList<List<Observation>> transactions,
        FinalizedBlock block,
        BlockRef clock,
        IDocumentSession session,
        CancellationToken cancellation)
    {
        var facts = new List<(EventKey Evidence, Func<ReinvestmentMonitor?, Decision> Decide)>();
        foreach (var observations in transactions)
        {
            var record = new RecordTransaction(monitor.AwardId, observations, block.Block, Clock: clock);
            facts.Add((observations[0].Key, state => ReinvestmentMonitor.Decide(record, state)));
        }

        if (!block.Late)
        {
            var evidence = new EventKey(block.ChainId, block.Block.Number, block.Block.Hash, Hash32.Zero, -1);
            var crossings = new NoteCrossings(monitor.AwardId, block.ChainId, block.Block, evidence, clock);
            facts.Add((evidence, state => ReinvestmentMonitor.Decide(crossings, state)));
        }

        await ReinvestmentChainLogs.TellAsync(monitor, facts, session, cancellation);
    }
}
