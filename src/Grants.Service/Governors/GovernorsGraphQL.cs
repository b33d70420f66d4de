using System.Globalization;
using Grants.Domain;
using Grants.Domain.Governors;
using Grants.Domain.Programs;
using Grants.Domain.Proposals;
using Grants.Primitives;
using Grants.Service.Access;
using Grants.Service.Api;
using Grants.Service.Api.Lists;
using Grants.Service.Hosting;
using Grants.Service.Ingestion;
using GraphQL;
using GraphQL.Types;
using Marten;
using Npgsql;
using Wolverine;

namespace Grants.Service.Governors;

public static class GovernorsGraphQL
{
    public static void Extend(ObjectGraphType query, ObjectGraphType mutation)
    {
        ExtendQuery(query);
        query.AddKeysetConnection<GovernorVoteView, GovernorVoteGraphType>(
            "governorVotes",
            "The votes on a governor's proposal, in the order in which they were cast.",
            [GovernorArgument(), ProposalArgument()],
            view => view.Version.ToString(CultureInfo.InvariantCulture),
            (context, count, after) => GovernorQueries.VotesAsync(
                context.Service<IQuerySession>(), KeyOf(context), count, VersionOf(after), context.CancellationToken));
        mutation.AddCommand<RegisterGovernorInput, GovernorGraphType>(
            "registerGovernor",
            "governor",
            "Follows a governor contract of OpenZeppelin's kind. For program managers.",
            RegisterAsync,
            async (context, input, _) => await context.Service<IQuerySession>()
                .LoadAsync<Governor>(IdOf(context, input.Governor), context.CancellationToken));
        mutation.AddCommand<ApproveByGovernorInput, ProgramApproverGraphType>(
            "approveByGovernor",
            "approver",
            "Lets the executed proposals of a governor approve the proposals to a program. For program managers.",
            NameApproverAsync,
            async (context, input, _) => await context.Service<IQuerySession>()
                .LoadAsync<ProgramApprover>(ProgramApprover.StreamId(input.ProgramId), context.CancellationToken));
        mutation.AddCommand<LinkGovernorProposalInput, GovernorProposalGraphType>(
            "linkGovernorProposal",
            "governorProposal",
            "Takes the execution of a governor's proposal as the approval of a submitted proposal. The description of the governor's "
            + "proposal must contain the id of the proposal and its content hash. For the applicant and for program managers.",
            LinkAsync,
            async (context, input, _) => await ProposalAsync(context, input.Governor, input.GovernorProposalId));
    }

    private static void ExtendQuery(ObjectGraphType query)
    {
        query.AddDocumentConnection<Governor, GovernorGraphType>(
            "governors",
            "The governor contracts that are followed, by chain and address, as they are now, or were at asOf.",
            [],
            new DocumentList<Governor>(
                governor => governor.Id,
                Governor.Evolve,
                _ => new(new(), new(), Keysets.ById<Governor>(governor => governor.Id))));
        query.AddKeysetConnection<GovernorProposalView, GovernorProposalGraphType>(
            "governorProposals",
            "The proposals on a governor, the newest first.",
            [GovernorArgument()],
            view => view.Proposal.Place,
            (context, count, before) => GovernorQueries.ProposalsAsync(
                context.Service<IQuerySession>(),
                context.Service<NpgsqlDataSource>(),
                IdOf(context, context.GetArgument<Address>("governor")),
                count,
                before,
                context.CancellationToken));
        query.Field<GovernorProposalGraphType>("governorProposal")
            .Description("One proposal on a governor.")
            .Arguments([GovernorArgument(), ProposalArgument()])
            .ResolveAsync(async context => await ProposalAsync(
                context, context.GetArgument<Address>("governor"), context.GetArgument<UInt256>("proposalId")));
    }

