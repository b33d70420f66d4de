using Grants.Domain.Reinvestment.Judging;
using Grants.Domain.Reinvestment.Liquidity;
using Grants.Domain.Reinvestment.Pools;
using Grants.Primitives;

namespace Grants.Domain.Reinvestment;

/// <summary>What people and the clock have to do with a breach: checkpoints, appeals, signatures, time that counts for nobody.</summary>
public sealed partial record ReinvestmentMonitor
{
    public const int ReasonLengthMax = 2_000;

    private const long SecondsBetweenCheckpoints = 86_400;

    /// <summary>Whether a sanction bars a wallet from awards of a program, for as long as the confirmed breach stands.</summary>
    public bool Bars(Address wallet, string programId) =>
        ProvenWallets.Contains(wallet)
        && Breaches.Any(breach => breach.UnbarredBecause is null && breach.Applied?.Contains(SanctionKind.Blacklist) == true
            && RuleOf(breach)?.Rung(SanctionKind.Blacklist) is { } rung
            && (rung.Programs.Count == 0 || rung.Programs.Contains(programId)));

    public static Decision Decide(EvaluateCheckpoint command, ReinvestmentMonitor? state)
    {
        if (state is null)
            return new NotFound("monitoring");
        var at = command.Block.TimestampSeconds;
        if (state.PausedAt is not null || state.Ledger.Released.IsZero || at < state.Ledger.Time)
            return Decision.Nothing;
        var isDue = state.IsDue(command);
        var drifts = isDue ? Drift.Of(state, command.Prices ?? [], command.Block) : [];
        var ledger = drifts.Aggregate(state.Ledger.Tick(at), (one, drift) => one.WithDrift(drift.Pool, drift.Shortfall));
        var pools = isDue ? OwnPools.Of(state, command.Pools ?? [], command.Block) : [];
        ledger = OwnPools.Limit(ledger, pools);
        var check = new RuleCheck(state.InForce, ledger, state.Marks);
        var verdicts = check.Verdicts();
        var changes = new BreachCourse(state, ledger, check, verdicts, command.Block).Changes();
        var warnings = verdicts.Where(verdict => verdict.IsWarned && !state.Warned.Contains(verdict.RuleId)).ToList();
        if (changes.Count == 0 && warnings.Count == 0 && !isDue)
            return Decision.Nothing;
        var checkpoint = new CheckpointEvaluated(
            command.AwardId,
            state.Policy.PolicyId,
            state.Policy.Version,
            [.. Enum.GetValues<Convention>().Select(ledger.Read)],
            [.. verdicts.Where(verdict => verdict.IsBroken).Select(verdict => verdict.Kind).Distinct()],
            command.Block,
            verdicts,
            state.Policy.Hash,
            state.ListVersion,
            Classification.Version,
            state.Evidence.Count,
            state.Evidence.Root(),
            pools.Count == 0 ? null : [.. pools]);
        return Decision.Accept([.. drifts, checkpoint, .. warnings.Select(verdict => Warning(verdict, command)), .. changes]);
    }

    public static Decision Decide(AppealBreach command, ReinvestmentMonitor? state)
    {
        if (state?.BreachOf(command.BreachId) is not { } breach)
            return new NotFound("breach");
        if (ReasonProblem(command.Reason) is { } problem)
            return problem;
        if (breach.Appeal is { } earlier)
            return earlier.By == command.By && earlier.Reason == command.Reason ? Decision.Nothing : new AppealExists();
        return breach.Status == BreachStatus.Open
            ? Decision.Accept(new BreachAppealed(command.AwardId, command.BreachId, command.By, command.Reason, command.At))
            : new BreachNotOpen(breach.Status);
    }

    public static Decision Decide(DecideAppeal command, ReinvestmentMonitor? state)
    {
        if (state?.BreachOf(command.BreachId) is not { } breach)
            return new NotFound("breach");
        if (ReasonProblem(command.Reason) is { } problem)
            return problem;
        if (breach.Appeal is not { } appeal)
            return new AppealMissing();
        if (!breach.IsAppealPending)
            return appeal.IsUpheld == command.IsUpheld ? Decision.Nothing : new AppealIsDecided();
        var forgiven = command.IsUpheld ? state.OutstandingOf(breach) : UInt256.Zero;
        return Decision.Accept(new AppealDecided(
            command.AwardId, command.BreachId, command.By, command.IsUpheld, command.Reason, forgiven, command.At));
    }

    public static Decision Decide(SignSanction command, ReinvestmentMonitor? state)
    {
        if (state?.BreachOf(command.BreachId) is not { } breach)
            return new NotFound("breach");
        if (ReasonProblem(command.Reason) is { } problem)
            return problem;
        if (breach.Status != BreachStatus.Confirmed || state.RuleOf(breach)?.Rung(command.Kind) is not { SignaturesRequired: > 0 } rung)
            return new SanctionNotDue(command.Kind);
        if (!rung.Signers.Contains(command.Signer))
            return new NotASigner(command.Signer);
        var signed = breach.SignersOf(command.Kind).ToList();
        if (signed.Contains(command.Signer) || breach.Applied?.Contains(command.Kind) == true)
            return Decision.Nothing;
        var signature = new SanctionSigned(command.AwardId, command.BreachId, command.Kind, command.Signer, command.Reason);
        if (signed.Count + 1 < rung.SignaturesRequired)
            return Decision.Accept(signature);
        var root = EvidenceTree.RootOf(state.EvidenceOf(state.RuleOf(breach)!, state.Ledger));
        return Decision.Accept(
            signature, state.Applied(breach, rung, root, state.LastCheckpoint!.Value, [.. signed, command.Signer]));
    }

