using System.Collections.Immutable;
using Grants.Primitives;

namespace Grants.Domain.Disbursements;

// --- Commands ---

/// <param name="Order">What is to be done.</param>
/// <param name="At">Older orders are signed first.</param>
/// <param name="Program">Whose money it is, with the space.</param>
public sealed record OrderDisbursement(TreasuryOrder Order, DateTimeOffset At = default, string Program = "", string Space = "");

/// <summary>The transaction of this nonce is to do the order: in one database transaction with the nonce's reservation.</summary>
public sealed record AssignNonce(Hash32 OrderId, Address Signer, long Nonce, DateTimeOffset At = default);

/// <summary>A person has signed for the order.</summary>
public sealed record ApproveDisbursement(Hash32 OrderId, DisbursementApproval Approval);

/// <summary>A person says that the order must not be done as things stand.</summary>
public sealed record RejectDisbursement(Hash32 OrderId, Address By, string Reason, DateTimeOffset At);

/// <summary>
/// The nonce is used up on the finalized chain, and the vault did not do what was ordered: no transaction of that nonce can ever
/// do it. It may be signed again, with a nonce of its own.
/// </summary>
/// <param name="Reason">Why, as the contract said it.</param>
public sealed record RecordReturned(Hash32 OrderId, Address Signer, long Nonce, string Reason);

/// <summary>The vault's own event for this order is on the finalized chain.</summary>
public sealed record RecordFinalized(Hash32 OrderId, EventKey Evidence);

/// <summary>The guardian voided the order in the vault, on the finalized chain: it can never be paid.</summary>
public sealed record RecordVoided(Hash32 OrderId, EventKey Evidence);

/// <summary>A simulation says that the vault would refuse; nothing was sent.</summary>
public sealed record RecordRefused(Hash32 OrderId, string Reason);

/// <summary>As <see cref="RecordReturned"/>, but for a reason that needs a person before it is tried again.</summary>
/// <param name="Reason">Why, as the contract said it.</param>
public sealed record RecordFailed(Hash32 OrderId, Address Signer, long Nonce, string Reason);

/// <summary>A person has removed the cause of a failure, or takes a rejection back. Approvals are asked for anew.</summary>
/// <param name="Seen">The failure that the person saw: a later one is not meant.</param>
public sealed record RetryDisbursement(Hash32 OrderId, Address By, string Seen, DateTimeOffset At);

// --- Events ---

/// <param name="Program">Empty in events of the time before programs had a limit: those orders share one.</param>
/// <param name="Space">Empty in events of the time when programs of one name shared their limit.</param>
public sealed record DisbursementOrdered(TreasuryOrder Order, DateTimeOffset At = default, string Program = "", string Space = "");

/// <summary>The order has a nonce; what is signed and sent with it is in the <see cref="TreasuryTransaction"/>.</summary>
public sealed record DisbursementAssigned(Hash32 OrderId, Address Signer, long Nonce, DateTimeOffset At = default);

public sealed record DisbursementApproved(Hash32 OrderId, DisbursementApproval Approval);

public sealed record DisbursementRejected(Hash32 OrderId, Address By, string Reason, DateTimeOffset At);

/// <summary>Written while an order alone was a transaction; now <see cref="TransactionSigned"/> says it, of all its orders.</summary>
public sealed record DisbursementSigned(Hash32 OrderId, SignedAttempt Attempt);

/// <summary>As <see cref="DisbursementSigned"/>; now <see cref="TransactionSent"/>.</summary>
public sealed record DisbursementBroadcast(Hash32 OrderId, Hash32 TransactionHash);

/// <summary>As <see cref="DisbursementSigned"/>; now <see cref="TransactionMined"/>.</summary>
public sealed record DisbursementMined(Hash32 OrderId, Hash32 TransactionHash, BlockRef Block);

/// <summary>As <see cref="DisbursementSigned"/>; now <see cref="TransactionReorged"/>.</summary>
public sealed record DisbursementReorged(Hash32 OrderId, BlockRef Block);

/// <summary>The vault would refuse the order as things stand. Nothing was sent; it is tried again.</summary>
public sealed record DisbursementRefused(Hash32 OrderId, string Reason);

