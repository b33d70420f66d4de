using System.Diagnostics.Metrics;
using Grants.Domain;
using Grants.Service.Ballots.Recording;

namespace Grants.Service.Ballots.Casting;

/// <summary>Counts what becomes of ballots, under the meter <c>Grants.Ballots</c>.</summary>
public sealed class BallotMetrics : IDisposable
{
    public const string MeterName = "Grants.Ballots";

    private readonly Meter meter = new(MeterName);
    private readonly Counter<long> acknowledged;
    private readonly Counter<long> refused;
    private readonly Counter<long> overloaded;
    private readonly Histogram<int> batchSize;

    public BallotMetrics()
    {
        acknowledged = meter.CreateCounter<long>("grants.ballots.acknowledged", "{ballot}", "Ballots answered with a receipt.");
        refused = meter.CreateCounter<long>("grants.ballots.refused", "{ballot}", "Ballots refused, by code.");
        overloaded = meter.CreateCounter<long>("grants.ballots.overloaded", "{ballot}", "Ballots turned away because too many waited.");
        batchSize = meter.CreateHistogram<int>("grants.ballots.batch.size", "{ballot}", "Ballots a transaction.");
    }

    public void Batch(int size) => batchSize.Record(size);

    public void Answered(CastAnswer answer)
    {
        switch (answer.Rejection)
        {
            case null:
                acknowledged.Add(1);
                break;
            case Overloaded:
                overloaded.Add(1);
                break;
            case Rejection rejection:
                refused.Add(1, new KeyValuePair<string, object?>("code", rejection.Code));
                break;
        }
    }

    public void Dispose() => meter.Dispose();
}
