using Grants.Primitives;

namespace Grants.Domain.Awards;

// --- Commands ---

/// <summary>Stops the clock of the schedule; everything vests later by as long as it stands, the end included.</summary>
/// <param name="Reason">Public.</param>
/// <param name="FinalizedBlock">The finalized block at whose time the clock stops.</param>
public sealed record PauseVesting(Hash32 AwardId, string Reason, BlockRef FinalizedBlock);

public sealed record ResumeVesting(Hash32 AwardId, string Reason, BlockRef FinalizedBlock);

/// <summary>Ends an award for good: nothing more vests, and what the recipient does not keep goes back to the treasury.</summary>
/// <param name="Reason">Public.</param>
/// <param name="FinalizedBlock">The finalized block at whose time vesting ends.</param>
public sealed record CancelAward(
    Hash32 AwardId, CancellationMode Mode, string Reason, Address CancelledBy, BlockRef FinalizedBlock);

// --- Events ---

/// <param name="FromAt">Seconds since 1970: the block's time, or later where a release was decided after it.</param>
public sealed record VestingPaused(Hash32 AwardId, long FromAt, string Reason, BlockRef FinalizedBlock);

/// <param name="ToAt">Seconds since 1970.</param>
public sealed record VestingResumed(Hash32 AwardId, long ToAt, string Reason, BlockRef FinalizedBlock);

/// <param name="CancelledAt">Seconds since 1970: nothing vests later.</param>
public sealed record AwardCancelled(
    Hash32 AwardId, CancellationMode Mode, long CancelledAt, string Reason, Address CancelledBy, BlockRef FinalizedBlock);

// --- Rejections ---

public sealed record AwardIsCancelled(CancellationMode Mode)
    : Rejection("AWARD_CANCELLED", "This award is cancelled: its vesting has ended, and what the recipient keeps stays as it is.");

public sealed partial record Award
{
    /// <summary>The longest reason, in UTF-16 units.</summary>
    public const int ReasonLengthMax = 2_000;

    public VestingPauses Pauses { get; init; } = VestingPauses.None;

    public VestingCancellation? Cancellation { get; init; }

    /// <summary>
    /// The latest block time on which something was decided, seconds since 1970. Neither a pause nor a cancellation begins before
    /// it: that would take back what a release rests on.
    /// </summary>
    public long DecidedAt { get; init; }

    public static Decision Decide(PauseVesting command, Award? state)
    {
        if (state is null)
            return new NotFound("award");
        if (ReasonProblem(command.Reason) is { } problem)
            return problem;
        if (state.Cancellation is { } cancellation)
            return new AwardIsCancelled(cancellation.Mode);
        if (state.Pauses.IsOpen)
            return Decision.Nothing;
        if (state.Unordered.IsZero)
            return new AwardEnded();
        var at = state.Later(command.FinalizedBlock);
        return state.Pauses.CheckPause(at) is { } refusal
            ? refusal
            : Decision.Accept(new VestingPaused(command.AwardId, at, command.Reason, command.FinalizedBlock));
    }

    public static Decision Decide(ResumeVesting command, Award? state)
    {
        if (state is null)
            return new NotFound("award");
        if (ReasonProblem(command.Reason) is { } problem)
            return problem;
        if (!state.Pauses.IsOpen)
            return Decision.Nothing;
        var at = state.Later(command.FinalizedBlock);
        return state.Pauses.CheckResume(at) is { } refusal
            ? refusal
            : Decision.Accept(new VestingResumed(command.AwardId, at, command.Reason, command.FinalizedBlock));
    }

    public static Decision Decide(CancelAward command, Award? state)
    {
        if (state is null)
            return new NotFound("award");
        if (!Enum.IsDefined(command.Mode))
            return new InvalidValue("mode", "A cancelled award keeps what is vested or what is released.");
        if (ReasonProblem(command.Reason) is { } problem)
            return problem;
        if (state.Cancellation is { } cancellation)
            return cancellation.Mode == command.Mode ? Decision.Nothing : new AwardIsCancelled(cancellation.Mode);
        if (state.ReservedAt is null)
            return new AwardNotReserved();
        if (state.Unordered.IsZero)
            return new AwardEnded();
        var cancelled = new AwardCancelled(
            command.AwardId,
            command.Mode,
            state.Later(command.FinalizedBlock),
            command.Reason,
            command.CancelledBy,
            command.FinalizedBlock);
        var clawback = state.AfterVesting(cancelled)!.TakeBackSurplus(command.FinalizedBlock, command.Reason);
        return clawback is null ? Decision.Accept(cancelled) : Decision.Accept(cancelled, clawback);
    }

    private Award? AfterVesting(object @event) => @event switch
    {
        VestingPaused paused => this with { Pauses = Pauses.PausedFrom(paused.FromAt), DecidedAt = paused.FromAt },
        VestingResumed resumed => this with { Pauses = Pauses.ResumedAt(resumed.ToAt), DecidedAt = resumed.ToAt },
        AwardCancelled cancelled => this with { Cancellation = new VestingCancellation(cancelled.CancelledAt, cancelled.Mode) },
        _ => null,
    };

    private long Later(BlockRef block) => Math.Max(block.TimestampSeconds, DecidedAt);

    private static InvalidValue? ReasonProblem(string reason) => string.IsNullOrWhiteSpace(reason) || reason.Length > ReasonLengthMax
        ? new InvalidValue("reason", $"Must have 1 to {ReasonLengthMax} characters.")
        : null;
}
