using System.Collections.Concurrent;
using Grants.Domain;
using Grants.Domain.Programs;
using Grants.Domain.VotingPower;
using Grants.Primitives;
using Grants.Service.Ingestion;

namespace Grants.Service.VotingPower.Delegates;

/// <summary>
/// The book of each program of each space, made when somebody asks and kept until a log of its contracts becomes final. Vaults change
/// what shares are worth without a log: with one among the strategies, each final block has a book of its own. Of the past, the book that
/// was asked for last is kept.
/// </summary>
public sealed class DelegateBooks(PowerStore power, ChainView chain) : IDisposable
{
    private readonly ConcurrentDictionary<(string Space, string ProgramId), Kept> books = new();
    private readonly ConcurrentDictionary<(string Space, string ProgramId), Kept> pastBooks = new();

    // Whoever asks for the past does not keep those waiting who ask for now.
    private readonly SemaphoreSlim making = new(1);
    private readonly SemaphoreSlim makingPast = new(1);

    /// <summary>The book as of the last final block, or why there is none; see <see cref="PowerStore.MaterialiseAsync"/>.</summary>
    public async Task<(DelegateBook? Book, Rejection? Rejection)> OfAsync(ProgramOpened program, CancellationToken cancellation)
    {
        await making.WaitAsync(cancellation);
        try
        {
            if (await chain.HeadsAsync(program.ChainId, cancellation) is not { Promoted: var block })
                return (null, NotIndexed(program));
            return books.TryGetValue(KeyOf(program), out var known) && known.Rules == program.VotingRules.Power
                && await StandsAsync(program, known.Seen, block, cancellation)
                    ? Keep(books, program, block, known.Book)
                    : await MakeAsync(books, program, block, cancellation);
        }
        finally
        {
            making.Release();
        }
    }

    /// <summary>
    /// The book as of the last final block that is not later than an instant; neither book nor refusal where there was no block yet.
    /// </summary>
    /// <param name="program">With its rules as they were.</param>
    public async Task<(DelegateBook? Book, Rejection? Rejection)> OfAsync(
        ProgramOpened program, DateTimeOffset at, CancellationToken cancellation)
    {
        await makingPast.WaitAsync(cancellation);
        try
        {
            if (await chain.HeadsAsync(program.ChainId, cancellation) is not { Promoted: var last })
                return (null, NotIndexed(program));
            if (await chain.FinalizedAtAsync(program.ChainId, last.Number, at.ToUnixTimeSeconds(), cancellation) is not { } block)
                return (null, null);
            return pastBooks.TryGetValue(KeyOf(program), out var known) && known.Rules == program.VotingRules.Power && known.Seen == block
                ? (known.Book, null)
                : await MakeAsync(pastBooks, program, block, cancellation);
        }
        finally
        {
            makingPast.Release();
        }
    }

    public void Dispose()
    {
        making.Dispose();
        makingPast.Dispose();
    }

    private async Task<(DelegateBook? Book, Rejection? Rejection)> MakeAsync(
        ConcurrentDictionary<(string Space, string ProgramId), Kept> kept,
        ProgramOpened program,
        BlockRef block,
        CancellationToken cancellation)
    {
        var rules = program.VotingRules.Power;
        var (made, rejection) = await power.MaterialiseAsync(program.ChainId, rules, program.WatchFromBlock, block, cancellation);
        if (made is null)
            return (null, rejection);
        var changes = await DelegationLogs.ReadAsync(
            program.ChainId,
            rules,
            (contract, topic0, toBlock) => chain.FinalizedLogsAsync(program.ChainId, contract, topic0, toBlock, cancellation),
            block.Number);
        return Keep(kept, program, block, new DelegateBook(made.Snapshot, DelegationHistory.Of(changes), block));
    }

    private static (DelegateBook? Book, Rejection? Rejection) Keep(
        ConcurrentDictionary<(string Space, string ProgramId), Kept> kept, ProgramOpened program, BlockRef seen, DelegateBook book)
    {
        kept[KeyOf(program)] = new(program.VotingRules.Power, seen, book);
        return (book, null);
    }

    private static (string Space, string ProgramId) KeyOf(ProgramOpened program) => (program.Space, program.ProgramId);

    private static PowerNotIndexed NotIndexed(ProgramOpened program) => new(program.VotingRules.Power.Contracts().FirstOrDefault());

    private async Task<bool> StandsAsync(ProgramOpened program, BlockRef seen, BlockRef block, CancellationToken cancellation) =>
        seen == block
        || (program.VotingRules.Power.Strategies.All(strategy => strategy.Kind != PowerStrategyKind.VaultShares)
            && !await chain.HasLogsAsync(
                program.ChainId, [.. program.VotingRules.Power.Contracts()], seen.Number + 1, block.Number, cancellation));

    /// <param name="Rules">By which it was made: a program's may be amended.</param>
    /// <param name="Seen">The last block up to which nothing else is known.</param>
    private sealed record Kept(PowerRules Rules, BlockRef Seen, DelegateBook Book);
}
