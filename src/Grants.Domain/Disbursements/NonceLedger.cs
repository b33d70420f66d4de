using System.Collections.Immutable;
using Grants.Primitives;

namespace Grants.Domain.Disbursements;

// --- Commands ---

/// <param name="Orders">What the transaction of this nonce is to do, in its order; at least one.</param>
/// <param name="PendingCount">The account's transaction count on the chain, pending ones included.</param>
/// <param name="Space">Whose orders they are; the nonces are of no space.</param>
/// <param name="IsShared">Whether others use the account's nonces by right, as the owners of a Safe do.</param>
public sealed record ReserveNonce(
    long ChainId, Address Signer, ValueList<Hash32> Orders, long PendingCount, string Space = "", bool IsShared = false);

/// <summary>The nonce is used up on the finalized chain.</summary>
public sealed record CloseNonce(long Nonce);

/// <summary>Somebody else has used the key: nothing is signed until a person has looked.</summary>
public sealed record QuarantineSigner(string Reason);

/// <summary>A person has looked, and the account may sign again.</summary>
/// <param name="NextOnChain">The account's transaction count on the chain, pending ones included.</param>
public sealed record ReleaseSigner(Address By, long NextOnChain, DateTimeOffset At);

// --- Events ---

/// <param name="OrderId">The first of the orders.</param>
/// <param name="Orders">Null in events of the time when an order alone was a transaction.</param>
/// <param name="Space">Whose orders they are.</param>
public sealed record NonceReserved(
    long ChainId, Address Signer, Hash32 OrderId, long Nonce, ValueList<Hash32>? Orders = null, string Space = "");

public sealed record NonceClosed(long Nonce);

public sealed record SignerQuarantined(string Reason);

/// <param name="Next">The nonce that is given out next.</param>
public sealed record SignerReleased(Address By, long Next, DateTimeOffset At);

// --- Rejections ---

public sealed record ForeignNonce(long Expected, long PendingCount) : Rejection(
    "FOREIGN_NONCE",
    $"The chain expects nonce {PendingCount}, the ledger has given out nothing from {Expected} on: somebody else uses the key.");

public sealed record SignerInQuarantine(string Reason)
    : Rejection("SIGNER_IN_QUARANTINE", $"Nothing is signed until a person has looked: {Reason}");

public sealed record TooManyInFlight(int Most)
    : Rejection("TOO_MANY_IN_FLIGHT", $"{Most} transactions are in flight; the next is signed when one of them is over.");

public sealed record OrderInFlight(Hash32 OrderId, long Nonce)
    : Rejection("ORDER_IN_FLIGHT", $"The transaction of nonce {Nonce} may still do {OrderId}.");

// --- State ---

/// <summary>A nonce that was given out and is not used up on the finalized chain.</summary>
public sealed record OpenNonce(long Nonce, ValueList<Hash32> Orders, string Space = "");

/// <summary>The nonces of one signer on one chain, given out once each, in order, by the ledger and not by the node.</summary>
public sealed record NonceLedger(string Id, long Next)
{
    /// <summary>No more transactions of one account wait to become final at a time.</summary>
    public const int MostInFlight = 16;

    public ImmutableList<OpenNonce> Open { get; init; } = [];

    /// <summary>Why nothing is signed until a person has looked; null where nothing is wrong.</summary>
    public string? Quarantine { get; init; }

    // --- Decide ---

    public static Decision Decide(ReserveNonce command, NonceLedger? state)
    {
        if (state?.Open.Find(open => open.Orders.Intersect(command.Orders).Any()) is { } open)
        {
            return open.Orders.Equals(command.Orders)
                ? Decision.Nothing
                : new OrderInFlight(open.Orders.Intersect(command.Orders).First(), open.Nonce);
        }

        if (state?.Quarantine is { } reason)
            return new SignerInQuarantine(reason);
        if (state is not null && !command.IsShared && command.PendingCount > state.Next)
            return new ForeignNonce(state.Next, command.PendingCount);
        return state?.Open.Count >= MostInFlight
            ? new TooManyInFlight(MostInFlight)
            : Decision.Accept(new NonceReserved(
                command.ChainId,
                command.Signer,
                command.Orders[0],
                Math.Max(state?.Next ?? 0, command.PendingCount),
                command.Orders,
                command.Space));
    }

    public static Decision Decide(CloseNonce command, NonceLedger? state) =>
        state?.Open.Exists(open => open.Nonce == command.Nonce) == true
            ? Decision.Accept(new NonceClosed(command.Nonce))
            : Decision.Nothing;

    public static Decision Decide(QuarantineSigner command, NonceLedger? state) => state switch
    {
        null => new NotFound("signer"),
        { Quarantine: not null } => Decision.Nothing,
        _ => Decision.Accept(new SignerQuarantined(command.Reason)),
    };

    public static Decision Decide(ReleaseSigner command, NonceLedger? state) => state switch
    {
        null => new NotFound("signer"),
        { Quarantine: null } when command.NextOnChain <= state.Next => Decision.Nothing,
        _ => Decision.Accept(new SignerReleased(command.By, Math.Max(state.Next, command.NextOnChain), command.At)),
    };

    // --- Evolve ---

    public static NonceLedger? Evolve(NonceLedger? state, object @event) => @event switch
    {
        NonceReserved reserved => new NonceLedger(StreamId(reserved.ChainId, reserved.Signer), reserved.Nonce + 1)
        {
            Open = (state?.Open ?? []).Add(new OpenNonce(reserved.Nonce, reserved.Orders ?? [reserved.OrderId], reserved.Space)),
        },
        NonceClosed closed => state! with { Open = state.Open.RemoveAll(open => open.Nonce == closed.Nonce) },
        SignerQuarantined quarantined => state! with { Quarantine = quarantined.Reason },
        SignerReleased released => state! with { Quarantine = null, Next = released.Next },
        _ => state,
    };

    // --- Queries ---

    /// <summary>The stream of a signer's nonces.</summary>
    public static string StreamId(long chainId, Address signer) => $"nonces/{chainId}/{signer}";
}
