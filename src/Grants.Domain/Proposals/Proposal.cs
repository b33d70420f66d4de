using System.Text.Json.Serialization;
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

/// <param name="ExpectedRevision">What the client's text is a change of; null where it asks for no such check.</param>
public sealed record ReviseProposal(
    Hash32 ProposalId,
    Address Actor,
    ProposalContent Content,
    UInt256 BudgetLeft,
    IReadOnlyList<Address> Forbidden,
    DateTimeOffset At,
    int? ExpectedRevision = null);

/// <summary>Opens the vote on voting power that is already materialised.</summary>
/// <param name="Rules">The program's; a re-vote takes the ones that they name for it.</param>
/// <param name="SnapshotBlock">The finalized block at which power was read.</param>
/// <param name="PowerRoot">Merkle root of all voting power.</param>
/// <param name="TotalPower">Base units.</param>
/// <param name="Supply">What a quorum by share is a share of, base units.</param>
/// <param name="Voters">Accounts with power.</param>
public sealed record OpenVoting(
    Hash32 ProposalId,
    VotingRules Rules,
    BlockRef SnapshotBlock,
    Hash32 PowerRoot,
    UInt256 TotalPower,
    UInt256 Supply,
    int Voters,
    Address Actor,
    DateTimeOffset At);

/// <summary>Takes ballots for longer, because the quorums were met late.</summary>
public sealed record ExtendVoting(Hash32 ProposalId, Hash32 VoteId, DateTimeOffset ClosesAt, DateTimeOffset At);

/// <summary>Ends the vote with the certified result.</summary>
public sealed record CloseVoting(Hash32 ProposalId, VotingResult Result, DateTimeOffset At);

// --- Events ---

public sealed record ProposalDrafted(Hash32 ProposalId, string ProgramId, Address Applicant, ProposalContent Content, DateTimeOffset At);

public sealed record ProposalRevised(Hash32 ProposalId, Address Actor, ProposalContent Content, DateTimeOffset At);

/// <param name="VoteId">What ballots name as their proposal: the proposal's id, and for a re-vote an id of its own.</param>
/// <param name="Round">1, and 2 for the re-vote.</param>
public sealed record VotingOpened(
    Hash32 ProposalId,
    Hash32 VoteId,
    int Round,
    VotingRules Rules,
    Hash32 ContentHash,
    BlockRef SnapshotBlock,
    Hash32 PowerRoot,
    UInt256 TotalPower,
    UInt256 Supply,
    int Voters,
    Address Actor,
    DateTimeOffset OpensAt,
    DateTimeOffset ClosesAt);

public sealed record VotingExtended(Hash32 ProposalId, Hash32 VoteId, DateTimeOffset ClosesAt, DateTimeOffset At);

public sealed record VotingClosed(Hash32 ProposalId, Hash32 VoteId, VotingResult Result, DateTimeOffset At);

/// <param name="ProgramVersion">Of the program's terms under which it was submitted.</param>
public sealed record ProposalApproved(
    Hash32 ProposalId, string ProgramId, Address Recipient, UInt256 Amount, DateTimeOffset At, int ProgramVersion = 1);

public sealed record ProposalRejected(Hash32 ProposalId, string Reason, DateTimeOffset At);

// --- Rejections ---

public sealed record ProposalExists(Hash32 ProposalId)
    : Rejection("PROPOSAL_EXISTS", "There is already a proposal with this id and other content.");

public sealed record WrongProposalState(ProposalState Current, string Needed)
    : Rejection("WRONG_PROPOSAL_STATE", $"The proposal is {InWords(Current)}; it must be {Needed}.")
{
    private static string InWords(ProposalState state) => state switch
    {
        ProposalState.InReview => "in review",
        ProposalState.ChangesRequested => "sent back for changes",
        _ => state.ToString().ToLowerInvariant(),
    };
}

/// <summary>Somebody, or another window of the same client, saved in between; what they saved stays as it is.</summary>
public sealed record StaleRevision(int Expected, int Current)
    : Rejection("STALE_REVISION", $"The text is a change of revision {Expected}; the proposal is at revision {Current}.");

