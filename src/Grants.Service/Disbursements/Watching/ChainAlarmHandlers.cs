using Grants.Domain.Disbursements;
using Grants.Service.Disbursements.Control;
using Grants.Service.Ingestion.Following;
using Marten;
using Wolverine.Attributes;

namespace Grants.Service.Disbursements.Watching;

/// <summary>What whoever follows the chains sees and a person has to look at. Money goes on: nothing of ours went back.</summary>
public static class ChainAlarmHandlers
{
    [Transactional]
    public static Task Handle(LevelWentBack alarm, IDocumentSession session, TimeProvider clock, CancellationToken cancellation) =>
        Incidents.OpenAsync(
            session,
            alarm.ChainId,
            IncidentKind.LevelWentBack,
            alarm.Level.ToString(),
            $"{alarm.Level} of chain {alarm.ChainId} went back from {alarm.Was} to {alarm.Now} on {alarm.Node}.",
            clock.GetUtcNow(),
            cancellation);
}
