using Grants.Primitives;
using Grants.Service.Ingestion;
using Grants.Service.Ingestion.Retention;
using Npgsql;

namespace Grants.Service.Governors.Following;

/// <summary>A governor's proposals may wait for long, and votes at any past block are read from its token's logs: none is let go.</summary>
public sealed class GovernorSources(NpgsqlDataSource database) : IKeepsLogs
{
    public async Task<KeptLogs> KeptAsync(long chainId, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        return new KeptLogs(await connection.Command("select distinct address from governor.source where chain_id = $1", chainId)
            .RowsAsync(row => new Address(row.GetFieldValue<byte[]>(0)), cancellation));
    }
}
