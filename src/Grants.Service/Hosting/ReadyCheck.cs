using Grants.Service.Ingestion;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Grants.Service.Hosting;

/// <summary>Ready: the database answers, and the chain is followed and not halted.</summary>
public sealed class ReadyCheck(ChainView chain, ChainIdentity identity) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            return await chain.HeadsAsync(identity.ChainId, cancellationToken) switch
            {
                null => HealthCheckResult.Unhealthy("No block of the chain has been read yet."),
                { HaltReason: { } reason } => HealthCheckResult.Unhealthy(reason),
                var heads => HealthCheckResult.Healthy($"Block {heads.Promoted.Number} is promoted."),
            };
        }
        catch (Npgsql.NpgsqlException problem)
        {
            return HealthCheckResult.Unhealthy("The database does not answer.", problem);
        }
    }
}
