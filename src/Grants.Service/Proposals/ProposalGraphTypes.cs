using Grants.Domain.Proposals;
using Grants.Service.Api;
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
        Field("proposalId", proposal => proposal.ProposalId);
        Field("programId", proposal => proposal.ProgramId);
        Field("applicant", proposal => proposal.Applicant);
        Field<StringGraphType>("title").Description("Null where a guardian hid the text.").Resolve(context => Shown(context.Source)?.Title);
        Field<StringGraphType>("body")
            .Description("Markdown, as written. Null where a guardian hid the text.")
            .Resolve(context => Shown(context.Source)?.Body);
        Field("requestedAmount", proposal => proposal.Content.RequestedAmount).Description("Base units.");
        Field("recipient", proposal => proposal.Content.Recipient);
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

    private static ProposalContent? Shown(Proposal proposal) => proposal.HiddenBecause is null ? proposal.Content : null;
}
