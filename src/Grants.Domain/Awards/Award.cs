using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Grants.Primitives;

namespace Grants.Domain.Awards;

// --- Commands ---

public sealed record GrantAward(AwardTerms Terms, DateTimeOffset At);

/// <summary>The vault has reserved the amount, on the finalized chain.</summary>
public sealed record ConfirmReservation(Hash32 AwardId, EventKey Evidence);

/// <param name="Tranche">The number of the release, from 1; they come in order.</param>
/// <param name="ComplianceCap">
/// The most, in base units, that may have been released in all: less than the amount while a breach holds the award.
/// </param>
/// <param name="FinalizedBlock">The finalized block whose time decides what is vested.</param>
public sealed record OrderRelease(Hash32 AwardId, int Tranche, UInt256 ComplianceCap, BlockRef FinalizedBlock);

public sealed record ConfirmRelease(Hash32 AwardId, Hash32 ReleaseId, EventKey Evidence);

/// <param name="BreachId">The confirmed breach that takes the award back.</param>
/// <param name="Share">Of what is neither ordered to be paid nor taken back.</param>
public sealed record OrderClawback(Hash32 AwardId, string BreachId, BasisPoints Share, BlockRef FinalizedBlock);

public sealed record ConfirmClawback(Hash32 AwardId, Hash32 ClawbackId, EventKey Evidence);

// --- Events ---

public sealed record AwardGranted(AwardTerms Terms, Hash32 ReservationId, DateTimeOffset At);

public sealed record AwardReserved(Hash32 AwardId, EventKey Evidence);

/// <param name="VestedAmount">Base units vested at the block.</param>
/// <param name="Recipient">Who is paid; null where an award had the one of its terms for ever.</param>
public sealed record ReleaseOrdered(
    Hash32 AwardId,
    int Tranche,
    UInt256 Amount,
    Hash32 ReleaseId,
    UInt256 VestedAmount,
    BlockRef FinalizedBlock,
    Address? Recipient = null);

/// <summary>The tranche is vested, but a breach holds it.</summary>
public sealed record TrancheHeld(Hash32 AwardId, int Tranche, UInt256 Amount, BlockRef FinalizedBlock);

public sealed record TrancheReleased(Hash32 AwardId, int Tranche, UInt256 Amount, Hash32 ReleaseId, EventKey Evidence);

/// <param name="BreachId">Empty where no breach is behind it.</param>
/// <param name="Reason">Why, where no breach is behind it.</param>
public sealed record ClawbackOrdered(
    Hash32 AwardId, int Seq, UInt256 Amount, Hash32 ClawbackId, string BreachId, BlockRef FinalizedBlock, string? Reason = null);

public sealed record AwardClawedBack(Hash32 AwardId, UInt256 Amount, Hash32 ClawbackId, EventKey Evidence);

// --- Rejections ---

public sealed record AwardExists(Hash32 AwardId) : Rejection("AWARD_EXISTS", "There is already an award with this id and other terms.");

public sealed record AwardNotReserved() : Rejection("AWARD_NOT_RESERVED", "The vault has not reserved this award yet.");

public sealed record AwardEnded() : Rejection("AWARD_ENDED", "Nothing is left of this award: it was released or clawed back.");

public sealed record TrancheOutOfOrder(int Asked, int Next)
    : Rejection("TRANCHE_OUT_OF_ORDER", $"Tranche {Asked} was asked for; the next one is {Next}.");

public sealed record TrancheNotDue(long DueAt, long At)
    : Rejection("TRANCHE_NOT_DUE", $"The tranche is due at {DueAt}; the finalized chain is at {At}, seconds since 1970.");

public sealed record UnknownOrder(Hash32 OrderId) : Rejection("UNKNOWN_ORDER", $"No order {OrderId} of this award was given.");

// --- State ---

/// <param name="Tranche">From 1.</param>
/// <param name="Amount">Base units.</param>
/// <param name="ReleasedAt">The evidence; null until the payment is finalized.</param>
public sealed record TrancheOrder(int Tranche, UInt256 Amount, Hash32 ReleaseId, EventKey? ReleasedAt);

/// <param name="BreachId">Empty where no breach is behind it.</param>
/// <param name="SettledAt">The evidence; null until the clawback is finalized.</param>
public sealed record AwardClawback(
    int Seq, UInt256 Amount, Hash32 ClawbackId, string BreachId, EventKey? SettledAt, string? Reason = null);

/// <summary>Where an award stands; the first of these that it is.</summary>
public enum AwardStatus
{
    /// <summary>The vault has not reserved it yet.</summary>
    Reserving,

    /// <summary>All of it is paid or back in the treasury.</summary>
    Settled,

    /// <summary>Nothing more vests; what is due is still paid or taken back.</summary>
    Cancelled,

