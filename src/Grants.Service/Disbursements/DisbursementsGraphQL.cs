using Grants.Domain.Disbursements;
using Grants.Primitives;
using Grants.Service.Api;
using GraphQL;
using GraphQL.Types;
using Marten;

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
        Field("orderId", disbursement => disbursement.Order.OrderId);
        Field<NonNullGraphType<TreasuryOrderKindGraphType>>("kind").Resolve(context => context.Source.Order.Kind);
        Field<NonNullGraphType<DisbursementStateGraphType>>("state").Resolve(context => context.Source.State);
        Field("awardId", disbursement => disbursement.Order.AwardId);
        Field("receiver", disbursement => disbursement.Order.Receiver);
        Field("amount", disbursement => disbursement.Order.Amount).Description("Base units.");
        Field<NonNullGraphType<ListGraphType<NonNullGraphType<Bytes32Scalar>>>>("transactionHashes")
            .Description("Every signed attempt; all of them have the same nonce, so at most one is ever mined.")
            .Resolve(context => context.Source.Attempts.Select(attempt => attempt.TransactionHash));
        Field<LongGraphType>("nonce").Resolve(context => context.Source.Attempts is [var first, ..] ? first.Nonce : null);
        Field<StringGraphType>("failure").Description("What the vault said, where it refused.").Resolve(context => context.Source.Failure);
        Field<EvidenceGraphType>("finalizedAt").Resolve(context => context.Source.FinalizedAt);
    }
}

public sealed record Treasury(Address? Operator);

public sealed class TreasuryGraphType : ObjectGraphType<Treasury>
{
    public TreasuryGraphType()
    {
        Name = "Treasury";
        Field<AddressScalar>("operator")
            .Description("The account that sends the treasury's orders and needs the vault's operator role; null without a key.")
            .Resolve(context => context.Source.Operator);
    }
}

public static class DisbursementsGraphQL
{
    public static void Extend(ObjectGraphType query)
    {
        query.Field<NonNullGraphType<TreasuryGraphType>>("treasury")
            .Description("The hot side of the treasury.")
            .Resolve(context => new Treasury(context.Service<OperatorKey>().Key?.Address));
        query.Field<DisbursementGraphType>("disbursement")
            .Description("One order of the treasury.")
            .Argument<NonNullGraphType<Bytes32Scalar>>("orderId")
            .ResolveAsync(async context => await context.Service<IQuerySession>().LoadAsync<Disbursement>(
                Disbursement.StreamId(context.GetArgument<Hash32>("orderId")), context.CancellationToken));
        query.AddConnection<Disbursement, DisbursementGraphType>(
            "disbursements",
            "All orders of the treasury, by their id.",
            [],
            disbursement => disbursement.Id,
            (_, all, after) => (after is null ? all : all.Where(disbursement => disbursement.Id.CompareTo(after) > 0))
                .OrderBy(disbursement => disbursement.Id));
    }
}
