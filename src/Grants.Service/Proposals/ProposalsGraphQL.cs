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

public static class ProposalsGraphQL
{
    public static void Extend(ObjectGraphType query, ObjectGraphType mutation)
    {
        query.Field<ProposalGraphType>("proposal")
            .Description("One proposal. A draft is seen by its applicant alone.")
            .Argument<NonNullGraphType<Bytes32Scalar>>("proposalId")
            .ResolveAsync(async context =>
                await LoadAsync(context, context.GetArgument<Hash32>("proposalId")) is { } proposal
                && IsVisible(proposal, context.ActorOrNull())
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

    /// <param name="actor">Who asks; null for nobody.</param>
    internal static bool IsVisible(Proposal proposal, Address? actor) =>
        proposal.State != ProposalState.Draft || proposal.Applicant == actor;

    private static Task<CommandResult> SendAsync(IResolveFieldContext context, object command) =>
        context.Service<IMessageBus>().InvokeAsync<CommandResult>(command, context.CancellationToken);

    private static Task<Proposal?> LoadAsync(IResolveFieldContext context, Hash32 proposalId) =>
        context.Service<IQuerySession>().LoadAsync<Proposal>(Proposal.StreamId(proposalId), context.CancellationToken);

    private static DateTimeOffset Now(IResolveFieldContext context) => context.Service<TimeProvider>().GetUtcNow();

    private static Hash32 IdOf(IResolveFieldContext context, Address applicant, string key) =>
        Proposal.IdOf(context.Space(), applicant, key);
}
