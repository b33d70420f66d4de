using System.Collections.Immutable;
using Grants.Primitives;

namespace Grants.Domain.Awards;

// --- Commands ---

/// <summary>What an award is, frozen when it is granted.</summary>
/// <param name="AwardId">Its id, in the store and in the vault.</param>
/// <param name="Amount">Base units of the token.</param>
/// <param name="Treasury">Where clawed back tokens go.</param>
public sealed record AwardTerms(
    Hash32 AwardId,
    Hash32 ProposalId,
    string ProgramId,
    long ChainId,
    Address Token,
    Address Vault,
    Address Treasury,
    Address Recipient,
    UInt256 Amount,
    VestingSchedule Schedule,
    ReinvestmentPolicy Policy);

public sealed record GrantAward(AwardTerms Terms, DateTimeOffset At);

/// <summary>The vault has reserved the amount, on the finalized chain.</summary>
public sealed record ConfirmReservation(Hash32 AwardId, EventKey Evidence);

/// <param name="Tranche">From 1; tranches are released in order.</param>
/// <param name="ComplianceCap">
/// The most, in base units, that may have been released in all: less than the amount while a breach holds the award.
/// </param>
/// <param name="FinalizedBlock">The finalized block whose time decides what is vested.</param>
public sealed record OrderRelease(Hash32 AwardId, int Tranche, UInt256 ComplianceCap, BlockRef FinalizedBlock);

public sealed record ConfirmRelease(Hash32 AwardId, Hash32 ReleaseId, EventKey Evidence);

/// <param name="BreachId">The confirmed breach that takes the award back.</param>
public sealed record OrderClawback(Hash32 AwardId, string BreachId, BlockRef FinalizedBlock);

public sealed record ConfirmClawback(Hash32 AwardId, Hash32 ClawbackId, EventKey Evidence);

// --- Events ---

public sealed record AwardGranted(AwardTerms Terms, Hash32 ReservationId, DateTimeOffset At);

public sealed record AwardReserved(Hash32 AwardId, EventKey Evidence);

/// <param name="VestedAmount">Base units vested at the block.</param>
public sealed record ReleaseOrdered(
    Hash32 AwardId, int Tranche, UInt256 Amount, Hash32 ReleaseId, UInt256 VestedAmount, BlockRef FinalizedBlock);

/// <summary>The tranche is vested, but a breach holds it.</summary>
public sealed record TrancheHeld(Hash32 AwardId, int Tranche, UInt256 Amount, BlockRef FinalizedBlock);

public sealed record TrancheReleased(Hash32 AwardId, int Tranche, UInt256 Amount, Hash32 ReleaseId, EventKey Evidence);

public sealed record ClawbackOrdered(
    Hash32 AwardId, int Seq, UInt256 Amount, Hash32 ClawbackId, string BreachId, BlockRef FinalizedBlock);

public sealed record AwardClawedBack(Hash32 AwardId, UInt256 Amount, Hash32 ClawbackId, EventKey Evidence);

// --- Rejections ---

public sealed record AwardExists(Hash32 AwardId) : Rejection("AWARD_EXISTS", "There is already an award with this id and other terms.");

public sealed record AwardNotReserved() : Rejection("AWARD_NOT_RESERVED", "The vault has not reserved this award yet.");

public sealed record AwardEnded() : Rejection("AWARD_ENDED", "What was left of this award has been clawed back.");

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

/// <param name="SettledAt">The evidence; null until the clawback is finalized.</param>
public sealed record AwardClawback(int Seq, UInt256 Amount, Hash32 ClawbackId, string BreachId, EventKey? SettledAt);

/// <summary>The entitlement that an approval creates. Always amount = released + clawed back + remaining.</summary>
public sealed record Award(string Id, AwardTerms Terms, ImmutableList<TrancheOrder> Orders)
{
    public EventKey? ReservedAt { get; init; }

    public int HeldTranche { get; init; }

    public AwardClawback? Clawback { get; init; }

    /// <summary>Base units paid, on the finalized chain.</summary>
    public UInt256 Released => Sum(Orders.Where(order => order.ReleasedAt is not null));

    /// <summary>Base units paid or ordered to be paid.</summary>
    public UInt256 Committed => Sum(Orders);

    /// <summary>Base units back in the treasury, on the finalized chain.</summary>
    public UInt256 ClawedBack => Clawback is { SettledAt: not null } clawback ? clawback.Amount : UInt256.Zero;

    /// <summary>Base units neither released nor clawed back.</summary>
    public UInt256 Remaining => Terms.Amount - Released - ClawedBack;

    /// <summary>The next tranche to release, or null after the last one or a clawback.</summary>
    public int? NextTranche => Clawback is null && Orders.Count < Terms.Schedule.Tranches ? Orders.Count + 1 : null;

