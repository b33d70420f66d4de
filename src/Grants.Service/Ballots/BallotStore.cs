using Grants.Domain.Ballots;
using Grants.Primitives;
using Marten;
using Npgsql;

namespace Grants.Service.Ballots;

/// <summary>What is known of a vote beyond the domain's window: how many ballots were accepted, and whether it is closed.</summary>
public sealed record StoredWindow(VotingWindow Window, Hash32 SnapshotHash, bool Closed, long BallotCount);

/// <param name="Index">Place in the ballot log.</param>
/// <param name="Digest">The digest that was signed.</param>
public sealed record CurrentBallot(UInt256 Nonce, string Choice, UInt256 Power, long Index, Hash32 Digest);

/// <summary>Reads the ballots: the rows that count now, and the log of all that were ever accepted.</summary>
public sealed class BallotStore(NpgsqlDataSource database, IDocumentStore store)
{
    /// <summary>The stream of a proposal's ballots.</summary>
    public static string StreamId(Hash32 proposal) => $"ballotbox/{proposal}";

    public async Task<StoredWindow?> WindowAsync(Hash32 proposal, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        return await WindowAsync(connection, proposal, forUpdate: false, cancellation);
    }

    /// <summary>Reads the window; with <paramref name="forUpdate"/> it is held until the transaction ends.</summary>
    internal static async Task<StoredWindow?> WindowAsync(
        NpgsqlConnection connection, Hash32 proposal, bool forUpdate, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand($"""
            select space, proposal_hash, opens_at, closes_at, snapshot_hash, closed, ballot_count
            from voting.ballot_window where proposal = $1 {(forUpdate ? "for update" : string.Empty)}
            """, connection);
        command.Parameters.Add(new() { Value = proposal.ToBytes() });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        if (!await reader.ReadAsync(cancellation))
            return null;
        var window = new VotingWindow(
            reader.GetString(0),
            proposal,
            new Hash32(reader.GetFieldValue<byte[]>(1)),
            reader.GetFieldValue<DateTimeOffset>(2),
            reader.GetFieldValue<DateTimeOffset>(3));
        return new StoredWindow(window, new Hash32(reader.GetFieldValue<byte[]>(4)), reader.GetBoolean(5), reader.GetInt64(6));
    }

    /// <summary>The ballots that count, by voter.</summary>
    internal static async Task<Dictionary<Address, CurrentBallot>> CurrentAsync(
        NpgsqlConnection connection, Hash32 proposal, IEnumerable<Address> voters, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand("""
            select voter, nonce::text, choice, power::text, log_index, digest
            from voting.ballot where proposal = $1 and voter = any($2)
            """, connection);
        command.Parameters.Add(new() { Value = proposal.ToBytes() });
        command.Parameters.Add(new() { Value = voters.Select(voter => voter.ToBytes()).ToArray() });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var ballots = new Dictionary<Address, CurrentBallot>();
        while (await reader.ReadAsync(cancellation))
        {
            ballots[new Address(reader.GetFieldValue<byte[]>(0))] = new CurrentBallot(
                UInt256.Parse(reader.GetString(1)),
                reader.GetString(2),
                UInt256.Parse(reader.GetString(3)),
                reader.GetInt64(4),
                new Hash32(reader.GetFieldValue<byte[]>(5)));
        }

        return ballots;
    }

    public async Task<CurrentBallot?> CurrentAsync(Hash32 proposal, Address voter, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        return (await CurrentAsync(connection, proposal, [voter], cancellation)).GetValueOrDefault(voter);
    }

    /// <summary>The tally of the ballots that count now.</summary>
    public async Task<Tally> TallyAsync(Hash32 proposal, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(
            "select choice, sum(power)::text, count(*)::int from voting.ballot where proposal = $1 group by choice");
        command.Parameters.Add(new() { Value = proposal.ToBytes() });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var tally = Tally.Empty;
        while (await reader.ReadAsync(cancellation))
        {
            if (BallotBox.TryChoice(reader.GetString(0), out var choice))
                tally = tally.Add(choice, UInt256.Parse(reader.GetString(1))) with { Voters = tally.Voters + reader.GetInt32(2) };
        }

        return tally;
    }

    /// <summary>All ballots ever accepted on a proposal, in the order of its log.</summary>
    public async Task<IReadOnlyList<BallotRecord>> LogAsync(Hash32 proposal, CancellationToken cancellation)
    {
        await using var session = store.QuerySession();
        var events = await session.Events.FetchStreamAsync(StreamId(proposal), token: cancellation);
        return [.. events.Select(e => e.Data).OfType<BallotsRecorded>().SelectMany(recorded => recorded.Ballots)
            .OrderBy(record => record.Index)];
    }
}
