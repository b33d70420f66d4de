using Grants.Domain.Disbursements;
using Grants.Service.Ingestion;
using Marten;

namespace Grants.Service.Disbursements.Control;

/// <summary>
/// What people say about the treasury counts at once, on every node: whoever signs holds the gate until that is committed, and
/// whoever pauses or sets limits waits until nobody does.
/// </summary>
public static class TreasuryGate
{
    /// <summary>Begins the session's transaction and keeps what people have said as it is, until the transaction ends.</summary>
    /// <returns>Null where nobody has said anything.</returns>
    public static async Task<TreasuryControl?> HoldAsync(IDocumentSession session, long chainId, CancellationToken cancellation)
    {
        await LockAsync(session, "pg_advisory_xact_lock_shared", chainId, cancellation);
        return await session.OfDeployment().LoadAsync<TreasuryControl>(TreasuryControl.StreamId(chainId), cancellation);
    }

    /// <summary>Begins the session's transaction when nobody signs; until it ends, nobody does.</summary>
    public static Task ShutAsync(IDocumentSession session, long chainId, CancellationToken cancellation) =>
        LockAsync(session, "pg_advisory_xact_lock", chainId, cancellation);

    /// <summary>
    /// The part of a session that is of no space: the control, the nonces and their transactions. It commits with the session.
    /// </summary>
    public static IDocumentSession OfDeployment(this IDocumentSession session) => session.OfSpace(Spaces.Deployment);

    /// <summary>The part of a session that is of a space. It commits with the session.</summary>
    public static IDocumentSession OfSpace(this IDocumentSession session, string space) =>
        session.TenantId == space ? session : (IDocumentSession)session.ForTenant(space);

    private static async Task LockAsync(IDocumentSession session, string take, long chainId, CancellationToken cancellation)
    {
        await session.BeginTransactionAsync(cancellation);
        await session.Connection
            .Command($"select {take}(hashtext('grants-treasury'), $1)", unchecked((int)chainId))
            .ExecuteNonQueryAsync(cancellation);
    }
}
