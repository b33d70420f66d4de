using Grants.Service.Hosting.Changes;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Xunit;

namespace Grants.Service.Tests.Transports;

/// <summary>What wakes those who follow something, on a real database.</summary>
public sealed class ChangeFeedTests(LocalServers servers) : IAsyncLifetime
{
    private NpgsqlDataSource database = null!;
    private ChangeFeed feed = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var connection = await servers.CreateDatabaseAsync("changes");
        database = NpgsqlDataSource.Create(connection);
        feed = new ChangeFeed(connection, NullLogger<ChangeFeed>.Instance);
        using var first = feed.Follow("first");
        await feed.StartAsync(Cancellation);
        // Until the connection listens: it wakes everybody then.
        await first.WaitAsync(Cancellation);
        await first.WaitAsync(Cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        await feed.StopAsync(CancellationToken.None);
        feed.Dispose();
        await database.DisposeAsync();
    }

    [Fact]
    public async Task a_thousand_changes_that_nobody_looked_at_are_one()
    {
        using var slow = feed.Follow("votes/1", "proposals/1");
        using var last = feed.Follow("last");
        await slow.WaitAsync(Cancellation);
        await last.WaitAsync(Cancellation);
        for (var i = 0; i < 500; i++)
        {
            await ChangeNotices.SendAsync(database, "votes/1", Cancellation);
            await ChangeNotices.SendAsync(database, "proposals/1", Cancellation);
        }

        // Notices come in their order, so that when the last is here, all are.
        await ChangeNotices.SendAsync(database, "last", Cancellation);
        await last.WaitAsync(Cancellation);
        Assert.True(slow.WaitAsync(Cancellation).IsCompletedSuccessfully);
        Assert.False(slow.WaitAsync(Cancellation).IsCompleted);
    }

    [Fact]
    public async Task nobody_is_woken_by_what_others_follow()
    {
        using var mine = feed.Follow("votes/1");
        using var yours = feed.Follow("votes/11");
        await mine.WaitAsync(Cancellation);
        await yours.WaitAsync(Cancellation);
        await ChangeNotices.SendAsync(database, "votes/11", Cancellation);
        await yours.WaitAsync(Cancellation);
        Assert.False(mine.WaitAsync(Cancellation).IsCompleted);
    }

    [Fact]
    public async Task a_hundred_followers_look_once_a_change_and_never_see_what_was_before_it()
    {
        var (state, looks) = (0, 0);
        async Task<int> LookAsync(CancellationToken cancellation)
        {
            Interlocked.Increment(ref looks);
            await Task.Yield();
            return Volatile.Read(ref state);
        }

        var followers = Enumerable.Range(0, 100).Select(_ => feed.Follow("shared")).ToList();
        for (var i = 1; i <= 20; i++)
        {
            Volatile.Write(ref state, i);
            await ChangeNotices.SendAsync(database, "shared", Cancellation);
            await Task.WhenAll(followers.Select(async follower =>
            {
                int seen;
                do
                {
                    await follower.WaitAsync(Cancellation);
                    seen = await follower.LookTogetherAsync(LookAsync, Cancellation);
                }
                while (seen != i);
            }));
        }

        // At most: before the first change, and once after each.
        Assert.InRange(looks, 20, 42);
        followers.ForEach(follower => follower.Dispose());
    }
}
