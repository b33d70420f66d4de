using Grants.Primitives;

namespace Grants.Domain.Proposals;

// --- Commands ---

/// <param name="BudgetLeft">Base units that the program has not committed.</param>
/// <param name="Forbidden">Accounts that must not be paid: the token, the vault, the treasury.</param>
public sealed record DraftProposal(
    Hash32 ProposalId,
    string ProgramId,
    Address Applicant,
    ProposalContent Content,
    UInt256 BudgetLeft,
    IReadOnlyList<Address> Forbidden,
    DateTimeOffset At);

public sealed record ReviseProposal(
    Hash32 ProposalId,
    Address Actor,
    ProposalContent Content,
    UInt256 BudgetLeft,
    IReadOnlyList<Address> Forbidden,
    DateTimeOffset At);

public sealed record SubmitProposal(Hash32 ProposalId, Address Actor, DateTimeOffset At);

public sealed record WithdrawProposal(Hash32 ProposalId, Address Actor, DateTimeOffset At);

/// <summary>Opens the vote on voting power that is already materialised.</summary>
public sealed record OpenVoting(
    Hash32 ProposalId,
    VotingRules Rules,
    BlockRef SnapshotBlock,
    Hash32 PowerRoot,
    UInt256 TotalPower,
    int Voters,
    Address Actor,
    DateTimeOffset At);

/// <summary>Ends the vote with the certified result.</summary>
public sealed record CloseVoting(Hash32 ProposalId, VotingResult Result, DateTimeOffset At);

// --- Events ---

public sealed record ProposalDrafted(Hash32 ProposalId, string ProgramId, Address Applicant, ProposalContent Content, DateTimeOffset At);

public sealed record ProposalRevised(Hash32 ProposalId, Address Actor, ProposalContent Content, DateTimeOffset At);

public sealed record ProposalSubmitted(Hash32 ProposalId, Address Actor, Hash32 ContentHash, DateTimeOffset At);

public sealed record ProposalWithdrawn(Hash32 ProposalId, Address Actor, DateTimeOffset At);

public sealed record VotingOpened(
    Hash32 ProposalId,
    VotingRules Rules,
    Hash32 ContentHash,
    BlockRef SnapshotBlock,
    Hash32 PowerRoot,
    UInt256 TotalPower,
    int Voters,
    Address Actor,
    DateTimeOffset OpensAt,
    DateTimeOffset ClosesAt);

public sealed record VotingClosed(Hash32 ProposalId, VotingResult Result, DateTimeOffset At);

public sealed record ProposalApproved(Hash32 ProposalId, string ProgramId, Address Recipient, UInt256 Amount, DateTimeOffset At);

public sealed record ProposalRejected(Hash32 ProposalId, string Reason, DateTimeOffset At);

// --- Rejections ---

public sealed record ProposalExists(Hash32 ProposalId)
    : Rejection("PROPOSAL_EXISTS", "There is already a proposal with this id and other content.");

public sealed record WrongProposalState(ProposalState Current, string Needed)
    : Rejection("WRONG_PROPOSAL_STATE", $"The proposal is {Current.ToString().ToLowerInvariant()}; it must be {Needed}.");

public sealed record RequestAboveBudget(UInt256 Requested, UInt256 Left)
    : Rejection("REQUEST_ABOVE_BUDGET", $"The proposal asks for {Requested} base units; the program has {Left} left.");

public sealed record RecipientNotAllowed(Address Recipient)
    : Rejection("RECIPIENT_NOT_ALLOWED", $"{Recipient} is a contract of the program or of the chain and cannot be paid.");

public sealed record NobodyCanVote()
    : Rejection("NOBODY_CAN_VOTE", "No account has voting power at the snapshot block.");

public sealed record VotingStillOpen(DateTimeOffset ClosesAt)
    : Rejection("VOTING_STILL_OPEN", $"Ballots are taken until {ClosesAt:O}.");

// --- State ---

public enum ProposalState
{
    Draft,
    Submitted,
    Voting,
    Approved,
    Rejected,
    Withdrawn,
}

/// <summary>The certified result of a vote and how it came about.</summary>
/// <param name="For">Voting power for.</param>
/// <param name="Against">Voting power against.</param>
/// <param name="Abstain">Voting power that only counts for the quorum.</param>
/// <param name="Voters">Accounts counted, once each.</param>
/// <param name="QuorumMet">Whether for and abstain reach the quorum.</param>
/// <param name="ThresholdMet">Whether for reaches the threshold in for and against.</param>
/// <param name="BallotLogSize">Ballots accepted in all, replaced ones included.</param>
/// <param name="BallotLogRoot">Root of the ballot log (RFC 6962) at that size.</param>
public sealed record VotingResult(
    UInt256 For,
    UInt256 Against,
    UInt256 Abstain,
    int Voters,
    bool QuorumMet,
    bool ThresholdMet,
    long BallotLogSize,
    Hash32 BallotLogRoot);

