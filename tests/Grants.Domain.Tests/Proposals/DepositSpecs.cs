using Grants.Domain.Programs;
using Grants.Domain.Proposals;
using Grants.Primitives;
using Xunit;
using static Grants.Domain.Tests.Programs.AProgram;
using static Grants.Domain.Tests.Proposals.AProposal;
using static Grants.Domain.Tests.Proposals.AReview;

namespace Grants.Domain.Tests.Proposals;

/// <summary>What is paid to submit, and given back when the proposal has ended.</summary>
public sealed class DepositSpecs
{
    private static readonly Address Coin = Named("coin");

    private static readonly Address Holder = Named("the DAO's safe");

    private static readonly DepositRules Asked = new(Coin, 50, Holder, true);

    private static readonly TokenTransfer Paid = new(Evidence(1), Coin, Ada, Holder, 60);

    private static readonly DepositPlaced Placed = new(AProposal.Id, Ada, Coin, 60, Holder, true, Paid.Evidence, Submitted.At);

    private static readonly RecordDepositReturned GiveBack = new(
        AProposal.Id, new TokenTransfer(Evidence(2), Coin, Holder, Ada, 60), Manager, At.AddDays(1));

    private static readonly DepositReturned GivenBack = new(AProposal.Id, 60, Evidence(2), Manager, GiveBack.At);

    // --- Paying ---

    [Fact]
    public void a_submission_takes_the_deposit_that_was_paid() => Given(Drafted, Proven).When(Submitting(Paid)).Then(Placed, Submitted);

    [Fact]
    public void without_it_nothing_is_taken() => Given(Drafted, Proven).When(Submitting(null)).ThenRejected("DEPOSIT_NEEDED");

    [Theory]
    [InlineData("another token")]
    [InlineData("from another")]
    [InlineData("to another")]
    [InlineData("too little")]
    public void another_transfer_is_no_deposit(string what)
    {
        var wrong = what switch
        {
            "another token" => Paid with { Token = Named("another coin") },
            "from another" => Paid with { From = Bo },
            "to another" => Paid with { To = Vault },
            _ => Paid with { Amount = 49 },
        };
        Given(Drafted, Proven).When(Submitting(wrong)).ThenRejected("DEPOSIT_DIFFERS");
    }

    [Fact]
    public void a_deposit_that_nobody_asked_for_is_not_taken() =>
        Given(Drafted, Proven).When(Submitting(Paid, IntakeRules.Anything)).ThenRejected("INVALID_VALUE");

    [Fact]
    public void either_enough_power_or_a_deposit_will_do()
    {
        var either = IntakeRules.Anything with { Deposit = Asked, PowerToPropose = 10 };
        Given(Drafted, Proven).When(Submitting(null, either, power: 10)).Then(Submitted);
        Given(Drafted, Proven).When(Submitting(Paid, either, power: 9)).Then(Placed, Submitted);
        Given(Drafted, Proven).When(Submitting(null, either, power: 9)).ThenRejected("DEPOSIT_NEEDED");
    }

    [Fact]
    public void what_is_submitted_again_has_its_deposit()
    {
        object[] sentBack = [Drafted, Proven, Placed, Submitted, new ChangesRequested(AProposal.Id, Named("r1"), "More.", At)];
        Given(sentBack).When(Submitting(null)).Then(Submitted);
        Given(sentBack).When(Submitting(Paid)).Then(Submitted);
        Given(sentBack).When(Submitting(Paid with { Evidence = Evidence(3) })).ThenRejected("INVALID_VALUE");
    }

    [Theory]
    [InlineData("vault")]
    [InlineData("token")]
    [InlineData("nobody")]
    [InlineData("nothing")]
    public void a_deposit_can_be_given_back(string what)
    {
        var rules = what switch
        {
            "vault" => Asked with { Holder = Vault },
            "token" => Asked with { Holder = Token },
            "nobody" => Asked with { Holder = Address.Zero },
            _ => Asked with { Amount = UInt256.Zero },
        };
        var program = Programs.AProgram.Opened with { Intake = IntakeRules.Anything with { Deposit = rules } };
        Assert.Equal("INVALID_VALUE", FundingProgram.Decide(new OpenProgram(program, 1_000), null).Rejection!.Code);
    }

    // --- Giving back ---

