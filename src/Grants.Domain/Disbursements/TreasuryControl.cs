using System.Collections.Immutable;
using Grants.Primitives;

namespace Grants.Domain.Disbursements;

// --- Commands ---

/// <param name="By">Null for the service itself.</param>
public sealed record PauseTreasury(long ChainId, Address? By, string Reason, DateTimeOffset At);

/// <summary>A person agrees that the treasury goes on; it does when two different persons have.</summary>
/// <param name="PausedAt">Of the pause that the person means: a later one is another.</param>
public sealed record ResumeTreasury(long ChainId, string Person, Address By, DateTimeOffset PausedAt, DateTimeOffset At);

/// <summary>Limits of a token. Lower ones count at once, others after the delay.</summary>
/// <param name="IsAuthorized">Whether the account has signed for just these, which lower ones do without.</param>
public sealed record SetTreasuryLimits(
    long ChainId, TreasuryLimits Limits, Address By, DateTimeOffset At, long DelaySeconds, bool IsAuthorized);

// --- Events ---

public sealed record TreasuryPaused(long ChainId, Address? By, string Reason, DateTimeOffset At);

public sealed record ResumeAgreed(string Person, Address By, DateTimeOffset At);

public sealed record TreasuryResumed(DateTimeOffset At);

/// <param name="EffectiveAt">From when on they count. Limits that were set before and did not count yet never will.</param>
public sealed record TreasuryLimitsSet(
    long ChainId, TreasuryLimits Limits, Address By, DateTimeOffset At, DateTimeOffset EffectiveAt);

// --- Rejections ---

public sealed record NotThatPause(DateTimeOffset PausedAt)
    : Rejection("NOT_THAT_PAUSE", $"The treasury is paused since {PausedAt:O}, which is not the pause that was meant.");

// --- State ---

/// <summary>What the treasury pays of a token without being asked, in base units. Payments are releases and clawbacks.</summary>
/// <param name="OneApprovalFrom">From this amount on a payment waits for the signature of one person.</param>
/// <param name="TwoApprovalsFrom">From this amount on it waits for two different persons.</param>
/// <param name="MostPerOrder">No payment is larger.</param>
/// <param name="MostPerRecipient">In all payments to one account within a day.</param>
/// <param name="MostPerDay">In all payments within a day.</param>
/// <param name="MostPerProgram">In all payments of one program within a day; null where a program may take all of the day.</param>
/// <param name="IsOfSpace">
/// Whether a program is one of a space. Of limits that were set before it is false: programs of one name in several spaces share
/// what they may take, as whoever set those limits meant it.
/// </param>
public sealed record TreasuryLimits(
    Address Token,
    UInt256 OneApprovalFrom,
    UInt256 TwoApprovalsFrom,
    UInt256 MostPerOrder,
    UInt256 MostPerRecipient,
    UInt256 MostPerDay,
    UInt256? MostPerProgram = null,
    bool IsOfSpace = false)
{
    /// <summary>How many persons have to sign for a payment.</summary>
    public int ApprovalsFor(UInt256 amount) => amount >= TwoApprovalsFrom ? 2 : amount >= OneApprovalFrom ? 1 : 0;

    /// <summary>Why a payment may not be made, or null.</summary>
    /// <param name="amount">Of the payment.</param>
    /// <param name="toRecipient">Paid to the same account within the day before it.</param>
    /// <param name="ofProgram">Paid of the same program within the day before it.</param>
    /// <param name="inAll">Paid to anybody within the day before it.</param>
    public string? Against(UInt256 amount, UInt256 toRecipient, UInt256 ofProgram, UInt256 inAll)
    {
        if (amount > MostPerOrder)
            return $"OverLimit(order, {MostPerOrder})";
        if (amount > UInt256.SubtractToZero(MostPerRecipient, toRecipient))
            return $"OverLimit(recipient, {MostPerRecipient})";
        if (MostPerProgram is { } most && amount > UInt256.SubtractToZero(most, ofProgram))
            return $"OverLimit(program, {most})";
        return amount > UInt256.SubtractToZero(MostPerDay, inAll) ? $"OverLimit(day, {MostPerDay})" : null;
    }

    /// <summary>
    /// Whether two payments count against one program's limit. A payment of which nobody wrote down the space counts in each.
    /// </summary>
    public bool IsOneProgram(string program, string space, string otherProgram, string otherSpace) => program == otherProgram
        && (!IsOfSpace || space == otherSpace || space.Length == 0 || otherSpace.Length == 0);

    /// <summary>Whether they allow nothing that the others do not.</summary>
    public bool IsWithin(TreasuryLimits others) => OneApprovalFrom <= others.OneApprovalFrom
        && TwoApprovalsFrom <= others.TwoApprovalsFrom
        && MostPerOrder <= others.MostPerOrder
        && MostPerRecipient <= others.MostPerRecipient
        && MostPerDay <= others.MostPerDay
        && (others.MostPerProgram is not { } theirs || (MostPerProgram <= theirs && (others.IsOfSpace || !IsOfSpace)));
}

