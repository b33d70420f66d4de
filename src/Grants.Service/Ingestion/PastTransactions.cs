using Grants.Ethereum.JsonRpc;
using Grants.Primitives;
using Npgsql;

namespace Grants.Service.Ingestion;

/// <summary>The logs of a final transaction, in their order.</summary>
public sealed record FinalTransaction(BlockRef Block, IReadOnlyList<RpcLog> Logs);

/// <summary>Final transactions of the past, out of what is stored.</summary>
/// <param name="database">That holds them.</param>
/// <param name="longPast">
/// A past of more blocks is looked up by the filters of its topics, which cost the same however long it is; a shorter one is read.
/// </param>
public sealed class PastTransactions(NpgsqlDataSource database, long longPast = 50_000)
{
    private const string LookedUp = "select * from chain.naming($1, $4::bytea[], $5::bytea[], $2, $3)";

    private const string Read =
        """
        select distinct l.block_number, l.block_id, l.tx_index from chain.log l
        where l.chain_id = $1 and l.block_number between $2 and $3
            and (l.topic0 = any($5::bytea[])
                or exists (select from unnest($4::bytea[]) as account where position(account in l.topics) > 0))
        """;

    /// <summary>
    /// Those that name any of the accounts, or of the numbers, in a topic, whole, in the order of the chain; both blocks included.
    /// </summary>
    /// <param name="everybodys">First topics of logs that name nobody and yet are everybody's, for instance of a rebase.</param>
    public async Task<IReadOnlyList<FinalTransaction>> NamingAsync(
        long chainId,
        IEnumerable<Address> accounts,
        IEnumerable<UInt256> numbers,
        IEnumerable<Hash32> everybodys,
        long fromBlock,
        long toBlock,
        CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        var rows = await connection.Command(
            $"""
            with named as ({(toBlock - fromBlock > longPast ? LookedUp : Read)})
            select {ChainSql.LogColumns}, {ChainSql.BlockColumns} from named n
            join chain.block b on b.id = n.block_id and b.status = 'finalized'
            join chain.log l on l.chain_id = $1 and l.block_number = n.block_number and l.block_id = n.block_id
                and l.tx_index = n.tx_index
            order by l.block_number, l.log_index
            """,
            chainId,
            fromBlock,
            toBlock,
            accounts.Select(TopicOf).Concat(numbers.Select(number => number.ToBytes())).ToArray(),
            everybodys.Select(topic => topic.ToBytes()).ToArray())
            .RowsAsync(
                reader => (Log: ChainSql.Log(reader), Block: reader.Block(ChainSql.LogColumnCount)), cancellation);
        return
        [
            .. rows.GroupBy(row => (row.Block.Number, row.Log.TransactionIndex))
                .Select(group => new FinalTransaction(group.First().Block, [.. group.Select(row => row.Log)])),
        ];
    }

    /// <summary>The last log of an address with this first topic in final blocks up to one.</summary>
    public async Task<RpcLog?> LastAsync(long chainId, Address address, Hash32 topic0, long upToBlock, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        var found = await connection.Command(
            $"""
            select {ChainSql.LogColumns} from chain.log l join chain.block b on b.id = l.block_id
            where l.chain_id = $1 and l.address = $2 and l.topic0 = $3 and l.block_number <= $4 and b.status = 'finalized'
            order by l.block_number desc, l.log_index desc limit 1
            """,
            chainId, address.ToBytes(), topic0.ToBytes(), upToBlock).RowsAsync(ChainSql.Log, cancellation);
        return found.IsEmpty ? null : found[0];
    }

    /// <summary>The logs of an address with any of these first topics in final blocks, in the order of the chain.</summary>
    /// <param name="afterLog">Of the first block, only those behind this one.</param>
    public async Task<IReadOnlyList<RpcLog>> SinceAsync(
        long chainId,
        Address address,
        IEnumerable<Hash32> topics0,
        long fromBlock,
        int afterLog,
        long upToBlock,
        CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        return await connection.Command(
            $"""
            select {ChainSql.LogColumns} from chain.log l join chain.block b on b.id = l.block_id
            where l.chain_id = $1 and l.address = $2 and l.topic0 = any($3::bytea[]) and l.block_number between $4 and $6
                and (l.block_number > $4 or l.log_index > $5) and b.status = 'finalized'
            order by l.block_number, l.log_index
            """,
            chainId,
            address.ToBytes(),
            topics0.Select(topic => topic.ToBytes()).ToArray(),
            fromBlock,
            afterLog,
            upToBlock).RowsAsync(ChainSql.Log, cancellation);
    }

    /// <summary>Whether a final log of an earlier transaction names the account in a topic, or one that was let go did.</summary>
    /// <param name="transaction">A log of the transaction.</param>
    public async Task<bool> IsNamedBeforeAsync(EventKey transaction, Address account, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        return await connection.Command(
            "select chain.is_named_before($1, $2, $3, $4, $5)",
            transaction.ChainId,
            account.ToBytes(),
            transaction.BlockNumber,
            transaction.TransactionHash.ToBytes(),
            transaction.LogIndex)
            .ScalarAsync(cancellation) is true;
    }

    private static byte[] TopicOf(Address account) => [.. new byte[Hash32.Length - Address.Length], .. account.ToBytes()];
}