    private static async Task<CommandResult> RegisterAsync(IResolveFieldContext context, RegisterGovernorInput input, Address actor)
    {
        if (!await context.IsManagerAsync(actor))
            return new Forbidden("Only a program manager registers governors.");
        var chainId = context.Service<ChainIdentity>().ChainId;
        if ((input.ChainId ?? chainId) != chainId
            || await context.Service<ChainView>().HeadsAsync(chainId, context.CancellationToken) is not { } heads)
            return new ChainNotFollowed(input.ChainId ?? chainId);
        var reading = await context.Service<GovernorReader>().ReadAsync(input.Governor, heads.Promoted, context.CancellationToken);
        return await SendAsync(context, new RegisterGovernor(
            chainId, input.Governor, input.Token, input.Timelock, input.FromBlock, reading, actor, Now(context)));
    }

    private static async Task<CommandResult> NameApproverAsync(
        IResolveFieldContext context, ApproveByGovernorInput input, Address actor)
    {
        if (!await context.IsManagerAsync(actor, input.ProgramId))
            return new Forbidden("Only a program manager says who approves.");
        var session = context.Service<IQuerySession>();
        if (await session.LoadAsync<FundingProgram>(input.ProgramId, context.CancellationToken) is null)
            return new NotFound("program");
        var isFollowed = await session.LoadAsync<Governor>(IdOf(context, input.Governor), context.CancellationToken) is not null;
        var governor = new GovernorKey(context.Service<ChainIdentity>().ChainId, input.Governor);
        return await SendAsync(context, new NameApprover(input.ProgramId, governor, isFollowed, actor, Now(context)));
    }

    private static async Task<CommandResult> LinkAsync(IResolveFieldContext context, LinkGovernorProposalInput input, Address actor)
    {
        var session = context.Service<IQuerySession>();
        var proposal = await session.LoadAsync<Proposal>(Proposal.StreamId(input.ProposalId), context.CancellationToken);
        var mayLink = proposal?.Applicant == actor || await context.IsManagerAsync(actor, proposal?.ProgramId);
        if (proposal?.ContentHash is not { } contentHash || !mayLink)
            return new NotFound("proposal");
        if (proposal.State != ProposalState.Submitted)
            return new WrongProposalState(proposal.State, "submitted");
        var approver = await session.LoadAsync<ProgramApprover>(
            ProgramApprover.StreamId(proposal.ProgramId), context.CancellationToken);
        var key = new GovernorProposalKey(context.Service<ChainIdentity>().ChainId, input.Governor, input.GovernorProposalId);
        return await SendAsync(
            context, new LinkApplication(key, input.ProposalId, contentHash, approver?.Governor, actor, Now(context)));
    }

    private static Task<GovernorProposalView?> ProposalAsync(IResolveFieldContext context, Address governor, UInt256 proposalId) =>
        GovernorQueries.ProposalAsync(
            context.Service<IQuerySession>(),
            context.Service<NpgsqlDataSource>(),
            new GovernorProposalKey(context.Service<ChainIdentity>().ChainId, governor, proposalId),
            context.CancellationToken);

    private static GovernorProposalKey KeyOf(IResolveFieldContext context) => new(
        context.Service<ChainIdentity>().ChainId, context.GetArgument<Address>("governor"), context.GetArgument<UInt256>("proposalId"));

    private static string IdOf(IResolveFieldContext context, Address governor) =>
        Governor.StreamId(context.Service<ChainIdentity>().ChainId, governor);

    private static long VersionOf(string? after) => after is null ? 0
        : long.TryParse(after, NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version
        : throw new ProtocolError("BAD_USER_INPUT", "after is not a cursor of this list.");

    private static QueryArgument<NonNullGraphType<AddressScalar>> GovernorArgument() => new() { Name = "governor" };

    private static QueryArgument<NonNullGraphType<UInt256Scalar>> ProposalArgument() => new() { Name = "proposalId" };

    private static Task<CommandResult> SendAsync(IResolveFieldContext context, object command) =>
        context.Service<IMessageBus>().InvokeAsync<CommandResult>(command, context.CancellationToken);

    private static DateTimeOffset Now(IResolveFieldContext context) => context.Service<TimeProvider>().GetUtcNow();
}
