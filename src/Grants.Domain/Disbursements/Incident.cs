using Grants.Primitives;

namespace Grants.Domain.Disbursements;

// --- Commands ---

/// <param name="Subject">What it is about, within its kind: the same trouble of the same thing is one incident.</param>
/// <param name="What">A sentence with the figures.</param>
public sealed record OpenIncident(long ChainId, IncidentKind Kind, string Subject, string What, DateTimeOffset At);

/// <param name="Note">What the person found and did.</param>
public sealed record ResolveIncident(string IncidentId, Address By, string Note, DateTimeOffset At);

// --- Events ---

public sealed record IncidentOpened(long ChainId, IncidentKind Kind, string Subject, string What, DateTimeOffset At);

public sealed record IncidentResolved(Address By, string Note, DateTimeOffset At);

// --- State ---

public enum IncidentKind
{
    /// <summary>Somebody else has used the operator's key.</summary>
    ForeignNonce,

    /// <summary>Chain, ledger and signer do not say the same.</summary>
    Disagreement,

    /// <summary>Too many transactions reverted.</summary>
    Reverts,

    /// <summary>Most of a day's limit was spent within minutes.</summary>
    Spending,

    /// <summary>What is in a block does not become final.</summary>
    LateFinality,

    /// <summary>The node has not answered for minutes.</summary>
    SilentNode,

    /// <summary>Nobody has compared chain and ledger for minutes.</summary>
    SilentReconciliation,

    /// <summary>The clocks of the service and its database differ.</summary>
    Clock,

    /// <summary>The operator's account has little left for gas.</summary>
    GasMoney,

    /// <summary>A signed transaction is in no block for minutes.</summary>
    Stuck,

    /// <summary>An order failed, and is not tried again without a person.</summary>
    Failure,

    /// <summary>A height of the chain that should only grow went back on a node.</summary>
    LevelWentBack,

    /// <summary>Too few of the chain's nodes have the block that the ledger rests on, for minutes.</summary>
    QuorumLost,

    /// <summary>Whoever holds the operator's key gives no signature, for minutes.</summary>
    SilentSigner,
}

public sealed record IncidentEnd(Address By, string Note, DateTimeOffset At);

/// <summary>Something about the treasury that a person has to look at.</summary>
public sealed record Incident(string Id, long ChainId, IncidentKind Kind, string Subject, string What, DateTimeOffset OpenedAt)
{
    private const int LongestNote = 2_000;

    /// <summary>Null while it is open.</summary>
    public IncidentEnd? Resolved { get; init; }

    /// <summary>Whether the treasury is paused because of it, until two persons resume it.</summary>
    public static bool Pauses(IncidentKind kind) => kind is IncidentKind.ForeignNonce or IncidentKind.Disagreement
        or IncidentKind.Reverts or IncidentKind.Spending or IncidentKind.LateFinality;

    /// <summary>What a person does next.</summary>
    public static string NextStep(IncidentKind kind) => kind switch
    {
        IncidentKind.ForeignNonce => "Take the key for stolen: the guardian pauses the vaults. See the runbook foreign-nonce.",
        IncidentKind.Disagreement => "Run the verb reconcile and pay nothing by hand. See the runbook treasury-paused.",
        IncidentKind.Reverts => "Read the failures of the last orders and remove their cause. See the runbook disbursement-refused.",
        IncidentKind.Spending => "Compare the last payments with what was approved; then resume with two persons.",
        IncidentKind.LateFinality => "Ask the chain's operators; resume when blocks are final again.",
        IncidentKind.SilentNode => "Look after the node, or name another in Chains. Signing goes on by itself.",
        IncidentKind.SilentReconciliation => "Look into the log for what keeps it. Signing goes on by itself.",
        IncidentKind.Clock => "Set the machine's clock. Signing goes on by itself.",
        IncidentKind.GasMoney => "Send the chain's own token to the operator's account. What waits is sent again by itself.",
        IncidentKind.Stuck => "Compare its offer with what gas costs, and raise Treasury:MostFeePerGasGwei where it is too low.",
        IncidentKind.Failure => "Remove its cause, then retry or reject the order. See the runbook disbursement-refused.",
        IncidentKind.LevelWentBack => "Ask the node's operator, and other nodes. What was final stays final. See the runbook chain-halted.",
        IncidentKind.QuorumLost => "Look after the nodes of Chains that are silent, behind or of another chain. Signing goes on by itself.",
        IncidentKind.SilentSigner => "Look after the key service or the remote signer. What waits is signed by itself.",
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    /// <summary>Whether it is about one thing that has happened, and not about a state that may come back.</summary>
    private static bool IsOnce(IncidentKind kind) => kind == IncidentKind.Failure;

    public static Decision Decide(OpenIncident command, Incident? state) =>
        state is null || (state.Resolved is not null && !IsOnce(command.Kind))
        ? Decision.Accept(new IncidentOpened(command.ChainId, command.Kind, command.Subject, command.What, command.At))
        : Decision.Nothing;

    public static Decision Decide(ResolveIncident command, Incident? state)
    {
        if (state is null)
            return new NotFound("incident");
        if (state.Resolved is not null)
            return Decision.Nothing;
        return command.Note.Length is 0 or > LongestNote
            ? new InvalidValue("note", $"Must have 1 to {LongestNote} characters.")
            : Decision.Accept(new IncidentResolved(command.By, command.Note, command.At));
    }

    public static Incident? Evolve(Incident? state, object @event) => @event switch
    {
        IncidentOpened opened => new Incident(
            StreamId(opened.ChainId, opened.Kind, opened.Subject),
            opened.ChainId,
            opened.Kind,
            opened.Subject,
            opened.What,
            opened.At),
        IncidentResolved resolved => state! with { Resolved = new IncidentEnd(resolved.By, resolved.Note, resolved.At) },
        _ => state,
    };

    /// <summary>The stream of an incident.</summary>
    public static string StreamId(long chainId, IncidentKind kind, string subject) => $"incident/{chainId}/{kind}/{subject}";
}
