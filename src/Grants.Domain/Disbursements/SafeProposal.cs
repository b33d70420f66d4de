using System.Collections.Immutable;
using Grants.Primitives;

namespace Grants.Domain.Disbursements;

// --- Commands ---

/// <summary>The owners of a Safe are asked to have it do some orders, in one call at one of its nonces.</summary>
/// <param name="Nonce">The Safe's own.</param>
/// <param name="To">Whom it calls: the vault.</param>
/// <param name="Data">The call, hexadecimal.</param>
/// <param name="SafeTxHash">What the owners sign, by EIP-712.</param>
/// <param name="FromBlock">It was not done before this block.</param>
public sealed record ProposeToSafe(
    long ChainId,
    Address Safe,
    long Nonce,
    ValueList<Hash32> Orders,
    Address To,
    string Data,
    Hash32 SafeTxHash,
    long FromBlock,
    DateTimeOffset At);

/// <summary>An owner has signed.</summary>
/// <param name="Signature">Of the hash, hexadecimal.</param>
public sealed record ConfirmSafeProposal(string ProposalId, Address Owner, string Signature, DateTimeOffset At);

/// <summary>The nonce is used up on the finalized chain.</summary>
/// <param name="Executed">The Safe's own event that says that it did this; null where it did something else.</param>
public sealed record CloseSafeProposal(EventKey? Executed);

// --- Events ---

public sealed record SafeTransactionProposed(
    long ChainId,
    Address Safe,
    long Nonce,
    ValueList<Hash32> Orders,
    Address To,
    string Data,
    Hash32 SafeTxHash,
    long FromBlock,
    DateTimeOffset At);

public sealed record SafeTransactionConfirmed(Address Owner, string Signature, DateTimeOffset At);

public sealed record SafeTransactionClosed(EventKey? Executed);

// --- Rejections ---

public sealed record SafeProposalOver(long Nonce)
    : Rejection("SAFE_PROPOSAL_OVER", $"The Safe's nonce {Nonce} is used up.");

// --- State ---

public enum SafeProposalState
{
    /// <summary>Its owners sign, and somebody brings the signatures.</summary>
    Proposed,

    /// <summary>The Safe did it, on the finalized chain.</summary>
    Executed,

    /// <summary>The Safe did something else at this nonce: this can never be done.</summary>
    Replaced,
}

/// <param name="Signature">Of the safeTxHash, hexadecimal.</param>
public sealed record SafeConfirmation(Address Owner, string Signature, DateTimeOffset At);

/// <summary>
/// What the owners of a Safe are asked to do at one of its nonces. The Safe does at most one thing at a nonce, so that this is done once
/// or never; and the vault's own ids stand behind it.
/// </summary>
/// <param name="FromBlock">It was not done before this block.</param>
public sealed record SafeProposal(
    string Id,
    long ChainId,
    Address Safe,
    long Nonce,
    ValueList<Hash32> Orders,
    Address To,
    string Data,
    Hash32 SafeTxHash,
    long FromBlock,
    DateTimeOffset ProposedAt,
    SafeProposalState State)
{
    /// <summary>The last word of each owner, in the order of time.</summary>
    public ImmutableList<SafeConfirmation> Confirmations { get; init; } = [];

    /// <summary>The Safe's event that says that it did it.</summary>
    public EventKey? Executed { get; init; }

    // --- Decide ---

    public static Decision Decide(ProposeToSafe command, SafeProposal? state)
    {
        if (state is not null)
            return state.SafeTxHash == command.SafeTxHash ? Decision.Nothing : new OrdersChanged(state.Nonce);
        return Decision.Accept(new SafeTransactionProposed(
            command.ChainId,
            command.Safe,
            command.Nonce,
            command.Orders,
            command.To,
            command.Data,
            command.SafeTxHash,
            command.FromBlock,
            command.At));
    }

    public static Decision Decide(ConfirmSafeProposal command, SafeProposal? state)
    {
        if (state is null)
            return new NotFound("safeProposal");
        if (state.State != SafeProposalState.Proposed)
            return new SafeProposalOver(state.Nonce);
        return state.Confirmations.Exists(one => (one.Owner, one.Signature) == (command.Owner, command.Signature))
            ? Decision.Nothing
            : Decision.Accept(new SafeTransactionConfirmed(command.Owner, command.Signature, command.At));
    }

    public static Decision Decide(CloseSafeProposal command, SafeProposal? state)
    {
        if (state is null)
            return new NotFound("safeProposal");
        return state.State == SafeProposalState.Proposed
            ? Decision.Accept(new SafeTransactionClosed(command.Executed))
            : Decision.Nothing;
    }

    // --- Evolve ---

    public static SafeProposal? Evolve(SafeProposal? state, object @event) => @event switch
    {
        SafeTransactionProposed proposed => new SafeProposal(
            StreamId(proposed.ChainId, proposed.Safe, proposed.Nonce),
            proposed.ChainId,
            proposed.Safe,
            proposed.Nonce,
            proposed.Orders,
            proposed.To,
            proposed.Data,
            proposed.SafeTxHash,
            proposed.FromBlock,
            proposed.At,
            SafeProposalState.Proposed),
        SafeTransactionConfirmed confirmed => state! with
        {
            Confirmations = state.Confirmations.RemoveAll(one => one.Owner == confirmed.Owner)
                .Add(new SafeConfirmation(confirmed.Owner, confirmed.Signature, confirmed.At)),
        },
        SafeTransactionClosed closed => state! with
        {
            State = closed.Executed is null ? SafeProposalState.Replaced : SafeProposalState.Executed,
            Executed = closed.Executed,
        },
        _ => state,
    };

    // --- Queries ---

    /// <summary>The stream of what a Safe is asked to do at a nonce.</summary>
    public static string StreamId(long chainId, Address safe, long nonce) => $"safe/{chainId}/{safe}/{nonce}";
}
