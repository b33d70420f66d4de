using Grants.Service.Hosting;
using Npgsql;
using Xunit;

namespace Grants.Service.Tests.Ingestion;

/// <summary>A database of before the raw logs were cut into ranges of blocks.</summary>
public sealed class RawLogsMigrationTests(LocalServers servers)
{
    private const string Before = "0012";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task logs_that_were_stored_before_are_the_same_and_late_ones_still_wait()
    {
        await using var database = NpgsqlDataSource.Create(await servers.CreateDatabaseAsync("migration"));
        await ExecuteAsync(database, "create table public.grants_migration (name text primary key, applied_at timestamptz default now())");
        foreach (var script in Scripts().Where(script => string.CompareOrdinal(script.Name, Before) < 0))
        {
            await ExecuteAsync(database, await File.ReadAllTextAsync(Path.Combine(script.FullName, "up.sql"), Cancellation));
            await ExecuteAsync(database, $"insert into public.grants_migration (name) values ('{script.Name}')");
        }

        await ExecuteAsync(database, """
            insert into chain.cursor (chain_id, genesis_hash, start_number, head_number, head_hash, finalized_number, promoted_number)
            values (7, sha256('0'), 0, 600000, sha256('600000'), 600000, 300000);
            insert into chain.block (chain_id, number, hash, parent_hash, timestamp, status)
            select 7, n, sha256(n::text::bytea), sha256('p'), n, 'finalized' from unnest(array[5, 300000, 600000]) n;
            insert into chain.log (chain_id, block_number, block_hash, tx_hash, tx_index, log_index, address, topics, data, promoted)
            select 7, n, sha256(n::text::bytea), sha256('tx'), 0, i, substring(sha256('a') for 20),
                (array[sha256('t0'), sha256('t1'), sha256('t2'), sha256('t3')])[1:i], '\x0102', n = 300000
            from unnest(array[5, 300000, 600000]) n, generate_series(0, 4) i
            """);
        await SqlMigrations.ApplyAsync(database, Cancellation);

        Assert.Equal(
            Enumerable.Range(0, 15).Select(i =>
                $"{new[] { 5, 300_000, 600_000 }[i / 5]} True {i % 5} {(i % 5 == 0 ? "none" : "True")} {Math.Max(0, (i % 5) - 1) * 32}"),
            await RowsAsync(database, """
                select concat_ws(' ', l.block_number, case when b.hash = sha256(l.block_number::text::bytea) then 'True' end, l.log_index,
                    coalesce(case when l.topic0 = sha256('t0') then 'True' end, 'none'), length(l.topics))
                from chain.log l join chain.block b on b.id = l.block_id order by l.block_number, l.log_index
                """));
        Assert.Equal(["5 0", "5 1", "5 2", "5 3", "5 4"], await RowsAsync(
            database, "select concat_ws(' ', block_number, log_index) from chain.late order by log_index"));
        Assert.Equal(["3"], await RowsAsync(database, "select count(*) from pg_partition_tree('chain.log') where isleaf"));
    }

    private static IEnumerable<DirectoryInfo> Scripts()
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (!root.EnumerateFiles("Grants.sln").Any())
            root = root.Parent!;
        return new DirectoryInfo(Path.Combine(root.FullName, "schema/sql")).EnumerateDirectories()
            .OrderBy(script => script.Name, StringComparer.Ordinal);
    }

    private static async Task ExecuteAsync(NpgsqlDataSource database, string sql)
    {
        await using var command = database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(Cancellation);
    }

    private static async Task<List<string>> RowsAsync(NpgsqlDataSource database, string sql)
    {
        await using var command = database.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync(Cancellation);
        var rows = new List<string>();
        while (await reader.ReadAsync(Cancellation))
            rows.Add(reader.GetValue(0).ToString()!);
        return rows;
    }
}
