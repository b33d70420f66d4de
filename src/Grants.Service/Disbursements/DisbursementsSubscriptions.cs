using Grants.Domain.Disbursements;
using Grants.Primitives;
using Grants.Service.Api;
using Grants.Service.Api.History;
using GraphQL;
using GraphQL.Types;

namespace Grants.Service.Disbursements;

public static class DisbursementsSubscriptions
{
    public static void Extend(ObjectGraphType subscription) => subscription.AddResumable<DisbursementGraphType>(
        "disbursementChanged",
        "An order of the treasury as it is now, and again when it was ordered, approved, given a nonce, refused or settled. The progress "
            + "of its transaction in between is as it is when it is told.",
        [new QueryArgument<NonNullGraphType<Bytes32Scalar>> { Name = "orderId" }],
        static (context, after) => context.TellStream<Disbursement>(
            Disbursement.StreamId(context.GetArgument<Hash32>("orderId")), Disbursement.Evolve, "disbursement", after));
}
