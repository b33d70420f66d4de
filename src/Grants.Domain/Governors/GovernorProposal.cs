using System.Text.Json.Serialization;
using Grants.Primitives;

namespace Grants.Domain.Governors;

// --- Commands: what a final log says. None is ever refused, since it has happened; what does not fit says nothing to us. ---

/// <summary>A proposal was made.</summary>
/// <param name="Operations">The names that its operation can have in a timelock: by the salt of 5.x, and by that of 4.x.</param>
public sealed record RecordGovernorProposal(
    GovernorProposalKey Proposal,
    Address Proposer,
    IReadOnlyList<GovernorCall> Calls,
    string Description,
    Hash32 DescriptionHash,
    IReadOnlyList<Hash32> Operations,
    long Snapshot,
    long Deadline,
    EventKey Evidence,
    DateTimeOffset At);

/// <summary>A vote was counted.</summary>
/// <param name="Counted">What it adds.</param>
/// <param name="IsOverride">A holder voted for itself, whatever its delegate did.</param>
public sealed record RecordGovernorVote(
    GovernorProposalKey Proposal,
    Address Voter,
    int Support,
    UInt256 Weight,
    VoteTally Counted,
    bool IsOverride,
    string Reason,
    EventKey Evidence);

/// <summary>A delegate's vote lost what a holder voted for itself.</summary>
public sealed record RecordVoteReduction(
    GovernorProposalKey Proposal, Address Delegate, int Support, VoteTally Lost, EventKey Evidence);

/// <summary>Votes count for longer, because the quorum was reached late.</summary>
public sealed record RecordGovernorExtension(GovernorProposalKey Proposal, long Deadline, EventKey Evidence);

public sealed record RecordGovernorQueue(GovernorProposalKey Proposal, long EtaSeconds, EventKey Evidence);

public sealed record RecordGovernorExecution(GovernorProposalKey Proposal, EventKey Evidence, DateTimeOffset At);

public sealed record RecordGovernorCancel(GovernorProposalKey Proposal, EventKey Evidence);

/// <summary>A timelock did something with one of the proposal's operations.</summary>
public sealed record RecordOperation(
    GovernorProposalKey Proposal, Address Timelock, Hash32 OperationId, OperationState State, EventKey Evidence, DateTimeOffset At);

/// <summary>The snapshot is over: what the proposal needs cannot change any more.</summary>
public sealed record FixGovernorQuorum(GovernorProposalKey Proposal, SnapshotQuorum Quorum);

// --- Events ---

public sealed record GovernorProposalCreated(
    GovernorProposalKey Proposal,
    Address Proposer,
    ValueList<GovernorCall> Calls,
    string Description,
    Hash32 DescriptionHash,
    ValueList<Hash32> Operations,
    long Snapshot,
    long Deadline,
    EventKey Evidence,
    DateTimeOffset At);

public sealed record GovernorVoteCast(
    GovernorProposalKey Proposal,
    Address Voter,
    int Support,
    UInt256 Weight,
    VoteTally Counted,
    bool IsOverride,
    string Reason,
    EventKey Evidence);

public sealed record GovernorVoteReduced(GovernorProposalKey Proposal, Address Delegate, int Support, VoteTally Lost, EventKey Evidence);

public sealed record GovernorProposalExtended(GovernorProposalKey Proposal, long Deadline, EventKey Evidence);

/// <param name="OperationId">What waits in the timelock; null without one of OpenZeppelin's.</param>
public sealed record GovernorProposalQueued(GovernorProposalKey Proposal, long EtaSeconds, Hash32? OperationId, EventKey Evidence);

public sealed record GovernorProposalExecuted(GovernorProposalKey Proposal, EventKey Evidence, DateTimeOffset At);

public sealed record GovernorProposalCanceled(GovernorProposalKey Proposal, EventKey Evidence);

public sealed record GovernorOperationChanged(
    GovernorProposalKey Proposal, Address Timelock, Hash32 OperationId, OperationState State, EventKey Evidence, DateTimeOffset At);

public sealed record GovernorQuorumFixed(GovernorProposalKey Proposal, SnapshotQuorum Quorum);

// --- State ---

