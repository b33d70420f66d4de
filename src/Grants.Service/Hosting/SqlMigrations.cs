using System.Reflection;
using Npgsql;

namespace Grants.Service.Hosting;

/// <summary>
/// Applies the scripts of <c>schema/sql</c> in the order of their folder names, each once, each in a transaction with the
/// row that says so. Two nodes that start together take turns.
/// </summary>
public static class SqlMigrations
{
    public static async Task ApplyAsync(NpgsqlDataSource database, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await ExecuteAsync(connection, """
            select pg_advisory_xact_lock(hashtext('grants-migrations'));
            create table if not exists public.grants_migration (name text primary key, applied_at timestamptz not null default now());
            """, cancellation);
        var applied = await AppliedAsync(connection, cancellation);
        foreach (var (name, resource) in Scripts().Where(script => !applied.Contains(script.Name)))
        {
            await ExecuteAsync(connection, await ReadAsync(resource, cancellation), cancellation);
            await using var record = new NpgsqlCommand("insert into public.grants_migration (name) values ($1)", connection);
            record.Parameters.Add(new() { Value = name });
            await record.ExecuteNonQueryAsync(cancellation);
        }

        await transaction.CommitAsync(cancellation);
    }

    private static IEnumerable<(string Name, string Resource)> Scripts() =>
        Assembly.GetExecutingAssembly().GetManifestResourceNames()
            .Where(resource => resource.StartsWith("schema/sql/", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(resource => (resource.Split('/')[2], resource));

    private static async Task<HashSet<string>> AppliedAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand("select name from public.grants_migration", connection);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var names = new HashSet<string>(StringComparer.Ordinal);
        while (await reader.ReadAsync(cancellation))
            names.Add(reader.GetString(0));
        return names;
    }

    private static async Task<string> ReadAsync(string resource, CancellationToken cancellation)
    {
        await using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(resource)!;
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync(cancellation);
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
