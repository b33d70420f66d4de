using System.ComponentModel;
using Grants.Domain;
using Grants.Domain.Disbursements;
using Grants.Ethereum.JsonRpc;
using Grants.Primitives;
using Grants.Service.Access;
using Grants.Service.Api;
using Grants.Service.Api.History;
using Grants.Service.Api.Lists;
using Grants.Service.Disbursements.Control;
using Grants.Service.Hosting;
using GraphQL;
using GraphQL.DataLoader;
using GraphQL.Types;
using Marten;
using Wolverine;

namespace Grants.Service.Disbursements.Safes;

public sealed record ConfirmSafeProposalInput(
    [property: Description("Idempotency key, chosen by the client.")] string ClientMutationId,
    string ProposalId,
    [property: Description("Who has signed.")] Address Owner,
    [property: Description("The owner's, of the proposal's typedData; a contract's by ERC-1271.")] string Signature) : IMutationInput;

public sealed class SafeProposalStateGraphType : EnumerationGraphType<SafeProposalState>
{
    public SafeProposalStateGraphType() => Name = "SafeProposalState";
}

public sealed class SafeConfirmationGraphType : ObjectGraphType<SafeConfirmation>
{
    public SafeConfirmationGraphType()
    {
        Name = "SafeConfirmation";
        Field("owner", confirmation => confirmation.Owner);
        Field("signature", confirmation => confirmation.Signature).Description("Hexadecimal, of the safeTxHash.");
        Field("at", confirmation => confirmation.At);
    }
}

public sealed class SafeProposalGraphType : ObjectGraphType<SafeProposal>
{
    public SafeProposalGraphType()
    {
        Name = "SafeProposal";
        Description = "What the owners of a Safe are asked to do at one of its nonces: a CALL of the vault, and nothing else.";
        Field("proposalId", proposal => proposal.Id);
        Field<NonNullGraphType<SafeProposalStateGraphType>>("state").Resolve(context => context.Source.State);
        Field("safe", proposal => proposal.Safe);
        Field("nonce", proposal => proposal.Nonce).Description("The Safe's own. It does one thing at each, in their order.");
        Field("safeTxHash", proposal => proposal.SafeTxHash)
            .Description("By which the owners' tools and the Safe's events name it. Compare it with what your wallet shows.");
        Field("to", proposal => proposal.To).Description("Whom it calls: the vault of its orders.");
        Field("data", proposal => proposal.Data).Description("The call, hexadecimal.");
        Field<NonNullGraphType<ListGraphType<NonNullGraphType<Bytes32Scalar>>>>("orderIds")
            .Description("What it does.")
            .Resolve(context => context.Source.Orders);
        Field<NonNullGraphType<StringGraphType>>("typedData")
            .Description("What an owner signs, as JSON for eth_signTypedData_v4.")
            .Resolve(context => SafeOwners.TransactionOf(context.Source).ToTyped().ToJson());
        Field<NonNullGraphType<ListGraphType<NonNullGraphType<SafeConfirmationGraphType>>>>("confirmations")
            .Description("Who has signed. It counts while its account is an owner.")
            .Resolve(context => context.Source.Confirmations);
        Field<ContractCallGraphType>("executionCall")
            .Description("What anybody's wallet sends to have it done; null until enough of the owners of now have signed, and of "
                + "what was in the past.")
            .Resolve(context => context.Source is { State: SafeProposalState.Proposed } proposal && AsOf.MomentOfRow(context) is null
                ? ExecutionOf(context, proposal)
                : null);
        Field("proposedAt", proposal => proposal.ProposedAt);
        Field<EvidenceGraphType>("executedAt")
            .Description("The Safe's event that says that it did it, on the finalized chain.")
            .Resolve(context => context.Source.Executed);
    }

    internal static Task<SafeOwners> OwnersAsync(IResolveFieldContext context, SafeProposal proposal) =>
        SafeOwners.ReadAsync(context.Service<EthereumRpc>(), proposal.Safe, context.CancellationToken);

