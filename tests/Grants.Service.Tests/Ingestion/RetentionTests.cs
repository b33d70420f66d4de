using System.Collections.Immutable;
using Grants.Ethereum.Following;
using Grants.Primitives;
using Grants.Service.Ingestion;
using Grants.Service.Ingestion.Following;
using Grants.Service.Ingestion.Retention;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Npgsql;
using Xunit;

namespace Grants.Service.Tests.Ingestion;

/// <summary>Raw logs are let go and come back: with tables of 16 blocks instead of 250,000.</summary>
public sealed class RetentionTests(LocalServers servers) : IAsyncDisposable
{
    private const int Blocks = 60;

    /// <summary>Whom the logs name, each another.</summary>
    private static readonly ImmutableArray<Address> Named =
        [.. Enumerable.Range(1, 4 * Blocks).Select(number => new Address(((UInt256)(ulong)number).ToBytes().AsSpan(12)))];

    private IngestionRig rig = null!;
    private ChainIngestor ingestor = null!;
    private Address token;
    private Address venue;
    private Address late;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync() => await rig.DisposeAsync();

    [Fact]
    public async Task what_was_let_go_and_is_asked_for_is_read_again_as_it_was()
    {
        await StartAsync();
        var (logs, before, named) = (await rig.StoredLogsAsync(), await NamingAsync(5), await NamedBeforeAsync(50));
        Assert.True(await LetGoAsync() > 0);
        Assert.Equal(named, await NamedBeforeAsync(50));
        Assert.Contains(true, named);
        Assert.Contains(false, named);
        Assert.Equal(logs.Where(log => NumberOf(log) >= 48), await rig.StoredLogsAsync());
        Assert.DoesNotContain("20", await rig.BlocksAsync("finalized"));
        Assert.False(await rig.View.IsCoveredAsync(rig.ChainId, token, 5, 50, Cancellation));
        Assert.True(await rig.View.IsCoveredAsync(rig.ChainId, token, 48, 50, Cancellation));
        Assert.Equal(0, await LetGoAsync());

        await rig.Recalls.AskAsync(rig.ChainId, 5, Cancellation);
        Assert.False(await rig.Recalls.AreHereAsync(rig.ChainId, 5, Cancellation));
        Assert.Equal(0, await LetGoAsync()); // what is being read again is not let go
        await IngestionRig.ToEndAsync(ingestor);
        Assert.Equal(before, await NamingAsync(5));
        Assert.Equal(logs.Where(log => NumberOf(log) >= 5), await rig.StoredLogsAsync());
        Assert.True(await rig.View.IsCoveredAsync(rig.ChainId, token, 5, 50, Cancellation));
        Assert.False(await rig.View.IsCoveredAsync(rig.ChainId, token, 4, 50, Cancellation));

        Assert.True(await LetGoAsync() > 0);
        await rig.Recalls.AskAsync(rig.ChainId, 20, Cancellation);
        await (await rig.OpenAsync(limits: new FollowerLimits(LargestRange: 4))).BackfillAsync(Cancellation);
        await rig.Recalls.AskAsync(rig.ChainId, 0, Cancellation);
        await IngestionRig.ToEndAsync(await rig.OpenAsync(limits: new FollowerLimits(LargestRange: 4)));
        Assert.Equal(logs, await rig.StoredLogsAsync());
        Assert.True(await rig.View.IsCoveredAsync(rig.ChainId, token, 0, 50, Cancellation));
        Assert.Empty(await rig.RowsAsync("select 1 from chain.late")); // it was told before, and is told to nobody again
    }

    [Fact]
    public async Task what_a_feature_reads_again_and_again_stays()
    {
        await StartAsync();
        var logs = await rig.StoredLogsAsync();
        Assert.True(await LetGoAsync(new KeptLogs([token])) > 0);
        Assert.Equal(
            logs.Where(log => NumberOf(log) >= 48 || IsOf(log, token)),
            await rig.StoredLogsAsync());
        Assert.True(await rig.View.IsCoveredAsync(rig.ChainId, token, 0, 50, Cancellation));
        Assert.False(await rig.View.IsCoveredAsync(rig.ChainId, venue, 0, 50, Cancellation));
        Assert.Equal(0, await LetGoAsync(new KeptLogs([token])));
        Assert.True(await LetGoAsync() > 0);
        Assert.Equal(logs.Where(log => NumberOf(log) >= 48), await rig.StoredLogsAsync());
    }

