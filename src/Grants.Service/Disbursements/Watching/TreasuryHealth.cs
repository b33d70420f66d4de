using Grants.Domain.Disbursements;
using Grants.Primitives;

namespace Grants.Service.Disbursements.Watching;

/// <summary>The last comparison of chain, ledger and signer.</summary>
/// <param name="Block">The final block that it is of.</param>
/// <param name="FromBlock">The first block whose logs were compared; what is before agreed in an earlier comparison.</param>
/// <param name="Vaults">Whose logs and balances were compared, with the tokens.</param>
public sealed record ReconciliationReport(
    DateTimeOffset At, BlockRef Block, Reconciliation Result, long FromBlock, IReadOnlyList<(Address Vault, Address Token)> Vaults);

/// <summary>What this node knows of its own treasury: nothing is signed unless it has compared lately, and found agreement.</summary>
public sealed class TreasuryHealth(TimeProvider clock)
{
    private readonly DateTimeOffset startedAt = clock.GetUtcNow();
    private long lookedAtTicks;
    private long quorumLostAtTicks;
    private long signerSilentTicks;

    public ReconciliationReport? Report { get; set; }

    /// <summary>When the sender last looked at everything in flight without a failure of the node.</summary>
    public DateTimeOffset LookedAt
    {
        get => Interlocked.Read(ref lookedAtTicks) is var ticks and not 0 ? new DateTimeOffset(ticks, TimeSpan.Zero) : startedAt;
        set => Interlocked.Exchange(ref lookedAtTicks, value.UtcTicks);
    }

    /// <summary>Whether the clock is wrong; then nothing is signed.</summary>
    public bool IsClockWrong { get; set; }

    /// <summary>Seconds since too few nodes have the block that the ledger rests on, and nothing is signed; null where enough do.</summary>
    public long? WithoutQuorum => Since(ref quorumLostAtTicks);

    /// <summary>Seconds since whoever holds the key was first asked in vain; null where it answered last.</summary>
    public long? SignerSilent => Since(ref signerSilentTicks);

    /// <summary>Takes note of whether enough nodes have the block.</summary>
    public void HasQuorum(bool has) => Note(ref quorumLostAtTicks, has);

    /// <summary>Takes note of whether whoever holds the key signed.</summary>
    public void HasSigned(bool has) => Note(ref signerSilentTicks, has);

    /// <summary>Seconds since the last comparison, or since the start where there was none.</summary>
    public long SinceReconciled => Seconds(clock.GetUtcNow() - (Report?.At ?? startedAt));

    /// <summary>Seconds since the sender's last look.</summary>
    public long SinceLooked => Seconds(clock.GetUtcNow() - LookedAt);

    /// <summary>Whether more may be signed.</summary>
    public bool MaySign => !IsClockWrong && WithoutQuorum is null && Report is { Result.Agrees: true }
        && SinceReconciled <= CircuitBreaker.LongestWithoutReconciliation;

    private long? Since(ref long ticks) => Interlocked.Read(ref ticks) is var since and not 0
        ? Seconds(clock.GetUtcNow() - new DateTimeOffset(since, TimeSpan.Zero))
        : null;

    private void Note(ref long ticks, bool isWell)
    {
        if (isWell)
            Interlocked.Exchange(ref ticks, 0);
        else
            Interlocked.CompareExchange(ref ticks, clock.GetUtcNow().UtcTicks, 0);
    }

    private static long Seconds(TimeSpan span) => span.Ticks / TimeSpan.TicksPerSecond;
}