    /// <summary>A breach holds what is vested.</summary>
    Held,

    Running,
}

/// <summary>The entitlement that an approval creates. Always amount = released + clawed back + remaining.</summary>
public sealed partial record Award(string Id, AwardTerms Terms, ImmutableList<TrancheOrder> Orders)
{
    public EventKey? ReservedAt { get; init; }

    public int HeldTranche { get; init; }

    public ImmutableList<AwardClawback> Clawbacks { get; init; } = [];

    /// <summary>Base units paid, on the finalized chain.</summary>
    public UInt256 Released => Sum(Orders.Where(order => order.ReleasedAt is not null).Select(order => order.Amount));

    /// <summary>Base units paid or ordered to be paid.</summary>
    public UInt256 Committed => Sum(Orders.Select(order => order.Amount));

    /// <summary>Base units back in the treasury, on the finalized chain.</summary>
    public UInt256 ClawedBack => Sum(Clawbacks.Where(clawback => clawback.SettledAt is not null).Select(clawback => clawback.Amount));

    /// <summary>Base units neither released nor clawed back.</summary>
    public UInt256 Remaining => Terms.Amount - Released - ClawedBack;

    [JsonIgnore]
    public AwardStatus Status => this switch
    {
        { ReservedAt: null } => AwardStatus.Reserving,
        { Remaining.IsZero: true } => AwardStatus.Settled,
        { Cancellation: not null } => AwardStatus.Cancelled,
        { HeldTranche: > 0 } => AwardStatus.Held,
        _ => AwardStatus.Running,
    };

    /// <summary>Base units neither ordered to be paid nor to be taken back.</summary>
    [JsonIgnore]
    public UInt256 Unordered => Terms.Amount - Committed - Position.TakenBack;

    /// <summary>Where its vesting stands.</summary>
    [JsonIgnore]
    public VestingPosition Position => new(
        Terms.Vesting, Pauses, AcceptedAmounts, Cancellation, Sum(Clawbacks.Select(clawback => clawback.Amount)));

    /// <summary>The number of the next release; null when nothing is left that may be paid, as things stand.</summary>
    public int? NextTranche => NextRelease is null ? null : Orders.Count + 1;

    /// <summary>When the next release is due, seconds since 1970; null while none can be ordered, whatever the time.</summary>
    public long? NextDueAt => ReservedAt is not null && RefusalToPay is null && NextRelease is { At: var at }
        ? Math.Max(at, PayableFrom)
        : null;

    private VestingTranche? NextRelease => Position.NextRelease(Committed, Terms.ReleasePeriodSeconds);

    // --- Decide ---

    public static Decision Decide(GrantAward command, Award? state)
    {
        if (state is not null)
            return state.Terms.ProposalId == command.Terms.ProposalId ? Decision.Nothing : new AwardExists(command.Terms.AwardId);
        return command.Terms.Validate() is { } problem
            ? problem
            : Decision.Accept(new AwardGranted(command.Terms, VaultOrderId.Reservation(command.Terms), command.At));
    }

    public static Decision Decide(ConfirmReservation command, Award? state)
    {
        if (state is null)
            return new NotFound("award");
        return state.ReservedAt is null ? Decision.Accept(new AwardReserved(command.AwardId, command.Evidence)) : Decision.Nothing;
    }

    public static Decision Decide(OrderRelease command, Award? state)
    {
        if (state is null)
            return new NotFound("award");
        if (command.Tranche <= state.Orders.Count)
            return Decision.Nothing;
        if (state.Unordered.IsZero)
            return new AwardEnded();
        if (state.ReservedAt is null)
            return new AwardNotReserved();
        if (command.Tranche != state.Orders.Count + 1)
            return new TrancheOutOfOrder(command.Tranche, state.Orders.Count + 1);
        if (state.RefusalToPay is { } refusal)
            return refusal;
        if (state.NextRelease is not { } next)
            return new MilestonesPending();
        var at = command.FinalizedBlock.TimestampSeconds;
        if (at < Math.Max(next.At, state.PayableFrom))
            return new TrancheNotDue(Math.Max(next.At, state.PayableFrom), at);

        // releasable = min(vested, milestone cap, compliance cap) - released; what is next is released whole or held whole.
        if (next.Amount > state.Position.Releasable(at, command.ComplianceCap, state.Committed))
            return state.HeldTranche == command.Tranche
                ? Decision.Nothing
                : Decision.Accept(new TrancheHeld(command.AwardId, command.Tranche, next.Amount, command.FinalizedBlock));
        return Decision.Accept(new ReleaseOrdered(
            command.AwardId,
            command.Tranche,
            next.Amount,
            VaultOrderId.Release(state.Terms with { Recipient = state.Recipient }, command.Tranche, next.Amount),
            state.Position.VestedAmount(at),
            command.FinalizedBlock,
            state.Recipient));
    }

