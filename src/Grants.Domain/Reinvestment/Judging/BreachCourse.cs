using Grants.Primitives;

namespace Grants.Domain.Reinvestment.Judging;

/// <summary>What a checkpoint changes in the breaches of an award: opened, cured, confirmed, and what follows from that.</summary>
internal sealed class BreachCourse(
    ReinvestmentMonitor monitor, Ledger ledger, RuleCheck check, IReadOnlyList<RuleVerdict> verdicts, BlockRef block)
{
    /// <summary>Nothing more after a breach that has taken the whole award back.</summary>
    public IReadOnlyList<object> Changes() =>
        monitor.Breaches.Any(IsFinal) ? [] : [.. monitor.Policy.Rules.Zip(verdicts, ChangesOf).SelectMany(change => change)];

    private bool IsFinal(Breach breach) =>
        breach.Status == BreachStatus.Confirmed
        && monitor.RuleOf(breach)?.Rung(SanctionKind.ClawBackUnreleased) is { Share.Value: BasisPoints.Whole };

    private IEnumerable<object> ChangesOf(PolicyRule rule, RuleVerdict verdict)
    {
        var earlier = monitor.Breaches.FirstOrDefault(breach => breach.BrokenRuleId == rule.RuleId);
        var isOpen = earlier is { Status: BreachStatus.Open or BreachStatus.Confirmed };
        var isJudged = verdict.IsBroken || (isOpen && check.HasLapsed(rule));
        var outstanding = isJudged ? check.Outstanding(rule, earlier) : UInt256.Zero;
        if (outstanding.IsZero)
            return isOpen ? Cured(earlier!, isRuleKept: !verdict.IsBroken) : [];
        if (earlier is { Status: BreachStatus.Confirmed })
            return [];
        if (earlier is { Status: BreachStatus.Open })
            return IsDue(rule, earlier) ? Confirmed(rule, earlier, outstanding) : [];
        var opened = Opened(rule, verdict, outstanding, earlier);
        var opening = new BreachOpened(monitor.AwardId, opened, opened.Explain(rule: rule), block);
        return IsDue(rule, opened) ? [opening, .. Confirmed(rule, opened, outstanding)] : [opening];
    }

    private bool IsDue(PolicyRule rule, Breach breach) =>
        rule.Ladder.Any(rung => rung.Kind >= SanctionKind.Pause)
        && block.TimestampSeconds >= breach.ConfirmedAt
        && !breach.IsAppealPending;

    private IEnumerable<object> Cured(Breach breach, bool isRuleKept)
    {
        var credit = breach.CreditAt(ledger.Read(Convention.Floor));
        yield return new BreachCured(monitor.AwardId, breach.BreachId, breach.Rule, credit, isRuleKept, block, breach.BrokenRuleId);
        if (breach.Applied?.Contains(SanctionKind.Pause) == true)
            yield return new SanctionLifted(monitor.AwardId, breach.BreachId, SanctionKind.Pause, block);
    }

    private IEnumerable<object> Confirmed(PolicyRule rule, Breach breach, UInt256 outstanding)
    {
        var evidence = monitor.EvidenceOf(rule, ledger);
        var root = EvidenceTree.RootOf(evidence);
        yield return new BreachConfirmed(
            monitor.AwardId, breach.BreachId, rule.Kind, outstanding, evidence, block, rule.RuleId, root);
        foreach (var rung in rule.Ladder.Where(rung => rung.Kind >= SanctionKind.Pause && rung.SignaturesRequired == 0))
            yield return monitor.Applied(breach, rung, root, block, []);
    }

    private Breach Opened(PolicyRule rule, RuleVerdict verdict, UInt256 outstanding, Breach? earlier)
    {
        var reading = ledger.Read(Convention.Floor);
        var account = ledger.Under(Convention.Floor);
        var cureEndsAt = earlier is { Status: BreachStatus.Cured } ? earlier.CureEndsAt : block.TimestampSeconds + rule.CurePeriodSeconds;
        return new Breach(
            $"{monitor.AwardId}/{rule.RuleId}/{block.Number}",
            rule.Kind,
            BreachStatus.Open,
            rule.Limit,
            verdict.Floor,
            outstanding,
            reading,
            block.TimestampSeconds,
            cureEndsAt,
            earlier?.Baseline
                ?? new BreachBaseline(reading, ledger.ReleasedSeconds, account.EligibleSeconds, outstanding, account.HeldSeconds),
            monitor.EvidenceOf(rule, ledger),
            rule.RuleId,
            cureEndsAt + rule.AppealSeconds)
        {
            Forgiven = earlier?.Forgiven ?? UInt256.Zero,
        };
    }
}
