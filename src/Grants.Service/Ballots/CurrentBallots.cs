using Grants.Domain.Ballots;
using Grants.Primitives;
using Npgsql;

namespace Grants.Service.Ballots;

/// <summary>A ballot that counts now.</summary>
/// <param name="Power">Base units.</param>
/// <param name="ByContract">A contract vouched for the signature (ERC-1271).</param>
/// <param name="LogIndex">Its place in the space's log.</param>
/// <param name="Chunk">The version of the event that holds it, in the stream of its vote.</param>
/// <param name="Digest">What was signed.</param>
public sealed record CurrentBallot(
    Hash32 Vote,
    Address Voter,
    UInt256 Nonce,
    string Choice,
    string Reason,
    UInt256 Power,
    bool ByContract,
    long LogIndex,
    int Chunk,
    Hash32 Digest,
    DateTimeOffset AcceptedAt)
{
    /// <summary>A ballot as the record of its vote has it.</summary>
    /// <param name="chunk">The version of the event that holds it.</param>
    public static CurrentBallot Of(BallotRecord record, long chunk) => new(
        record.Ballot.Proposal,
        record.Ballot.Voter,
        record.Ballot.Nonce,
        record.Ballot.Choice,
        record.Ballot.Reason,
        record.Power,
        record.SignatureKind == SignatureKind.Erc1271,
        record.Index,
        (int)chunk,
        record.Digest,
        record.AcceptedAt);
}

/// <summary>In which order ballots are listed.</summary>
public enum BallotOrder
{
    LogIndex,
    PowerDesc,
}

/// <summary>The place of a ballot in a list.</summary>
/// <param name="Power">Base units; of no meaning in the order of the log.</param>
public readonly record struct BallotPlace(UInt256 Power, long LogIndex);

/// <summary>Reads the ballots that count, a row each.</summary>
public static class CurrentBallots
{
    internal const string Columns =
        "b.vote, b.voter, b.nonce::text, b.choice, b.reason, b.power::text, b.by_contract, b.log_index, b.chunk, b.digest, b.accepted_at";

    public static async Task<CurrentBallot?> FindAsync(
        NpgsqlDataSource database, Hash32 vote, Address voter, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand($"select {Columns} from voting.ballot b where b.vote = $1 and b.voter = $2");
        command.Parameters.Add(new() { Value = vote.ToBytes() });
        command.Parameters.Add(new() { Value = voter.ToBytes() });
        return (await ReadAsync(command, cancellation)).SingleOrDefault();
    }

    /// <summary>A page of the ballots of a space's vote behind a place, by a keyset on the server's own numbers.</summary>
    /// <param name="voter">Only this voter's, where not null.</param>
    /// <param name="choice">Only with this choice, where not null.</param>
    public static async Task<IReadOnlyList<CurrentBallot>> ListAsync(
        NpgsqlDataSource database,
        string space,
        Hash32 vote,
        Address? voter,
        string? choice,
        BallotOrder order,
        BallotPlace? after,
        int limit,
        CancellationToken cancellation)
    {
        await using var command = database.CreateCommand();
        string Parameter(object value)
        {
            command.Parameters.Add(new() { Value = value });
            return $"${command.Parameters.Count}";
        }

        var filter = $"b.vote = {Parameter(vote.ToBytes())}"
            + $" and exists (select from voting.ballot_window w where w.vote = b.vote and w.space = {Parameter(space)})";
        if (voter is { } account)
            filter += $" and b.voter = {Parameter(account.ToBytes())}";
        if (choice is not null)
            filter += $" and b.choice = {Parameter(choice)} and hashtextextended(b.choice, 0) = hashtextextended({Parameter(choice)}, 0)";
        if (after is { } place)
        {
            var (index, power) = (Parameter(place.LogIndex), Parameter(place.Power.ToBigInteger()));
            filter += order == BallotOrder.LogIndex
                ? $" and b.log_index > {index}"
                : $" and b.power <= {power} and (b.power < {power} or b.log_index > {index})";
        }

        command.CommandText = $"""
            select {Columns} from voting.ballot b where {filter}
            order by {(order == BallotOrder.LogIndex ? "b.log_index" : "b.power desc, b.log_index")} limit {Parameter(limit)}
            """;
        return await ReadAsync(command, cancellation);
    }

    internal static async Task<List<CurrentBallot>> ReadAsync(NpgsqlCommand command, CancellationToken cancellation)
    {
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var ballots = new List<CurrentBallot>();
        while (await reader.ReadAsync(cancellation))
            ballots.Add(Read(reader));
        return ballots;
    }

    private static CurrentBallot Read(NpgsqlDataReader reader) => new(
        new Hash32(reader.GetFieldValue<byte[]>(0)),
        new Address(reader.GetFieldValue<byte[]>(1)),
        UInt256.Parse(reader.GetString(2)),
        reader.GetString(3),
        reader.GetString(4),
        UInt256.Parse(reader.GetString(5)),
        reader.GetBoolean(6),
        reader.GetInt64(7),
        reader.GetInt32(8),
        new Hash32(reader.GetFieldValue<byte[]>(9)),
        reader.GetFieldValue<DateTimeOffset>(10));
}