    /// <summary>When the next tranche is due, seconds since 1970; null while the vault has not reserved, and after the last one.</summary>
    public long? NextDueAt => ReservedAt is not null && NextTranche is { } tranche ? Terms.Schedule.TrancheDueAt(tranche) : null;

    // --- Decide ---

    public static Decision Decide(GrantAward command, Award? state)
    {
        if (state is not null)
            return state.Terms.ProposalId == command.Terms.ProposalId ? Decision.Nothing : new AwardExists(command.Terms.AwardId);
        if (command.Terms.Schedule.Validate() is { } problem)
            return problem;
        return command.Terms.Amount < (ulong)command.Terms.Schedule.Tranches
            ? new InvalidValue("amount", "Must be at least one base unit a tranche.")
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
        if (state.Clawback is not null)
            return new AwardEnded();
        if (state.ReservedAt is null)
            return new AwardNotReserved();
        if (command.Tranche != state.NextTranche)
            return new TrancheOutOfOrder(command.Tranche, state.Orders.Count + 1);
        var (schedule, at) = (state.Terms.Schedule, command.FinalizedBlock.TimestampSeconds);
        if (at < schedule.TrancheDueAt(command.Tranche))
            return new TrancheNotDue(schedule.TrancheDueAt(command.Tranche), at);

        // releasable = min(vested, compliance cap) - released; a tranche is released whole or held whole.
        var amount = schedule.TrancheAmount(state.Terms.Amount, command.Tranche);
        var vested = schedule.VestedAmount(state.Terms.Amount, at);
        var releasable = UInt256.SubtractToZero(UInt256.Min(vested, command.ComplianceCap), state.Committed);
        if (amount > releasable)
            return state.HeldTranche == command.Tranche
                ? Decision.Nothing
                : Decision.Accept(new TrancheHeld(command.AwardId, command.Tranche, amount, command.FinalizedBlock));
        var releaseId = VaultOrderId.Release(state.Terms, command.Tranche, amount);
        return Decision.Accept(new ReleaseOrdered(
            command.AwardId, command.Tranche, amount, releaseId, vested, command.FinalizedBlock));
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
        if (state.Clawback is not null)
            return Decision.Nothing;
        if (state.ReservedAt is null)
            return new AwardNotReserved();

        // What is already ordered may be in flight and is left to the recipient.
        var amount = state.Terms.Amount - state.Committed;
        if (amount.IsZero)
            return Decision.Nothing;
        var clawbackId = VaultOrderId.Clawback(state.Terms, 1, state.Terms.Treasury, amount);
        return Decision.Accept(new ClawbackOrdered(
            command.AwardId, 1, amount, clawbackId, command.BreachId, command.FinalizedBlock));
    }

    public static Decision Decide(ConfirmClawback command, Award? state)
    {
        if (state is null)
            return new NotFound("award");
        if (state.Clawback is not { } clawback || clawback.ClawbackId != command.ClawbackId)
            return new UnknownOrder(command.ClawbackId);
        return clawback.SettledAt is null
            ? Decision.Accept(new AwardClawedBack(command.AwardId, clawback.Amount, clawback.ClawbackId, command.Evidence))
            : Decision.Nothing;
    }

    // --- Evolve ---

    public static Award? Evolve(Award? state, object @event) => @event switch
    {
        AwardGranted granted => new Award(StreamId(granted.Terms.AwardId), granted.Terms, []),
        AwardReserved reserved => state! with { ReservedAt = reserved.Evidence },
        ReleaseOrdered ordered => state! with
        {
            Orders = state.Orders.Add(new TrancheOrder(ordered.Tranche, ordered.Amount, ordered.ReleaseId, null)),
            HeldTranche = 0,
        },
        TrancheHeld held => state! with { HeldTranche = held.Tranche },
        TrancheReleased released => state! with
        {
            Orders = state.Orders.ConvertAll(order =>
                order.ReleaseId == released.ReleaseId ? order with { ReleasedAt = released.Evidence } : order),
        },
        ClawbackOrdered ordered => state! with
        {
            Clawback = new AwardClawback(ordered.Seq, ordered.Amount, ordered.ClawbackId, ordered.BreachId, null),
        },
        AwardClawedBack clawedBack => state! with { Clawback = state.Clawback! with { SettledAt = clawedBack.Evidence } },
        _ => state,
    };

    // --- Queries ---

    /// <summary>The stream of an award.</summary>
    public static string StreamId(Hash32 awardId) => $"award/{awardId}";

    /// <summary>The award that a proposal leads to: keccak256 of "Award(v1)" and the proposal's id.</summary>
    public static Hash32 IdOf(Hash32 proposalId) => Keccak256.Hash([.. "Award(v1)"u8, .. proposalId.ToBytes()]);

    private static UInt256 Sum(IEnumerable<TrancheOrder> orders) =>
        orders.Aggregate(UInt256.Zero, (sum, order) => sum + order.Amount);
}
