using Grants.Domain.Disbursements;
using Grants.Ethereum.JsonRpc;
using Grants.Primitives;
using Grants.Service.Disbursements.Control;
using Grants.Service.Ingestion;
using JasperFx;
using Marten;
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
    OperatorKey key,
    TimeProvider clock,
    ILogger<TreasuryWatchdog> log) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private const int LooksAMinute = 60;

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
        if (await reconciler.CompareAsync(cancellation) is not { } report)
            return;
        health.Report = report;
        foreach (var row in report.Result.Rows.Where(row => row.Finding != Finding.Late))
            await OpenAsync(IncidentKind.Disagreement, $"{row.Finding}/{row.Subject}", $"{row.Finding}: {row.What}", cancellation);
    }

    private async Task LookAsync(CancellationToken cancellation)
    {
        var facts = await FactsAsync(cancellation);
        health.IsClockWrong = facts.ClockOffset > CircuitBreaker.LargestClockOffset;
        foreach (var (kind, subject, what) in CircuitBreaker.Tripped(facts))
            await OpenAsync(kind, subject, what, cancellation);
    }

    private async Task<TreasuryFacts> FactsAsync(CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        await using var session = store.QuerySession(Spaces.Deployment);
        var control = await session.LoadAsync<TreasuryControl>(TreasuryControl.StreamId(chain.ChainId), cancellation);
        var hour = Later(now.AddHours(-1), control?.ResumedAt);
        var recent = await session.Query<TreasuryTransaction>()
            .Where(one => one.ChainId == chain.ChainId && (one.SignedAt >= hour || one.State == TransactionState.Mined))
            .ToListAsync(cancellation);
        var mined = recent.Where(one => one.State == TransactionState.Mined).Select(one => now - one.SignedAt).ToList();
        var hasKey = key.Key is not null;
        return new TreasuryFacts(
            recent.Count(one => one is { MinedHash: not null, Succeeded: false } && one.SignedAt >= hour),
            await SpentAsync(session, control, now, cancellation),
            mined.Count == 0 ? null : mined.Max().Ticks / TimeSpan.TicksPerSecond,
            hasKey ? health.SinceLooked : null,
            hasKey ? health.SinceReconciled : null,
            await ClockOffsetAsync(cancellation));
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
