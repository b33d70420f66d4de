namespace Grants.Service.Access;

/// <summary>
/// Notices within seconds that a session on which a long connection rests is no more: signed out, over, or taken away, on
/// whichever node. One question to the database for all of them.
/// </summary>
public sealed class SessionWatch(SessionStore sessions, ILogger<SessionWatch> log) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    private readonly HashSet<Watched> watched = [];
    private readonly Lock gate = new();

    /// <summary>Watches the session of a token until the watch is disposed.</summary>
    public (CancellationToken Ended, IDisposable Watch) Watch(string token)
    {
        var entry = new Watched(this, SessionStore.HashOf(token));
        lock (gate)
            watched.Add(entry);
        return (entry.Ended.Token, entry);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await LookAsync(stoppingToken);
            }
            catch (Exception problem) when (!stoppingToken.IsCancellationRequested)
            {
                log.LogWarning(problem, "Sessions cannot be looked after just now");
            }
        }
    }

    private async Task LookAsync(CancellationToken cancellation)
    {
        Watched[] now;
        lock (gate)
            now = [.. watched];
        if (now.Length == 0)
            return;
        var open = await sessions.OpenAmongAsync(now.Select(entry => entry.Hash), cancellation);
        foreach (var entry in now.Where(entry => !open.Contains(Convert.ToHexString(entry.Hash))))
            await entry.Ended.CancelAsync();
    }

    private sealed class Watched(SessionWatch watch, byte[] hash) : IDisposable
    {
        public byte[] Hash { get; } = hash;

        public CancellationTokenSource Ended { get; } = new();

        public void Dispose()
        {
            lock (watch.gate)
                watch.watched.Remove(this);
        }
    }
}
