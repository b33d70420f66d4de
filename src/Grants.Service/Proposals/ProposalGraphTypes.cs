using Grants.Domain.Proposals;
using Grants.Service.Api;
using Grants.Service.Api.Nodes;
using Grants.Service.Proposals.Deposits;
using Grants.Service.Proposals.Reviews;
using GraphQL.Types;

namespace Grants.Service.Proposals;

public sealed class ProposalStateGraphType : EnumerationGraphType<ProposalState>
{
    public ProposalStateGraphType() => Name = "ProposalState";
}

public sealed class FlagGraphType : ObjectGraphType<Flag>
{
    public FlagGraphType()
    {
        Name = "Flag";
        Description = "What a guardian said of a proposal.";
        Field("actor", flag => flag.Actor);
        Field("reason", flag => flag.Reason);
        Field("at", flag => flag.At);
    }
}

public sealed class ProposalGraphType : ObjectGraphType<Proposal>
{
    public ProposalGraphType()
    {
        Name = "Proposal";
        Description = "An application for an award in a program.";
        this.IsNode(proposal => proposal.Id, ProposalsGraphQL.VisibleAsync);
        Field("proposalId", proposal => proposal.ProposalId);
        Field("programId", proposal => proposal.ProgramId);
        Field("applicant", proposal => proposal.Applicant);
        Field<StringGraphType>("title").Description("Null where a guardian hid the text.").Resolve(context => Shown(context.Source)?.Title);
        Field<StringGraphType>("body")
            .Description("Markdown, as written. Null where a guardian hid the text.")
            .Resolve(context => Shown(context.Source)?.Body);
        Field<StringGraphType>("bodyHtml")
            .Description("The body as HTML that a page may show as it is. Null where a guardian hid the text.")
            .Resolve(context => Shown(context.Source) is { } content ? RenderedMarkdown.ToHtml(content.Body) : null);
        Field("revision", proposal => proposal.Revision).Description("Of the content, from 1.");
        Field("requestedAmount", proposal => proposal.Content.RequestedAmount).Description("Base units.");
        Field("recipient", proposal => proposal.Content.Recipient);
        AddContent();
        AddReview();
        Field<NonNullGraphType<ProposalStateGraphType>>("state").Resolve(context => context.Source.State);
        Field<Bytes32Scalar>("contentHash")
            .Description("Hash of the content as submitted; every ballot binds it.")
            .Resolve(context => context.Source.ContentHash);
        Field<NonNullGraphType<ListGraphType<NonNullGraphType<VoteGraphType>>>>("votes")
            .Description("None, one, or two where it had a re-vote.")
            .Resolve(context => context.Source.Rounds);
        Field<VoteGraphType>("vote").Description("The last vote.").Resolve(context => context.Source.Vote);
        Field<NonNullGraphType<ListGraphType<NonNullGraphType<FlagGraphType>>>>("flags").Resolve(context => context.Source.Flags);
        Field<StringGraphType>("hiddenBecause")
            .Description("A guardian's reason; null where the text is shown.")
            .Resolve(context => context.Source.HiddenBecause);
        Field("draftedAt", proposal => proposal.DraftedAt);
        Field<DateTimeScalar>("submittedAt").Resolve(context => context.Source.SubmittedAt);
    }

    private void AddContent()
    {
        Field<RecipientProofGraphType>("recipientProof")
            .Description("The recipient's last consent; null where it needed or gave none.")
            .Resolve(context => context.Source.RecipientProof);
        Field<NonNullGraphType<ListGraphType<NonNullGraphType<BudgetLineGraphType>>>>("budget")
            .Description("None where a guardian hid the text.")
            .Resolve(context => Shown(context.Source)?.Budget ?? []);
        Field<NonNullGraphType<ListGraphType<NonNullGraphType<ProposedMilestoneGraphType>>>>("milestones")
            .Description("None where a guardian hid the text.")
            .Resolve(context => Shown(context.Source)?.Milestones ?? []);
        Field<NonNullGraphType<ListGraphType<NonNullGraphType<StringGraphType>>>>("labels")
            .Resolve(context => context.Source.Content.Labels);
        Field<StringGraphType>("discussion")
            .Description("An https link. Null where there is none or a guardian hid the text.")
            .Resolve(context => Shown(context.Source)?.Discussion);
        Field<NonNullGraphType<ListGraphType<NonNullGraphType<DeclaredConflictGraphType>>>>("conflicts")
            .Resolve(context => context.Source.Content.Conflicts);
        Field<StringGraphType>("answers")
            .Description("To the program's form: JSON, as written. Null where there are none or a guardian hid the text.")
            .Resolve(context => Shown(context.Source)?.Answers);
    }

    private void AddReview()
    {
        Field("programVersion", proposal => proposal.ProgramVersion).Description("Of the program's terms that apply to it.");
        Field<IntGraphType>("submissionRound")
            .Description("The round of its submission, from 1; null where the program has none.")
            .Resolve(context => context.Source.SubmissionRound is var round and > 0 ? round : null);
        Field<NonNullGraphType<ListGraphType<NonNullGraphType<ReviewGraphType>>>>("reviews")
            .Description("Of the content as it is, one a reviewer.")
            .Resolve(context => context.Source.Reviews.Select(review => new ScoredReview(context.Source.Review!, review)));
        Field<ChangesRequestedGraphType>("changes")
            .Description("What a reviewer last asked to be changed.")
            .Resolve(context => context.Source.Changes);
        Field<DateTimeScalar>("screenedAt")
            .Description("When the committee let it through to the vote.")
            .Resolve(context => context.Source.ScreenedAt);
        Field<NonNullGraphType<ListGraphType<NonNullGraphType<ReviewerConflictGraphType>>>>("reviewerConflicts")
            .Description("Interests that reviewers declared themselves.")
            .Resolve(context => context.Source.ReviewerConflicts);
        Field<ProposalDepositGraphType>("deposit").Description("Null where none was paid.").Resolve(context => context.Source.Deposit);
        Field<ProposalAppealGraphType>("appeal")
            .Description("Against the committee's rejection.")
            .Resolve(context => context.Source.Appeal is { } appeal ? new DecidedAppeal(appeal, context.Source.AppealDecision) : null);
    }

    private static ProposalContent? Shown(Proposal proposal) => proposal.HiddenBecause is null ? proposal.Content : null;
}
