using Grants.Domain.Disbursements;
using Grants.Primitives;
using Grants.Service.Api;
using Grants.Service.Api.History;
using Grants.Service.Api.Lists;
using Grants.Service.Api.Nodes;
using Grants.Service.Disbursements.Control;
using Grants.Service.Disbursements.Safes;
using Grants.Service.Disbursements.Watching;
using GraphQL;
using GraphQL.DataLoader;
using GraphQL.Types;

namespace Grants.Service.Disbursements;

public sealed class DisbursementStateGraphType : EnumerationGraphType<DisbursementState>
{
    public DisbursementStateGraphType() => Name = "DisbursementState";
}

public sealed class TreasuryOrderKindGraphType : EnumerationGraphType<TreasuryOrderKind>
{
    public TreasuryOrderKindGraphType() => Name = "TreasuryOrderKind";
}

public sealed class DisbursementGraphType : ObjectGraphType<Disbursement>
{
    public DisbursementGraphType()
    {
        Name = "Disbursement";
        Description = "The life of one on-chain order of the treasury, from intent to finality.";
        this.IsNode(disbursement => disbursement.Id, GlobalIds.DocumentsAsync<Disbursement>);
        Field("orderId", disbursement => disbursement.Order.OrderId);
        Field<NonNullGraphType<TreasuryOrderKindGraphType>>("kind").Resolve(context => context.Source.Order.Kind);
        Field<NonNullGraphType<DisbursementStateGraphType>>("state")
            .Description("Where the order stands, with the progress of its transaction.")
            .Resolve(context => Progress(context, context.Source));
        Field("awardId", disbursement => disbursement.Order.AwardId);
        Field("receiver", disbursement => disbursement.Order.Receiver);
        Field("amount", disbursement => disbursement.Order.Amount).Description("Base units.");
        Field<NonNullGraphType<ListGraphType<NonNullGraphType<Bytes32Scalar>>>>("transactionHashes")
            .Description("Every signed attempt. Those of one nonce exclude each other, and a nonce is given only when the one before is "
                + "used up on the finalized chain, so at most one of all ever pays.")
            .Resolve(context => Hashes(context, context.Source));
        Field<LongGraphType>("nonce")
            .Description("The last nonce that it was given.")
            .Resolve(context => context.Source.Nonces is [.., var last] ? last.Nonce : null);
        Field("orderedAt", disbursement => disbursement.OrderedAt).Description("Older orders are signed first.");
        Field<StringGraphType>("failure").Description("What the vault said, where it refused.").Resolve(context => context.Source.Failure);
        Field<EvidenceGraphType>("finalizedAt")
            .Description("The vault's event that settled or voided it.")
            .Resolve(context => context.Source.FinalizedAt);
        Field<NonNullGraphType<ListGraphType<NonNullGraphType<DisbursementApprovalGraphType>>>>("approvals")
            .Description("Who signed for it, since it was last tried.")
            .Resolve(context => context.Source.Approvals);
        Field<NonNullGraphType<StringGraphType>>("approvalTypedData")
            .Description("What an approver signs, as JSON for eth_signTypedData_v4.")
            .Resolve(context => PaymentRules.Approval(context.Source.Order).ToJson());
        Field<NonNullGraphType<ListGraphType<NonNullGraphType<SafeProposalGraphType>>>>("safeProposals")
            .Description("Where a Safe does it: what its owners were asked to sign, the last one last. All but that one can never be done.")
            .Resolve(context => SafesGraphQL.Of(context, context.Source));
        Field<NonNullGraphType<ContractCallGraphType>>("voidCall")
            .Description("What a guardian's own wallet sends so that the vault can never pay it.")
            .Resolve(context => ContractCallGraphType.Void(context.Source.Order));
    }

    private static object Progress(IResolveFieldContext context, Disbursement order) =>
        order.State != DisbursementState.Assigned
            ? order.State
            : Transactions(context, order, [order.Nonces[^1]], found => found.SingleOrDefault()?.State switch
            {
                null => DisbursementState.Assigned,
                TransactionState.Signed => DisbursementState.Signed,
                TransactionState.Sent => DisbursementState.Broadcast,
                _ => DisbursementState.Mined,
            });

    private static IDataLoaderResult Hashes(IResolveFieldContext context, Disbursement order) =>
        Transactions(context, order, order.Nonces, found => order.Attempts.Concat(found.SelectMany(transaction => transaction.Attempts))
            .Select(attempt => attempt.TransactionHash).Distinct());

    // In the order of the nonces; one that nothing was signed with is left out.
    private static IDataLoaderResult Transactions<T>(
        IResolveFieldContext context, Disbursement order, IReadOnlyList<NonceOf> nonces, Func<IEnumerable<TreasuryTransaction>, T> tell)
    {
        var ids = nonces.Select(nonce => TreasuryTransaction.StreamId(order.Order.ChainId, nonce.Signer, nonce.Nonce)).ToList();
        return context.Aggregates<TreasuryTransaction>(Spaces.Deployment, transaction => transaction.Id, TreasuryTransaction.Evolve).Ask(
            ids, found => tell(ids.Where(found.ContainsKey).Select(id => found[id])));
    }
}

public static class DisbursementsGraphQL
{
    public static void Extend(ObjectGraphType query, ObjectGraphType mutation)
    {
        ControlGraphQL.Extend(mutation);
        WatchingGraphQL.Extend(query, mutation);
        SafesGraphQL.Extend(query, mutation);
        query.Field<NonNullGraphType<TreasuryGraphType>>("treasury")
            .Description("The hot side of the treasury.")
            .ResolveAsync(async context => await TreasuryGraphType.LoadAsync(context));
        query.Field<NonNullGraphType<ContractCallGraphType>>("vaultPauseCall")
            .Description("What a guardian's own wallet sends to pause a vault.")
            .Argument<NonNullGraphType<AddressScalar>>("vault")
            .Resolve(context => ContractCallGraphType.Pause(context.GetArgument<Address>("vault")));
        query.Field<DisbursementGraphType>("disbursement")
            .Description("One order of the treasury.")
            .Argument<NonNullGraphType<Bytes32Scalar>>("orderId")
            .Argument<InputType<AsOfInput>>(AsOf.Name, AsOf.Description)
            .ResolveAsync(async context => await context.LoadAsOfAsync<Disbursement>(
                Disbursement.StreamId(context.GetArgument<Hash32>("orderId")), Disbursement.Evolve));
        query.AddDocumentConnection<Disbursement, DisbursementGraphType>(
            "disbursements",
            "All orders of the treasury, by their id, as they are now, or were at asOf with their transactions.",
            [],
            new DocumentList<Disbursement>(
                disbursement => disbursement.Id,
                Disbursement.Evolve,
                _ => new(new(), new(), Keysets.ById<Disbursement>(disbursement => disbursement.Id))));
    }
}
