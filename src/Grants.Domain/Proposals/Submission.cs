using Grants.Primitives;

namespace Grants.Domain.Proposals;

// --- Commands ---

/// <summary>What its program says of a proposal that is about to be submitted.</summary>
/// <param name="ProgramVersion">Of the terms that apply.</param>
/// <param name="Intake">What the program asks of proposals.</param>
/// <param name="Review">How it has them reviewed; null where it does not.</param>
/// <param name="BudgetLeft">Base units that the program has not committed.</param>
/// <param name="Power">The applicant's voting power at the last final block, base units; zero where the program asks for none.</param>
/// <param name="AnswersProblem">What is wrong with the answers to the program's form; null where nothing is.</param>
/// <param name="IsSignedInOnPayingChain">The applicant's session rests on a signature for the chain on which the program pays.</param>
/// <param name="Vesting">By which an award would vest.</param>
/// <param name="Deposit">What the applicant names as the deposit; null where nothing.</param>
public sealed record SubmissionFacts(
    int ProgramVersion,
    IntakeRules Intake,
    ReviewRules? Review,
    UInt256 BudgetLeft,
    UInt256 Power,
    InvalidValue? AnswersProblem,
    bool IsSignedInOnPayingChain,
    VestingTemplate Vesting,
    TokenTransfer? Deposit = null);

/// <summary>Submits a draft, or again what was sent back for changes.</summary>
public sealed record SubmitProposal(Hash32 ProposalId, Address Actor, SubmissionFacts Facts, DateTimeOffset At);

public sealed record WithdrawProposal(Hash32 ProposalId, Address Actor, DateTimeOffset At);

// --- Events ---

/// <param name="ProgramVersion">Of the program's terms; the proposal keeps them.</param>
/// <param name="SubmissionRound">The number of the round, from 1; 0 where the program has none.</param>
/// <param name="Review">How it is reviewed; null where it is not.</param>
public sealed record ProposalSubmitted(
    Hash32 ProposalId,
    Address Actor,
    Hash32 ContentHash,
    DateTimeOffset At,
    int ProgramVersion = 1,
    int SubmissionRound = 0,
    ReviewRules? Review = null);

public sealed record ProposalWithdrawn(Hash32 ProposalId, Address Actor, DateTimeOffset At);

// --- Rejections ---

public sealed record SubmissionsClosed(DateTimeOffset? OpensAt) : Rejection(
    "SUBMISSIONS_CLOSED",
    OpensAt is { } next ? $"No round is open; the next one opens at {next:O}." : "The last round is over.");

public sealed record AmountOutOfRange(UInt256 Requested, UInt256 Least, UInt256? Most) : Rejection(
    "AMOUNT_OUT_OF_RANGE",
    $"The proposal asks for {Requested} base units; the program takes {Least} to {(Most is { } most ? most : "its budget")}.");

public sealed record PowerTooLow(UInt256 Power, UInt256 Needed)
    : Rejection("POWER_TOO_LOW", $"The applicant has {Power} base units of voting power; proposing takes {Needed}.");

public sealed record RecipientNotProven(Address Recipient)
    : Rejection("RECIPIENT_NOT_PROVEN", $"{Recipient} has not shown that it can be paid: it must sign the proposal's consent.");

public sealed record CommitteeInConflict(int Eligible, int Needed) : Rejection(
    "COMMITTEE_IN_CONFLICT", $"Only {Eligible} reviewers have no interest in the proposal, and {Needed} must approve.");

// --- State ---

/// <summary>The submission of a proposal: from here on it is public, and keeps the terms that its program has then.</summary>
public sealed partial record Proposal
{
    /// <summary>Of the program's terms that apply to it.</summary>
    public int ProgramVersion { get; init; } = 1;

    /// <summary>The round of its submission, from 1; 0 where the program has none.</summary>
    public int SubmissionRound { get; init; }

    // --- Decide ---

    public static Decision Decide(SubmitProposal command, Proposal? state)
    {
        if (state is null || state.Applicant != command.Actor)
            return new NotFound("proposal");
        if (state.State is ProposalState.Submitted or ProposalState.InReview)
            return Decision.Nothing;
        if (state.State is not (ProposalState.Draft or ProposalState.ChangesRequested))
            return new WrongProposalState(state.State, "a draft, or sent back for changes");
        var round = state.State == ProposalState.Draft ? command.Facts.Intake.RoundAt(command.At) : state.SubmissionRound;
        if (round is null)
            return new SubmissionsClosed(command.Facts.Intake.Rounds.FirstOrDefault(one => one.OpensAt > command.At)?.OpensAt);
        if (state.Refuse(command.Facts) is { } problem)
            return problem;
        var (refusal, placed) = state.Place(command.Facts, command.At);
        if (refusal is not null)
            return refusal;
        var submitted = new ProposalSubmitted(
            command.ProposalId,
            command.Actor,
            state.Content.Hash(),
            command.At,
            command.Facts.ProgramVersion,
            round.Value,
            command.Facts.Review);
        return placed is null ? Decision.Accept(submitted) : Decision.Accept(placed, submitted);
    }

    public static Decision Decide(WithdrawProposal command, Proposal? state)
    {
        if (state is null || state.Applicant != command.Actor)
            return new NotFound("proposal");
        return state.State switch
        {
            ProposalState.Withdrawn => Decision.Nothing,
            ProposalState.Approved or ProposalState.Rejected or ProposalState.Cancelled =>
                new WrongProposalState(state.State, "undecided"),
            _ => Decision.Accept(new ProposalWithdrawn(command.ProposalId, command.Actor, command.At)),
        };
    }

    // --- Evolve ---

    private static Proposal EvolveSubmission(Proposal state, object @event) => @event switch
    {
        RecipientProven proven => state with { RecipientProof = proven },
        ProposalSubmitted submitted => state with
        {
            State = state.State == ProposalState.ChangesRequested ? ProposalState.InReview : ProposalState.Submitted,
            ContentHash = submitted.ContentHash,
            SubmittedAt = submitted.At,
            ProgramVersion = submitted.ProgramVersion,
            SubmissionRound = submitted.SubmissionRound,
            Review = submitted.Review,
        },
        ProposalWithdrawn => state with { State = ProposalState.Withdrawn },
        _ => state,
    };

    private Rejection? Refuse(SubmissionFacts facts)
    {
        var asked = Content.RequestedAmount;
        if (asked > facts.BudgetLeft)
            return new RequestAboveBudget(asked, facts.BudgetLeft);
        if (asked < facts.Intake.LeastAmount || (facts.Intake.MostAmount is { } most && asked > most))
            return new AmountOutOfRange(asked, facts.Intake.LeastAmount, facts.Intake.MostAmount);
        if (facts.AnswersProblem is { } problem)
            return problem;
        if (RefuseStake(facts) is { } stake)
            return stake;
        if (facts.Vesting.Mismatch(Content.Milestones) is { } mismatch)
            return mismatch;
        var isOwn = Content.Recipient == Applicant && facts.IsSignedInOnPayingChain;
        if (!isOwn && RecipientProof?.Recipient != Content.Recipient)
            return new RecipientNotProven(Content.Recipient);
        return facts.Review is { } review && review.Reviewers.Count(one => InterestOf(one) is null) is var eligible
            && eligible < review.Needed
                ? new CommitteeInConflict(eligible, review.Needed)
                : null;
    }
}
