using Grants.Ethereum.JsonRpc;
using Grants.Service.Disbursements.Safes;
using Grants.Service.Disbursements.Signing;
using Grants.Service.Hosting;
using JasperFx;
using Marten.Exceptions;
using Npgsql;

namespace Grants.Service.Disbursements.Sending;

/// <summary>
/// Runs the sender at its own pace, in one process of the cluster at a time.
/// </summary>
public sealed class SenderService(
    Sender sender, SafeTreasury safe, ChainIdentity chain, NpgsqlDataSource database, ILogger<SenderService> log) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan PauseAfterSurprise = TimeSpan.FromSeconds(30);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var pause = Pause;
            try
            {
                await RunAsync(stoppingToken);
            }
            catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
            {
                // Whatever it is, votes and reads go on, and nothing was sent that is not stored: the next step finds what this one left.
                var isPassing = failure is NpgsqlException or RpcException or SignerFailedException or ConcurrencyException
                    or ExistingStreamIdCollisionException;
                log.Log(isPassing ? LogLevel.Warning : LogLevel.Critical, failure, "The treasury's sender pauses");
                pause = isPassing ? PauseAfterFailure : PauseAfterSurprise;
            }

            await Task.Delay(pause, stoppingToken);
        }
    }

    private async Task RunAsync(CancellationToken cancellation)
    {
        await using var seat = await ClusterSeat.TryTakeAsync(database, "treasury sender", chain.ChainId, cancellation);
        while (seat is not null)
        {
            await seat.CheckAsync(cancellation);
            await sender.StepAsync(chain.ChainId, cancellation);
            await safe.StepAsync(chain.ChainId, cancellation);
            await Task.Delay(Pause, cancellation);
        }
    }
}
