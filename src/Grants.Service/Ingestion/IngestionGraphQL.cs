using Grants.Service.Api;
using GraphQL.Types;

namespace Grants.Service.Ingestion;

public sealed class ChainGraphType : ObjectGraphType<ChainHeads>
{
    public ChainGraphType()
    {
        Name = "Chain";
        Description = "How far a chain is followed.";
        Field("chainId", chain => chain.ChainId);
        Field("head", chain => chain.Head).Description("The newest block seen. Nothing rests on it.");
        Field("finalized", chain => chain.Finalized).Description("The newest block that can no longer change.");
        Field("promoted", chain => chain.Promoted).Description("The newest block whose logs became events.");
        Field<StringGraphType>("haltReason")
            .Description("Why money on this chain is stopped, where it is.")
            .Resolve(context => context.Source.HaltReason);
    }
}

public static class IngestionGraphQL
{
    public static void Extend(ObjectGraphType query) => query
        .Field<ChainGraphType>("chain")
        .Description("The chain that this deployment pays on.")
        .ResolveAsync(async context => await context.Service<ChainView>()
            .HeadsAsync(context.Service<ChainIdentity>().ChainId, context.CancellationToken));
}