public sealed record DisbursementFinalized(Hash32 OrderId, EventKey Evidence);

public sealed record DisbursementVoided(Hash32 OrderId, EventKey Evidence);

/// <summary>The nonce is used up and the order is not settled; it waits to be signed anew.</summary>
public sealed record DisbursementReturned(Hash32 OrderId, Address Signer, long Nonce, string Reason);

public sealed record DisbursementFailed(Hash32 OrderId, string Reason);

public sealed record DisbursementRetried(Hash32 OrderId, Address By, DateTimeOffset At);

// --- Rejections ---

public sealed record OrderDiffers(Hash32 OrderId)
    : Rejection("ORDER_DIFFERS", $"There is already an order {OrderId} with another content.");

public sealed record WrongDisbursementState(DisbursementState Current)
    : Rejection("WRONG_DISBURSEMENT_STATE", $"The disbursement is {Current.ToString().ToLowerInvariant()}.");

public sealed record NonceChanged(long Reserved, long Given)
    : Rejection("NONCE_CHANGED", $"The order holds nonce {Reserved}; an attempt with nonce {Given} could pay twice.");

public sealed record NonceUsed(Address Signer, long Nonce)
    : Rejection("NONCE_USED", $"The order was signed with nonce {Nonce} of {Signer} before, and that nonce is used up.");

public sealed record SignerChanged(Address Reserved, Address Given)
    : Rejection("SIGNER_CHANGED", $"The order holds a nonce of {Reserved}; an attempt by {Given} could pay twice.");

public sealed record OrderVoided(Hash32 OrderId)
    : Rejection("ORDER_VOIDED", $"The vault has voided {OrderId}: it can never settle.");

public sealed record OrderSettled(Hash32 OrderId)
    : Rejection("ORDER_SETTLED", $"The vault has settled {OrderId}: it can never be voided.");

// --- State ---

/// <param name="Signer">The account that sends it.</param>
/// <param name="Nonce">The account's nonce.</param>
/// <param name="MaxFeePerGas">Wei.</param>
/// <param name="MaxPriorityFeePerGas">Wei.</param>
/// <param name="DeadlineAt">Seconds since 1970; the vault refuses the attempt after it.</param>
/// <param name="RawTransaction">The signed bytes, hexadecimal.</param>
public sealed record SignedAttempt(
    Address Signer,
    long Nonce,
    Hash32 TransactionHash,
    string RawTransaction,
    UInt256 MaxFeePerGas,
    UInt256 MaxPriorityFeePerGas,
    long DeadlineAt);

/// <param name="Person">Who it is, whichever account signs: four eyes are two persons.</param>
/// <param name="Digest">Of the order as it was signed, by EIP-712.</param>
/// <param name="Signature">Of the account over the digest, hexadecimal.</param>
public sealed record DisbursementApproval(string Person, Address Account, Hash32 Digest, string Signature, DateTimeOffset At);

/// <summary>One nonce of one account.</summary>
public sealed record NonceOf(Address Signer, long Nonce);

public enum DisbursementState
{
    Ordered,

    /// <summary>Only of orders of the time when an order alone was a transaction.</summary>
    Signed,

    /// <summary>Only of orders of the time when an order alone was a transaction.</summary>
    Broadcast,

    /// <summary>Only of orders of the time when an order alone was a transaction.</summary>
    Mined,
    Finalized,
    Failed,

    /// <summary>A transaction is to do it: the one of its nonce.</summary>
    Assigned,

    /// <summary>The vault will never do it.</summary>
    Voided,

    /// <summary>A person says no.</summary>
    Rejected,
}