/// <summary>
/// A proposal of a governor. Its id alone names nothing: the same proposal has the same id in every governor of every chain, and a
/// governor may as well count its proposals.
/// </summary>
public sealed record GovernorProposalKey(long ChainId, Address Governor, UInt256 ProposalId)
{
    /// <summary>The stream of the proposal.</summary>
    public string StreamId() => $"governor-proposal/{ChainId}/{Governor}/{ProposalId}";
}

/// <summary>One call that a proposal makes.</summary>
/// <param name="Value">Base units of the native token.</param>
/// <param name="Signature">Empty, or a function's that old governors put before the data.</param>
/// <param name="Calldata">Hexadecimal, with 0x.</param>
public sealed record GovernorCall(Address Target, UInt256 Value, string Signature, string Calldata);

/// <summary>What a timelock knows of an operation.</summary>
public enum OperationState
{
    /// <summary>It waits, or may be carried out.</summary>
    Pending,

    /// <summary>It was carried out.</summary>
    Done,

    /// <summary>It was taken out.</summary>
    Cancelled,
}

/// <summary>An operation of the proposal in a timelock; the same can be in several.</summary>
/// <param name="Evidence">The log of its last change.</param>
public sealed record TimelockOperation(
    Address Timelock, Hash32 OperationId, OperationState State, EventKey Evidence, DateTimeOffset At);

