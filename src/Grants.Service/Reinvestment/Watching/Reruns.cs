using Grants.Domain.Reinvestment;
using Grants.Domain.Reinvestment.Liquidity;
using Grants.Domain.Reinvestment.Watching;
using Grants.Ethereum.Contracts.Tokens;
using Grants.Primitives;
using Grants.Service.Ingestion;
using Grants.Service.Ingestion.Retention;
using Marten;

namespace Grants.Service.Reinvestment.Watching;

/// <summary>
/// When the flows of an award are told again: once the whole past of what was listed is stored. Until then they are told as before, so
/// that a long past holds nobody up.
/// </summary>
public sealed class Reruns(ChainView chain, ChainRecalls recalls, PastTransactions past)
{
    /// <summary>Up to which version of the list all of its past is stored; the lowest of the monitors' where nothing more is.</summary>
    public async Task<int> ReadyAsync(
        WatchList? list, IReadOnlyList<ReinvestmentMonitor> monitors, long chainId, BlockRef last, CancellationToken cancellation)
    {
        if (list is null || monitors.Count == 0)
            return 0;
        var ready = monitors.Min(monitor => monitor.ListVersion);
        while (ready < list.Version)
        {
            var next = list.Lines[ready];
            var from = Math.Max(next.Entry.FromBlock, monitors.Where(monitor => monitor.ListVersion <= ready).Min(SinceBlock));
            if (next.Counts && !(await recalls.AreHereAsync(chainId, from, cancellation)
                && await chain.IsCoveredAsync(chainId, next.Entry.Address, from, last.Number, cancellation)))
                return ready;
            ready++;
        }

        return ready;
    }

    /// <param name="version">Of the list, whose past is stored.</param>
    /// <param name="last">The last promoted block.</param>
    public async Task<RerunFlows> OfAsync(
        ReinvestmentMonitor monitor, WatchList list, int version, long chainId, BlockRef last, IDocumentSession session,
        CancellationToken cancellation)
    {
        var news = list.Lines.Take(version).Skip(monitor.ListVersion).Where(line => line.Counts).ToList();
        var from = news.Count == 0 ? last.Number + 1 : news.Min(line => line.Entry.FromBlock);
        from = Math.Max(from, SinceBlock(monitor));
        var history = await session.Events.FetchStreamAsync(monitor.Id, token: cancellation);
        // What a position's manager says of it names the token alone.
        var tokens = history.Select(e => e.Data).OfType<LiquidityTokenChanged>().Select(changed => changed.Token.TokenId).Distinct();
        var transactions = await past.NamingAsync(
            chainId, monitor.OwnChainWallets.Select(wallet => wallet.Wallet), tokens, [RebasingShares.TokenRebased.Topic0], from,
            last.Number, cancellation);
        return new RerunFlows(
            monitor.AwardId,
            version,
            list.EntriesOf(version),
            from,
            [.. history.Select(e => e.Data)],
            [.. transactions.Select(transaction => Observed(transaction, chainId)).Where(one => one.Observations.Count > 0)],
            last);
    }

    /// <summary>The first block of which anything is told of it.</summary>
    private static long SinceBlock(ReinvestmentMonitor monitor) => monitor.OwnChainWallets.Min(wallet => wallet.SinceBlock) + 1;

    private static PastTransaction Observed(FinalTransaction transaction, long chainId) => new(
        [
            .. transaction.Logs.Select(log => Observations.Of(
                log, new EventKey(chainId, log.BlockNumber, log.BlockHash, log.TransactionHash, log.LogIndex))).OfType<Observation>(),
        ],
        transaction.Block);
}
