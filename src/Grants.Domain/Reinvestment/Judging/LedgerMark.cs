using System.Collections.Immutable;
using Grants.Primitives;

namespace Grants.Domain.Reinvestment.Judging;

/// <summary>The sums of one account at a mark: base units, and token-seconds.</summary>
public sealed record MarkedSums(UInt256 Sold, UInt256 Disposed, UInt256 HeldSeconds, UInt256 EligibleSeconds)
{
    internal static MarkedSums Of(Account account) =>
        new(account.Sold, account.Disposed(), account.HeldSeconds, account.EligibleSeconds);
}

/// <summary>What the ledger had come to at one time: a window's numbers are the difference of two marks.</summary>
/// <param name="At">Seconds since 1970.</param>
/// <param name="ReleasedSeconds">Token-seconds.</param>
public sealed record LedgerMark(long At, UInt256 ReleasedSeconds, MarkedSums Floor, MarkedSums Prorata)
{
    private const long Day = 86_400;

    private static readonly MarkedSums Nothing = new(UInt256.Zero, UInt256.Zero, UInt256.Zero, UInt256.Zero);

    /// <summary>Before anything was released.</summary>
    internal static LedgerMark Start { get; } = new(0, UInt256.Zero, Nothing, Nothing);

    internal static LedgerMark Of(Ledger ledger) => new(
        ledger.Time,
        ledger.ReleasedSeconds,
        MarkedSums.Of(ledger.Under(Convention.Floor)),
        MarkedSums.Of(ledger.Under(Convention.Prorata)));

    internal MarkedSums Under(Convention convention) => convention == Convention.Floor ? Floor : Prorata;

    /// <summary>One more mark where a day has passed since the last one; those are let go that no window reaches any more.</summary>
    internal static ImmutableList<LedgerMark> After(ImmutableList<LedgerMark> marks, Ledger ledger, ReinvestmentPolicy policy)
    {
        if (policy.LongestWindowSeconds == 0 || (marks.Count > 0 && ledger.Time - marks[^1].At < Day))
            return marks;
        var reach = ledger.Time - policy.LongestWindowSeconds - Day;
        var beyond = marks.TakeWhile(mark => mark.At < reach).Count();
        return marks.RemoveRange(0, Math.Max(0, beyond - 1)).Add(Of(ledger));
    }

    /// <summary>
    /// From which mark to which a rule measures: a window begins at the last mark that is not inside it. Null where a rule over
    /// whole epochs has none yet.
    /// </summary>
    /// <param name="rule">The rule.</param>
    /// <param name="ledger">The ledger that it measures.</param>
    /// <param name="now">The mark of that ledger.</param>
    /// <param name="marks">Oldest first.</param>
    internal static (LedgerMark From, LedgerMark To)? Window(
        PolicyRule rule, Ledger ledger, LedgerMark now, ImmutableList<LedgerMark> marks)
    {
        if (rule.Window == RuleWindow.SinceRelease || ledger.FirstReleaseAt is not { } first)
            return (Start, now);
        if (rule.Window == RuleWindow.Rolling)
            return (LastAt(now.At - rule.WindowSeconds, marks), now);
        var begun = first + ((now.At - first) / rule.WindowSeconds * rule.WindowSeconds);
        if (rule.IsMost)
            return (begun == first ? Start : LastAt(begun, marks), now);
        var (from, to) = (LastAt(begun - rule.WindowSeconds, marks), LastAt(begun, marks));
        return begun > first && from.At < to.At ? (from, to) : null;
    }

    /// <summary>The last mark that is not after a time.</summary>
    private static LedgerMark LastAt(long at, ImmutableList<LedgerMark> marks)
    {
        var (low, high) = (0, marks.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = marks[middle].At <= at ? (middle + 1, high) : (low, middle);
        }

        return low == 0 ? Start : marks[low - 1];
    }
}
