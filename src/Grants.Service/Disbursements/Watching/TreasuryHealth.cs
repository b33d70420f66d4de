using Grants.Domain.Disbursements;
using Grants.Primitives;

namespace Grants.Service.Disbursements.Watching;

/// <summary>The last comparison of chain, ledger and signer.</summary>
/// <param name="Block">The final block that it is of.</param>
public sealed record ReconciliationReport(DateTimeOffset At, BlockRef Block, Reconciliation Result);

/// <summary>What this node knows of its own treasury: nothing is signed unless it has compared lately, and found agreement.</summary>
public sealed class TreasuryHealth(TimeProvider clock)
{
    private readonly DateTimeOffset startedAt = clock.GetUtcNow();
    private long lookedAtTicks;

    public ReconciliationReport? Report { get; set; }

    /// <summary>When the sender last looked at everything in flight without a failure of the node.</summary>
    public DateTimeOffset LookedAt
    {
        get => Interlocked.Read(ref lookedAtTicks) is var ticks and not 0 ? new DateTimeOffset(ticks, TimeSpan.Zero) : startedAt;
        set => Interlocked.Exchange(ref lookedAtTicks, value.UtcTicks);
    }

    /// <summary>Whether the clock is wrong; then nothing is signed.</summary>
    public bool IsClockWrong { get; set; }

    /// <summary>Seconds since the last comparison, or since the start where there was none.</summary>
    public long SinceReconciled => Seconds(clock.GetUtcNow() - (Report?.At ?? startedAt));

    /// <summary>Seconds since the sender's last look.</summary>
    public long SinceLooked => Seconds(clock.GetUtcNow() - LookedAt);

    /// <summary>Whether more may be signed.</summary>
    public bool MaySign => !IsClockWrong && Report is { Result.Agrees: true }
        && SinceReconciled <= CircuitBreaker.LongestWithoutReconciliation;

    private static long Seconds(TimeSpan span) => span.Ticks / TimeSpan.TicksPerSecond;
}
