using Grants.Domain.Reinvestment.Watching;
using Grants.Primitives;

namespace Grants.Domain.Reinvestment.Judging;

// --- Commands ---

/// <summary>Bars the wallets of an award no longer, where what was listed later speaks against their blacklisting.</summary>
public sealed record LiftBlacklisting(Hash32 AwardId, string BreachId, Address By, string Reason, DateTimeOffset At);

// --- Events ---

/// <summary>
/// As the flows are told now, the breach behind a sanction would not have been confirmed. Nothing is undone by that, because
/// people have acted on it since: they decide. Said once a sanction, whatever is listed later.
/// </summary>
/// <param name="Why">As a sentence.</param>
/// <param name="ListVersion">Of the space's list by which it is told so.</param>
public sealed record SanctionQuestioned(Hash32 AwardId, string BreachId, SanctionKind Kind, string Why, int ListVersion, BlockRef Block)
{
    /// <summary>What a manager of the program can do.</summary>
    public static string NextStep(SanctionKind kind) => kind switch
    {
        SanctionKind.Pause => "Where the award should go on, resumeVesting lets its clock run again.",
        SanctionKind.Blacklist => "Where the wallets should be eligible again, liftBlacklisting bars them no longer.",
        _ => "What was taken back lies in the treasury. Where it should be the grantee's again, grant it anew: a proposal of that amount, "
            + "decided as any other.",
    };
}

public sealed record BlacklistingLifted(Hash32 AwardId, string BreachId, Address By, string Reason, DateTimeOffset At);

// --- Rejections ---

public sealed record SanctionNotQuestioned() : Rejection(
    "SANCTION_NOT_QUESTIONED",
    "Nothing that was listed later speaks against a blacklisting for this breach: it ends when the breach is cured.");

/// <summary>
/// Holds the breaches of a history against its books as they are told now: which of them would not have been confirmed, because nothing
/// was missing at the checkpoint that confirmed them. One that was rightly confirmed, but opened for another reason than it would have
/// now, is none of these.
/// </summary>
internal sealed class SanctionReview
{
    private readonly Dictionary<string, (Breach Breach, bool IsBroken)> opened = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> doubts = new(StringComparer.Ordinal);

    /// <param name="baseline">From where its cure counts, as it is told now.</param>
    /// <param name="replay">At the checkpoint that opened it.</param>
    public void Opened(Breach breach, PolicyRule rule, BreachBaseline baseline, ReinvestmentMonitor replay) =>
        opened[breach.BreachId] = (breach with { Baseline = baseline }, CheckOf(replay).VerdictOf(rule).IsBroken);

    /// <param name="replay">At the checkpoint that confirmed it.</param>
    public void Confirmed(BreachConfirmed confirmed, ReinvestmentMonitor replay)
    {
        if (!opened.TryGetValue(confirmed.BreachId, out var was) || replay.RuleOf(was.Breach) is not { } rule)
            return;
        var check = CheckOf(replay);
        var isKept = !check.VerdictOf(rule).IsBroken && !check.HasLapsed(rule);
        // A breach that did not open then has no cure either: what counts is what is missing.
        if (isKept || check.Outstanding(rule, was.IsBroken ? was.Breach : null).IsZero)
        {
            doubts[was.Breach.BreachId] = was.IsBroken
                ? "As its flows are told now, the breach had been made good when it was confirmed."
                : "As its flows are told now, the rule was kept when the breach opened and when it was confirmed.";
        }
    }

    /// <summary>The sanctions that stand and were not questioned before.</summary>
    public IReadOnlyList<SanctionQuestioned> Questions(RerunFlows command)
    {
        if (doubts.Count == 0)
            return [];
        var settled = command.History.Select(data => data switch
        {
            SanctionLifted lifted => (lifted.BreachId, lifted.Kind),
            SanctionQuestioned questioned => (questioned.BreachId, questioned.Kind),
            _ => default,
        }).ToHashSet();
        return
        [
            .. command.History.OfType<SanctionApplied>()
                .Where(applied => doubts.ContainsKey(applied.BreachId) && !settled.Contains((applied.BreachId, applied.Kind)))
                .Select(applied => new SanctionQuestioned(
                    command.AwardId, applied.BreachId, applied.Kind, doubts[applied.BreachId], command.Version, command.Block)),
        ];
    }

    private static RuleCheck CheckOf(ReinvestmentMonitor replay) => new(replay.InForce, replay.Ledger, replay.Marks);
}
