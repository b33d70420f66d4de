using Grants.Service.Api;
using Grants.Service.Ingestion.Following;
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
        Field("safe", chain => chain.SafeNumber, nullable: true)
            .Description("The height that is unlikely to be replaced, where the node says so. Nothing rests on it.");
        Field("posted", chain => chain.PostedNumber, nullable: true)
            .Description("The height that L1 has, final there or not, where that is read. Nothing rests on it.");
        Field("finalized", chain => chain.Finalized).Description("The newest block that can no longer change.");
        Field("promoted", chain => chain.Promoted).Description("The newest block whose logs became events.");
        Field("lag", chain => chain.Head.Number - chain.Promoted.Number)
            .Description("Blocks that were seen and whose logs are not events yet, most of them because they are not final.");
        Field<StringGraphType>("haltReason")
            .Description("Why money on this chain is stopped, where it is.")
            .Resolve(context => context.Source.HaltReason);
        Field<NonNullGraphType<LongGraphType>>("backfillLeft")
            .Description("Blocks of the past that are still to be read for addresses that were watched late.")
            .ResolveAsync(async context => await context.Service<ChainView>()
                .BackfillLeftAsync(context.Source.ChainId, context.CancellationToken));
        Field<ChainProgressGraphType>("progress")
            .Description("What this instance has read of the chain since it began; null where another one follows it.")
            .Resolve(context => context.Service<ChainProgress>().Of(context.Source.ChainId));
    }
}

public sealed class ChainProgressGraphType : ObjectGraphType<ReadSoFar>
{
    public ChainProgressGraphType()
    {
        Name = "ChainProgress";
        Description = "How much of a chain was read.";
        Field("blocks", read => read.Blocks);
        Field("logs", read => read.Logs).Description("Those of watched addresses.");
        Field("blocksPerSecond", read => read.BlocksPerSecond)
            .Description("Lately.");
        Field("blocksLeft", read => read.BlocksLeft)
            .Description("Still to be read: up to the node's head, and of the past of addresses that were watched late.");
        Field("secondsLeft", read => read.SecondsLeft, nullable: true)
            .Description("Until that is read, at the present rate; null where nothing was read lately.");
    }
}

public static class IngestionGraphQL
{
    public static void Extend(ObjectGraphType query)
    {
        query.Field<NonNullGraphType<MetaGraphType>>("_meta")
            .Description("How fresh what is shown is.")
            .ResolveAsync(async context => await MetaGraphType.ReadAsync(context));
        query.Field<ChainGraphType>("chain")
            .Description("The chain that this deployment pays on.")
            .ResolveAsync(async context => await context.Service<ChainView>()
                .HeadsAsync(context.Service<ChainIdentity>().ChainId, context.CancellationToken));
        query.Field<NonNullGraphType<ListGraphType<NonNullGraphType<ChainGraphType>>>>("chains")
            .Description("Every chain that is followed, by its id.")
            .ResolveAsync(async context => await context.Service<ChainView>().AllHeadsAsync(context.CancellationToken));
    }
}
