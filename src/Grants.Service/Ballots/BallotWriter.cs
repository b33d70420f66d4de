using System.Threading.Channels;
using Grants.Domain;
using Grants.Domain.Ballots;
using Grants.Primitives;
using Marten;
using Npgsql;
using NpgsqlTypes;

namespace Grants.Service.Ballots;

/// <summary>The door is full: the caller may try the same ballot again.</summary>
public sealed record Overloaded() : Rejection("OVERLOADED", "Too many ballots are waiting; cast this one again in a moment.");

/// <param name="Index">The ballot's place in the proposal's log; null where it was refused.</param>
public sealed record CastAnswer(long? Index, Rejection? Rejection);

/// <summary>
/// Writes ballots by group commit. Not a message a ballot and not a stream a voter, because either costs a transaction
/// each: here whatever waits for a proposal is one transaction of one event and one upsert, and every caller gets its own answer.
/// </summary>
public sealed class BallotWriter(NpgsqlDataSource database, IDocumentStore store, TimeProvider clock, ILogger<BallotWriter> log)
    : BackgroundService
{
    private const int Partitions = 4;
    private const int QueueLimit = 4_096;
    private const int BatchLimit = 256;

    private readonly Channel<Waiting>[] queues = [.. Enumerable.Range(0, Partitions).Select(_ =>
        Channel.CreateBounded<Waiting>(new BoundedChannelOptions(QueueLimit) { SingleReader = true }))];

    private sealed record Waiting(AdmittedBallot Ballot, TaskCompletionSource<CastAnswer> Answer);

    /// <summary>Answers after the ballot is durable, or refused.</summary>
    public async Task<CastAnswer> CastAsync(AdmittedBallot ballot, CancellationToken cancellation)
    {
        var waiting = new Waiting(ballot, new TaskCompletionSource<CastAnswer>(TaskCreationOptions.RunContinuationsAsynchronously));
        var queue = queues[unchecked((uint)ballot.Ballot.Proposal.GetHashCode()) % Partitions];
        if (!queue.Writer.TryWrite(waiting))
            return new CastAnswer(null, new Overloaded());
        return await waiting.Answer.Task.WaitAsync(cancellation);
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(queues.Select(queue => Task.Run(() => DrainAsync(queue.Reader, stoppingToken), stoppingToken)));

    private async Task DrainAsync(ChannelReader<Waiting> queue, CancellationToken cancellation)
    {
        var batch = new List<Waiting>(BatchLimit);
        while (await queue.WaitToReadAsync(cancellation))
        {
            batch.Clear();
            while (batch.Count < BatchLimit && queue.TryRead(out var waiting))
                batch.Add(waiting);
            foreach (var group in batch.GroupBy(waiting => waiting.Ballot.Ballot.Proposal))
                await AnswerAsync(group.Key, [.. group], cancellation);
        }
    }

    private async Task AnswerAsync(Hash32 proposal, IReadOnlyList<Waiting> group, CancellationToken cancellation)
    {
        IReadOnlyList<CastAnswer> answers;
        try
        {
            answers = await WriteAsync(proposal, [.. group.Select(waiting => waiting.Ballot)], cancellation);
        }
        catch (Exception failure) when (failure is NpgsqlException or Marten.Exceptions.MartenCommandException or TimeoutException)
        {
            // A commit can succeed although its client saw an error: what the rows say is the answer.
            log.LogWarning(failure, "A batch of {Count} ballots has an unknown outcome and is read back", group.Count);
            answers = await ReadBackAsync(proposal, group, cancellation);
        }

        for (var i = 0; i < group.Count; i++)
            group[i].Answer.TrySetResult(answers[i]);
    }

    private async Task<IReadOnlyList<CastAnswer>> WriteAsync(
        Hash32 proposal, IReadOnlyList<AdmittedBallot> batch, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);

        // Held until the commit: closing the vote waits for it, and the next batch numbers its ballots after these.
        var window = await BallotStore.WindowAsync(connection, proposal, forUpdate: true, cancellation);
        var now = clock.GetUtcNow();
        if (window is null || window.Closed || now >= window.Window.ClosesAt)
            return [.. batch.Select(_ => new CastAnswer(null, new VotingNotOpen()))];
        var voters = batch.Select(ballot => ballot.Ballot.Voter).Distinct();
        var current = await BallotStore.CurrentAsync(connection, proposal, voters, cancellation);
        var accepted = new List<BallotRecord>();
        var answers = batch.Select(ballot => Judge(ballot, current, window.BallotCount, accepted, now)).ToList();
        if (accepted.Count == 0)
            return answers;
        await UpsertAsync(connection, proposal, current, accepted, cancellation);
        await using var session = store.LightweightSession(Marten.Services.SessionOptions.ForTransaction(transaction));
        var recorded = new BallotsRecorded(proposal, accepted);
        if (window.BallotCount == 0)
            session.Events.StartStream<BallotsRecorded>(BallotStore.StreamId(proposal), recorded);
        else
            session.Events.Append(BallotStore.StreamId(proposal), recorded);
        await session.SaveChangesAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        return answers;
    }

    private static CastAnswer Judge(
        AdmittedBallot admitted,
        Dictionary<Address, CurrentBallot> current,
        long ballotCount,
        List<BallotRecord> accepted,
        DateTimeOffset now)
    {
        var ballot = admitted.Ballot;
        var last = current.GetValueOrDefault(ballot.Voter);
        if (last?.Digest == admitted.Digest)
            return new CastAnswer(last.Index, null);
        if (BallotBox.RefuseNonce(ballot.Nonce, last?.Nonce) is { } refusal)
            return new CastAnswer(null, refusal);
        var index = ballotCount + accepted.Count;
        accepted.Add(new BallotRecord(index, ballot, admitted.Power, admitted.Signature, admitted.Kind, admitted.Digest, now));
        current[ballot.Voter] = new CurrentBallot(ballot.Nonce, ballot.Choice, admitted.Power, index, admitted.Digest);
        return new CastAnswer(index, null);
    }

    private static async Task UpsertAsync(
        NpgsqlConnection connection,
        Hash32 proposal,
        Dictionary<Address, CurrentBallot> current,
        List<BallotRecord> accepted,
        CancellationToken cancellation)
    {
        var rows = accepted.Select(record => record.Ballot.Voter).Distinct()
            .Select(voter => (Voter: voter, Ballot: current[voter]))
            .ToList();
        await using var command = new NpgsqlCommand("""
            with counted as (
              update voting.ballot_window set ballot_count = ballot_count + $8 where proposal = $1
            )
            insert into voting.ballot (proposal, voter, nonce, choice, power, log_index, digest)
            select $1, voter, nonce::numeric, choice, power::numeric, log_index, digest
            from unnest($2, $3, $4, $5, $6, $7) as row (voter, nonce, choice, power, log_index, digest)
            on conflict (proposal, voter) do update
              set nonce = excluded.nonce, choice = excluded.choice, log_index = excluded.log_index, digest = excluded.digest
              where excluded.nonce > voting.ballot.nonce
            """, connection);
        command.Parameters.Add(new() { Value = proposal.ToBytes() });
        AddArray(command, NpgsqlDbType.Bytea, rows.Select(row => row.Voter.ToBytes()).ToArray());
        AddArray(command, NpgsqlDbType.Text, rows.Select(row => row.Ballot.Nonce.ToString()).ToArray());
        AddArray(command, NpgsqlDbType.Text, rows.Select(row => row.Ballot.Choice).ToArray());
        AddArray(command, NpgsqlDbType.Text, rows.Select(row => row.Ballot.Power.ToString()).ToArray());
        AddArray(command, NpgsqlDbType.Bigint, rows.Select(row => row.Ballot.Index).ToArray());
        AddArray(command, NpgsqlDbType.Bytea, rows.Select(row => row.Ballot.Digest.ToBytes()).ToArray());
        command.Parameters.Add(new() { Value = (long)accepted.Count });
        await command.ExecuteNonQueryAsync(cancellation);
    }

    private static void AddArray(NpgsqlCommand command, NpgsqlDbType type, Array values) =>
        command.Parameters.Add(new() { Value = values, NpgsqlDbType = NpgsqlDbType.Array | type });

    private async Task<IReadOnlyList<CastAnswer>> ReadBackAsync(
        Hash32 proposal, IReadOnlyList<Waiting> group, CancellationToken cancellation)
    {
        try
        {
            await using var connection = await database.OpenConnectionAsync(cancellation);
            var voters = group.Select(waiting => waiting.Ballot.Ballot.Voter).Distinct();
            var current = await BallotStore.CurrentAsync(connection, proposal, voters, cancellation);
            return [.. group.Select(waiting => current.GetValueOrDefault(waiting.Ballot.Ballot.Voter) is { } last
                && last.Digest == waiting.Ballot.Digest
                    ? new CastAnswer(last.Index, null)
                    : new CastAnswer(null, new Overloaded()))];
        }
        catch (NpgsqlException failure)
        {
            log.LogError(failure, "The ballots could not be read back");
            return [.. group.Select(_ => new CastAnswer(null, new Overloaded()))];
        }
    }
}