    public static Decision Decide(ConfirmRelease command, Award? state)
    {
        if (state is null)
            return new NotFound("award");
        return state.Orders.FirstOrDefault(order => order.ReleaseId == command.ReleaseId) switch
        {
            null => new UnknownOrder(command.ReleaseId),
            { ReleasedAt: not null } => Decision.Nothing,
            var order => Decision.Accept(
                new TrancheReleased(command.AwardId, order.Tranche, order.Amount, order.ReleaseId, command.Evidence)),
        };
    }

    public static Decision Decide(OrderClawback command, Award? state)
    {
        if (state is null)
            return new NotFound("award");
        if (state.Clawbacks.Exists(clawback => clawback.BreachId == command.BreachId))
            return Decision.Nothing;
        if (state.ReservedAt is null)
            return new AwardNotReserved();

        // What is already ordered may be in flight and is left to the recipient.
        return state.TakeBack(command.Share.OfAmount(state.Unordered), command.FinalizedBlock, command.BreachId) is { } ordered
            ? Decision.Accept(ordered)
            : Decision.Nothing;
    }

    public static Decision Decide(ConfirmClawback command, Award? state)
    {
        if (state is null)
            return new NotFound("award");
        return state.Clawbacks.Find(clawback => clawback.ClawbackId == command.ClawbackId) switch
        {
            null => new UnknownOrder(command.ClawbackId),
            { SettledAt: not null } => Decision.Nothing,
            var clawback => Decision.Accept(
                new AwardClawedBack(command.AwardId, clawback.Amount, clawback.ClawbackId, command.Evidence)),
        };
    }

    // --- Evolve ---

    public static Award? Evolve(Award? state, object @event) => @event switch
    {
        AwardGranted granted => Of(granted.Terms),
        AwardReserved reserved => state! with { ReservedAt = reserved.Evidence },
        ReleaseOrdered ordered => state! with
        {
            Orders = state.Orders.Add(new TrancheOrder(ordered.Tranche, ordered.Amount, ordered.ReleaseId, null)),
            HeldTranche = 0,
            DecidedAt = Math.Max(state.DecidedAt, ordered.FinalizedBlock.TimestampSeconds),
        },
        TrancheHeld held => state! with { HeldTranche = held.Tranche },
        TrancheReleased released => state! with
        {
            Orders = state.Orders.ConvertAll(order =>
                order.ReleaseId == released.ReleaseId ? order with { ReleasedAt = released.Evidence } : order),
        },
        ClawbackOrdered ordered => state! with
        {
            Clawbacks = state.Clawbacks.Add(new AwardClawback(
                ordered.Seq, ordered.Amount, ordered.ClawbackId, ordered.BreachId, null, ordered.Reason)),
        },
        AwardClawedBack clawedBack => state! with
        {
            Clawbacks = state.Clawbacks.ConvertAll(clawback => clawback.ClawbackId == clawedBack.ClawbackId
                ? clawback with { SettledAt = clawedBack.Evidence }
                : clawback),
        },
        _ => state?.AfterVesting(@event) ?? state?.AfterMilestone(@event) ?? state?.AfterRecipient(@event) ?? state,
    };

    // --- Queries ---

    /// <summary>The stream of an award.</summary>
    public static string StreamId(Hash32 awardId) => $"award/{awardId}";

    /// <summary>The award that a proposal leads to: keccak256 of "Award(v1)" and the proposal's id.</summary>
    public static Hash32 IdOf(Hash32 proposalId) => Keccak256.Hash([.. "Award(v1)"u8, .. proposalId.ToBytes()]);

    private static Award Of(AwardTerms terms) => new(StreamId(terms.AwardId), terms, [])
    {
        Recipient = terms.Recipient,
        AgreedRecipient = terms.Recipient,
        Recipients = [terms.Recipient],
        Pauses = new VestingPauses(terms.PauseBudgetSeconds, []),
        Milestones = MilestonesOf(terms),
    };

    private ClawbackOrdered? TakeBack(UInt256 amount, BlockRef block, string breachId, string? reason = null)
    {
        var seq = Clawbacks.Count + 1;
        return amount.IsZero
            ? null
            : new ClawbackOrdered(
                Terms.AwardId, seq, amount, VaultOrderId.Clawback(Terms, seq, Terms.Treasury, amount), breachId, block, reason);
    }

    // What can never be paid as things stand is locked in the vault until it is taken back.
    private ClawbackOrdered? TakeBackSurplus(BlockRef block, string reason) =>
        TakeBack(Position.Clawback(Committed) - Position.TakenBack, block, string.Empty, reason);

    private static UInt256 Sum(IEnumerable<UInt256> amounts) => amounts.Aggregate(UInt256.Zero, (sum, amount) => sum + amount);
}
