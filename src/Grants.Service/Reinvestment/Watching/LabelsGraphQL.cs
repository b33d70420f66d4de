using System.ComponentModel;
using Grants.Domain;
using Grants.Domain.Reinvestment;
using Grants.Domain.Reinvestment.Watching;
using Grants.Ethereum.TypedData;
using Grants.Primitives;
using Grants.Service.Access;
using Grants.Service.Api;
using Grants.Service.Hosting;
using Grants.Service.Ingestion;
using GraphQL;
using GraphQL.Types;
using Wolverine;

namespace Grants.Service.Reinvestment.Watching;

public sealed record LabelFlowInput(
    [property: Description("Idempotency key, chosen by the client.")] string ClientMutationId,
    Hash32 AwardId,
    [property: Description("Of a flow to somebody unknown, not older than seven days, or still followed.")] string FlowId,
    FlowClaim Claim,
    [property: Description("Public; 1 to 2,000 characters.")] string Note,
    [property: Description("The wallet of the award that signs.")] Address Signer,
    [property: Description("Its signature of flowLabelTypedData, hexadecimal.")] string Signature) : IMutationInput;

public sealed class FlowLabelGraphType : ObjectGraphType<FlowLabelled>
{
    public FlowLabelGraphType()
    {
        Name = "FlowLabel";
        Description = "What a grantee signed that a flow was. It changes no number: who lists a venue or labels an address for it does.";
        Field("flowId", label => label.FlowId);
        Field("counterparty", label => label.Counterparty, nullable: true);
        Field<NonNullGraphType<EnumerationGraphType<FlowClaim>>>("claim").Resolve(context => context.Source.Claim);
        Field("note", label => label.Note);
        Field("signer", label => label.Signer);
        Field("at", label => label.At);
    }
}

public sealed class ControlChangeGraphType : ObjectGraphType<ControlChanged>
{
    public ControlChangeGraphType()
    {
        Name = "WalletControlChange";
        Description = "Somebody else may control a wallet of the award from here on.";
        Field("wallet", changed => changed.Wallet);
        Field<NonNullGraphType<EnumerationGraphType<ControlChange>>>("change").Resolve(context => context.Source.Change);
        Field("account", changed => changed.Account, nullable: true).Description("The owner or module; null for a threshold.");
        Field<UInt256Scalar>("threshold").Description("How many must sign from here on.").Resolve(context => context.Source.Threshold);
        Field("evidence", changed => changed.Evidence);
        Field<NonNullGraphType<StringGraphType>>("nextStep")
            .Description("What a person of the program does next.")
            .Resolve(context => ControlChanged.NextStep(context.Source.Change));
    }
}

/// <summary>What grantees say of flows to somebody unknown, and what their wallets say of who controls them.</summary>
public static class LabelsGraphQL
{
    public static void Extend(ObjectGraphType query, ObjectGraphType mutation)
    {
        query.AddListConnection<FlowLabelled, FlowLabelGraphType>(
            "flowLabels",
            "What the grantee said of flows of an award, oldest first.",
            ReinvestmentGraphQL.OfAward,
            async context => (await ReinvestmentGraphQL.LoadAsync(context, ReinvestmentGraphQL.AwardOf(context)))?.FlowLabels ?? []);
        query.AddListConnection<ControlChanged, ControlChangeGraphType>(
            "controlChanges",
            "Changes in who controls the wallets of an award, oldest first.",
            ReinvestmentGraphQL.OfAward,
            async context =>
                [.. (await ReinvestmentGraphQL.EventsAsync(context, ReinvestmentGraphQL.AwardOf(context))).OfType<ControlChanged>()]);
        query.Field<StringGraphType>("flowLabelTypedData")
            .Description("What a wallet of the award signs to label a flow, as JSON for eth_signTypedData_v4; null for an unknown flow.")
            .Argument<NonNullGraphType<Bytes32Scalar>>("awardId")
            .Argument<NonNullGraphType<StringGraphType>>("flowId")
            .Argument<NonNullGraphType<EnumerationGraphType<FlowClaim>>>("claim")
            .Argument<NonNullGraphType<StringGraphType>>("note")
            .ResolveAsync(async context =>
            {
                var (award, flow) = (context.GetArgument<Hash32>("awardId"), context.GetArgument<string>("flowId"));
                return await FlowAsync(context, award, flow) is null
                    ? null
                    : TypedDataOf(
                        context, award, flow, context.GetArgument<FlowClaim>("claim"), context.GetArgument<string>("note")).ToJson();
            });
        mutation.AddCommand<LabelFlowInput, ListGraphType<NonNullGraphType<FlowLabelGraphType>>>(
            "labelFlow",
            "flowLabels",
            "Records what a wallet of the award signed that a flow to somebody unknown, or to a wallet that joined by itself, was, within "
                + "seven days of it, or as long as it is followed. Anybody may hand it in.",
            LabelAsync,
            async (context, input, _) => (await ReinvestmentGraphQL.LoadAsync(context, input.AwardId))?.FlowLabels);
    }

    private static async Task<CommandResult> LabelAsync(IResolveFieldContext context, LabelFlowInput input, Address actor)
    {
        var flow = await FlowAsync(context, input.AwardId, input.FlowId);
        var chainId = context.Service<ChainIdentity>().ChainId;
        if (flow is null || await context.Service<ChainView>().HeadsAsync(chainId, context.CancellationToken) is not { } heads)
            return new NotFound("flow");
        var digest = TypedDataOf(context, input.AwardId, input.FlowId, input.Claim, input.Note).Digest();
        var (_, rejection) = await context.Service<AccountSignatures>()
            .VerifyAsync(input.Signer, digest, input.Signature, null, context.CancellationToken);
        return rejection ?? await context.Service<IMessageBus>().InvokeAsync<CommandResult>(
            new LabelFlow(
                input.AwardId,
                flow.Flow,
                flow.Block,
                input.Claim,
                input.Note,
                input.Signer,
                input.Signature,
                digest,
                heads.Promoted,
                context.Service<TimeProvider>().GetUtcNow()),
            context.CancellationToken);
    }

    // EIP-712 type LabelFlow(string space,bytes32 award,string flow,string claim,string note).
    private static TypedData TypedDataOf(IResolveFieldContext context, Hash32 award, string flow, FlowClaim claim, string note) =>
        TypedData.Of(
            new TypedDataDomain(TypedStruct.DomainName, TypedStruct.DomainVersion, context.Service<ChainIdentity>().ChainId),
            "LabelFlow",
            [
                ("space", "string", context.Space()),
                ("award", "bytes32", award),
                ("flow", "string", flow),
                ("claim", "string", claim.ToString()),
                ("note", "string", note),
            ]);

    private static async Task<FlowClassified?> FlowAsync(IResolveFieldContext context, Hash32 awardId, string flowId) =>
        Rerun.FlowsOf(await ReinvestmentGraphQL.EventsAsync(context, awardId)).FirstOrDefault(one => one.Flow.Id == flowId);
}