    // The proposals of a page are mostly of one Safe, which is asked once.
    private static IDataLoaderResult ExecutionOf(IResolveFieldContext context, SafeProposal proposal)
    {
        var (node, cancellation) = (context.Service<EthereumRpc>(), context.CancellationToken);
        return context.Batch<Address, SafeOwners>(context.Space(), async safes =>
        {
            var owners = new Dictionary<Address, SafeOwners>();
            foreach (var safe in safes)
                owners[safe] = await SafeOwners.ReadAsync(node, safe, cancellation);
            return owners;
        }).Ask([proposal.Safe], found => found[proposal.Safe].Execution(proposal));
    }
}

public static class SafesHandlers
{
    public static Task<CommandResult> Handle(ConfirmSafeProposal command, IDocumentSession session, CancellationToken cancellation) =>
        session.DecideAsync<SafeProposal>(command.ProposalId, state => SafeProposal.Decide(command, state), cancellation);
}

/// <summary>What a Safe is asked to do, and its owners' signatures.</summary>
public static class SafesGraphQL
{
    public static void Extend(ObjectGraphType query, ObjectGraphType mutation)
    {
        query.Field<SafeProposalGraphType>("safeProposal")
            .Description("What the owners of a Safe are asked to do at a nonce.")
            .Argument<NonNullGraphType<StringGraphType>>("proposalId")
            .ResolveAsync(async context => await LoadAsync(context, context.GetArgument<string>("proposalId")));
        query.AddDocumentConnection<SafeProposal, SafeProposalGraphType>(
            "safeProposals",
            "Everything that owners of a Safe were asked to do, by its id, as it is now, or was at asOf.",
            [],
            new DocumentList<SafeProposal>(
                proposal => proposal.Id,
                SafeProposal.Evolve,
                _ => new(new(), new(), Keysets.ById<SafeProposal>(proposal => proposal.Id))));
        mutation.AddCommand<ConfirmSafeProposalInput, SafeProposalGraphType>(
            "confirmSafeProposal",
            "safeProposal",
            "Brings an owner's signature for what a Safe is asked to do. It counts, and not who brings it.",
            (context, input, _) => ConfirmAsync(context, input),
            async (context, input, _) => await LoadAsync(context, input.ProposalId));
    }

    /// <summary>What was proposed for an order, the last one last.</summary>
    public static IDataLoaderResult Of(IResolveFieldContext context, Disbursement order)
    {
        var ids = order.Nonces.Select(nonce => SafeProposal.StreamId(order.Order.ChainId, nonce.Signer, nonce.Nonce)).ToList();
        return context.Aggregates<SafeProposal>(context.Space(), proposal => proposal.Id, SafeProposal.Evolve)
            .Ask(ids, found => ids.Where(found.ContainsKey).Select(id => found[id]));
    }

    private static async Task<CommandResult> ConfirmAsync(IResolveFieldContext context, ConfirmSafeProposalInput input)
    {
        if (await LoadAsync(context, input.ProposalId) is not { } proposal)
            return new NotFound("safeProposal");
        if (!(await SafeProposalGraphType.OwnersAsync(context, proposal)).Owners.Contains(input.Owner))
            return new InvalidValue("owner", $"It is no owner of the Safe {proposal.Safe}.");
        var (_, invalid) = await context.Service<AccountSignatures>().VerifyAsync(
            input.Owner, proposal.SafeTxHash, input.Signature, null, context.CancellationToken);
        return invalid is not null
            ? new InvalidValue("signature", $"It is not {input.Owner}'s of this proposal.")
            : await context.Service<IMessageBus>().InvokeAsync<CommandResult>(
                new ConfirmSafeProposal(input.ProposalId, input.Owner, input.Signature, context.Service<TimeProvider>().GetUtcNow()),
                context.CancellationToken);
    }

    private static Task<SafeProposal?> LoadAsync(IResolveFieldContext context, string id) =>
        context.Service<IQuerySession>().LoadAsync<SafeProposal>(id, context.CancellationToken);
}
