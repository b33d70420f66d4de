using System.ComponentModel;
using Grants.Domain;
using Grants.Domain.Programs;
using Grants.Domain.Proposals;
using Grants.Primitives;
using Grants.Service.Api;
using Grants.Service.Hosting;
using GraphQL;
using GraphQL.Types;
using Marten;
using Microsoft.Extensions.Options;
using Wolverine;

namespace Grants.Service.Proposals;

public sealed record DraftProposalInput(
    [property: Description("Idempotency key, chosen by the client; the proposal's id follows from it.")] string ClientMutationId,
    string ProgramId,
    [property: Description("One line, at most 200 characters.")] string Title,
    [property: Description("Markdown, at most 10,000 characters.")] string Body,
    [property: Description("Base units of the program's token.")] UInt256 RequestedAmount,
    [property: Description("Who is to be paid.")] Address Recipient) : IMutationInput;

public sealed record ReviseProposalInput(
    [property: Description("Idempotency key, chosen by the client.")] string ClientMutationId,
    Hash32 ProposalId,
    [property: Description("One line, at most 200 characters.")] string Title,
    [property: Description("Markdown, at most 10,000 characters.")] string Body,
    [property: Description("Base units of the program's token.")] UInt256 RequestedAmount,
    [property: Description("Who is to be paid.")] Address Recipient) : IMutationInput;

public sealed record SubmitProposalInput(
    [property: Description("Idempotency key, chosen by the client.")] string ClientMutationId, Hash32 ProposalId) : IMutationInput;

public sealed record WithdrawProposalInput(
    [property: Description("Idempotency key, chosen by the client.")] string ClientMutationId, Hash32 ProposalId) : IMutationInput;

public sealed class ProposalStateGraphType : EnumerationGraphType<ProposalState>
{
    public ProposalStateGraphType() => Name = "ProposalState";
}

public sealed class VotingResultGraphType : ObjectGraphType<VotingResult>
{
    public VotingResultGraphType()
    {
        Name = "VotingResult";
        Description = "The certified result of a vote. Voting power in base units.";
        Field("for", result => result.For);
        Field("against", result => result.Against);
        Field("abstain", result => result.Abstain);
        Field("voters", result => result.Voters);
        Field("quorumMet", result => result.QuorumMet).Description("For and abstain reach the quorum.");
        Field("thresholdMet", result => result.ThresholdMet).Description("For reaches its share of for and against.");
        Field("ballotLogSize", result => result.BallotLogSize).Description("Ballots accepted in all, replaced ones included.");
        Field("ballotLogRoot", result => result.BallotLogRoot).Description("Root of the ballot log (RFC 6962).");
    }
}

public sealed class VoteGraphType : ObjectGraphType<VotingOpened>
{
    public VoteGraphType()
    {
        Name = "Vote";
        Description = "The rules and facts frozen when the vote opened.";
        Field("system", vote => vote.Rules.System);
        Field("quorum", vote => vote.Rules.Quorum).Description("Base units of voting power.");
        Field("threshold", vote => vote.Rules.Threshold);
        Field("snapshotBlock", vote => vote.SnapshotBlock).Description("The finalized block at which voting power was read.");
        Field("powerRoot", vote => vote.PowerRoot).Description("Merkle root of all voting power.");
        Field("totalPower", vote => vote.TotalPower).Description("Base units.");
        Field("opensAt", vote => vote.OpensAt);
        Field("closesAt", vote => vote.ClosesAt).Description("Ballots are taken until before this instant.");
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
        Field("title", proposal => proposal.Content.Title);
        Field("body", proposal => proposal.Content.Body).Description("Markdown, as written.");
        Field("requestedAmount", proposal => proposal.Content.RequestedAmount).Description("Base units.");
        Field("recipient", proposal => proposal.Content.Recipient);
        Field<NonNullGraphType<ProposalStateGraphType>>("state").Resolve(context => context.Source.State);
        Field<Bytes32Scalar>("contentHash")
            .Description("Hash of the content as submitted; every ballot binds it.")
            .Resolve(context => context.Source.ContentHash);
        Field<VoteGraphType>("vote").Resolve(context => context.Source.Vote);
        Field<VotingResultGraphType>("result").Resolve(context => context.Source.Result);
        Field("draftedAt", proposal => proposal.DraftedAt);
    }
}

