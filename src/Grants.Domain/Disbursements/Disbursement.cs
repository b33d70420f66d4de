using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Grants.Primitives;

namespace Grants.Domain.Disbursements;

// --- Commands ---

/// <summary>What the treasury is ordered to do on chain. Never changes; its id is computed from its content.</summary>
/// <param name="OrderId">The release or clawback id of the vault; for a reservation, an id of our own.</param>
/// <param name="Seq">The tranche of a release, the number of a clawback, 0 for a reservation.</param>
/// <param name="Receiver">Who receives the tokens in the end.</param>
/// <param name="Amount">Base units.</param>
/// <param name="Vesting">For a reservation: the curve that the vault is to enforce.</param>
public sealed record TreasuryOrder(
    Hash32 OrderId,
    TreasuryOrderKind Kind,
    long ChainId,
    Address Vault,
    Hash32 AwardId,
    long Seq,
    Address Token,
    Address Receiver,
    UInt256 Amount,
    VestingCurve? Vesting)
{
    // How the first version wrote it. It is read and never written.
    [JsonInclude]
    private EqualTranches? Schedule
    {
        init => Vesting = value is null ? Vesting : value.CurveOf(Amount);
    }
}

public enum TreasuryOrderKind
{
    Reservation,
    Release,
    Clawback,
}

public sealed record OrderDisbursement(TreasuryOrder Order);

/// <summary>A transaction is signed; it is stored before anybody sends it.</summary>
public sealed record RecordSigned(Hash32 OrderId, SignedAttempt Attempt);

public sealed record RecordBroadcast(Hash32 OrderId, Hash32 TransactionHash);

/// <summary>A block that is not final yet holds the transaction.</summary>
public sealed record RecordMined(Hash32 OrderId, Hash32 TransactionHash, BlockRef Block);

/// <summary>The block that held the transaction is gone.</summary>
public sealed record RecordReorged(Hash32 OrderId);

/// <summary>The vault's own event for this order is on the finalized chain.</summary>
public sealed record RecordFinalized(Hash32 OrderId, EventKey Evidence);

/// <summary>A simulation says that the vault would refuse; nothing was sent.</summary>
public sealed record RecordRefused(Hash32 OrderId, string Reason);

/// <param name="Reason">Why, as the contract said it.</param>
public sealed record RecordFailed(Hash32 OrderId, string Reason);

// --- Events ---

public sealed record DisbursementOrdered(TreasuryOrder Order);

public sealed record DisbursementSigned(Hash32 OrderId, SignedAttempt Attempt);

public sealed record DisbursementBroadcast(Hash32 OrderId, Hash32 TransactionHash);

public sealed record DisbursementMined(Hash32 OrderId, Hash32 TransactionHash, BlockRef Block);

public sealed record DisbursementReorged(Hash32 OrderId, BlockRef Block);

/// <summary>The vault would refuse the order as things stand. Nothing was sent; it is tried again.</summary>
public sealed record DisbursementRefused(Hash32 OrderId, string Reason);

public sealed record DisbursementFinalized(Hash32 OrderId, EventKey Evidence);

public sealed record DisbursementFailed(Hash32 OrderId, string Reason);

// --- Rejections ---

public sealed record OrderDiffers(Hash32 OrderId)
    : Rejection("ORDER_DIFFERS", $"There is already an order {OrderId} with another content.");

public sealed record WrongDisbursementState(DisbursementState Current)
    : Rejection("WRONG_DISBURSEMENT_STATE", $"The disbursement is {Current.ToString().ToLowerInvariant()}.");

public sealed record UnknownAttempt(Hash32 TransactionHash)
    : Rejection("UNKNOWN_ATTEMPT", $"The transaction {TransactionHash} is no attempt at this order.");

public sealed record NonceChanged(long Reserved, long Given)
    : Rejection("NONCE_CHANGED", $"The order holds nonce {Reserved}; an attempt with nonce {Given} could pay twice.");

public sealed record SignerChanged(Address Reserved, Address Given)
    : Rejection("SIGNER_CHANGED", $"The order holds a nonce of {Reserved}; an attempt by {Given} could pay twice.");

// --- State ---

/// <param name="Signer">The account that sends it.</param>
/// <param name="Nonce">The account's nonce; one nonce an order, for ever.</param>
/// <param name="RawTransaction">The signed bytes, hexadecimal.</param>
/// <param name="MaxFeePerGas">Wei.</param>
/// <param name="MaxPriorityFeePerGas">Wei.</param>
/// <param name="DeadlineAt">Seconds since 1970; the vault refuses the attempt after it.</param>
public sealed record SignedAttempt(
    Address Signer,
    long Nonce,
    Hash32 TransactionHash,
    string RawTransaction,
    UInt256 MaxFeePerGas,
    UInt256 MaxPriorityFeePerGas,
    long DeadlineAt);

public enum DisbursementState
{
    Ordered,
    Signed,
    Broadcast,
    Mined,
    Finalized,
    Failed,
}

