using Grants.Primitives;

namespace Grants.Domain.VotingPower;

/// <summary>What a delegate says of itself, as signed (EIP-712 type <c>DelegateStatement</c>).</summary>
/// <param name="Space">The space in which it would vote.</param>
/// <param name="Delegate">Who speaks, and signs.</param>
/// <param name="Statement">Markdown, public; empty to withdraw the one before.</param>
/// <param name="Nonce">Grows with each statement of this delegate.</param>
/// <param name="ExpiresAt">Seconds since 1970; from then on it is not accepted any more. What was accepted stands.</param>
public sealed record DelegateStatement(string Space, Address Delegate, string Statement, UInt256 Nonce, long ExpiresAt)
{
    /// <summary>What the delegate's wallet shows and signs.</summary>
    public TypedStruct ToTyped() => new(
        "DelegateStatement",
        [
            new("space", "string", Space),
            new("delegate", "address", Delegate),
            new("statement", "string", Statement),
            new("nonce", "uint256", Nonce),
            new("expiresAt", "uint64", (UInt256)ExpiresAt),
        ]);
}

// --- Commands ---

/// <summary>Publishes a statement, or withdraws the last one, by a signature that was found to be the delegate's.</summary>
/// <param name="Signed">What was signed.</param>
/// <param name="Signature">As given, hexadecimal.</param>
/// <param name="IsByContract">The delegate is a contract that vouched for the signature (ERC-1271).</param>
/// <param name="Digest">The EIP-712 digest that was signed.</param>
public sealed record PublishStatement(
    DelegateStatement Signed, string Signature, bool IsByContract, Hash32 Digest, DateTimeOffset At);

// --- Events ---

public sealed record DelegateStatementPublished(
    DelegateStatement Signed, string Signature, bool IsByContract, Hash32 Digest, DateTimeOffset At);

public sealed record DelegateStatementWithdrawn(
    DelegateStatement Signed, string Signature, bool IsByContract, Hash32 Digest, DateTimeOffset At);

// --- Rejections ---

public sealed record StatementExpired(long ExpiresAt)
    : Rejection("STATEMENT_EXPIRED", $"The statement's expiry {ExpiresAt} is over, or more than a week ahead.");

public sealed record StatementNotNewer(UInt256 Current)
    : Rejection("STATEMENT_NOT_NEWER", $"The delegate's last statement has nonce {Current}; another must have a higher one.");

// --- State ---

/// <summary>What stands of a delegate's statements.</summary>
/// <param name="Id">The stream.</param>
/// <param name="Delegate">Who speaks.</param>
/// <param name="Last">The newest statement; its text is empty where it was a withdrawal.</param>
/// <param name="Signature">Of the newest statement.</param>
/// <param name="Digest">Of the newest statement.</param>
/// <param name="At">When it was accepted.</param>
public sealed record DelegateProfile(
    string Id, Address Delegate, DelegateStatement Last, string Signature, Hash32 Digest, DateTimeOffset At)
{
    /// <summary>The longest statement, in UTF-16 units.</summary>
    public const int StatementLengthMax = 10_000;

    /// <summary>A signed statement may lie for a week before it is published, no longer.</summary>
    public const long ExpirySecondsMax = 7 * 86_400;

    /// <summary>Whether the newest word is a statement and not the withdrawal of one.</summary>
    public bool IsStanding => Last.Statement.Length > 0;

    /// <summary>The stream of a delegate.</summary>
    public static string StreamId(Address account) => $"delegate/{account}";

    // --- Decide ---

    /// <summary>The first objection that needs no signature, or null.</summary>
    public static Rejection? Refuse(DelegateStatement statement, string space, DateTimeOffset at)
    {
        if (statement.Space != space)
            return new InvalidValue("statement.space", $"The statement must name the space {space}.");
        if (statement.Delegate.IsZero)
            return new InvalidValue("statement.delegate", "The zero address is nobody.");
        if (statement.Statement.Length > StatementLengthMax || statement.Statement.Contains('\0', StringComparison.Ordinal))
            return new InvalidValue("statement.statement", $"At most {StatementLengthMax} characters, without the null character.");
        var now = at.ToUnixTimeSeconds();
        return statement.ExpiresAt <= now || statement.ExpiresAt > now + ExpirySecondsMax
            ? new StatementExpired(statement.ExpiresAt)
            : null;
    }

    /// <summary>The order of statements is the signed nonce. The very same statement again is the same act.</summary>
    public static Decision Decide(PublishStatement command, DelegateProfile? state)
    {
        if (state?.Digest == command.Digest)
            return Decision.Nothing;
        if (state is not null && command.Signed.Nonce <= state.Last.Nonce)
            return new StatementNotNewer(state.Last.Nonce);
        var (signed, signature, isByContract, digest, at) = command;
        return signed.Statement.Length == 0
            ? Decision.Accept(new DelegateStatementWithdrawn(signed, signature, isByContract, digest, at))
            : Decision.Accept(new DelegateStatementPublished(signed, signature, isByContract, digest, at));
    }

    // --- Evolve ---

    public static DelegateProfile? Evolve(DelegateProfile? state, object @event) => @event switch
    {
        DelegateStatementPublished e => Of(e.Signed, e.Signature, e.Digest, e.At),
        DelegateStatementWithdrawn e => Of(e.Signed, e.Signature, e.Digest, e.At),
        _ => state,
    };

    private static DelegateProfile Of(DelegateStatement signed, string signature, Hash32 digest, DateTimeOffset at) =>
        new(StreamId(signed.Delegate), signed.Delegate, signed, signature, digest, at);
}
