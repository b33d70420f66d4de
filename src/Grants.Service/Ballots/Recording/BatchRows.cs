using System.Numerics;
using Grants.Primitives;
using Npgsql;
using NpgsqlTypes;

namespace Grants.Service.Ballots.Recording;

/// <summary>The statements of a batch, each for all of its ballots at once.</summary>
internal static class BatchRows
{
    /// <summary>The votes' rows, held until the transaction ends: closing a vote waits for it.</summary>
    public static async Task<Dictionary<Hash32, HeldWindow>> HoldAsync(
        NpgsqlConnection connection, IEnumerable<Hash32> votes, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand("""
            select vote, opens_at, closes_at, closed, quorum_met_at, chunk_count
            from voting.ballot_window where vote = any($1) order by vote for update
            """, connection);
        command.Parameters.Add(Bytes(votes.Select(vote => vote.ToBytes())));
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var windows = new Dictionary<Hash32, HeldWindow>();
        while (await reader.ReadAsync(cancellation))
        {
            windows[new Hash32(reader.GetFieldValue<byte[]>(0))] = new HeldWindow(
                reader.GetFieldValue<DateTimeOffset>(1),
                reader.GetFieldValue<DateTimeOffset>(2),
                reader.GetBoolean(3),
                reader.IsDBNull(4) ? null : reader.GetFieldValue<DateTimeOffset>(4),
                reader.GetInt32(5));
        }

        return windows;
    }

    /// <summary>The ballots that count.</summary>
    public static async Task<Dictionary<BallotKey, CurrentBallot>> CurrentAsync(
        NpgsqlConnection connection, IReadOnlyCollection<BallotKey> keys, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand($"""
            select {CurrentBallots.Columns} from unnest($1, $2) as asked (vote, voter)
            join voting.ballot b on b.vote = asked.vote and b.voter = asked.voter
            """, connection);
        command.Parameters.Add(Bytes(keys.Select(key => key.Vote.ToBytes())));
        command.Parameters.Add(Bytes(keys.Select(key => key.Voter.ToBytes())));
        var ballots = await CurrentBallots.ReadAsync(command, cancellation);
        return ballots.ToDictionary(ballot => new BallotKey(ballot.Vote, ballot.Voter));
    }

    /// <summary>Ballots of these nonces that were replaced.</summary>
    public static async Task<Dictionary<(BallotKey, UInt256), EarlierBallot>> EarlierAsync(
        NpgsqlConnection connection, IReadOnlyCollection<(BallotKey Key, UInt256 Nonce)> asked, CancellationToken cancellation)
    {
        var found = new Dictionary<(BallotKey, UInt256), EarlierBallot>();
        if (asked.Count == 0)
            return found;
        await using var command = new NpgsqlCommand("""
            select b.vote, b.voter, b.nonce, b.digest, b.log_index from unnest($1, $2, $3) as asked (vote, voter, nonce)
            join voting.ballot_replaced b on b.vote = asked.vote and b.voter = asked.voter and b.nonce = asked.nonce
            """, connection);
        command.Parameters.Add(Bytes(asked.Select(of => of.Key.Vote.ToBytes())));
        command.Parameters.Add(Bytes(asked.Select(of => of.Key.Voter.ToBytes())));
        command.Parameters.Add(Numbers(asked.Select(of => of.Nonce.ToBigInteger())));
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            var key = new BallotKey(new Hash32(reader.GetFieldValue<byte[]>(0)), new Address(reader.GetFieldValue<byte[]>(1)));
            found[(key, new UInt256(reader.GetFieldValue<BigInteger>(2)))] =
                new EarlierBallot(new Hash32(reader.GetFieldValue<byte[]>(3)), reader.GetInt64(4));
        }