    [Theory]
    [InlineData(ProposalState.Approved)]
    [InlineData(ProposalState.Rejected)]
    [InlineData(ProposalState.Withdrawn)]
    [InlineData(ProposalState.Cancelled)]
    public void it_is_due_when_the_proposal_has_ended(ProposalState end)
    {
        var ended = new object[] { Placed }.Concat(Until(end).Skip(1)).Prepend(Drafted).ToArray();
        Assert.True(StateOf(ended).IsDepositDue);
        Assert.False(Given(ended).When(Returning(GiveBack)).Then(GivenBack)!.IsDepositDue);
    }

    [Fact]
    public void it_is_given_back_once_and_by_its_holder()
    {
        object[] ended = [Drafted, Placed, Submitted, Withdrawn];
        Given(Drafted, Placed, Submitted).When(Returning(GiveBack)).ThenRejected("DEPOSIT_NOT_DUE");
        Given(Drafted, Submitted, Withdrawn).When(Returning(GiveBack)).ThenRejected("DEPOSIT_NOT_DUE");
        Given([.. ended, GivenBack])
            .When(Returning(GiveBack with { Transfer = GiveBack.Transfer with { Evidence = Evidence(3) } }))
            .ThenRejected("DEPOSIT_NOT_DUE");
        TokenTransfer[] others =
        [
            GiveBack.Transfer with { From = Manager }, GiveBack.Transfer with { To = Manager }, GiveBack.Transfer with { Amount = 59 },
            GiveBack.Transfer with { Token = Token },
        ];
        foreach (var other in others)
            Given(ended).When(Returning(GiveBack with { Transfer = other })).ThenRejected("DEPOSIT_DIFFERS");
    }

    // --- Spam ---

    [Fact]
    public void what_the_committee_screens_out_as_spam_loses_it_until_an_appeal_is_upheld()
    {
        object[] given = [Drafted, Placed, Under(Screening), Recorded(0, Verdict.Spam)];
        var rejected = (ProposalRejected)Turned(Screening)[^1];
        var forfeited = new DepositForfeited(AProposal.Id, rejected.Reason, ReviewedAt);
        var state = Given(given).When(Reviewing(Review(1, Verdict.Spam))).Then(Recorded(1, Verdict.Spam), rejected, forfeited)!;
        Assert.False(state.IsDepositDue);
        Assert.Equal("DEPOSIT_NOT_DUE", Proposal.Decide(GiveBack, state).Rejection!.Code);
        var upheld = new AppealOfProposalDecided(AProposal.Id, Manager, true, "It is none.", ReviewedAt.AddHours(1));
        Assert.Null(StateOf([.. given, Recorded(1, Verdict.Spam), rejected, forfeited, Appealed, upheld]).Deposit!.Forfeited);
    }

    [Fact]
    public void where_not_all_who_reject_say_spam_it_is_due() => Assert.True(
        Given(Drafted, Placed, Under(Screening), Recorded(0, Verdict.Spam))
            .When(Reviewing(Review(1, Verdict.Reject)))
            .Then(Recorded(1, Verdict.Reject), (ProposalRejected)Turned(Screening)[^1])!
            .IsDepositDue);

    [Fact]
    public void a_guardian_who_cancels_spam_takes_it_where_the_program_says_so()
    {
        var cancel = new CancelProposal(AProposal.Id, Manager, "Spam.", AProposal.Cancelled.At, IsSpam: true);
        Given(Drafted, Placed, Submitted)
            .When(state => Proposal.Decide(cancel, state))
            .Then(AProposal.Cancelled, new DepositForfeited(AProposal.Id, "Spam.", cancel.At));
        Given(Drafted, Placed with { IsForfeitedAsSpam = false }, Submitted)
            .When(state => Proposal.Decide(cancel, state))
            .Then(AProposal.Cancelled);
        Given(Drafted, Submitted).When(state => Proposal.Decide(cancel, state)).Then(AProposal.Cancelled);
    }

    private static EventKey Evidence(int log) => new(ChainId, 40, Keccak256.Hash("block 40"), Keccak256.Hash("transaction"), log);

    private static Proposal StateOf(object[] events) => events.Aggregate((Proposal?)null, Proposal.Evolve)!;

    private static Func<Proposal?, Decision> Returning(RecordDepositReturned command) => state => Proposal.Decide(command, state);

    private static Func<Proposal?, Decision> Submitting(TokenTransfer? deposit, IntakeRules? intake = null, ulong power = 0)
    {
        var facts = Facts with { Intake = intake ?? IntakeRules.Anything with { Deposit = Asked }, Deposit = deposit, Power = power };
        return state => Proposal.Decide(new SubmitProposal(AProposal.Id, Ada, facts, Submitted.At), state);
    }
}
