using Grants.Domain.Proposals;
using Grants.Primitives;
using Xunit;
using static Grants.Domain.Tests.Programs.AProgram;
using static Grants.Domain.Tests.Proposals.AProposal;

namespace Grants.Domain.Tests.Proposals;

public sealed class DraftingSpecs
{
    private static readonly DraftProposal Draft = new(AProposal.Id, Programs.AProgram.Id, Ada, Content, 1_000, [Token, Vault], At);

    private static readonly ProposalContent Other = Content with { Title = "Another DEX" };

    private static readonly ReviseProposal Revise = new(AProposal.Id, Ada, Other, 1_000, [Token, Vault], At.AddMinutes(5));

    private static readonly ProposalRevised Revised = new(AProposal.Id, Ada, Other, At.AddMinutes(5));

    // --- Draft ---

    [Fact]
    public void a_proposal_is_drafted() => Given().When(Drafting(Draft)).Then(Drafted);

    [Fact]
    public void a_proposal_is_drafted_once() =>
        Given(Drafted).When(Drafting(Draft with { At = At.AddDays(1), BudgetLeft = 0 })).ThenNothing();

    [Fact]
    public void a_retry_after_the_submission_is_nothing() => Given(Drafted, Submitted).When(Drafting(Draft)).ThenNothing();

    [Fact]
    public void an_id_is_not_drafted_with_other_content() =>
        Given(Drafted).When(Drafting(Draft with { Content = Other })).ThenRejected("PROPOSAL_EXISTS");

    [Fact]
    public void an_id_is_not_drafted_by_another_applicant() =>
        Given(Drafted).When(Drafting(Draft with { Applicant = Bo })).ThenRejected("PROPOSAL_EXISTS");

    [Fact]
    public void an_id_is_not_drafted_in_another_program() =>
        Given(Drafted).When(Drafting(Draft with { ProgramId = "other" })).ThenRejected("PROPOSAL_EXISTS");

    [Fact]
    public void bad_content_is_not_drafted() =>
        Given().When(Drafting(Draft with { Content = Content with { Title = " " } })).ThenRejected("INVALID_VALUE");

    [Fact]
    public void an_account_of_the_program_is_not_paid() =>
        Given().When(Drafting(Paying(Vault))).ThenRejected("RECIPIENT_NOT_ALLOWED");

    [Theory]
    [InlineData("0x0000000000000000000000000000000000000001")]
    [InlineData("0x00000000000000000000000000000000000000ff")]
    [InlineData("0x4200000000000000000000000000000000000000")]
    [InlineData("0x4200000000000000000000000000000000000010")]
    [InlineData("0x420000000000000000000000000000000000ffff")]
    public void a_contract_of_the_chain_is_not_paid(string recipient) =>
        Given().When(Drafting(Paying(Address.Parse(recipient)))).ThenRejected("RECIPIENT_NOT_ALLOWED");

    [Theory]
    [InlineData("0x0000000000000000000000000000000000000200")]
    [InlineData("0x0000000000000000000000000000000001000001")]
    [InlineData("0x4200000000000000000000000000000000010000")]
    [InlineData("0x4300000000000000000000000000000000000001")]
    public void an_account_beside_those_of_the_chain_is_paid(string recipient)
    {
        var draft = Paying(Address.Parse(recipient));
        Given().When(Drafting(draft)).Then(Drafted with { Content = draft.Content });
    }

    [Fact]
    public void all_that_the_program_has_left_may_be_asked_for() => Given().When(Drafting(Draft with { BudgetLeft = 600 })).Then(Drafted);

    [Fact]
    public void more_than_the_program_has_left_is_refused() =>
        Given().When(Drafting(Draft with { BudgetLeft = 599 })).ThenRejected("REQUEST_ABOVE_BUDGET");

    [Fact]
    public void the_first_objection_is_told()
    {
        var draft = Paying(Token) with { BudgetLeft = 0 };
        DraftProposal[] mended =
        [
            draft with { Content = draft.Content with { Body = "" } },
            draft,
            draft with { Forbidden = [] },
            draft with { Forbidden = [], BudgetLeft = 600 },
        ];
        Assert.Equal(
            ["INVALID_VALUE", "RECIPIENT_NOT_ALLOWED", "REQUEST_ABOVE_BUDGET", null],
            mended.Select(one => Proposal.Decide(one, null).Rejection?.Code));
        Assert.Equal("PROPOSAL_EXISTS", Proposal.Decide(mended[0], Proposal.Evolve(null, Drafted)).Rejection?.Code);
    }

    // --- Revise ---

    [Fact]
    public void a_draft_is_revised() => Given(Drafted).When(Revising(Revise)).Then(Revised);

    [Fact]
    public void a_draft_is_revised_once() =>
        Given(Drafted, Revised).When(Revising(Revise with { At = At.AddDays(1), BudgetLeft = 0 })).ThenNothing();

    [Fact]
    public void what_does_not_exist_is_not_revised() => Given().When(Revising(Revise)).ThenRejected("NOT_FOUND");

    [Fact]
    public void the_draft_of_another_is_hidden_from_who_would_revise_it() =>
        Given(Drafted).When(Revising(Revise with { Actor = Bo })).ThenRejected("NOT_FOUND");

    [Fact]
    public void a_retry_of_a_revision_after_the_submission_is_nothing() =>
        Given(Drafted, Revised, Submitted).When(Revising(Revise)).ThenNothing();

    [Theory]
    [InlineData(ProposalState.Submitted)]
    [InlineData(ProposalState.Voting)]
    [InlineData(ProposalState.Approved)]
    [InlineData(ProposalState.Rejected)]
    [InlineData(ProposalState.Withdrawn)]
    public void only_a_draft_is_revised(ProposalState state) =>
        Given(state).When(Revising(Revise with { BudgetLeft = 0 })).ThenRejected("WRONG_PROPOSAL_STATE");

    [Fact]
    public void bad_content_is_no_revision() =>
        Given(Drafted).When(Revising(Revise with { Content = Other with { Body = "" } })).ThenRejected("INVALID_VALUE");

    [Fact]
    public void an_account_of_the_program_is_not_paid_after_a_revision() => Given(Drafted)
        .When(Revising(Revise with { Content = Other with { Recipient = Token } }))
        .ThenRejected("RECIPIENT_NOT_ALLOWED");

    [Fact]
    public void a_revision_asks_for_no_more_than_the_program_has_left() =>
        Given(Drafted).When(Revising(Revise with { BudgetLeft = 599 })).ThenRejected("REQUEST_ABOVE_BUDGET");

    private static DraftProposal Paying(Address recipient) => Draft with { Content = Content with { Recipient = recipient } };

    private static Func<Proposal?, Decision> Drafting(DraftProposal command) => state => Proposal.Decide(command, state);

    private static Func<Proposal?, Decision> Revising(ReviseProposal command) => state => Proposal.Decide(command, state);
}
