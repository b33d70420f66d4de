using Grants.Domain.Disbursements;
using Grants.Service.Hosting;
using Marten;

namespace Grants.Service.Disbursements.Control;

/// <summary>How an incident is opened: once, and with the pause that it asks for, in the caller's transaction.</summary>
public static class Incidents
{
    /// <returns>Whether it was not open before.</returns>
    public static async Task<bool> OpenAsync(
        IDocumentSession session,
        long chainId,
        IncidentKind kind,
        string subject,
        string what,
        DateTimeOffset at,
        CancellationToken cancellation)
    {
        var own = session.OfDeployment();
        var isNew = false;
        await own.DecideAsync<Incident>(
            Incident.StreamId(chainId, kind, subject),
            state =>
            {
                var decision = Incident.Decide(new OpenIncident(chainId, kind, subject, what, at), state);
                isNew = decision.Events.Count > 0;
                return decision;
            },
            cancellation);
        // A foreign nonce is another each time, also where a person has not closed the incident of the one before.
        if (kind == IncidentKind.ForeignNonce || (isNew && Incident.Pauses(kind)))
        {
            await own.DecideAsync<TreasuryControl>(
                TreasuryControl.StreamId(chainId),
                state => TreasuryControl.Decide(new PauseTreasury(chainId, null, what, at), state),
                cancellation);
        }

        return isNew;
    }

    /// <summary>Whoever resumes the treasury has seen why it was paused.</summary>
    public static async Task ResolveAsync(IDocumentSession session, ResumeTreasury command, CancellationToken cancellation)
    {
        var own = session.OfDeployment();
        var open = await own.Query<Incident>()
            .Where(incident => incident.ChainId == command.ChainId && incident.Resolved == null)
            .ToListAsync(cancellation);
        foreach (var incident in open.Where(incident => Incident.Pauses(incident.Kind)))
        {
            var resolve = new ResolveIncident(incident.Id, command.By, "Two persons resumed the treasury.", command.At);
            await own.DecideAsync<Incident>(incident.Id, state => Incident.Decide(resolve, state), cancellation);
        }
    }
}
