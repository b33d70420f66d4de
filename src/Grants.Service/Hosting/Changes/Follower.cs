using System.Threading.Channels;
using Npgsql;

namespace Grants.Service.Hosting.Changes;

/// <summary>
/// Follows some topics. Changes do not queue up: however many come while one is looked at, the next look is one, and it sees
/// them all.
/// </summary>
public sealed class Follower : IDisposable
{
    private static readonly TimeSpan TryAgain = TimeSpan.FromSeconds(1);

    private readonly Channel<bool> changed = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    private readonly Following following;
    private readonly Action<Follower> leave;
    private readonly ILogger log;

    internal Follower(Following following, Action<Follower> leave, ILogger log)
    {
        (this.following, this.leave, this.log) = (following, leave, log);
        Wake();
    }

    /// <summary>Waits until something may have changed since the last wait was over. The first is over at once.</summary>
    public async Task WaitAsync(CancellationToken cancellation) => await changed.Reader.ReadAsync(cancellation);

    /// <summary>Looks, and again until the database can answer.</summary>
    public async Task<T> LookAsync<T>(Func<CancellationToken, Task<T>> look, CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                return await look(cancellation);
            }
            catch (Exception problem) when (IsPassing(problem) && !cancellation.IsCancellationRequested)
            {
                log.LogWarning(problem, "What changed cannot be read just now; looking again in {Pause}", TryAgain);
                await Task.Delay(TryAgain, cancellation);
            }
        }
    }

    /// <summary>
    /// The same, once for all in this node who follow the same topics; they must ask for the same. What is seen is never older
    /// than the follower, nor than the last change that was waited for.
    /// </summary>
    public Task<T> LookTogetherAsync<T>(Func<CancellationToken, Task<T>> look, CancellationToken cancellation) =>
        LookAsync(own => following.Share(look).WaitAsync(own), cancellation);

    public void Dispose() => leave(this);

    internal void Wake() => changed.Writer.TryWrite(true);

    private static bool IsPassing(Exception problem) => problem switch
    {
        NpgsqlException database => database.IsTransient,
        TimeoutException => true,
        _ => problem.InnerException is { } inner && IsPassing(inner),
    };
}

/// <summary>All in this node who follow the same topics, and what they see.</summary>
internal sealed class Following(string[] topics)
{
    private readonly HashSet<Follower> followers = [];
    private readonly Lock gate = new();
    private Task? seen;

    public string[] Topics { get; } = topics;

    public void Add(Follower follower)
    {
        lock (gate)
        {
            seen = null;
            followers.Add(follower);
        }
    }

    /// <summary>True where nobody is left.</summary>
    public bool Remove(Follower follower)
    {
        lock (gate)
            return followers.Remove(follower) && followers.Count == 0;
    }

    public void Wake()
    {
        lock (gate)
        {
            // First, so that nobody who is woken gets what was seen before.
            seen = null;
            foreach (var follower in followers)
                follower.Wake();
        }
    }

    public Task<T> Share<T>(Func<CancellationToken, Task<T>> look)
    {
        lock (gate)
        {
            if (seen is Task<T> { IsFaulted: false, IsCanceled: false } shared)
                return shared;
            // Not cancelled with whoever asked first: the others wait for it too.
            var looking = Task.Run(() => look(CancellationToken.None));
            seen = looking;
            return looking;
        }
    }
}