public sealed record RequestAboveBudget(UInt256 Requested, UInt256 Left)
    : Rejection("REQUEST_ABOVE_BUDGET", $"The proposal asks for {Requested} base units; the program has {Left} left.");

public sealed record RecipientNotAllowed(Address Recipient)
    : Rejection("RECIPIENT_NOT_ALLOWED", $"{Recipient} is a contract of the program or of the chain and cannot be paid.");

public sealed record NobodyCanVote()
    : Rejection("NOBODY_CAN_VOTE", "No account has voting power at the snapshot block.");

public sealed record DiscussionStillOpen(DateTimeOffset Until)
    : Rejection("DISCUSSION_STILL_OPEN", $"The proposal is discussed until {Until:O}; then the vote may open.");

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
    Cancelled,
    InReview,
    ChangesRequested,
    Appealed,
}

/// <summary>One vote on a proposal.</summary>
/// <param name="Opened">The rules and facts frozen at the opening.</param>
/// <param name="ClosesAt">Ballots are taken until before this instant; later than at the opening where the vote was extended.</param>
/// <param name="Result">Null while the vote is open.</param>
public sealed record VotingRound(VotingOpened Opened, DateTimeOffset ClosesAt, VotingResult? Result);

/// <summary>An application for an award.</summary>
public sealed partial record Proposal(
    string Id,
    Hash32 ProposalId,
    string ProgramId,
    Address Applicant,
    ProposalContent Content,
    ProposalState State,
    DateTimeOffset DraftedAt)
{
    public Hash32? ContentHash { get; init; }

    public DateTimeOffset? SubmittedAt { get; init; }

    /// <summary>Counted from 1: the draft as it began.</summary>
    public int Revision { get; init; } = 1;

    /// <summary>The votes on it: none, one, or two where it had a re-vote.</summary>
    public ValueList<VotingRound> Rounds { get; init; } = [];

    /// <summary>The last vote on it, or null.</summary>
    [JsonIgnore]
    public VotingRound? Vote => Rounds.Count == 0 ? null : Rounds[^1];

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
        if (state.State is not (ProposalState.Draft or ProposalState.ChangesRequested))
            return new WrongProposalState(state.State, "a draft, or sent back for changes");
        if (command.ExpectedRevision is { } expected && expected != state.Revision)
            return new StaleRevision(expected, state.Revision);
        return Refuse(command.Content, command.BudgetLeft, command.Forbidden) is { } problem
            ? problem
            : Decision.Accept(new ProposalRevised(command.ProposalId, command.Actor, command.Content, command.At));
    }

    public static Decision Decide(OpenVoting command, Proposal? state)
    {
        if (state is null)
            return new NotFound("proposal");
        if (state.State == ProposalState.Voting)
            return Decision.Nothing;
        if (state.RulesOfNextVote(command.Rules) is not { } rules)
            return state is { State: ProposalState.Submitted or ProposalState.InReview, Review: { } review }
                ? new ReviewComesFirst(review.Stage)
                : new WrongProposalState(state.State, "submitted, or rejected with a re-vote to come");
        if (state.SubmittedAt!.Value.AddSeconds(rules.DiscussionSeconds) is var until && command.At < until)
            return new DiscussionStillOpen(until);
        if (command.TotalPower.IsZero)
            return new NobodyCanVote();
        var round = state.Rounds.Count + 1;
        return Decision.Accept(new VotingOpened(
            command.ProposalId,
            VoteIdOf(command.ProposalId, round),
            round,
            rules,
            state.ContentHash!.Value,
            command.SnapshotBlock,
            command.PowerRoot,
            command.TotalPower,
            command.Supply,
            command.Voters,
            command.Actor,
            command.At,
            command.At.AddSeconds(rules.VotingPeriodSeconds)));
    }

    public static Decision Decide(ExtendVoting command, Proposal? state)
    {
        if (state is null)
            return new NotFound("proposal");
        return state is { State: ProposalState.Voting, Vote: { } vote } && vote.Opened.VoteId == command.VoteId
            && vote.ClosesAt == vote.Opened.ClosesAt && command.ClosesAt > vote.ClosesAt
                ? Decision.Accept(new VotingExtended(command.ProposalId, command.VoteId, command.ClosesAt, command.At))
                : Decision.Nothing;
    }

    public static Decision Decide(CloseVoting command, Proposal? state)
    {
        if (state is null)
            return new NotFound("proposal");
        if (state is not { State: ProposalState.Voting, Vote: { } vote })
            return Decision.Nothing;
        if (command.At < vote.ClosesAt)
            return new VotingStillOpen(vote.ClosesAt);
        var closed = new VotingClosed(command.ProposalId, vote.Opened.VoteId, command.Result, command.At);
        return command.Result.Outcome.IsApproved
            ? Decision.Accept(closed, state.ApprovedAt(command.At))
            : Decision.Accept(closed, new ProposalRejected(command.ProposalId, command.Result.Outcome.Reason, command.At));
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
        ProposalRevised revised => state! with { Content = revised.Content, Revision = state.Revision + 1 },
        VotingOpened opened => state! with
        {
            State = ProposalState.Voting, Rounds = [.. state.Rounds, new VotingRound(opened, opened.ClosesAt, null)],
        },
        VotingExtended extended => state!.WithVote(vote => vote with { ClosesAt = extended.ClosesAt }),
        VotingClosed closed => state!.WithVote(vote => vote with { Result = closed.Result }),
        ProposalApprovedOnChain approved => state! with { OnChainApproval = approved },
        ProposalApproved => state! with { State = ProposalState.Approved },
        ProposalRejected rejected => state! with
        {
            State = ProposalState.Rejected, ReviewRejectedAt = state.Rounds.Count == 0 ? rejected.At : null,
        },
        _ => state is null ? null : EvolveDeposit(
            EvolveSubmission(EvolveReview(EvolveModeration(state, @event), @event), @event), @event),
    };

    // --- Queries ---

    /// <summary>The stream of a proposal.</summary>
    public static string StreamId(Hash32 proposalId) => $"proposal/{proposalId}";

    /// <summary>
    /// The id of a proposal: keccak256 of "Proposal(v1)", the hashes of the space and of the client's key, and the applicant.
    /// </summary>
    public static Hash32 IdOf(string space, Address applicant, string key) => Keccak256.Hash(
        [.. "Proposal(v1)"u8, .. Keccak256.Hash(space).ToBytes(), .. Keccak256.Hash(key).ToBytes(), .. applicant.ToBytes()]);

    /// <summary>
    /// The id of a vote on a proposal. A re-vote has its own, keccak256 of "Revote(v1)" and the proposal's id, so that a ballot
    /// signed for the one vote can never count in the other.
    /// </summary>
    public static Hash32 VoteIdOf(Hash32 proposalId, int round) =>
        round == 1 ? proposalId : Keccak256.Hash([.. "Revote(v1)"u8, .. proposalId.ToBytes()]);

    /// <summary>The rules with which its next vote opens, or null where there is none to come.</summary>
    /// <param name="ofProgram">The rules of its program.</param>
    public VotingRules? RulesOfNextVote(VotingRules ofProgram) => (State, Rounds.Count) switch
    {
        (ProposalState.Submitted, 0) when Review is null || ScreenedAt is not null => ofProgram,
        (ProposalState.Rejected, 1) => Vote!.Opened.Rules.Revote,
        _ => null,
    };

    private ProposalApproved ApprovedAt(DateTimeOffset at) =>
        new(ProposalId, ProgramId, Content.Recipient, Content.RequestedAmount, at, ProgramVersion);

    private Proposal WithVote(Func<VotingRound, VotingRound> change) =>
        this with { Rounds = [.. Rounds.SkipLast(1), change(Rounds[^1])] };

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
