using Grants.Service.Hosting;
using Npgsql;
using Xunit;

namespace Grants.Service.Tests;

public sealed class ClusterSeatTests(LocalServers servers)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task one_seat_is_taken_once_and_free_again_when_left()
    {
        var connection = await servers.CreateDatabaseAsync("seat");
        await using var here = NpgsqlDataSource.Create(connection);
        await using var elsewhere = NpgsqlDataSource.Create(connection);
        var seat = await ClusterSeat.TryTakeAsync(here, "sender", 7, Cancellation);
        Assert.NotNull(seat);
        Assert.Null(await ClusterSeat.TryTakeAsync(elsewhere, "sender", 7, Cancellation));
        await using var ofAnotherChain = await ClusterSeat.TryTakeAsync(elsewhere, "sender", 8, Cancellation);
        await using var ofAnotherWork = await ClusterSeat.TryTakeAsync(elsewhere, "ingestor", 7, Cancellation);
        Assert.True(ofAnotherChain is not null && ofAnotherWork is not null);
        await seat.CheckAsync(Cancellation);

        // The connection stays open in its pool; the seat does not stay with it.
        await seat.DisposeAsync();
        await using var again = await ClusterSeat.TryTakeAsync(elsewhere, "sender", 7, Cancellation);
        Assert.NotNull(again);
    }

    [Fact]
    public async Task a_seat_whose_connection_is_lost_says_so_and_is_free()
    {
        var connection = await servers.CreateDatabaseAsync("seat");
        await using var here = NpgsqlDataSource.Create(connection);
        await using var elsewhere = NpgsqlDataSource.Create(connection);
        await using var seat = await ClusterSeat.TryTakeAsync(here, "sender", 7, Cancellation);
        await using var end = elsewhere.CreateCommand(
            "select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and pid <> pg_backend_pid() "
            + "and database = (select oid from pg_database where datname = current_database())");
        Assert.Equal(true, await end.ExecuteScalarAsync(Cancellation));
        await Embedded.Eventually.TrueAsync(
            async () => await ClusterSeat.TryTakeAsync(elsewhere, "sender", 7, Cancellation) is not null,
            TimeSpan.FromSeconds(30),
            "the seat is free");
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => seat!.CheckAsync(Cancellation));
    }
}