    [Fact]
    public async Task an_address_that_is_watched_late_is_told_and_nobody_else_again()
    {
        await StartAsync(tokenFrom: 20);
        await LetGoAsync();
        await rig.WatchAsync(late, 3);
        await rig.WatchAsync(token, 10);
        await IngestionRig.ToEndAsync(ingestor);
        var told = (await rig.RowsAsync(
            """
            select concat_ws(' ', l.block_number, '0x' || encode(l.address, 'hex'))
            from chain.late join chain.log l using (chain_id, block_number, block_id, log_index) order by l.block_number, l.log_index
            """)).ToLookup(row => row.Split(' ')[1], row => row.Split(' ')[0]);
        var promoted = (int)ingestor.Known.Finalized.Number;
        Assert.Equal(["10", "11", "13", "14", "15", "17", "18", "19"], told[Hex.Format(token.ToBytes())]);
        Assert.Empty(told[Hex.Format(venue.ToBytes())]);
        Assert.Equal(
            (await rig.NodesLogsAsync(late)).Select(NumberOf).Where(number => number <= promoted).Select(number => $"{number}"),
            told[Hex.Format(late.ToBytes())]);
        Assert.True(await rig.View.IsCoveredAsync(rig.ChainId, token, 10, 50, Cancellation));
    }

    [Fact]
    public async Task nothing_is_let_go_while_something_speaks_against_it()
    {
        await StartAsync();
        var logs = await rig.StoredLogsAsync();
        Assert.Equal(0, await LetGoAsync(new KeptLogs([], "A flow is told.")));
        await rig.WatchAsync(late, 3);
        Assert.Equal(0, await LetGoAsync());
        await IngestionRig.ToEndAsync(ingestor);
        Assert.NotEmpty(await rig.RowsAsync("select 1 from chain.late"));
        Assert.Equal(0, await LetGoAsync());
        Assert.Equal(logs, (await rig.StoredLogsAsync()).Where(log => !IsOf(log, late)));
        await rig.RowsAsync("delete from chain.late returning 1");
        Assert.Equal(0, await LetGoAsync(keepBlocks: 60));
        Assert.True(await LetGoAsync() > 0);
    }

    [Fact]
    public async Task a_long_past_that_is_looked_up_is_the_one_that_is_read()
    {
        await StartAsync();
        var firsts = (await rig.Chain.LogsAsync(token)).Take(1).Select(log => log.Topics[0]).ToList();
        foreach (var (from, to, of, everybodys) in new (long, long, IEnumerable<Address>, IEnumerable<Hash32>)[]
        {
            (5, 50, Named.Where((_, i) => i % 7 == 0), []), (0, 60, [], firsts), (30, 31, Named.Take(90), firsts), (5, 50, [token], []),
        })
        {
            var (read, lookedUp) = (await Past(long.MaxValue), await Past(-1));
            Assert.Equal(read, lookedUp);
            Assert.Equal(of.Contains(token), read.Length == 0);

            async Task<string[]> Past(long longPast) =>
            [
                .. (await new PastTransactions(rig.Database, longPast).NamingAsync(rig.ChainId, of, [], everybodys, from, to, Cancellation))
                    .Select(one => $"{one.Block} {string.Join(',', one.Logs.Select(log => log.LogIndex))}"),
            ];
        }
    }

