using Grants.Primitives;

namespace Grants.Domain.Disbursements;

// --- Commands ---

/// <param name="PendingCount">The account's transaction count on the chain, pending ones included.</param>
public sealed record ReserveNonce(long ChainId, Address Signer, Hash32 OrderId, long PendingCount);

// --- Events ---

public sealed record NonceReserved(long ChainId, Address Signer, Hash32 OrderId, long Nonce);

// --- Rejections ---

public sealed record ForeignNonce(long Expected, long PendingCount) : Rejection(
    "FOREIGN_NONCE",
    $"The chain expects nonce {PendingCount}, the ledger has given out nothing from {Expected} on: somebody else uses the key.");

// --- State ---

/// <summary>The nonces of one signer on one chain, given out once each, in order, by the ledger and not by the node.</summary>
public sealed record NonceLedger(string Id, long Next)
{
    public static Decision Decide(ReserveNonce command, NonceLedger? state)
    {
        if (state is not null && command.PendingCount > state.Next)
            return new ForeignNonce(state.Next, command.PendingCount);
        return Decision.Accept(new NonceReserved(
            command.ChainId, command.Signer, command.OrderId, state?.Next ?? command.PendingCount));
    }

    public static NonceLedger? Evolve(NonceLedger? state, object @event) => @event switch
    {
        NonceReserved reserved => new NonceLedger(StreamId(reserved.ChainId, reserved.Signer), reserved.Nonce + 1),
        _ => state,
    };

    /// <summary>The stream of a signer's nonces.</summary>
    public static string StreamId(long chainId, Address signer) => $"nonces/{chainId}/{signer}";
}
