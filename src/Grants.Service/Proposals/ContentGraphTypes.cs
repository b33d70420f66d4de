using Grants.Domain;
using Grants.Domain.Proposals;
using Grants.Service.Api;
using GraphQL.Types;

namespace Grants.Service.Proposals;

public sealed class BudgetLineGraphType : ObjectGraphType<BudgetLine>
{
    public BudgetLineGraphType()
    {
        Name = "BudgetLine";
        Field("item", line => line.Item);
        Field("amount", line => line.Amount).Description("Base units.");
    }
}

public sealed class ProposedMilestoneGraphType : ObjectGraphType<Milestone>
{
    public ProposedMilestoneGraphType()
    {
        Name = "ProposedMilestone";
        Description = "A promise of a proposal with the part of the award that hangs on it. Numbered from 1 by its place.";
        Field("title", milestone => milestone.Title);
        Field("description", milestone => milestone.Description).Description("Markdown, as written.");
        Field<NonNullGraphType<StringGraphType>>("descriptionHtml").Resolve(context => RenderedMarkdown.ToHtml(context.Source.Description));
        Field("share", milestone => milestone.Share);
        Field("dueAfterSeconds", milestone => milestone.DueAfterSeconds).Description("From the start of the award's vesting.");
    }
}

public sealed class DeclaredConflictGraphType : ObjectGraphType<DeclaredConflict>
{
    public DeclaredConflictGraphType()
    {
        Name = "DeclaredConflict";
        Field("account", conflict => conflict.Account);
        Field("nature", conflict => conflict.Nature);
    }
}

public sealed class RecipientProofGraphType : ObjectGraphType<RecipientProven>
{
    public RecipientProofGraphType()
    {
        Name = "RecipientProof";
        Description = "That the recipient controls its account on the chain that pays, with the evidence.";
        Field("recipient", proof => proof.Recipient);
        Field("chainId", proof => proof.ChainId);
        Field("signature", proof => proof.Signature);
        Field("isByContract", proof => proof.IsByContract).Description("By the recipient's contract (ERC-1271), else by its key.");
        Field("digest", proof => proof.Digest).Description("What was signed (EIP-712).");
        Field("block", proof => proof.Block).Description("The finalized block at which the recipient was asked.");
        Field<Bytes32Scalar>("codeHash")
            .Description("Keccak-256 of the recipient's code at that block; null where it has none.")
            .Resolve(context => context.Source.CodeHash);
        Field("at", proof => proof.At);
    }
}

public sealed class DiffLineGraphType : ObjectGraphType<DiffLine>
{
    public DiffLineGraphType()
    {
        Name = "DiffLine";
        Field<NonNullGraphType<EnumerationGraphType<DiffKind>>>("kind").Resolve(context => context.Source.Kind);
        Field("text", line => line.Text);
    }
}

public sealed class ProposalRevisionGraphType : ObjectGraphType<ProposalRevision>
{
    public ProposalRevisionGraphType()
    {
        Name = "ProposalRevision";
        Description = "A proposal's content at a time.";
        Field("number", revision => revision.Number).Description("From 1.");
        Field("actor", revision => revision.Actor);
        Field("at", revision => revision.At);
        Field("contentHash", revision => revision.Content.Hash());
        Field("title", revision => revision.Content.Title);
        Field("body", revision => revision.Content.Body);
        Field("requestedAmount", revision => revision.Content.RequestedAmount);
        Field("recipient", revision => revision.Content.Recipient);
        Field<NonNullGraphType<ListGraphType<NonNullGraphType<StringGraphType>>>>("changed")
            .Description("The fields that differ from the revision before; none for the first that one may see.")
            .Resolve(context => context.Source.Changed);
        Field<NonNullGraphType<ListGraphType<NonNullGraphType<DiffLineGraphType>>>>("bodyDiff")
            .Description("From the revision before, by lines; none for the first that one may see.")
            .Resolve(context => context.Source.Body);
    }
}