        return found;
    }

    /// <summary>Stores what counts now, what no longer does, and what that changes in the tallies.</summary>
    public static async Task WriteAsync(
        NpgsqlConnection connection, BatchJudgement judged, IReadOnlyList<TallyChange> changes, CancellationToken cancellation)
    {
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(Upsert([.. judged.Counting]));
        if (judged.Replaced.Count > 0)
            batch.BatchCommands.Add(Keep(judged.Replaced));
        batch.BatchCommands.Add(Sum(changes));
        batch.BatchCommands.Add(Total(changes));
        await batch.ExecuteNonQueryAsync(cancellation);
    }

    private static NpgsqlBatchCommand Upsert(List<CurrentBallot> rows) => new("""
        insert into voting.ballot
          (vote, voter, nonce, choice, reason, power, by_contract, log_index, chunk, digest, accepted_at)
        select * from unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
        on conflict (vote, voter) do update
          set nonce = excluded.nonce, choice = excluded.choice, reason = excluded.reason, power = excluded.power,
            by_contract = excluded.by_contract, log_index = excluded.log_index, chunk = excluded.chunk, digest = excluded.digest,
            accepted_at = excluded.accepted_at
          where excluded.nonce > voting.ballot.nonce
        """)
    {
        Parameters =
        {
            Bytes(rows.Select(row => row.Vote.ToBytes())),
            Bytes(rows.Select(row => row.Voter.ToBytes())),
            Numbers(rows.Select(row => row.Nonce.ToBigInteger())),
            new() { Value = rows.ConvertAll(row => row.Choice).ToArray() },
            new() { Value = rows.ConvertAll(row => row.Reason).ToArray() },
            Numbers(rows.Select(row => row.Power.ToBigInteger())),
            new() { Value = rows.ConvertAll(row => row.ByContract).ToArray() },
            new() { Value = rows.ConvertAll(row => row.LogIndex).ToArray() },
            new() { Value = rows.ConvertAll(row => row.Chunk).ToArray() },
            Bytes(rows.Select(row => row.Digest.ToBytes())),
            new() { Value = rows.ConvertAll(row => row.AcceptedAt).ToArray() },
        },
    };

    private static NpgsqlBatchCommand Keep(List<CurrentBallot> rows) => new("""
        insert into voting.ballot_replaced (vote, voter, nonce, log_index, chunk, digest) select * from unnest($1, $2, $3, $4, $5, $6)
        """)
    {
        Parameters =
        {
            Bytes(rows.Select(row => row.Vote.ToBytes())),
            Bytes(rows.Select(row => row.Voter.ToBytes())),
            Numbers(rows.Select(row => row.Nonce.ToBigInteger())),
            new() { Value = rows.ConvertAll(row => row.LogIndex).ToArray() },
            new() { Value = rows.ConvertAll(row => row.Chunk).ToArray() },
            Bytes(rows.Select(row => row.Digest.ToBytes())),
        },
    };

    private static NpgsqlBatchCommand Sum(IReadOnlyList<TallyChange> changes) => new("""
        insert into voting.tally (vote, cell, amount) select * from unnest($1, $2, $3)
        on conflict (vote, cell) do update set amount = voting.tally.amount + excluded.amount
        """)
    {
        Parameters =
        {
            Bytes(changes.SelectMany(change => change.Cells.Select(_ => change.Vote.ToBytes()))),
            new() { Value = changes.SelectMany(change => change.Cells.Select(cell => cell.Key)).ToArray() },
            Numbers(changes.SelectMany(change => change.Cells.Select(cell => cell.Value))),
        },
    };

    private static NpgsqlBatchCommand Total(IReadOnlyList<TallyChange> changes) => new("""
        update voting.ballot_window w
        set ballot_count = ballot_count + c.ballots, chunk_count = chunk_count + 1, voters = w.voters + c.voters, power = w.power + c.power
        from unnest($1, $2, $3, $4) as c (vote, ballots, voters, power) where w.vote = c.vote
        """)
    {
        Parameters =
        {
            Bytes(changes.Select(change => change.Vote.ToBytes())),
            new() { Value = changes.Select(change => change.Ballots).ToArray() },
            new() { Value = changes.Select(change => change.Voters).ToArray() },
            Numbers(changes.Select(change => change.Power)),
        },
    };

    private static NpgsqlParameter Bytes(IEnumerable<byte[]> values) =>
        new() { Value = values.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bytea };

    private static NpgsqlParameter Numbers(IEnumerable<BigInteger> values) =>
        new() { Value = values.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Numeric };
}