/// <summary>The life of one on-chain order of the treasury, from intent to finality.</summary>
public sealed record Disbursement(
    string Id, TreasuryOrder Order, DisbursementState State, ImmutableList<SignedAttempt> Attempts)
{
    public BlockRef? MinedIn { get; init; }

    public EventKey? FinalizedAt { get; init; }

    /// <summary>Why it failed, or why the vault refused the last simulation.</summary>
    public string? Failure { get; init; }

    /// <summary>Whether nothing more will happen to it.</summary>
    public bool IsSettled => State is DisbursementState.Finalized or DisbursementState.Failed;

    // --- Decide ---

    public static Decision Decide(OrderDisbursement command, Disbursement? state)
    {
        if (state is null)
            return Decision.Accept(new DisbursementOrdered(command.Order));
        return state.Order == command.Order ? Decision.Nothing : new OrderDiffers(command.Order.OrderId);
    }

    public static Decision Decide(RecordSigned command, Disbursement? state)
    {
        if (state is null)
            return new NotFound("disbursement");
        if (state.Attempts.Contains(command.Attempt))
            return Decision.Nothing;
        if (state.IsSettled)
            return new WrongDisbursementState(state.State);
        return state.Attempts.FirstOrDefault() switch
        {
            { } first when first.Signer != command.Attempt.Signer => new SignerChanged(first.Signer, command.Attempt.Signer),
            { } first when first.Nonce != command.Attempt.Nonce => new NonceChanged(first.Nonce, command.Attempt.Nonce),
            _ => Decision.Accept(new DisbursementSigned(command.OrderId, command.Attempt)),
        };
    }

    public static Decision Decide(RecordBroadcast command, Disbursement? state)
    {
        if (state is null)
            return new NotFound("disbursement");
        if (!state.Knows(command.TransactionHash))
            return new UnknownAttempt(command.TransactionHash);
        return state.State == DisbursementState.Signed
            ? Decision.Accept(new DisbursementBroadcast(command.OrderId, command.TransactionHash))
            : Decision.Nothing;
    }

    public static Decision Decide(RecordMined command, Disbursement? state)
    {
        if (state is null)
            return new NotFound("disbursement");
        if (!state.Knows(command.TransactionHash))
            return new UnknownAttempt(command.TransactionHash);
        return state.IsSettled || state.MinedIn == command.Block
            ? Decision.Nothing
            : Decision.Accept(new DisbursementMined(command.OrderId, command.TransactionHash, command.Block));
    }

    public static Decision Decide(RecordReorged command, Disbursement? state)
    {
        if (state is null)
            return new NotFound("disbursement");
        return state is { State: DisbursementState.Mined, MinedIn: { } block }
            ? Decision.Accept(new DisbursementReorged(command.OrderId, block))
            : Decision.Nothing;
    }

    public static Decision Decide(RecordFinalized command, Disbursement? state)
    {
        if (state is null)
            return new NotFound("disbursement");
        return state.State == DisbursementState.Finalized
            ? Decision.Nothing
            : Decision.Accept(new DisbursementFinalized(command.OrderId, command.Evidence));
    }

    public static Decision Decide(RecordRefused command, Disbursement? state)
    {
        if (state is null)
            return new NotFound("disbursement");
        return state.State != DisbursementState.Ordered || state.Failure == command.Reason
            ? Decision.Nothing
            : Decision.Accept(new DisbursementRefused(command.OrderId, command.Reason));
    }

    public static Decision Decide(RecordFailed command, Disbursement? state)
    {
        if (state is null)
            return new NotFound("disbursement");
        return state.IsSettled ? Decision.Nothing : Decision.Accept(new DisbursementFailed(command.OrderId, command.Reason));
    }

    // --- Evolve ---

    public static Disbursement? Evolve(Disbursement? state, object @event) => @event switch
    {
        DisbursementOrdered ordered => new Disbursement(
            StreamId(ordered.Order.OrderId), ordered.Order, DisbursementState.Ordered, []),
        DisbursementSigned signed => state! with
        {
            State = DisbursementState.Signed,
            MinedIn = null,
            Failure = null,
            Attempts = state.Attempts.Add(signed.Attempt),
        },
        DisbursementBroadcast => state! with { State = DisbursementState.Broadcast },
        DisbursementMined mined => state! with { State = DisbursementState.Mined, MinedIn = mined.Block },
        DisbursementReorged => state! with { State = DisbursementState.Broadcast, MinedIn = null },
        DisbursementRefused refused => state! with { Failure = refused.Reason },
        DisbursementFinalized finalized => state! with
        {
            State = DisbursementState.Finalized,
            FinalizedAt = finalized.Evidence,
        },
        DisbursementFailed failed => state! with { State = DisbursementState.Failed, Failure = failed.Reason },
        _ => state,
    };

    // --- Queries ---

    /// <summary>The stream of a disbursement.</summary>
    public static string StreamId(Hash32 orderId) => $"disbursement/{orderId}";

    private bool Knows(Hash32 transactionHash) => Attempts.Exists(attempt => attempt.TransactionHash == transactionHash);
}
