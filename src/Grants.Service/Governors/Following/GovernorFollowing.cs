using System.Collections.Immutable;
using Grants.Domain.Governors;
using Grants.Primitives;
using Grants.Service.Hosting;
using Grants.Service.Ingestion;
using Marten;

namespace Grants.Service.Governors.Following;

/// <summary>
/// Takes a governor a piece further: its final logs and those of its timelocks become events, in the order of the chain whatever the
/// order in which they were read from the node, and quorums are fixed whose snapshots are over. Piece and place are one transaction.
/// </summary>
public sealed class GovernorFollowing(ChainWatches watches, GovernorReader reader)
{
    private const int LogsAtOnce = 500;
    private const int MostTimelocks = 16;

    /// <summary>Works on one piece.</summary>
    /// <returns>Whether there is more to do now.</returns>
    public async Task<bool> StepAsync(
        long chainId, Address governor, IDocumentSession session, CancellationToken cancellation)
    {
        await session.BeginTransactionAsync(cancellation);
        await GovernorStore.LockAsync(session, chainId, governor, cancellation);
        if (await session.LoadAsync<Governor>(Governor.StreamId(chainId, governor), cancellation) is not { Terms: var terms } known
            || await PromotedAsync(session, chainId, cancellation) is not { } head
            || await GovernorStore.CompleteAsync(session, chainId, [governor], head, cancellation) is not [(_, true)])
            return false;
        var (logs, upTo, next) = await ReadAsync(session, terms, head, cancellation);
        if (upTo is { } end)
            await RecordAsync(known, logs, end, head, session, cancellation);
        // After the rest has advanced: their own past is all still to come.
        foreach (var timelock in next)
        {
            GovernorStore.AddSource(session, terms, timelock, isRead: true);
            await watches.WatchAsync(chainId, timelock, terms.FromBlock, cancellation);
        }

        return upTo?.Number < head.Number;
    }

    private async Task RecordAsync(
        Governor known,
        ImmutableArray<GovernorLog> logs,
        BlockRef end,
        BlockRef head,
        IDocumentSession session,
        CancellationToken cancellation)
    {
        var terms = known.Terms;
        var graces = await GracePeriodsAsync(terms, logs, head, cancellation);
        var reading = new GovernorLogs(terms, graces);
        var facts = logs.Select(reading.FactOf).OfType<GovernorFact>().ToList();
        var after = await session.DecideOnEvidenceAsync<Governor>(
            known.Id,
            Governor.Evolve,
            [.. facts.OfType<GovernorFact.OfGovernor>().Select(fact => (fact.Evidence, fact.Decide))],
            cancellation);
        var awaited = await new GovernorPiece(session, after!, end).RecordAsync(facts, cancellation);
        GovernorStore.Advance(session, terms.ChainId, terms.Governor, end, awaited);
        await GovernorStore.FollowedAsync(session, terms.ChainId, [terms.Governor], end, cancellation);
    }

    /// <summary>The last promoted block; null before the first.</summary>
    internal static async Task<BlockRef?> PromotedAsync(IDocumentSession session, long chainId, CancellationToken cancellation)
    {
        var blocks = await session.Connection.Command(
            $"""
            select {ChainSql.BlockColumns} from chain.cursor c
            join chain.block b on b.chain_id = c.chain_id and b.number = c.promoted_number and b.status = 'finalized'
            where c.chain_id = $1
            """,
            chainId).RowsAsync(row => row.Block(), cancellation);
        return blocks.IsEmpty ? null : blocks[0];
    }

    /// <summary>
    /// Whole blocks of logs, the block up to which these are all, or null where another timelock must be read first, and those timelocks.
    /// </summary>
    private static async Task<(ImmutableArray<GovernorLog> Logs, BlockRef? UpTo, IReadOnlyList<Address> Timelocks)> ReadAsync(
        IDocumentSession session, GovernorRegistered terms, BlockRef head, CancellationToken cancellation)
    {
        var logs = await GovernorStore.LogsAsync(
            session, terms.ChainId, terms.Governor, head.Number, LogsAtOnce, cancellation);
        BlockRef? end = head;
        if (logs.Length == LogsAtOnce)
            (logs, end) = await WholeBlocksAsync(session, terms, logs, cancellation);
        if (terms.TimelockKind != TimelockKind.Controller
            || await NewTimelocksAsync(session, terms, logs, cancellation) is not var (timelocks, changed))
            return (logs, end, []);
        // What another timelock did before it came into use counts as well: its past is read before the block of the change.
        logs = [.. logs.Where(log => log.Block.Number < changed.Number)];
        return (logs, logs.IsEmpty ? null : logs[^1].Block, timelocks);
    }

    private static async Task<(ImmutableArray<GovernorLog> Logs, BlockRef? UpTo)> WholeBlocksAsync(
        IDocumentSession session, GovernorRegistered terms, ImmutableArray<GovernorLog> logs, CancellationToken cancellation)
    {
        var last = logs[^1].Block;
        if (logs[0].Block.Number == last.Number)
            return (await GovernorStore.LogsAsync(
                session, terms.ChainId, terms.Governor, last.Number, int.MaxValue, cancellation), last);
        logs = [.. logs.Where(log => log.Block.Number < last.Number)];
        return (logs, logs[^1].Block);
    }

    /// <summary>The first timelocks that are not known yet, and the block in which the governor names them; null for none.</summary>
    private static async Task<(IReadOnlyList<Address> Timelocks, BlockRef Block)?> NewTimelocksAsync(
        IDocumentSession session, GovernorRegistered terms, ImmutableArray<GovernorLog> logs, CancellationToken cancellation)
    {
        var known = await GovernorStore.SourcesAsync(session, terms.ChainId, terms.Governor, cancellation);
        if (known.Length > MostTimelocks)
            return null;
        foreach (var log in logs.Where(log => log.Log.Address == terms.Governor))
        {
            if (GovernorLogs.TimelocksOf(log.Log) is not var (from, to))
                continue;
            List<Address> news = [.. new[] { from, to }.Where(timelock => !timelock.IsZero && !known.Contains(timelock)).Distinct()];
            if (news.Count > 0)
                return (news, log.Block);
        }

        return null;
    }

    private async Task<Dictionary<Address, long>> GracePeriodsAsync(
        GovernorRegistered terms, ImmutableArray<GovernorLog> logs, BlockRef head, CancellationToken cancellation)
    {
        var graces = new Dictionary<Address, long>();
        if (terms.TimelockKind != TimelockKind.Compound)
            return graces;
        foreach (var log in logs)
        {
            if (GovernorLogs.TimelocksOf(log.Log) is var (_, to) && !graces.ContainsKey(to))
                graces[to] = await reader.GracePeriodAsync(to, head, cancellation);
        }

        return graces;
    }
}
