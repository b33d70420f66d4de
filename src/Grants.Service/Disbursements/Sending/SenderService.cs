using Grants.Ethereum.JsonRpc;
using JasperFx;
using Npgsql;

namespace Grants.Service.Disbursements.Sending;

/// <summary>
/// Runs the sender at its own pace, in one process of the cluster at a time: an advisory lock of the database is held
/// for as long as its connection lives.
/// </summary>
public sealed class SenderService(
    Sender sender, ChainIdentity chain, NpgsqlDataSource database, ILogger<SenderService> log) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var pause = Pause;
            try
            {
                await RunAsync(stoppingToken);
            }
            catch (Exception failure) when (failure is NpgsqlException or RpcException or ConcurrencyException)
            {
                log.LogWarning(failure, "The treasury's sender pauses");
                pause = PauseAfterFailure;
            }

            await Task.Delay(pause, stoppingToken);
        }
    }

    private async Task RunAsync(CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var take = new NpgsqlCommand("select pg_try_advisory_lock(hashtext('grants-sender'), $1)", connection);
        take.Parameters.Add(new() { Value = unchecked((int)chain.ChainId) });
        if (await take.ExecuteScalarAsync(cancellation) is not true)
            return;
        await using var alive = new NpgsqlCommand("select 1", connection);
        while (!cancellation.IsCancellationRequested)
        {
            await alive.ExecuteScalarAsync(cancellation);
            await sender.StepAsync(chain.ChainId, cancellation);
            await Task.Delay(Pause, cancellation);
        }
    }
}
