using Grants.Ethereum.JsonRpc;
using Grants.Service.Api;
using Grants.Service.Disbursements;
using Grants.Service.Disbursements.Signing;
using GraphQL;
using GraphQL.Types;
using Marten;

namespace Grants.Service.Reports;

public sealed class PayoutRowGraphType : ObjectGraphType<PayoutRow>
{
    public PayoutRowGraphType()
    {
        Name = "PayoutPreviewRow";
        Description = "A payment to come.";
        Field("awardId", row => row.Release.AwardId);
        Field("tranche", row => row.Release.Tranche);
        Field("recipient", row => row.Release.Recipient);
        Field("token", row => row.Terms.Token);
        Field("amount", row => row.Release.Amount, nullable: true)
            .Description("Base units; null where what holds it also keeps its amount open.");
        Field("dueAt", row => row.Release.DueAt, nullable: true)
            .Description("Seconds since 1970, chain time; null for what is ordered, and for what nothing makes due.");
        Field("orderId", row => row.Release.ReleaseId, nullable: true).Description("Null for what cannot be ordered as things stand.");
        Field<DisbursementStateGraphType>("state")
            .Description("Of its order; null where it is not ordered yet.")
            .Resolve(context => context.Source.State);
        Field("held", row => row.Held, nullable: true)
            .Description("What stands against it: of the award, of people, or of the vault; null where nothing does.");
        Field("simulation", row => row.Simulation, nullable: true)
            .Description("What the vault says to it at the block: OK, or why it would revert; null where it is not due, or on its way.");
    }
}

public sealed class PayoutPreviewGraphType : ObjectGraphType<PayoutPreview>
{
    public PayoutPreviewGraphType()
    {
        Name = "PayoutPreview";
        Description = "Who gets what of a program, when, from which tranche, and what holds it. Nothing is changed by asking.";
        Field("block", preview => preview.At.Number).Description("The newest block, at which the vault was asked.");
        Field("timestampSeconds", preview => preview.At.TimestampSeconds).Description("Of that block, since 1970.");
        Field<NonNullGraphType<ListGraphType<NonNullGraphType<PayoutRowGraphType>>>>("payouts")
            .Description("By award, each in order.")
            .Resolve(context => context.Source.Rows);
    }
}

public static class PayoutGraphQL
{
    public static void Extend(ObjectGraphType query) => query.Field<PayoutPreviewGraphType>("payoutPreview")
        .Description("What a program is going to pay. The same as a file: programs/{programId}/payouts.csv.")
        .Argument<NonNullGraphType<StringGraphType>>("programId")
        .Argument<LongGraphType>(
            "until", argument => argument.Description = "Seconds since 1970, chain time; what is due now where missing.")
        .ResolveAsync(async context =>
        {
            var session = context.Service<IQuerySession>();
            var program = context.GetArgument<string>("programId");
            return await ProgramRecords.ReadAsync(session, program, context.CancellationToken) is { } records
                ? await PayoutPreview.ReadAsync(
                    session,
                    context.Service<EthereumRpc>(),
                    context.Service<OperatorAccount>().Payer,
                    records,
                    context.GetArgument<long?>("until"),
                    context.CancellationToken)
                : null;
        });
}
