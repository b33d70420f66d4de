using System.Collections.Concurrent;
using System.Threading.Channels;
using Grants.Service.Ballots.Recording;
using Microsoft.Extensions.Options;

namespace Grants.Service.Ballots.Casting;

/// <summary>
/// Writes ballots by group commit: a queue and a writer a space, so that whatever waits for a space is one transaction and every
/// caller gets its own answer. Not a message a ballot and not a stream a voter, because either costs a transaction each.
/// </summary>
public sealed class BallotWriter(GroupCommit commit, BallotMetrics metrics, IOptions<CastingOptions> options) : IHostedService
{
    private const int BatchMax = 1_024;

    private readonly ConcurrentDictionary<string, Lazy<SpaceQueue>> queues = new(StringComparer.Ordinal);
    private volatile bool stopped;

    private sealed record Waiting(AdmittedBallot Ballot)
    {
        public TaskCompletionSource<CastAnswer> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    /// <summary>Answers after the ballot is durable or refused, or when the patience of the caller ends.</summary>
    public async Task<CastAnswer> CastAsync(AdmittedBallot ballot, CancellationToken cancellation)
    {
        var waiting = new Waiting(ballot);
        var queue = queues.GetOrAdd(
            ballot.Ballot.Space,
            space => new(() => new SpaceQueue(options.Value.WaitingMax, batch => RecordAsync(space, batch)))).Value;
        if (stopped || !queue.TryAdd(waiting))
            return new Overloaded(options.Value.RetryAfterSeconds);
        try
        {
            return await waiting.Answer.Task.WaitAsync(TimeSpan.FromSeconds(options.Value.AnswerSeconds), cancellation);
        }
        catch (TimeoutException)
        {
            return new UnknownOutcome(options.Value.RetryAfterSeconds);
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Takes no more ballots, and records those that wait.</summary>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        stopped = true;
        return Task.WhenAll(queues.Values.Select(queue => queue.Value.FinishAsync())).WaitAsync(cancellationToken);
    }

    private async Task RecordAsync(string space, List<Waiting> batch)
    {
        metrics.Batch(batch.Count);
        var answers = await commit.RecordAsync(space, batch.ConvertAll(waiting => waiting.Ballot));
        for (var i = 0; i < batch.Count; i++)
            batch[i].Answer.TrySetResult(answers[i]);
    }

    private sealed class SpaceQueue
    {
        private readonly Channel<Waiting> ballots;
        private readonly Task drained;

        public SpaceQueue(int limit, Func<List<Waiting>, Task> record)
        {
            ballots = Channel.CreateBounded<Waiting>(new BoundedChannelOptions(limit) { SingleReader = true });
            drained = Task.Run(() => DrainAsync(record));
        }

        public bool TryAdd(Waiting waiting) => ballots.Writer.TryWrite(waiting);

        /// <summary>Takes no more, and ends when all that wait are answered.</summary>
        public Task FinishAsync()
        {
            ballots.Writer.TryComplete();
            return drained;
        }

        private async Task DrainAsync(Func<List<Waiting>, Task> record)
        {
            var batch = new List<Waiting>(BatchMax);
            while (await ballots.Reader.WaitToReadAsync())
            {
                batch.Clear();
                while (batch.Count < BatchMax && ballots.Reader.TryRead(out var waiting))
                    batch.Add(waiting);
                await record(batch);
            }
        }
    }
}
