using Grants.Primitives;
using Grants.Service.Api;
using GraphQL.Types;
using Npgsql;

namespace Grants.Service.Ingestion;

/// <summary>How fresh what the API shows is.</summary>
/// <param name="Sequence">Of the space's last event; 0 where it has none.</param>
/// <param name="FinalizedBlock">The newest block whose logs became events.</param>
public sealed record Meta(long Sequence, DateTimeOffset? At, BlockRef? FinalizedBlock);

public sealed class MetaGraphType : ObjectGraphType<Meta>
{
    public MetaGraphType()
    {
        Name = "Meta";
        Description = "How fresh what the API shows is.";
        Field("sequence", meta => meta.Sequence).Description("Of the space's last event; 0 where it has none. See asOf.");
        Field("at", meta => meta.At, nullable: true).Description("When the last event came.");
        Field<BlockRefGraphType>("finalizedBlock")
            .Description("The newest block of the chain that pays whose logs became events.")
            .Resolve(context => context.Source.FinalizedBlock);
    }

    internal static async Task<Meta> ReadAsync(GraphQL.IResolveFieldContext context)
    {
        await using var command = context.Service<NpgsqlDataSource>().CreateCommand(
            "select seq_id, timestamp from grants.mt_events where tenant_id = $1 order by seq_id desc limit 1");
        command.Parameters.Add(new() { Value = context.Space() });
        var heads = await context.Service<ChainView>()
            .HeadsAsync(context.Service<ChainIdentity>().ChainId, context.CancellationToken);
        await using var reader = await command.ExecuteReaderAsync(context.CancellationToken);
        return await reader.ReadAsync(context.CancellationToken)
            ? new Meta(reader.GetInt64(0), RoundUp(reader.GetFieldValue<DateTimeOffset>(1)), heads?.Promoted)
            : new Meta(0, null, heads?.Promoted);
    }

    // To the millisecond, as the API writes it: asked for as of then, the event is there.
    private static DateTimeOffset RoundUp(DateTimeOffset at) => at.AddTicks(
        (TimeSpan.TicksPerMillisecond - (at.Ticks % TimeSpan.TicksPerMillisecond)) % TimeSpan.TicksPerMillisecond);
}
