using Grants.Domain.Disbursements;
using Grants.Ethereum.JsonRpc;
using Grants.Primitives;
using Grants.Service.Disbursements.Control;
using Grants.Service.Disbursements.Signing;
using Grants.Service.Ingestion;
using JasperFx;
using Marten;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Grants.Service.Disbursements.Watching;

/// <summary>
/// Compares every minute and at the start, looks at the circuit breakers more often, and opens an incident for whatever a person has
/// to look at. On every node: an incident is opened once.
/// </summary>
public sealed class TreasuryWatchdog(
    Reconciler reconciler,
    TreasuryHealth health,
    IDocumentStore store,
    NpgsqlDataSource database,
    ChainIdentity chain,
    OperatorAccount account,
    EthereumRpc node,
    TreasuryQuorum quorum,
    IOptions<TreasuryOptions> options,
    TimeProvider clock,
    ILogger<TreasuryWatchdog> log) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private const int LooksAMinute = 60;

    private const ulong WeiOfThousandth = 1_000_000_000_000_000;

    /// <summary>Who has to look at so many has enough to do.</summary>
    private const int MostFailures = 100;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        for (var look = 0; !stoppingToken.IsCancellationRequested; look++)
        {
            try
            {
                if (health.Report is null || look % LooksAMinute == 0)
                    await ReconcileAsync(stoppingToken);
                if (look % 10 == 0)
                    await LookAsync(stoppingToken);
            }
            catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
            {
                // A watchdog that cannot look leaves no fresh report, and without one nothing is paid.
                var isPassing = failure is NpgsqlException or RpcException or ConcurrencyException;
                log.Log(isPassing ? LogLevel.Warning : LogLevel.Critical, failure, "The treasury's watchdog looks again");
            }

            await Task.Delay(Pause, stoppingToken);
        }
    }

    /// <summary>Compares once; a disagreement pauses the treasury.</summary>
    public async Task ReconcileAsync(CancellationToken cancellation)
    {
        if (await reconciler.CompareAsync(health.Report, cancellation) is not { } report)
            return;
        health.Report = report;
        TreasuryTelemetry.Verified(chain.ChainId, report.Result.VerifiedShare);
        foreach (var row in report.Result.Rows.Where(row => row.Finding != Finding.Late))
            await OpenAsync(IncidentKind.Disagreement, $"{row.Finding}/{row.Subject}", $"{row.Finding}: {row.What}", cancellation);
    }

    /// <summary>Looks at the breakers once.</summary>
    public async Task LookAsync(CancellationToken cancellation)
    {
        await AskNodesAsync(cancellation);
        var facts = await FactsAsync(cancellation);
        health.IsClockWrong = facts.ClockOffset > CircuitBreaker.LargestClockOffset;
        foreach (var (kind, subject, what) in CircuitBreaker.Tripped(facts))
            await OpenAsync(kind, subject, what, cancellation);
    }

    /// <summary>Asks the nodes whether they have the block that the ledger rests on; while too few do, nothing is signed.</summary>
    public async Task AskNodesAsync(CancellationToken cancellation)
    {
        if (await quorum.HasAsync(chain.ChainId, cancellation) is { } has)
            health.HasQuorum(has);
    }

    private async Task<TreasuryFacts> FactsAsync(CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        await using var session = store.QuerySession(Spaces.Deployment);
        var control = await session.LoadAsync<TreasuryControl>(TreasuryControl.StreamId(chain.ChainId), cancellation);
        var hour = Later(now.AddHours(-1), control?.ResumedAt);
        var recent = await session.Query<TreasuryTransaction>()
            .Where(one => one.ChainId == chain.ChainId && (one.SignedAt >= hour || one.State != TransactionState.Closed))
            .ToListAsync(cancellation);
        var mined = recent.Where(one => one.State == TransactionState.Mined).Select(one => now - one.SignedAt).ToList();
        var hasKey = account.Address is not null;
        return new TreasuryFacts(
            recent.Count(one => one is { MinedHash: not null, Succeeded: false } && one.SignedAt >= hour),
            await SpentAsync(session, control, now, cancellation),
            mined.Count == 0 ? null : mined.Max().Ticks / TimeSpan.TicksPerSecond,
            hasKey ? health.SinceLooked : null,
            hasKey ? health.SinceReconciled : null,
            await ClockOffsetAsync(cancellation),
            await GasMoneyAsync(session, cancellation),
            (UInt256)(ulong)options.Value.LeastGasThousandths * WeiOfThousandth,
            [.. recent.Where(one => one.State is TransactionState.Signed or TransactionState.Sent)
                .Select(one => new StuckNonce(one.Nonce, Seconds(now - one.SignedAt)))],
            await FailedAsync(session, cancellation))
        {
            WithoutQuorum = health.WithoutQuorum,
            SignerSilent = health.SignerSilent,
        };
    }

    private static long Seconds(TimeSpan span) => span.Ticks / TimeSpan.TicksPerSecond;

    /// <summary>Null where no account has ever sent anything, or the node does not say: of its silence another breaker tells.</summary>
    private async Task<UInt256?> GasMoneyAsync(IQuerySession session, CancellationToken cancellation)
    {
        if (account.Address is not { } sender
            || await session.LoadAsync<NonceLedger>(NonceLedger.StreamId(chain.ChainId, sender), cancellation) is null)
            return null;
        try
        {
            return await node.BalanceAsync(sender, BlockTag.Latest, cancellation);
        }
        catch (RpcException)
        {
            return null;
        }
    }

    private static async Task<ValueList<FailedOrder>> FailedAsync(IQuerySession session, CancellationToken cancellation)
    {
        var failed = await session.Query<Disbursement>()
            .Where(order => order.AnyTenant() && order.State == DisbursementState.Failed)
            .Take(MostFailures)
            .ToListAsync(cancellation);
        return [.. failed.Select(order => new FailedOrder(order.Order.OrderId, order.Nonces.Count, order.Failure ?? "unknown"))];
    }

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset? other) => other > one ? other.Value : one;

    private static async Task<ValueList<SpentOfToken>> SpentAsync(
        IQuerySession session, TreasuryControl? control, DateTimeOffset now, CancellationToken cancellation)
    {
        if (control is null || control.Limits.IsEmpty)
            return [];
        var since = Later(now.AddMinutes(-10), control.ResumedAt);
        var paid = await session.Query<Disbursement>()
            .Where(order => order.AnyTenant() && order.AssignedAt >= since)
            .ToListAsync(cancellation);
        return
        [
            .. paid.Where(order => order.Order.IsPayment).GroupBy(order => order.Order.Token)
                .Select(token => (Limits: control.LimitsOf(token.Key, now), Payments: token))
                .Where(token => token.Limits is not null)
                .Select(token => new SpentOfToken(
                    token.Payments.Key,
                    token.Payments.Aggregate(UInt256.Zero, (sum, order) => sum + order.Order.Amount),
                    token.Limits!.MostPerDay)),
        ];
    }

    private async Task<long> ClockOffsetAsync(CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        var before = clock.GetUtcNow();
        var theirs = (DateTime)(await connection.Command("select clock_timestamp()").ScalarAsync(cancellation))!;
        var after = clock.GetUtcNow();
        var apart = theirs < before.UtcDateTime ? before.UtcDateTime - theirs : theirs - after.UtcDateTime;
        return Math.Max(0, apart.Ticks) / TimeSpan.TicksPerSecond;
    }

    private async Task OpenAsync(IncidentKind kind, string subject, string what, CancellationToken cancellation)
    {
        await using var session = store.LightweightSession(Spaces.Deployment);
        if (await Incidents.OpenAsync(session, chain.ChainId, kind, subject, what, clock.GetUtcNow(), cancellation))
            log.LogCritical("Incident {Kind}: {What} {NextStep}", kind, what, Incident.NextStep(kind));
        await session.SaveChangesAsync(cancellation);
    }
}
