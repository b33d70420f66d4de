using System.Collections.Immutable;
using Grants.Ethereum.Following;
using Grants.Primitives;
using Grants.Service.Ingestion.Retention;
using Npgsql;

namespace Grants.Service.Ingestion;

/// <summary>
/// Addresses whose past has come exactly as far as <paramref name="From"/>, and is to be read up to <paramref name="Last"/>.
/// </summary>
/// <param name="Addresses">The addresses that are read together.</param>
/// <param name="From">The first block to read.</param>
/// <param name="Last">The last block to read together: from there on another address joins, or blocks are not final.</param>
public sealed record BackfillPiece(ImmutableArray<Address> Addresses, long From, long Last);

/// <summary>The list of watched addresses of every chain.</summary>
public sealed class ChainWatches(NpgsqlDataSource database)
{
    /// <summary>
    /// Watches an address from a block on. Returns once that is recorded; the ingestor, in whichever instance it runs,
    /// reads the past up to its head piece by piece between its other work, and then follows the address at the head.
    /// Asking again changes nothing, unless it asks for an earlier block, or for logs that were let go: those are read again.
    /// </summary>
    public async Task WatchAsync(long chainId, Address address, long fromBlock, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(fromBlock);
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await connection.Command(
            """
            insert into chain.watch (chain_id, address, from_block, next_block) values ($1, $2, $3, $3)
            on conflict (chain_id, address) do update
            set from_block = excluded.from_block, next_block = excluded.next_block, backfilled = false
            where excluded.from_block < chain.watch.from_block
            """,
            chainId, address.ToBytes(), fromBlock).ExecuteAsync(cancellation);
        await ChainRecalls.AskAsync(connection, chainId, address, fromBlock, cancellation);
    }

    /// <summary>What of their past was let go and is read again.</summary>
    internal ChainRecalls Recalls { get; } = new(database);

    /// <summary>The addresses to follow at the head, and those whose past is still missing.</summary>
    internal async Task<(WatchedAddresses Followed, ImmutableArray<(Address Address, long NextBlock)> Pending)> ReadAsync(
        long chainId, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        var rows = await connection.Command(
                "select address, next_block, backfilled from chain.watch where chain_id = $1 order by next_block, address", chainId)
            .RowsAsync(
                reader => (
                    Address: new Address(reader.GetFieldValue<byte[]>(0)),
                    NextBlock: reader.GetInt64(1),
                    Done: reader.GetBoolean(2)),
                cancellation);
        return (
            new WatchedAddresses(rows.Where(row => row.Done).Select(row => row.Address)),
            [.. rows.Where(row => !row.Done).Select(row => (row.Address, row.NextBlock))]);
    }

    /// <summary>
    /// The next piece of the past: the addresses that are furthest behind sweep forward together and take the others up
    /// as they come by. Null where nothing is pending.
    /// </summary>
    internal static BackfillPiece? Next(ImmutableArray<(Address Address, long NextBlock)> pending, BlockRef finalized, BlockRef head)
    {
        if (pending.IsEmpty)
            return null;
        var from = pending.Min(watch => watch.NextBlock);
        if (from > finalized.Number)
            return new BackfillPiece([.. pending.Select(watch => watch.Address)], finalized.Number + 1, head.Number);
        var joining = pending.Where(watch => watch.NextBlock > from).Select(watch => watch.NextBlock - 1);
        return new BackfillPiece(
            [.. pending.Where(watch => watch.NextBlock == from).Select(watch => watch.Address)],
            from,
            joining.Append(finalized.Number).Min());
    }

    /// <summary>Nothing precedes the start for addresses watched from later blocks on; block 0 has no logs.</summary>
    internal static Task BeginAsync(NpgsqlConnection connection, long chainId, long startNumber, CancellationToken cancellation) =>
        connection.Command(
            "update chain.watch set backfilled = true where chain_id = $1 and (from_block > $2 or $2 = 0)",
            chainId, startNumber).ExecuteAsync(cancellation);

    /// <summary>
    /// Records how far the past reaches now; with a piece that reached the head it is complete. An address that was
    /// meanwhile asked for from an earlier block keeps its place.
    /// </summary>
    internal static Task AdvanceAsync(
        NpgsqlConnection connection, long chainId, BackfillPiece piece, long nextBlock, CancellationToken cancellation) =>
        connection.Command(
            """
            update chain.watch w set next_block = greatest(w.next_block, $4), backfilled = $4 > c.head_number
            from chain.cursor c
            where c.chain_id = $1 and w.chain_id = $1 and w.address = any($2) and w.next_block >= $3
            """,
            chainId, piece.Addresses.Select(address => address.ToBytes()).ToArray(), piece.From, nextBlock)
            .ExecuteAsync(cancellation);
}
