using Npgsql;

namespace Grants.Service.Hosting;

/// <summary>
/// What one instance among all does at a time: a session lock of PostgreSQL, free again as soon as the connection is gone. It
/// spares work and keeps instances out of each other's way; what must never happen twice is kept apart by the rows themselves.
/// </summary>
public sealed class ClusterSeat : IAsyncDisposable
{
    private const string Key = "hashtextextended($1, $2)";

    private readonly NpgsqlConnection connection;
    private readonly string what;
    private readonly long chainId;

    private ClusterSeat(NpgsqlConnection connection, string what, long chainId)
    {
        (this.connection, this.what, this.chainId) = (connection, what, chainId);
    }

    /// <summary>Takes the seat of what is done for a chain; null where another has it.</summary>
    public static async Task<ClusterSeat?> TryTakeAsync(
        NpgsqlDataSource database, string what, long chainId, CancellationToken cancellation)
    {
        var seat = new ClusterSeat(await database.OpenConnectionAsync(cancellation), what, chainId);
        try
        {
            if (await seat.AskAsync($"select pg_try_advisory_lock({Key})", cancellation) is true)
                return seat;
        }
        catch
        {
            await seat.connection.DisposeAsync();
            throw;
        }

        await seat.connection.DisposeAsync();
        return null;
    }

    /// <summary>Throws where the connection is lost, and the seat with it.</summary>
    /// <exception cref="NpgsqlException">It is lost.</exception>
    public async Task CheckAsync(CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand("select 1", connection);
        await command.ExecuteScalarAsync(cancellation);
    }

    /// <summary>Frees the seat at once: a pooled connection would keep the lock until somebody uses it again.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await AskAsync($"select pg_advisory_unlock({Key})", CancellationToken.None);
        }
        catch (Exception lost) when (lost is NpgsqlException or InvalidOperationException)
        {
            // The connection broke, and the lock with it.
        }

        await connection.DisposeAsync();
    }

    private async Task<object?> AskAsync(string question, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(question, connection);
        command.Parameters.Add(new() { Value = what });
        command.Parameters.Add(new() { Value = chainId });
        return await command.ExecuteScalarAsync(cancellation);
    }
}
