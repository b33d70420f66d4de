using Npgsql;

namespace Grants.Service.Ingestion.Following;

/// <summary>
/// The seat of a chain's one ingestor among all instances: a session lock of PostgreSQL, free again as soon as the
/// connection is gone. It spares work; what keeps writes apart is the epoch in the cursor.
/// </summary>
public sealed class IngestorLock : IAsyncDisposable
{
    private const string Key = "hashtextextended('chain ingestor', $1)";

    private readonly NpgsqlConnection connection;
    private readonly long chainId;

    private IngestorLock(NpgsqlConnection connection, long chainId)
    {
        this.connection = connection;
        this.chainId = chainId;
    }

    /// <summary>Takes the seat; null where another has it.</summary>
    public static async Task<IngestorLock?> TryTakeAsync(NpgsqlDataSource database, long chainId, CancellationToken cancellation)
    {
        var connection = await database.OpenConnectionAsync(cancellation);
        try
        {
            if (await connection.Command($"select pg_try_advisory_lock({Key})", chainId).ScalarAsync(cancellation) is true)
                return new IngestorLock(connection, chainId);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }

        await connection.DisposeAsync();
        return null;
    }

    /// <summary>Frees the seat at once: a pooled connection would keep the lock until somebody uses it again.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await connection.Command($"select pg_advisory_unlock({Key})", chainId).ExecuteAsync(CancellationToken.None);
        }
        catch (NpgsqlException)
        {
            // The connection broke, and the lock with it.
        }

        await connection.DisposeAsync();
    }
}
