using System.Collections.Concurrent;
using Grants.Domain;
using Grants.Domain.Programs;
using Grants.Domain.VotingPower;
using Grants.Primitives;
using Grants.Service.Ingestion;

namespace Grants.Service.VotingPower.Delegates;

/// <summary>
/// The book of each program of each space, made when somebody asks and kept until a log of its contracts becomes final. Vaults change
/// what shares are worth without a log: with one among the strategies, each final block has a book of its own.
/// </summary>
public sealed class DelegateBooks(PowerStore power, ChainView chain) : IDisposable
{
    private readonly ConcurrentDictionary<(string Space, string ProgramId), (BlockRef Seen, DelegateBook Book)> books = new();

    private readonly SemaphoreSlim making = new(1);

    /// <summary>The book as of the last final block, or why there is none; see <see cref="PowerStore.MaterialiseAsync"/>.</summary>
    public async Task<(DelegateBook? Book, Rejection? Rejection)> OfAsync(ProgramOpened program, CancellationToken cancellation)
    {
        await making.WaitAsync(cancellation);
        try
        {
            var rules = program.VotingRules.Power;
            var key = (program.Space, program.ProgramId);
            if (await chain.HeadsAsync(program.ChainId, cancellation) is not { Promoted: var block })
                return (null, new PowerNotIndexed(rules.Contracts().FirstOrDefault()));
            if (books.TryGetValue(key, out var known) && await StandsAsync(program, known.Seen, block, cancellation))
            {
                books[key] = (block, known.Book);
                return (known.Book, null);
            }

            var (now, rejection) = await power.MaterialiseAsync(program.ChainId, rules, program.WatchFromBlock, block, cancellation);
            if (now is null)
                return (null, rejection);
            var changes = await DelegationLogs.ReadAsync(
                program.ChainId,
                rules,
                (contract, topic0, toBlock) => chain.FinalizedLogsAsync(program.ChainId, contract, topic0, toBlock, cancellation),
                block.Number);
            var book = new DelegateBook(now.Snapshot, DelegationHistory.Of(changes), block);
            books[key] = (block, book);
            return (book, null);
        }
        finally
        {
            making.Release();
        }
    }

    public void Dispose() => making.Dispose();

    private async Task<bool> StandsAsync(ProgramOpened program, BlockRef seen, BlockRef block, CancellationToken cancellation) =>
        seen == block
        || (program.VotingRules.Power.Strategies.All(strategy => strategy.Kind != PowerStrategyKind.VaultShares)
            && !await chain.HasLogsAsync(
                program.ChainId, [.. program.VotingRules.Power.Contracts()], seen.Number + 1, block.Number, cancellation));
}
