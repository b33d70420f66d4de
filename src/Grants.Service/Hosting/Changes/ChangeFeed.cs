using Npgsql;

namespace Grants.Service.Hosting.Changes;

/// <summary>
/// Wakes who follows a topic when it changed, on whichever node: one connection of the node listens for all of them. A notice
/// carries nothing, so that notices may coincide or come twice; and since they are lost while the connection is away,
/// everybody looks again when it is back.
/// </summary>
public sealed class ChangeFeed : BackgroundService
{
    // Without a sign of life for so long, the connection is held for dead, seconds.
    private const int KeepAliveSeconds = 10;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    private readonly string connectionString;
    private readonly ILogger<ChangeFeed> log;
    private readonly Dictionary<string, Following> followings = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<Following>> byTopic = new(StringComparer.Ordinal);
    private readonly Lock gate = new();

    public ChangeFeed(string connectionString, ILogger<ChangeFeed> log)
    {
        // Of its own and not of the pool, since it is held for good.
        this.connectionString = new NpgsqlConnectionStringBuilder(connectionString)
        {
            ApplicationName = "grants changes", KeepAlive = KeepAliveSeconds, Pooling = false,
        }.ConnectionString;
        this.log = log;
    }

    /// <summary>Follows topics until disposed. What changed before is for the first look; nothing after it is missed.</summary>
    public Follower Follow(params string[] topics)
    {
        lock (gate)
        {
            var key = string.Join('\n', topics);
            if (!followings.TryGetValue(key, out var following))
            {
                followings[key] = following = new Following(topics);
                foreach (var topic in topics)
                {
                    if (!byTopic.TryGetValue(topic, out var interested))
                        byTopic[topic] = interested = [];
                    interested.Add(following);
                }
            }

            var follower = new Follower(following, leaving => Leave(following, leaving), log);
            following.Add(follower);
            return follower;
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var pause = FirstPause;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await using var connection = new NpgsqlConnection(connectionString);
                await connection.OpenAsync(stoppingToken);
                connection.Notification += (_, notice) => Wake(notice.Payload);
                await using (var listen = new NpgsqlCommand($"listen {ChangeNotices.Channel}", connection))
                    await listen.ExecuteNonQueryAsync(stoppingToken);
                WakeAll();
                pause = FirstPause;
                while (true)
                    await connection.WaitAsync(stoppingToken);
            }
            catch (Exception problem) when (!stoppingToken.IsCancellationRequested)
            {
                log.LogWarning(problem, "Changes are not heard of just now; looking again in {Pause}", pause);
            }

            await Task.Delay(pause, stoppingToken);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }

    private void Wake(string topic)
    {
        lock (gate)
        {
            foreach (var following in byTopic.GetValueOrDefault(topic) ?? [])
                following.Wake();
        }
    }

    private void WakeAll()
    {
        lock (gate)
        {
            foreach (var following in followings.Values)
                following.Wake();
        }
    }

    private void Leave(Following following, Follower follower)
    {
        lock (gate)
        {
            if (!following.Remove(follower))
                return;
            followings.Remove(string.Join('\n', following.Topics));
            foreach (var topic in following.Topics)
            {
                if (byTopic.TryGetValue(topic, out var interested) && interested.Remove(following) && interested.Count == 0)
                    byTopic.Remove(topic);
            }
        }
    }
}
