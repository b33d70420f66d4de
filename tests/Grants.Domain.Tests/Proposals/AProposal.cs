using Grants.Domain.Proposals;
using Grants.Domain.Tests.Programs;
using Grants.Primitives;

namespace Grants.Domain.Tests.Proposals;

/// <summary>Ada's proposal, from the draft to the end of its vote.</summary>
internal static class AProposal
{
    public static readonly Hash32 Id = Proposal.IdOf(AProgram.Space, AProgram.Ada, "first");

    public static readonly ProposalContent Content = new("A DEX", "We build it.", 600, AProgram.Named("ada's safe"));

    public static readonly BlockRef SnapshotBlock = new(90, Keccak256.Hash("block 90"), 1_772_366_000);

    public static readonly Hash32 PowerRoot = Keccak256.Hash("power root");

    public static readonly DateTimeOffset OpensAt = AProgram.At.AddHours(2);

    public static readonly DateTimeOffset ClosesAt = OpensAt.AddHours(72);

    public static readonly ProposalDrafted Drafted = new(Id, AProgram.Id, AProgram.Ada, Content, AProgram.At);

    public static readonly RecipientProven Proven = new(
        Id,
        Content.Recipient,
        "0x01",
        false,
        Keccak256.Hash("consent"),
        AProgram.ChainId,
        SnapshotBlock,
        null,
        AProgram.At);

    public static readonly SubmissionFacts Facts = new(
        1, IntakeRules.Anything, null, 1_000, 0, null, true, AProgram.Vesting);

    public static readonly ProposalSubmitted Submitted = new(Id, AProgram.Ada, Content.Hash(), AProgram.At.AddHours(1));

    public static readonly ProposalWithdrawn Withdrawn = new(Id, AProgram.Ada, AProgram.At.AddHours(4));

    public static readonly VotingOpened Opened = new(
        Id,
        Id,
        1,
        AProgram.Rules,
        Content.Hash(),
        SnapshotBlock,
        PowerRoot,
        20_000,
        25_000,
        3,
        AProgram.Manager,
        OpensAt,
        ClosesAt);

    public static readonly VotingResult Passed = new(
        new VotingOutcome(
            new VoteCount([(UInt256)8_000UL, (UInt256)2_000UL, (UInt256)2_000UL], 12_000, 3, 1, new Derivation("Counted.", [], [])),
            [new QuorumFinding(AProgram.Rules.Quorums[0], 10_000, 10_000)],
            true,
            true,
            "The quorums and the threshold are met."),
        4,
        Keccak256.Hash("vote root"),
        9,
        Keccak256.Hash("log root"));

    public static readonly VotingResult Failed = Passed with
    {
        Outcome = Passed.Outcome with { ThresholdMet = false, IsApproved = false, Reason = "The share of for is below the threshold." },
    };

    public static readonly VotingClosed Closed = new(Id, Id, Passed, ClosesAt);

    public static readonly VotingClosed ClosedAgainst = Closed with { Result = Failed };

    public static readonly ProposalApproved Approved = new(Id, AProgram.Id, Content.Recipient, Content.RequestedAmount, ClosesAt);

    public static readonly ProposalRejected Rejected = new(Id, Failed.Outcome.Reason, ClosesAt);

    public static readonly ProposalCancelled Cancelled = new(Id, AProgram.Manager, "Spam.", AProgram.At.AddHours(5));

    /// <summary>The events that lead to a state.</summary>
    public static object[] Until(ProposalState state) => state switch
    {
        ProposalState.Draft => [Drafted],
        ProposalState.Submitted => [Drafted, Submitted],
        ProposalState.Voting => [Drafted, Submitted, Opened],
        ProposalState.Approved => [Drafted, Submitted, Opened, Closed, Approved],
        ProposalState.Rejected => [Drafted, Submitted, Opened, ClosedAgainst, Rejected],
        ProposalState.Withdrawn => [Drafted, Withdrawn],
        ProposalState.Cancelled => [Drafted, Submitted, Opened, Cancelled],
        _ => throw new ArgumentOutOfRangeException(nameof(state)),
    };

    public static Spec<Proposal> Given(params object[] events) => new Spec<Proposal>(Proposal.Evolve).Given(events);

    public static Spec<Proposal> Given(ProposalState state) => Given(Until(state));
}