public static class ProposalsGraphQL
{
    public static void Extend(ObjectGraphType query, ObjectGraphType mutation)
    {
        query.Field<ProposalGraphType>("proposal")
            .Description("One proposal. A draft is seen by its applicant alone.")
            .Argument<NonNullGraphType<Bytes32Scalar>>("proposalId")
            .ResolveAsync(async context =>
                await LoadAsync(context, context.GetArgument<Hash32>("proposalId")) is { } proposal && IsVisible(context, proposal)
                    ? proposal
                    : null);
        query.AddConnection<Proposal, ProposalGraphType>(
            "proposals",
            "The submitted proposals of a program, by their id.",
            [new QueryArgument<NonNullGraphType<StringGraphType>> { Name = "programId" }],
            proposal => proposal.Id,
            (context, proposals, after) =>
            {
                var programId = context.GetArgument<string>("programId");
                var visible = proposals.Where(proposal => proposal.ProgramId == programId && proposal.State != ProposalState.Draft);
                return (after is null ? visible : visible.Where(proposal => proposal.Id.CompareTo(after) > 0))
                    .OrderBy(proposal => proposal.Id);
            });
        ExtendMutation(mutation);
    }

    private static void ExtendMutation(ObjectGraphType mutation)
    {
        mutation.AddCommand<DraftProposalInput, ProposalGraphType>(
            "draftProposal",
            "proposal",
            "Starts a proposal that only its applicant sees.",
            DraftAsync,
            async (context, input, actor) => await LoadAsync(context, IdOf(context, actor, input.ClientMutationId)));
        mutation.AddCommand<ReviseProposalInput, ProposalGraphType>(
            "reviseProposal",
            "proposal",
            "Replaces the content of a draft.",
            ReviseAsync,
            async (context, input, _) => await LoadAsync(context, input.ProposalId));
        mutation.AddCommand<SubmitProposalInput, ProposalGraphType>(
            "submitProposal",
            "proposal",
            "Submits a draft. From here on its content is fixed.",
            (context, input, actor) => SendAsync(context, new SubmitProposal(input.ProposalId, actor, Now(context))),
            async (context, input, _) => await LoadAsync(context, input.ProposalId));
        mutation.AddCommand<WithdrawProposalInput, ProposalGraphType>(
            "withdrawProposal",
            "proposal",
            "Withdraws a proposal that is not decided yet.",
            (context, input, actor) => SendAsync(context, new WithdrawProposal(input.ProposalId, actor, Now(context))),
            async (context, input, _) => await LoadAsync(context, input.ProposalId));
    }

    private static async Task<CommandResult> DraftAsync(IResolveFieldContext context, DraftProposalInput input, Address actor)
    {
        var session = context.Service<IQuerySession>();
        if (await session.LoadAsync<FundingProgram>(input.ProgramId, context.CancellationToken) is not { } program)
            return new NotFound("program");
        return await SendAsync(context, new DraftProposal(
            IdOf(context, actor, input.ClientMutationId),
            input.ProgramId,
            actor,
            new ProposalContent(input.Title, input.Body, input.RequestedAmount, input.Recipient),
            program.BudgetLeft,
            [program.Terms.Token, program.Terms.Vault],
            Now(context)));
    }

    private static async Task<CommandResult> ReviseAsync(IResolveFieldContext context, ReviseProposalInput input, Address actor)
    {
        if (await LoadAsync(context, input.ProposalId) is not { } proposal)
            return new NotFound("proposal");
        var program = (await context.Service<IQuerySession>()
            .LoadAsync<FundingProgram>(proposal.ProgramId, context.CancellationToken))!;
        return await SendAsync(context, new ReviseProposal(
            input.ProposalId,
            actor,
            new ProposalContent(input.Title, input.Body, input.RequestedAmount, input.Recipient),
            program.BudgetLeft,
            [program.Terms.Token, program.Terms.Vault],
            Now(context)));
    }

    private static bool IsVisible(IResolveFieldContext context, Proposal proposal) =>
        proposal.State != ProposalState.Draft || proposal.Applicant == context.ActorOrNull();

    private static Task<CommandResult> SendAsync(IResolveFieldContext context, object command) =>
        context.Service<IMessageBus>().InvokeAsync<CommandResult>(command, context.CancellationToken);

    private static Task<Proposal?> LoadAsync(IResolveFieldContext context, Hash32 proposalId) =>
        context.Service<IQuerySession>().LoadAsync<Proposal>(Proposal.StreamId(proposalId), context.CancellationToken);

    private static DateTimeOffset Now(IResolveFieldContext context) => context.Service<TimeProvider>().GetUtcNow();

    private static Hash32 IdOf(IResolveFieldContext context, Address applicant, string key) =>
        Proposal.IdOf(context.Service<IOptions<SpaceOptions>>().Value.Space, applicant, key);
}