/// <summary>The life of one on-chain order of the treasury, from intent to finality.</summary>
/// <param name="Attempts">What was signed for it when an order alone was a transaction.</param>
public sealed record Disbursement(
    string Id, TreasuryOrder Order, DisbursementState State, ImmutableList<SignedAttempt> Attempts)
{
    private const int LongestReason = 2_000;

    /// <summary>Older orders are signed first.</summary>
    public DateTimeOffset OrderedAt { get; init; }

    /// <summary>Whose money it is, with the space.</summary>
    public string Program { get; init; } = "";

    /// <summary>Empty where nobody wrote it down: then the program may be one of any space.</summary>
    public string Space { get; init; } = "";

    /// <summary>Every nonce that it ever had; only the last one may still pay it.</summary>
    public ImmutableList<NonceOf> Nonces { get; init; } = [];

    /// <summary>When it got the last of them.</summary>
    public DateTimeOffset AssignedAt { get; init; }

    /// <summary>Who signed for it, since it was last tried.</summary>
    public ImmutableList<DisbursementApproval> Approvals { get; init; } = [];

    /// <summary>The block of an order that was mined when an order alone was a transaction.</summary>
    public BlockRef? MinedIn { get; init; }

    /// <summary>The vault's event that settled or voided it.</summary>
    public EventKey? FinalizedAt { get; init; }

    /// <summary>Why it failed, or why the vault refused the last simulation or attempt.</summary>
    public string? Failure { get; init; }

    /// <summary>Whether nothing more will happen to it, unless a person or the vault says otherwise.</summary>
    public bool IsSettled =>
        State is DisbursementState.Finalized or DisbursementState.Failed or DisbursementState.Voided or DisbursementState.Rejected;

    /// <summary>The nonce whose transaction may still do it; null where none can.</summary>
    public NonceOf? Live => State == DisbursementState.Ordered || IsSettled ? null : Nonces[^1];

    // --- Decide ---

    public static Decision Decide(OrderDisbursement command, Disbursement? state)
    {
        if (state is null)
            return Decision.Accept(new DisbursementOrdered(command.Order, command.At, command.Program, command.Space));
        return state.Order == command.Order ? Decision.Nothing : new OrderDiffers(command.Order.OrderId);
    }

    public static Decision Decide(AssignNonce command, Disbursement? state)
    {
        var nonce = new NonceOf(command.Signer, command.Nonce);
        return state switch
        {
            null => new NotFound("disbursement"),
            { Live: { } live } when live.Signer != nonce.Signer => new SignerChanged(live.Signer, nonce.Signer),
            { Live: { } live } when live.Nonce != nonce.Nonce => new NonceChanged(live.Nonce, nonce.Nonce),
            { Live: not null } => Decision.Nothing,
            { State: not DisbursementState.Ordered } => new WrongDisbursementState(state.State),
            _ when state.Nonces.Contains(nonce) => new NonceUsed(nonce.Signer, nonce.Nonce),
            _ => Decision.Accept(new DisbursementAssigned(command.OrderId, command.Signer, command.Nonce, command.At)),
        };
    }

    public static Decision Decide(ApproveDisbursement command, Disbursement? state)
    {
        if (state is null)
            return new NotFound("disbursement");
        if (state.Approvals.Exists(given => given.Person == command.Approval.Person && given.Digest == command.Approval.Digest))
            return Decision.Nothing;
        return state.State == DisbursementState.Ordered
            ? Decision.Accept(new DisbursementApproved(command.OrderId, command.Approval))
            : new WrongDisbursementState(state.State);
    }

    public static Decision Decide(RejectDisbursement command, Disbursement? state)
    {
        if (state is null)
            return new NotFound("disbursement");
        if (command.Reason.Length is 0 or > LongestReason)
            return new InvalidValue("reason", $"Must have 1 to {LongestReason} characters.");
        return state.State switch
        {
            DisbursementState.Rejected => Decision.Nothing,
            DisbursementState.Ordered => Decision.Accept(
                new DisbursementRejected(command.OrderId, command.By, command.Reason, command.At)),
            _ => new WrongDisbursementState(state.State),
        };
    }

    public static Decision Decide(RecordReturned command, Disbursement? state)
    {
        if (state is null)
            return new NotFound("disbursement");
        return state.IsLive(command.Signer, command.Nonce)
            ? Decision.Accept(new DisbursementReturned(command.OrderId, command.Signer, command.Nonce, command.Reason))
            : Decision.Nothing;
    }

    public static Decision Decide(RecordFailed command, Disbursement? state)
    {
        if (state is null)
            return new NotFound("disbursement");
        return state.IsLive(command.Signer, command.Nonce)
            ? Decision.Accept(new DisbursementFailed(command.OrderId, command.Reason))
            : Decision.Nothing;
    }

    public static Decision Decide(RecordFinalized command, Disbursement? state) => state switch
    {
        null => new NotFound("disbursement"),
        { State: DisbursementState.Finalized } => Decision.Nothing,
        { State: DisbursementState.Voided } => new OrderVoided(command.OrderId),
        _ => Decision.Accept(new DisbursementFinalized(command.OrderId, command.Evidence)),
    };

    public static Decision Decide(RecordVoided command, Disbursement? state) => state switch
    {
        null => new NotFound("disbursement"),
        { State: DisbursementState.Voided } => Decision.Nothing,
        { State: DisbursementState.Finalized } => new OrderSettled(command.OrderId),
        _ => Decision.Accept(new DisbursementVoided(command.OrderId, command.Evidence)),
    };

    public static Decision Decide(RecordRefused command, Disbursement? state)
    {
        if (state is null)
            return new NotFound("disbursement");
        return state.State != DisbursementState.Ordered || state.Failure == command.Reason
            ? Decision.Nothing
            : Decision.Accept(new DisbursementRefused(command.OrderId, command.Reason));
    }

    public static Decision Decide(RetryDisbursement command, Disbursement? state)
    {
        if (state is null)
            return new NotFound("disbursement");
        if (state.State is DisbursementState.Failed or DisbursementState.Rejected && state.Failure == command.Seen)
            return Decision.Accept(new DisbursementRetried(command.OrderId, command.By, command.At));
        return state.State == DisbursementState.Ordered ? Decision.Nothing : new WrongDisbursementState(state.State);
    }

    // --- Evolve ---

    public static Disbursement? Evolve(Disbursement? state, object @event) => @event switch
    {
        DisbursementOrdered ordered => new Disbursement(
            StreamId(ordered.Order.OrderId), ordered.Order, DisbursementState.Ordered, [])
        {
            OrderedAt = ordered.At,
            Program = ordered.Program,
            Space = ordered.Space,
        },
        DisbursementAssigned assigned => state! with
        {
            State = DisbursementState.Assigned,
            Failure = null,
            Nonces = state.Nonces.Add(new NonceOf(assigned.Signer, assigned.Nonce)),
            AssignedAt = assigned.At,
        },
        DisbursementSigned signed => state! with
        {
            State = DisbursementState.Signed,
            MinedIn = null,
            Failure = null,
            Attempts = state.Attempts.Add(signed.Attempt),
            Nonces = [new NonceOf(signed.Attempt.Signer, signed.Attempt.Nonce)],
        },
        DisbursementBroadcast => state! with { State = DisbursementState.Broadcast },
        DisbursementMined mined => state! with { State = DisbursementState.Mined, MinedIn = mined.Block },
        DisbursementReorged => state! with { State = DisbursementState.Broadcast, MinedIn = null },
        DisbursementRefused refused => state! with { Failure = refused.Reason },
        DisbursementReturned returned => state! with
        {
            State = DisbursementState.Ordered,
            MinedIn = null,
            Failure = returned.Reason,
        },
        DisbursementRetried => state! with { State = DisbursementState.Ordered, MinedIn = null, Approvals = [] },
        DisbursementApproved approved => state! with { Approvals = state.Approvals.Add(approved.Approval) },
        DisbursementRejected rejected => state! with { State = DisbursementState.Rejected, Failure = rejected.Reason },
        DisbursementFinalized finalized => state! with
        {
            State = DisbursementState.Finalized,
            FinalizedAt = finalized.Evidence,
        },
        DisbursementVoided voided => state! with { State = DisbursementState.Voided, FinalizedAt = voided.Evidence },
        DisbursementFailed failed => state! with { State = DisbursementState.Failed, Failure = failed.Reason },
        _ => state,
    };

    // --- Queries ---

    /// <summary>The stream of a disbursement.</summary>
    public static string StreamId(Hash32 orderId) => $"disbursement/{orderId}";

    private bool IsLive(Address signer, long nonce) => Live == new NonceOf(signer, nonce);
}