    public static Decision Decide(LiftBlacklisting command, ReinvestmentMonitor? state)
    {
        if (state?.BreachOf(command.BreachId) is not { } breach)
            return new NotFound("breach");
        if (ReasonProblem(command.Reason) is { } problem)
            return problem;
        if (breach.UnbarredBecause is not null)
            return Decision.Nothing;
        return breach.Questioned?.Contains(SanctionKind.Blacklist) == true
            ? Decision.Accept(new BlacklistingLifted(command.AwardId, command.BreachId, command.By, command.Reason, command.At))
            : new SanctionNotQuestioned();
    }

    public static Decision Decide(PauseClock command, ReinvestmentMonitor? state)
    {
        if (state is null)
            return new NotFound("monitoring");
        return state.PausedAt is null
            ? Decision.Accept(new ClockPaused(command.AwardId, command.Reason, command.Block))
            : Decision.Nothing;
    }

    public static Decision Decide(ResumeClock command, ReinvestmentMonitor? state)
    {
        if (state is null)
            return new NotFound("monitoring");
        return state.PausedAt is { } since
            ? Decision.Accept(new ClockResumed(command.AwardId, command.Reason, since, command.Block))
            : Decision.Nothing;
    }

    /// <summary>A chain that stood still gave nobody a chance to act: that time does not count.</summary>
    public static Decision Decide(NoteBlock command, ReinvestmentMonitor? state)
    {
        if (state is null)
            return new NotFound("monitoring");
        var (halt, at) = (state.Policy.Checkpoints.HaltAfterSeconds, command.Block.TimestampSeconds);
        var isHalt = halt > 0 && at - command.Before > halt;
        return isHalt && state.PausedAt is null && !state.Ledger.Released.IsZero && state.Ledger.Time < at
            ? Decision.Accept(new ClockResumed(
                command.AwardId, "The chain stood still.", Math.Max(command.Before, state.Ledger.Time), command.Block))
            : Decision.Nothing;
    }

    private static PolicyWarned Warning(RuleVerdict verdict, EvaluateCheckpoint command) => new(
        command.AwardId,
        verdict.RuleId,
        verdict.Limit,
        verdict.Prorata,
        "If own and granted tokens leave in proportion the rule is broken. Nothing follows: only the reading most favourable to the "
        + "recipient has consequences.",
        command.Block);

    /// <summary>Whether a checkpoint follows, as long as nothing else does before it.</summary>
    public bool IsDue(EvaluateCheckpoint command) => FlowsSinceCheckpoint > 0 || IsCheckpointDue(command.Block) || IsDrawn(command);

    // Drawn once in so many seconds: nobody knows the later block's hash while the block itself can still be filled.
    private bool IsDrawn(EvaluateCheckpoint command) =>
        command.LaterHash is { } later
        && LastCheckpoint?.Number != command.Block.Number
        && Keccak256.Hash([.. later.ToBytes(), .. AwardId.ToBytes()]) is var draw
        && UInt256.FromBytes(draw.ToBytes()) % SecondsBetweenCheckpoints < (ulong)(Policy.Checkpoints.ExtraPerDay * command.SecondsSince);

    private ReinvestmentMonitor With(CheckpointEvaluated evaluated)
    {
        ValueList<PoolShare> pools = evaluated.Pools ?? [];
        var ledger = OwnPools.Limit(Ledger.Tick(evaluated.Block.TimestampSeconds), pools);
        return this with
        {
            Pools = OwnPools.After(Pools, pools),
            Ledger = ledger,
            LastCheckpoint = evaluated.Block,
            FlowsSinceCheckpoint = 0,
            Marks = LedgerMark.After(Marks, ledger, Policy),
            Pursuit = Pursuit.Of(ledger),
            Warned = [.. (evaluated.Verdicts ?? []).Where(verdict => verdict.IsWarned).Select(verdict => verdict.RuleId)],
            Breaches = Breaches.RemoveAll(breach =>
                breach.Status is BreachStatus.Cured or BreachStatus.Dismissed && !evaluated.IsBroken(breach)),
        };
    }

    internal SanctionApplied Applied(Breach breach, PolicySanction rung, Hash32 root, BlockRef block, ValueList<Address> signedBy) => new(
        AwardId,
        breach.BreachId,
        rung.Kind,
        rung.Share,
        rung.Programs,
        [.. ProvenWallets],
        signedBy,
        root,
        block);

    private static InvalidValue? ReasonProblem(string reason) => reason.Trim().Length is 0 or > ReasonLengthMax
        ? new InvalidValue("reason", $"Must have 1 to {ReasonLengthMax:N0} characters.")
        : null;

    private Breach? BreachOf(string breachId) => Breaches.FirstOrDefault(breach => breach.BreachId == breachId);

    private UInt256 OutstandingOf(Breach breach) => RuleOf(breach) is { } rule
        ? new RuleCheck(InForce, Ledger, Marks).Outstanding(rule, breach)
        : UInt256.Zero;
}
