using System.Collections.Immutable;
using Grants.Primitives;

namespace Grants.Domain.Disbursements;

// --- Commands ---

/// <summary>An attempt is signed; it is stored before anybody sends it. A later one replaces it, with the same nonce.</summary>
/// <param name="Orders">What it does, in its order: the same in every attempt.</param>
/// <param name="SignedAt">When, by the clock of who signed.</param>
/// <param name="Space">Whose orders they are.</param>
public sealed record SignTransaction(
    long ChainId, ValueList<Hash32> Orders, SignedAttempt Attempt, DateTimeOffset SignedAt, string Space = "");

/// <summary>A node has taken an attempt.</summary>
public sealed record RecordSent(Hash32 TransactionHash);

/// <summary>A block that is not final yet holds an attempt.</summary>
public sealed record RecordMined(Hash32 TransactionHash, BlockRef Block, bool Succeeded);

/// <summary>The block that held an attempt is gone.</summary>
public sealed record RecordReorged;

/// <summary>The nonce is used up on the finalized chain.</summary>
/// <param name="TransactionHash">The attempt that used it; null where none of them did.</param>
public sealed record CloseTransaction(Hash32? TransactionHash);

// --- Events ---

public sealed record TransactionSigned(
    long ChainId, ValueList<Hash32> Orders, SignedAttempt Attempt, DateTimeOffset SignedAt, string Space = "");

public sealed record TransactionSent(Hash32 TransactionHash);

public sealed record TransactionMined(Hash32 TransactionHash, BlockRef Block, bool Succeeded);

public sealed record TransactionReorged(BlockRef Block);

public sealed record TransactionClosed(Hash32? TransactionHash);

// --- Rejections ---

public sealed record UnknownAttempt(Hash32 TransactionHash)
    : Rejection("UNKNOWN_ATTEMPT", $"The transaction {TransactionHash} is no attempt of ours with this nonce.");

public sealed record TransactionOver(long Nonce) : Rejection("TRANSACTION_OVER", $"Nonce {Nonce} is used up.");

public sealed record OrdersChanged(long Nonce)
    : Rejection("ORDERS_CHANGED", $"Every attempt with nonce {Nonce} must do the same, or an order could be paid twice.");

public sealed record FeeTooLow(UInt256 Least) : Rejection(
    "FEE_TOO_LOW", $"Nodes take a replacement only if it offers a tenth more: at least {Least} wei a gas.");

public sealed record TooManyReplacements(int Most)
    : Rejection("TOO_MANY_REPLACEMENTS", $"The transaction was replaced {Most} times; a person has to look.");

// --- State ---

public enum TransactionState
{
    Signed,
    Sent,
    Mined,

    /// <summary>The nonce is used up on the finalized chain.</summary>
    Closed,
}

