using System.Diagnostics.Metrics;
using Grants.Service.Disbursements.Watching;

namespace Grants.Service.Tests.Disbursements.Lab;

/// <summary>What the meter of the treasury tells whoever scrapes it, of one chain: the share of verified value, in basis points.</summary>
internal sealed class VerifiedShares : IDisposable
{
    private readonly MeterListener listener = new();

    public VerifiedShares(long chainId)
    {
        listener.InstrumentPublished = (published, listening) =>
        {
            if (published.Meter.Name == TreasuryTelemetry.MeterName && published.Name == "grants.treasury.verified_share")
                listening.EnableMeasurementEvents(published);
        };
        listener.SetMeasurementEventCallback<int>((_, measured, tags, _) =>
        {
            if (tags.Contains(new KeyValuePair<string, object?>("chain.id", chainId)))
                Last = measured;
        });
        listener.Start();
    }

    /// <summary>-1 where nothing was told yet.</summary>
    public int Last { get; private set; } = -1;

    public void Dispose() => listener.Dispose();
}