/// <summary>An application for an award.</summary>
public sealed record Proposal(
    string Id,
    Hash32 ProposalId,
    string ProgramId,
    Address Applicant,
    ProposalContent Content,
    ProposalState State,
    DateTimeOffset DraftedAt)
{
    public Hash32? ContentHash { get; init; }

    public VotingOpened? Vote { get; init; }

    public VotingResult? Result { get; init; }

    // --- Decide ---

    public static Decision Decide(DraftProposal command, Proposal? state)
    {
        if (state is not null)
            return state.Applicant == command.Applicant && state.ProgramId == command.ProgramId && state.Content == command.Content
                ? Decision.Nothing
                : new ProposalExists(command.ProposalId);
        return Refuse(command.Content, command.BudgetLeft, command.Forbidden) is { } problem
            ? problem
            : Decision.Accept(
                new ProposalDrafted(command.ProposalId, command.ProgramId, command.Applicant, command.Content, command.At));
    }

    public static Decision Decide(ReviseProposal command, Proposal? state)
    {
        if (state is null || state.Applicant != command.Actor)
            return new NotFound("proposal");
        if (state.Content == command.Content)
            return Decision.Nothing;
        if (state.State != ProposalState.Draft)
            return new WrongProposalState(state.State, "a draft");
        return Refuse(command.Content, command.BudgetLeft, command.Forbidden) is { } problem
            ? problem
            : Decision.Accept(new ProposalRevised(command.ProposalId, command.Actor, command.Content, command.At));
    }

    public static Decision Decide(SubmitProposal command, Proposal? state)
    {
        if (state is null || state.Applicant != command.Actor)
            return new NotFound("proposal");
        return state.State switch
        {
            ProposalState.Submitted => Decision.Nothing,
            ProposalState.Draft => Decision.Accept(
                new ProposalSubmitted(command.ProposalId, command.Actor, state.Content.Hash(), command.At)),
            _ => new WrongProposalState(state.State, "a draft"),
        };
    }

    public static Decision Decide(WithdrawProposal command, Proposal? state)
    {
        if (state is null || state.Applicant != command.Actor)
            return new NotFound("proposal");
        return state.State switch
        {
            ProposalState.Withdrawn => Decision.Nothing,
            ProposalState.Draft or ProposalState.Submitted or ProposalState.Voting => Decision.Accept(
                new ProposalWithdrawn(command.ProposalId, command.Actor, command.At)),
            _ => new WrongProposalState(state.State, "undecided"),
        };
    }

    public static Decision Decide(OpenVoting command, Proposal? state)
    {
        if (state is null)
            return new NotFound("proposal");
        if (state.State == ProposalState.Voting)
            return Decision.Nothing;
        if (state.State != ProposalState.Submitted)
            return new WrongProposalState(state.State, "submitted");
        if (command.TotalPower.IsZero)
            return new NobodyCanVote();
        return Decision.Accept(new VotingOpened(
            command.ProposalId,
            command.Rules,
            state.ContentHash!.Value,
            command.SnapshotBlock,
            command.PowerRoot,
            command.TotalPower,
            command.Voters,
            command.Actor,
            command.At,
            command.At.AddSeconds(command.Rules.VotingPeriodSeconds)));
    }

    public static Decision Decide(CloseVoting command, Proposal? state)
    {
        if (state is null)
            return new NotFound("proposal");
        if (state.State != ProposalState.Voting)
            return Decision.Nothing;
        if (command.At < state.Vote!.ClosesAt)
            return new VotingStillOpen(state.Vote.ClosesAt);
        var closed = new VotingClosed(command.ProposalId, command.Result, command.At);
        if (command.Result is { QuorumMet: true, ThresholdMet: true })
            return Decision.Accept(closed, new ProposalApproved(
                command.ProposalId, state.ProgramId, state.Content.Recipient, state.Content.RequestedAmount, command.At));
        var reason = command.Result.QuorumMet ? "The share of for is below the threshold." : "The quorum was not reached.";
        return Decision.Accept(closed, new ProposalRejected(command.ProposalId, reason, command.At));
    }

    // --- Evolve ---

    public static Proposal? Evolve(Proposal? state, object @event) => @event switch
    {
        ProposalDrafted drafted => new Proposal(
            StreamId(drafted.ProposalId),
            drafted.ProposalId,
            drafted.ProgramId,
            drafted.Applicant,
            drafted.Content,
            ProposalState.Draft,
            drafted.At),
        ProposalRevised revised => state! with { Content = revised.Content },
        ProposalSubmitted submitted => state! with { State = ProposalState.Submitted, ContentHash = submitted.ContentHash },
        ProposalWithdrawn => state! with { State = ProposalState.Withdrawn },
        VotingOpened opened => state! with { State = ProposalState.Voting, Vote = opened },
        VotingClosed closed => state! with { Result = closed.Result },
        ProposalApproved => state! with { State = ProposalState.Approved },
        ProposalRejected => state! with { State = ProposalState.Rejected },
        _ => state,
    };

    // --- Queries ---

    /// <summary>The stream of a proposal.</summary>
    public static string StreamId(Hash32 proposalId) => $"proposal/{proposalId}";

    /// <summary>
    /// The id of a proposal: keccak256 of "Proposal(v1)", the hashes of the space and of the client's key, and the applicant.
    /// </summary>
    public static Hash32 IdOf(string space, Address applicant, string key) => Keccak256.Hash(
        [.. "Proposal(v1)"u8, .. Keccak256.Hash(space).ToBytes(), .. Keccak256.Hash(key).ToBytes(), .. applicant.ToBytes()]);

    private static Rejection? Refuse(ProposalContent content, UInt256 budgetLeft, IReadOnlyList<Address> forbidden)
    {
        if (content.Validate() is { } problem)
            return problem;
        if (forbidden.Contains(content.Recipient) || IsReserved(content.Recipient))
            return new RecipientNotAllowed(content.Recipient);
        return content.RequestedAmount > budgetLeft ? new RequestAboveBudget(content.RequestedAmount, budgetLeft) : null;
    }

    // Precompiles (0x…01 to 0x…1ff, with P256VERIFY of RIP-7212 at 0x…100) and the predeploys of OP-style chains
    // (0x4200…0000 to 0x4200…ffff).
    private static bool IsReserved(Address account)
    {
        var bytes = account.ToBytes();
        return (bytes[0] is 0 or 0x42) && bytes.AsSpan(1, 17).IndexOfAnyExcept((byte)0) < 0 && (bytes[0] == 0x42 || bytes[18] <= 1);
    }
}