    // Logs are the largest table by far: a table without statistics would be read from end to end.
    [Fact]
    public async Task whether_somebody_is_new_is_asked_of_the_filters_and_not_of_all_logs()
    {
        await StartAsync();
        await using var connection = await rig.Database.OpenConnectionAsync(Cancellation);
        // What is counted and not yet handed in is shown: that of earlier users of the connection goes first.
        await using var flush = new NpgsqlCommand("select pg_stat_force_next_flush()", connection);
        await flush.ExecuteScalarAsync(Cancellation);
        await using var transaction = await connection.BeginTransactionAsync(Cancellation);
        await using var ask = new NpgsqlCommand("select chain.is_named_before($1, $2, 50, ''::bytea, 0)", connection)
        {
            Parameters = { new() { Value = rig.ChainId }, new() { Value = token.ToBytes() } },
        };
        Assert.Equal(false, await ask.ExecuteScalarAsync(Cancellation));
        await using var scans = new NpgsqlCommand(
            """
            select a.amname || ' ' || (sum(pg_stat_get_xact_numscans(c.oid)) > 0) from pg_partition_tree('chain.log') t
            join pg_index i on i.indrelid = t.relid join pg_class c on c.oid in (i.indexrelid, t.relid) join pg_am a on a.oid = c.relam
            where t.isleaf group by a.amname order by 1
            """,
            connection);
        await using var reader = await scans.ExecuteReaderAsync(Cancellation);
        var used = new List<string>();
        while (await reader.ReadAsync(Cancellation))
            used.Add(reader.GetString(0));
        Assert.Equal(["brin true", "btree false", "heap false"], used);
    }

    private static long NumberOf(string log) => long.Parse(log.Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture);

    private static bool IsOf(string log, Address address) => log.Contains(Hex.Format(address.ToBytes()), StringComparison.Ordinal);

    /// <summary>Blocks with logs of all three, of which two are watched; every fourth has one of the third alone.</summary>
    private async Task StartAsync(long tokenFrom = 0)
    {
        rig = await IngestionRig.StartAsync(servers);
        await rig.RowsAsync(
            "create or replace function chain.range_width() returns bigint immutable language sql as 'select 16::bigint'");
        (token, venue) = (await rig.Chain.DeployEchoAsync(), await rig.Chain.DeployEchoAsync());
        late = await rig.Chain.DeployEchoAsync();
        await rig.WatchAsync(venue);
        await rig.WatchAsync(token, tokenFrom);
        for (var i = 0; i < Blocks; i++)
            await rig.Chain.MineWithLogsAsync(i % 4 == 0 ? [late] : [token, venue, late]);
        await rig.Chain.MineAsync(8);
        ingestor = await rig.OpenAsync();
        await IngestionRig.ToEndAsync(ingestor);
        await rig.RowsAsync("update chain.cursor set promoted_number = finalized_number returning promoted_number");
    }

    private async Task<long> LetGoAsync(KeptLogs? kept = null, long keepBlocks = 16)
    {
        await rig.Store.PruneAsync(rig.ChainId, 4, Cancellation);
        var retention = new LogRetention(
            rig.Database,
            [new Feature(kept ?? new KeptLogs([]))],
            Options.Create(new IngestionOptions()),
            NullLogger<LogRetention>.Instance);
        return await retention.LetGoAsync(rig.ChainId, keepBlocks, Cancellation);
    }

    private async Task<IReadOnlyList<string>> NamingAsync(long from) =>
    [
        .. (await new PastTransactions(rig.Database).NamingAsync(rig.ChainId, Named, [], [], from, 50, Cancellation))
            .Select(one => $"{one.Block} {string.Join(',', one.Logs.Select(log => $"{log.LogIndex} {Hex.Format(log.Data)}"))}"),
    ];

    private async Task<IReadOnlyList<bool>> NamedBeforeAsync(long block)
    {
        var (past, at) = (new PastTransactions(rig.Database), new EventKey(rig.ChainId, block, Hash32.Zero, Hash32.Zero, 0));
        var answers = new List<bool>();
        foreach (var account in Named)
            answers.Add(await past.IsNamedBeforeAsync(at, account, Cancellation));
        return answers;
    }

    private sealed class Feature(KeptLogs kept) : IKeepsLogs
    {
        public Task<KeptLogs> KeptAsync(long chainId, CancellationToken cancellation) => Task.FromResult(kept);
    }
}
