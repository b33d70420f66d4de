using System.Numerics;
using Grants.Domain.Governors;
using Grants.Ethereum.Contracts;
using Grants.Primitives;
using Grants.Service.Ingestion;
using Npgsql;

namespace Grants.Service.Governors.Following;

/// <summary>What a governor's token was at a timepoint, from its final logs alone: no call, and no archive node.</summary>
internal static class VotesToken
{
    // Where DelegateVotesChanged(delegate, previousVotes, newVotes) says what was before it and what is after it.
    private const int BeforeIt = 1;
    private const int AfterIt = 2;

    private static readonly byte[] Nobody = Hash32.Zero.ToBytes();

    /// <summary>Every mint and burn after one timepoint, up to and with another.</summary>
    public static async Task<IReadOnlyList<SupplyChange>> SupplyChangesAsync(
        NpgsqlConnection connection, GovernorRegistered terms, long after, long upTo, CancellationToken cancellation)
    {
        var place = terms.Clock == GovernorClock.BlockNumber ? "l.block_number" : "b.timestamp";
        var logs = await connection.Command(
            $"""
            select {ChainSql.LogColumns}, {ChainSql.BlockColumns} from chain.log l
            join chain.block b on b.id = l.block_id and b.status = 'finalized'
            where l.chain_id = $1 and l.address = $2 and l.topic0 = $3
              and (substring(l.topics from 1 for 32) = '\x{Convert.ToHexStringLower(Nobody)}'
                or substring(l.topics from 33 for 32) = '\x{Convert.ToHexStringLower(Nobody)}')
              and {place} > $4 and {place} <= $5
            """,
            terms.ChainId, terms.Token.ToBytes(), Erc20.Transfer.Topic0.ToBytes(), after, upTo)
            .RowsAsync(reader => new GovernorLog(terms.ChainId, ChainSql.Log(reader), reader.Block(ChainSql.LogColumnCount)), cancellation);
        return [.. logs.Select(log => ChangeOf(log, terms.Clock)).OfType<SupplyChange>()];
    }

    /// <summary>
    /// What delegates' votes were at timepoints that are over: what the last DelegateVotesChanged at or before it says, and of
    /// several at one timepoint the last (ERC-5805). Where only later ones are known, what the first of them says was before;
    /// nothing where none is.
    /// </summary>
    public static async Task<IReadOnlyDictionary<(Address Account, long Timepoint), UInt256>> VotesAtAsync(
        NpgsqlConnection connection,
        GovernorRegistered terms,
        IReadOnlyList<(Address Account, long Timepoint)> asked,
        CancellationToken cancellation)
    {
        var place = terms.Clock == GovernorClock.BlockNumber ? "l.block_number" : "b.timestamp";
        string Nearest(string where, string order, int value) =>
            $"""
            (select {ChainSql.LogColumns}, {value} as said from chain.log l
             join chain.block b on b.id = l.block_id and b.status = 'finalized'
             where l.chain_id = $1 and l.address = $2 and l.topic0 = $3 and substring(l.topics from 1 for 32) = k.topic
               and {place} {where} k.timepoint
             order by l.block_number {order}, l.log_index {order} limit 1)
            """;
        var logs = await connection.Command(
            $"""
            select found.*, k.place::int from unnest($4::bytea[], $5::bigint[]) with ordinality k(topic, timepoint, place)
            cross join lateral (
                select * from ({Nearest("<=", "desc", AfterIt)} union all {Nearest(">", "asc", BeforeIt)}) nearest
                order by said desc limit 1) found
            """,
            terms.ChainId,
            terms.Token.ToBytes(),
            Erc5805.DelegateVotesChanged.Topic0.ToBytes(),
            asked.Select(one => TopicOf(one.Account)).ToArray(),
            asked.Select(one => one.Timepoint).ToArray())
            .RowsAsync(
                reader => (
                    Log: ChainSql.Log(reader),
                    Said: reader.GetInt32(ChainSql.LogColumnCount),
                    Key: asked[reader.GetInt32(ChainSql.LogColumnCount + 1) - 1]),
                cancellation);
        var votes = new Dictionary<(Address, long), UInt256>();
        foreach (var (log, said, key) in logs)
        {
            if (Erc5805.DelegateVotesChanged.TryDecode(log, out var values))
                votes[key] = (UInt256)values[said];
        }

        return votes;
    }

    /// <summary>The mint or burn that a Transfer is; null where it is neither. Of a token without amounts, each one counts one.</summary>
    public static SupplyChange? ChangeOf(GovernorLog log, GovernorClock clock)
    {
        var topics = log.Log.Topics;
        if (topics.Count is not (3 or 4) || topics[0] != Erc20.Transfer.Topic0)
            return null;
        var amount = topics.Count == 4 ? BigInteger.One
            : Erc20.Transfer.TryDecode(log.Log, out var v) ? ((UInt256)v[2]).ToBigInteger()
            : BigInteger.Zero;
        var minted = (topics[1] == Hash32.Zero ? amount : BigInteger.Zero) - (topics[2] == Hash32.Zero ? amount : BigInteger.Zero);
        return minted.IsZero ? null : new SupplyChange(clock.At(log.Block), minted);
    }

    private static byte[] TopicOf(Address account) => [.. new byte[12], .. account.ToBytes()];
}