/// <param name="By">Null for the service itself.</param>
/// <param name="Agreed">Who wants to go on.</param>
public sealed record TreasuryPause(Address? By, string Reason, DateTimeOffset At, ImmutableList<ResumeAgreed> Agreed);

/// <summary>Limits of a token, from an instant on.</summary>
public sealed record LimitsInForce(TreasuryLimits Limits, DateTimeOffset EffectiveAt);

/// <summary>What people have said about the treasury of a chain: whether it may pay at all, and how much.</summary>
public sealed record TreasuryControl(string Id, long ChainId)
{
    public const int PersonsToResume = 2;

    /// <summary>Null where the treasury may pay.</summary>
    public TreasuryPause? Pause { get; init; }

    /// <summary>When two persons last let it go on: what was before, they have seen.</summary>
    public DateTimeOffset ResumedAt { get; init; }

    /// <summary>Of each token, in the order of time: at most one that does not count yet.</summary>
    public ImmutableList<LimitsInForce> Limits { get; init; } = [];

    // --- Decide ---

    public static Decision Decide(PauseTreasury command, TreasuryControl? state) => state?.Pause is null
        ? Decision.Accept(new TreasuryPaused(command.ChainId, command.By, command.Reason, command.At))
        : Decision.Nothing;

    public static Decision Decide(ResumeTreasury command, TreasuryControl? state)
    {
        if (state?.Pause is not { } pause || pause.Agreed.Exists(agreed => agreed.Person == command.Person))
            return Decision.Nothing;
        if (pause.At != command.PausedAt)
            return new NotThatPause(pause.At);
        var agreed = new ResumeAgreed(command.Person, command.By, command.At);
        return pause.Agreed.Count + 1 < PersonsToResume
            ? Decision.Accept(agreed)
            : Decision.Accept(agreed, new TreasuryResumed(command.At));
    }

    public static Decision Decide(SetTreasuryLimits command, TreasuryControl? state)
    {
        var limits = command.Limits;
        if (limits.TwoApprovalsFrom < limits.OneApprovalFrom)
            return new InvalidValue("twoApprovalsFrom", "Must be at least what one approval is asked from.");
        var present = state?.LimitsOf(limits.Token, command.At);
        // Who lowers in a hurry, without a signature, leaves as it is what a program is.
        if (present is { IsOfSpace: false } && !command.IsAuthorized)
            limits = limits with { IsOfSpace = false };
        if (state?.Limits.FindLast(one => one.Limits.Token == limits.Token)?.Limits == limits)
            return Decision.Nothing;
        var isLower = present is null || limits.IsWithin(present);
        if (!isLower && !command.IsAuthorized)
            return new AuthorizationRequired();
        var effectiveAt = isLower ? command.At : command.At.AddSeconds(command.DelaySeconds);
        return Decision.Accept(new TreasuryLimitsSet(command.ChainId, limits, command.By, command.At, effectiveAt));
    }

    // --- Evolve ---

    public static TreasuryControl? Evolve(TreasuryControl? state, object @event) => @event switch
    {
        TreasuryPaused paused => Of(state, paused.ChainId) with
        {
            Pause = new TreasuryPause(paused.By, paused.Reason, paused.At, []),
        },
        ResumeAgreed agreed => state! with { Pause = state.Pause! with { Agreed = state.Pause.Agreed.Add(agreed) } },
        TreasuryResumed resumed => state! with { Pause = null, ResumedAt = resumed.At },
        TreasuryLimitsSet set => With(Of(state, set.ChainId), set),
        _ => state,
    };

    // --- Queries ---

    /// <summary>The stream of a chain's treasury.</summary>
    public static string StreamId(long chainId) => $"treasury/{chainId}";

    /// <summary>The limits of a token at an instant; null where there are none.</summary>
    public TreasuryLimits? LimitsOf(Address token, DateTimeOffset at) =>
        Limits.FindLast(one => one.Limits.Token == token && one.EffectiveAt <= at)?.Limits;

    private static TreasuryControl Of(TreasuryControl? state, long chainId) => state ?? new TreasuryControl(StreamId(chainId), chainId);

    // Of what was set for the token before, only what counts at that instant is kept.
    private static TreasuryControl With(TreasuryControl state, TreasuryLimitsSet set)
    {
        var present = state.Limits.FindLast(one => one.Limits.Token == set.Limits.Token && one.EffectiveAt <= set.At);
        var others = state.Limits.RemoveAll(one => one.Limits.Token == set.Limits.Token && one != present);
        return state with { Limits = others.Add(new LimitsInForce(set.Limits, set.EffectiveAt)) };
    }
}