/// <summary>
/// What one nonce of a signer is used for: one or more orders, and every attempt ever signed for them. All attempts have the same
/// nonce and do the same, so at most one is ever mined, and whichever it is settles the orders.
/// </summary>
public sealed record TreasuryTransaction(
    string Id,
    long ChainId,
    Address Signer,
    long Nonce,
    ValueList<Hash32> Orders,
    TransactionState State,
    ImmutableList<SignedAttempt> Attempts)
{
    public const int MostReplacements = 8;

    /// <summary>Whose orders they are; the nonce is of no space.</summary>
    public string Space { get; init; } = "";

    /// <summary>When the last attempt was signed.</summary>
    public DateTimeOffset SignedAt { get; init; }

    /// <summary>The attempt that is in a block, or used up the nonce.</summary>
    public Hash32? MinedHash { get; init; }

    public BlockRef? MinedIn { get; init; }

    /// <summary>Whether the mined attempt did not revert.</summary>
    public bool Succeeded { get; init; }

    /// <summary>The attempt that offers most.</summary>
    public SignedAttempt Last => Attempts[^1];

    // --- Decide ---

    public static Decision Decide(SignTransaction command, TreasuryTransaction? state)
    {
        var (attempt, signed) = (command.Attempt, new TransactionSigned(
            command.ChainId, command.Orders, command.Attempt, command.SignedAt, command.Space));
        if (state is null)
            return Decision.Accept(signed);
        if (state.Attempts.Contains(attempt))
            return Decision.Nothing;
        if (state.State == TransactionState.Closed)
            return new TransactionOver(state.Nonce);
        if (state.Signer != attempt.Signer)
            return new SignerChanged(state.Signer, attempt.Signer);
        if (state.Nonce != attempt.Nonce)
            return new NonceChanged(state.Nonce, attempt.Nonce);
        if (!state.Orders.Equals(command.Orders) || state.Space != command.Space)
            return new OrdersChanged(state.Nonce);
        if (attempt.MaxFeePerGas < LeastReplacement(state.Last.MaxFeePerGas))
            return new FeeTooLow(LeastReplacement(state.Last.MaxFeePerGas));
        if (attempt.MaxPriorityFeePerGas < LeastReplacement(state.Last.MaxPriorityFeePerGas))
            return new FeeTooLow(LeastReplacement(state.Last.MaxPriorityFeePerGas));
        return state.Attempts.Count > MostReplacements ? new TooManyReplacements(MostReplacements) : Decision.Accept(signed);
    }

    public static Decision Decide(RecordSent command, TreasuryTransaction? state)
    {
        if (state is null)
            return new NotFound("transaction");
        if (!state.Knows(command.TransactionHash))
            return new UnknownAttempt(command.TransactionHash);
        return state.State == TransactionState.Signed
            ? Decision.Accept(new TransactionSent(command.TransactionHash))
            : Decision.Nothing;
    }

    public static Decision Decide(RecordMined command, TreasuryTransaction? state)
    {
        if (state is null)
            return new NotFound("transaction");
        if (!state.Knows(command.TransactionHash))
            return new UnknownAttempt(command.TransactionHash);
        var isKnown = state.State == TransactionState.Closed
            || (state.MinedIn, state.MinedHash, state.Succeeded) == (command.Block, command.TransactionHash, command.Succeeded);
        return isKnown
            ? Decision.Nothing
            : Decision.Accept(new TransactionMined(command.TransactionHash, command.Block, command.Succeeded));
    }

    public static Decision Decide(RecordReorged command, TreasuryTransaction? state)
    {
        if (state is null)
            return new NotFound("transaction");
        return state is { State: TransactionState.Mined, MinedIn: { } block }
            ? Decision.Accept(new TransactionReorged(block))
            : Decision.Nothing;
    }

    public static Decision Decide(CloseTransaction command, TreasuryTransaction? state)
    {
        if (state is null)
            return new NotFound("transaction");
        if (command.TransactionHash is { } hash && !state.Knows(hash))
            return new UnknownAttempt(hash);
        return state.State == TransactionState.Closed
            ? Decision.Nothing
            : Decision.Accept(new TransactionClosed(command.TransactionHash));
    }

    // --- Evolve ---

    public static TreasuryTransaction? Evolve(TreasuryTransaction? state, object @event) => @event switch
    {
        TransactionSigned signed => new TreasuryTransaction(
            StreamId(signed.ChainId, signed.Attempt.Signer, signed.Attempt.Nonce),
            signed.ChainId,
            signed.Attempt.Signer,
            signed.Attempt.Nonce,
            signed.Orders,
            TransactionState.Signed,
            [.. state?.Attempts ?? [], signed.Attempt])
        {
            SignedAt = signed.SignedAt,
            Space = signed.Space,
        },
        TransactionSent => state! with { State = TransactionState.Sent },
        TransactionMined mined => state! with
        {
            State = TransactionState.Mined,
            MinedHash = mined.TransactionHash,
            MinedIn = mined.Block,
            Succeeded = mined.Succeeded,
        },
        TransactionReorged => state! with { State = TransactionState.Sent, MinedHash = null, MinedIn = null, Succeeded = false },
        TransactionClosed closed => state! with { State = TransactionState.Closed, MinedHash = closed.TransactionHash },
        _ => state,
    };

    // --- Queries ---

    /// <summary>The stream of what a nonce is used for.</summary>
    public static string StreamId(long chainId, Address signer, long nonce) => $"transaction/{chainId}/{signer}/{nonce}";

    /// <summary>A tenth more, rounded up: what nodes ask of a replacement, for both fees. Wei a gas.</summary>
    public static UInt256 LeastReplacement(UInt256 fee) => fee + (fee / 10) + UInt256.One;

    private bool Knows(Hash32 transactionHash) => Attempts.Exists(attempt => attempt.TransactionHash == transactionHash);
}