/// <summary>A proposal on a governor, as its final logs tell it. Its state is never stored: see <see cref="GovernorState"/>.</summary>
/// <param name="Id">Its stream.</param>
/// <param name="Created">As it was made.</param>
/// <param name="Deadline">The last timepoint at which votes count.</param>
/// <param name="Votes">Base units.</param>
/// <param name="VoteCount">How many votes were counted; a voter may have several.</param>
/// <param name="LastLog">The governor's last log that was heard.</param>
public sealed partial record GovernorProposal(
    string Id, GovernorProposalCreated Created, long Deadline, VoteTally Votes, long VoteCount, EventKey LastLog)
{
    /// <summary>Null until the snapshot is over.</summary>
    public SnapshotQuorum? Quorum { get; init; }

    /// <summary>Unix seconds from which it can be carried out; 0 until it is queued.</summary>
    public long EtaSeconds { get; init; }

    /// <summary>What waits in the timelock, or null.</summary>
    public Hash32? OperationId { get; init; }

    public ValueList<TimelockOperation> Operations { get; init; } = [];

    public GovernorProposalExecuted? Executed { get; init; }

    public EventKey? CanceledAt { get; init; }

    /// <summary>The snapshot, as long as the quorum is not known.</summary>
    public long? AwaitedSnapshot => Quorum is null ? Created.Snapshot : null;

    /// <summary>The governor's stream.</summary>
    public string GovernorId => Governor.StreamId(Created.Proposal.ChainId, Created.Proposal.Governor);

    /// <summary>The place of its creation on the chain, as text that sorts.</summary>
    public string Place => $"{Created.Evidence.BlockNumber:D19}/{Created.Evidence.LogIndex:D9}";

    [JsonIgnore]
    public GovernorProposalKey Key => Created.Proposal;

    // --- Decide ---

    public static Decision Decide(RecordGovernorProposal command, GovernorProposal? state) => state is not null
        ? Decision.Nothing
        : Decision.Accept(new GovernorProposalCreated(
            command.Proposal,
            command.Proposer,
            [.. command.Calls],
            command.Description,
            command.DescriptionHash,
            [.. command.Operations],
            command.Snapshot,
            command.Deadline,
            command.Evidence,
            command.At));

    public static Decision Decide(RecordGovernorVote command, GovernorProposal? state) => IsOld(command.Evidence, state)
        ? Decision.Nothing
        : Decision.Accept(new GovernorVoteCast(
            command.Proposal,
            command.Voter,
            command.Support,
            command.Weight,
            command.Counted,
            command.IsOverride,
            command.Reason,
            command.Evidence));

    public static Decision Decide(RecordVoteReduction command, GovernorProposal? state) => IsOld(command.Evidence, state)
        ? Decision.Nothing
        : Decision.Accept(new GovernorVoteReduced(
            command.Proposal, command.Delegate, command.Support, command.Lost, command.Evidence));

    public static Decision Decide(RecordGovernorExtension command, GovernorProposal? state) =>
        state is null || command.Deadline <= state.Deadline
            ? Decision.Nothing
            : Decision.Accept(new GovernorProposalExtended(command.Proposal, command.Deadline, command.Evidence));

    public static Decision Decide(RecordGovernorQueue command, GovernorProposal? state) => IsOld(command.Evidence, state)
        ? Decision.Nothing
        : Decision.Accept(new GovernorProposalQueued(
            command.Proposal, command.EtaSeconds, state!.OperationIn(command.Evidence), command.Evidence));

    public static Decision Decide(RecordGovernorExecution command, GovernorProposal? state) =>
        state is null || state.Executed is not null
            ? Decision.Nothing
            : Decision.Accept(new GovernorProposalExecuted(command.Proposal, command.Evidence, command.At));

    /// <summary>GovernorBravo cancels what is cancelled, with a log each time: only the first one counts.</summary>
    public static Decision Decide(RecordGovernorCancel command, GovernorProposal? state) =>
        state is null || state.CanceledAt is not null
            ? Decision.Nothing
            : Decision.Accept(new GovernorProposalCanceled(command.Proposal, command.Evidence));

    public static Decision Decide(RecordOperation command, GovernorProposal? state)
    {
        if (state is null || !state.Created.Operations.Contains(command.OperationId))
            return Decision.Nothing;
        var known = state.OperationAt(command.Timelock, command.OperationId);
        return known?.State == command.State
            ? Decision.Nothing
            : Decision.Accept(new GovernorOperationChanged(
                command.Proposal, command.Timelock, command.OperationId, command.State, command.Evidence, command.At));
    }

    public static Decision Decide(FixGovernorQuorum command, GovernorProposal? state) => state is null || state.Quorum is not null
        ? Decision.Nothing
        : Decision.Accept(new GovernorQuorumFixed(command.Proposal, command.Quorum));

    // --- Evolve ---

    public static GovernorProposal? Evolve(GovernorProposal? state, object @event) => @event switch
    {
        GovernorProposalCreated created => new GovernorProposal(
            created.Proposal.StreamId(), created, created.Deadline, VoteTally.None, 0, created.Evidence),
        GovernorVoteCast vote => state! with
        {
            Votes = state.Votes + vote.Counted, VoteCount = state.VoteCount + 1, LastLog = vote.Evidence,
        },
        GovernorVoteReduced reduced => state! with { Votes = state.Votes - reduced.Lost, LastLog = reduced.Evidence },
        GovernorProposalExtended extended => state! with { Deadline = extended.Deadline },
        GovernorProposalQueued queued => state! with
        {
            EtaSeconds = queued.EtaSeconds, OperationId = queued.OperationId, LastLog = queued.Evidence,
        },
        GovernorProposalExecuted executed => state! with { Executed = executed },
        GovernorProposalCanceled canceled => state! with { CanceledAt = canceled.Evidence },
        GovernorOperationChanged changed => state!.WithOperation(changed),
        GovernorQuorumFixed quorum => state! with { Quorum = quorum.Quorum },
        _ => state is null ? null : EvolveLinks(state, @event),
    };

    /// <summary>What a timelock knows of an operation; null where nothing.</summary>
    public TimelockOperation? OperationAt(Address timelock, Hash32? operationId) =>
        Operations.FirstOrDefault(operation => operation.Timelock == timelock && operation.OperationId == operationId);

    // Votes and queues carry no number of their own: what tells one from its repetition is its place on the chain.
    private static bool IsOld(EventKey evidence, GovernorProposal? state) => state is null
        || (evidence.BlockNumber, evidence.LogIndex).CompareTo((state.LastLog.BlockNumber, state.LastLog.LogIndex)) <= 0;

    // The governor schedules its operation in the transaction in which it queues; others may schedule the same at any time.
    private Hash32? OperationIn(EventKey queued) => Operations.FirstOrDefault(operation =>
        operation.State == OperationState.Pending && operation.Evidence.TransactionHash == queued.TransactionHash)?.OperationId;

    private GovernorProposal WithOperation(GovernorOperationChanged changed) => this with
    {
        Operations =
        [
            .. Operations.Where(operation => operation.Timelock != changed.Timelock || operation.OperationId != changed.OperationId),
            new TimelockOperation(changed.Timelock, changed.OperationId, changed.State, changed.Evidence, changed.At),
        ],
    };
}
