using Grants.Primitives;
using Npgsql;

namespace Grants.Service.Ingestion.Retention;

/// <summary>Logs that were let go and are needed again: the ingestor reads them from the node, and nobody is told of them twice.</summary>
public sealed class ChainRecalls(NpgsqlDataSource database)
{
    private const string Ask =
        """
        update chain.watch set
            recall_next = case when recall_from <= greatest($2, from_block) then recall_next else greatest($2, from_block) end,
            recall_from = least(recall_from, greatest($2, from_block))
        where chain_id = $1 and kept_from > greatest($2, from_block)
        """;

    /// <summary>
    /// Asks for the logs of all watched addresses from a block on, as far as each was watched. Nothing happens where they are here.
    /// </summary>
    public async Task AskAsync(long chainId, long fromBlock, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await connection.Command(Ask, chainId, fromBlock).ExecuteAsync(cancellation);
    }

    /// <summary>Whether the logs of all watched addresses from a block on are here, as far as each was watched.</summary>
    public async Task<bool> AreHereAsync(long chainId, long fromBlock, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        return await connection.Command(
            "select not exists (select from chain.watch where chain_id = $1 and kept_from > greatest($2, from_block))", chainId, fromBlock)
            .ScalarAsync(cancellation) is true;
    }

    /// <summary>Asks for one address.</summary>
    internal static Task AskAsync(
        NpgsqlConnection connection, long chainId, Address address, long fromBlock, CancellationToken cancellation) =>
        connection.Command(Ask + " and address = $3", chainId, fromBlock, address.ToBytes()).ExecuteAsync(cancellation);

    /// <summary>
    /// The next piece to read again: what is furthest behind, up to where others join or somebody's logs are here. Null where none is.
    /// </summary>
    internal async Task<BackfillPiece?> NextAsync(long chainId, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        var asked = await connection.Command(
            "select address, recall_next, kept_from from chain.watch where chain_id = $1 and recall_from is not null", chainId)
            .RowsAsync(
                row => (Address: new Address(row.GetFieldValue<byte[]>(0)), Next: row.GetInt64(1), Kept: row.GetInt64(2)), cancellation);
        if (asked.IsEmpty)
            return null;
        var from = asked.Min(watch => watch.Next);
        var now = asked.Where(watch => watch.Next == from).ToList();
        var ends = now.Select(watch => watch.Kept).Concat(asked.Where(watch => watch.Next > from).Select(watch => watch.Next));
        return new BackfillPiece([.. now.Select(watch => watch.Address)], from, ends.Min() - 1);
    }

    /// <summary>Records how far the piece was read. Who was asked for from an earlier block meanwhile keeps its place.</summary>
    internal static Task AdvanceAsync(
        NpgsqlConnection connection, long chainId, BackfillPiece piece, long nextBlock, CancellationToken cancellation) =>
        connection.Command(
            """
            update chain.watch set
                kept_from = case when $4 < kept_from then kept_from when recall_from <= from_block then null else recall_from end,
                recall_next = case when $4 < kept_from then $4 end,
                recall_from = case when $4 < kept_from then recall_from end
            where chain_id = $1 and address = any ($2) and recall_next = $3
            """,
            chainId, piece.Addresses.Select(address => address.ToBytes()).ToArray(), piece.From, nextBlock).ExecuteAsync(cancellation);
}
