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
    /// What a delegate's votes were at a timepoint that is over: what the last DelegateVotesChanged at or before it says, and of
    /// several at one timepoint the last (ERC-5805). Where only later ones are known, what the first of them says was before;
    /// null where none is.
    /// </summary>
    public static async Task<UInt256?> VotesAtAsync(
        NpgsqlConnection connection, GovernorRegistered terms, Address account, long timepoint, CancellationToken cancellation)
    {
        var place = terms.Clock == GovernorClock.BlockNumber ? "l.block_number" : "b.timestamp";
        return await FindAsync($"{place} <= $5", "desc", 2) ?? await FindAsync($"{place} > $5", "asc", 1);

        async Task<UInt256?> FindAsync(string where, string order, int value)
        {
            var topic = new byte[32];
            account.ToBytes().CopyTo(topic, 12);
            var logs = await connection.Command(
                $"""
                select {ChainSql.LogColumns} from chain.log l
                join chain.block b on b.id = l.block_id and b.status = 'finalized'
                where l.chain_id = $1 and l.address = $2 and l.topic0 = $3 and substring(l.topics from 1 for 32) = $4 and {where}
                order by l.block_number {order}, l.log_index {order} limit 1
                """,
                terms.ChainId, terms.Token.ToBytes(), Erc5805.DelegateVotesChanged.Topic0.ToBytes(), topic, timepoint)
                .RowsAsync(ChainSql.Log, cancellation);
            return logs is [var log] && Erc5805.DelegateVotesChanged.TryDecode(log, out var v) ? (UInt256)v[value] : null;
        }
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
}
