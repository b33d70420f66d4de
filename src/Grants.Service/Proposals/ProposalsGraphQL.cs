using Grants.Domain;
using Grants.Domain.Programs;
using Grants.Domain.Proposals;
using Grants.Primitives;
using Grants.Service.Api;
using Grants.Service.Api.Nodes;
using Grants.Service.Hosting;
using Grants.Service.Proposals.Deposits;
using GraphQL;
using GraphQL.Types;
using Marten;
using Wolverine;

namespace Grants.Service.Proposals;

public static class ProposalsGraphQL
{
    public static void Extend(ObjectGraphType query, ObjectGraphType mutation)
    {
        ProposalQueries.Extend(query);
        DepositsGraphQL.Extend(query, mutation);
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
            "Saves another content of a draft, or of a proposal that was sent back for changes. A save that is a change of an older "
                + "revision than the last is refused, and what is saved stays.",
            ReviseAsync,
            async (context, input, _) => await LoadAsync(context, input.ProposalId));
        mutation.AddCommand<SubmitProposalInput, ProposalGraphType>(
            "submitProposal",
            "proposal",
            "Submits a draft, or again what was sent back for changes. From here on its content is fixed, and it keeps the terms that its "
                + "program has now.",
            (context, input, actor) => SendAsync(
                context, new TakeSubmission(input.ProposalId, actor, input.Deposit?.ToId())),
            async (context, input, _) => await LoadAsync(context, input.ProposalId));
        mutation.AddCommand<ProveRecipientInput, ProposalGraphType>(
            "proveRecipient",
            "proposal",
            "Records that the recipient of a draft controls its account on the chain that pays. Needed where it is not the applicant.",
            ProveAsync,
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
            input.ToContent(),
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
            input.ToContent(),
            program.BudgetLeft,
            [program.Terms.Token, program.Terms.Vault],
            Now(context),
            input.ExpectedRevision));
    }

    private static async Task<CommandResult> ProveAsync(IResolveFieldContext context, ProveRecipientInput input, Address actor)
    {
        if (await LoadAsync(context, input.ProposalId) is not { } proposal || proposal.Applicant != actor)
            return new NotFound("proposal");
        var program = (await context.Service<IQuerySession>()
            .LoadAsync<FundingProgram>(proposal.ProgramId, context.CancellationToken))!;
        var (command, rejection) = await context.Service<RecipientDoor>()
            .AdmitAsync(proposal, program.Terms, actor, input.Signature, context.CancellationToken);
        return command is null ? rejection! : await SendAsync(context, command);
    }

    /// <param name="actor">Who asks; null for nobody.</param>
    internal static bool IsVisible(Proposal proposal, Address? actor) =>
        proposal.State != ProposalState.Draft || proposal.Applicant == actor;

    /// <summary>Those of these documents that who asks may see.</summary>
    internal static async Task<IEnumerable<Proposal>> VisibleAsync(IResolveFieldContext context, IReadOnlyCollection<string> ids) =>
        (await GlobalIds.DocumentsAsync<Proposal>(context, ids)).Where(proposal => IsVisible(proposal, context.ActorOrNull()));

    internal static Task<CommandResult> SendAsync(IResolveFieldContext context, object command) =>
        context.Service<IMessageBus>().InvokeAsync<CommandResult>(command, context.CancellationToken);

    internal static Task<Proposal?> LoadAsync(IResolveFieldContext context, Hash32 proposalId) =>
        context.Service<IQuerySession>().LoadAsync<Proposal>(Proposal.StreamId(proposalId), context.CancellationToken);

    internal static DateTimeOffset Now(IResolveFieldContext context) => context.Service<TimeProvider>().GetUtcNow();

    private static Hash32 IdOf(IResolveFieldContext context, Address applicant, string key) =>
        Proposal.IdOf(context.Space(), applicant, key);
}
