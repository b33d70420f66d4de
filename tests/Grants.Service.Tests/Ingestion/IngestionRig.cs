using Grants.Ethereum.Following;
using Grants.Ethereum.JsonRpc;
using Grants.Ethereum.Tests.Following;
using Grants.Primitives;
using Grants.Service.Hosting;
using Grants.Service.Ingestion;
using Grants.Service.Ingestion.Following;
using Grants.Service.Ingestion.Retention;
using Npgsql;
using Xunit;

namespace Grants.Service.Tests.Ingestion;

/// <summary>An empty database and a fresh chain for one test, and what a running service would make of them.</summary>
public sealed class IngestionRig : IAsyncDisposable
{
    private IngestionRig(AnvilChain chain, long chainId, string connectionString)
    {
        Chain = chain;
        ChainId = chainId;
        ConnectionString = connectionString;
        Database = NpgsqlDataSource.Create(connectionString);
        Store = new ChainStore(Database);
        Watches = new ChainWatches(Database);
        Recalls = new ChainRecalls(Database);
        View = new ChainView(Database);
        Queue = new PromotionQueue(Database);
    }

    public AnvilChain Chain { get; }

    public long ChainId { get; }

    public string ConnectionString { get; }

    public NpgsqlDataSource Database { get; }

    public ChainStore Store { get; }

    public ChainWatches Watches { get; }

    public ChainRecalls Recalls { get; }

    public ChainView View { get; }

    public PromotionQueue Queue { get; }

    public static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <param name="servers">Where the database is made.</param>
    /// <param name="finalDepth">How far below the head a block is final: an even number.</param>
    /// <param name="chainId">The chain's id.</param>
    /// <param name="hardfork">The rules of the chain's blocks; null takes the latest.</param>
    public static async Task<IngestionRig> StartAsync(
        LocalServers servers, int finalDepth = 2, long chainId = 31337, string? hardfork = null) =>
        await StartAsync(await servers.CreateDatabaseAsync("ingestion"), finalDepth, chainId, hardfork);

    /// <summary>On a database of the caller's.</summary>
    public static async Task<IngestionRig> StartAsync(string connection, int finalDepth, long chainId = 31337, string? hardfork = null)
    {
        var chain = await AnvilChain.StartAsync(finalDepth, chainId: chainId, hardfork: hardfork);
        var rig = new IngestionRig(chain, await chain.Rpc.ChainIdAsync(Cancellation), connection);
        await SqlMigrations.ApplyAsync(rig.Database, Cancellation);
        return rig;
    }

    /// <summary>Takes the chain over, as an instance does that starts.</summary>
    public async Task<ChainIngestor> OpenAsync(EthereumRpc? node = null, FollowerLimits? limits = null, ChainNodes? nodes = null) =>
        (await ChainIngestor.OpenAsync(
            Store, Watches, nodes ?? ChainNodes.Of(node ?? Chain.Rpc), ChainId, null, limits ?? new FollowerLimits(), Cancellation))!;

    /// <summary>Works until nothing is left to do.</summary>
    public static async Task ToEndAsync(ChainIngestor ingestor)
    {
        while (await ingestor.FollowAsync(Cancellation) is not null || await ingestor.BackfillAsync(Cancellation))
        {
        }
    }

    /// <summary>Takes note of the past of watched addresses until there is none, or none that the node has.</summary>
    public static async Task BackfillToEndAsync(ChainIngestor ingestor)
    {
        while (await ingestor.BackfillAsync(Cancellation))
        {
        }
    }

    public Task WatchAsync(Address address, long fromBlock = 0) => Watches.WatchAsync(ChainId, address, fromBlock, Cancellation);

    /// <summary>The stored logs of the blocks that are not orphaned, as (block hash, index, transaction, address, topics, data).</summary>
    public Task<List<string>> StoredLogsAsync() => RowsAsync(
        """
        select concat_ws(' ', l.block_number, '0x' || encode(b.hash, 'hex'), l.log_index, '0x' || encode(l.tx_hash, 'hex'),
            '0x' || encode(l.address, 'hex'), encode(coalesce(l.topic0, '') || l.topics, 'hex'), '0x' || encode(l.data, 'hex'))
        from chain.log l join chain.block b on b.id = l.block_id
        where b.status <> 'orphaned' order by l.block_number, l.log_index
        """);

    /// <summary>The logs of the node's chain in the same words.</summary>
    public async Task<List<string>> NodesLogsAsync(params Address[] contracts) =>
        [.. (await Chain.LogsAsync(contracts)).Select(log => string.Join(' ',
            log.BlockNumber, log.BlockHash, log.LogIndex, log.TransactionHash, Hex.Format(log.Address.ToBytes()),
            string.Concat(log.Topics.Select(topic => topic.ToString()[2..])), Hex.Format(log.Data)))];

    /// <summary>The first column of a query's rows as text.</summary>
    public async Task<List<string>> RowsAsync(string sql)
    {
        await using var command = Database.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync(Cancellation);
        var rows = new List<string>();
        while (await reader.ReadAsync(Cancellation))
            rows.Add(reader.GetValue(0).ToString()!);
        return rows;
    }

    /// <summary>The stored numbers of a status, lowest first.</summary>
    public Task<List<string>> BlocksAsync(string status) =>
        RowsAsync($"select number from chain.block where status = '{status}' order by number");

    public async ValueTask DisposeAsync()
    {
        await Chain.DisposeAsync();
        await Database.DisposeAsync();
    }
}
