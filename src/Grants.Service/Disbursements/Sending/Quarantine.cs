using Grants.Domain;
using Grants.Domain.Disbursements;
using Grants.Primitives;
using Grants.Service.Disbursements.Control;
using Grants.Service.Hosting;
using Marten;

namespace Grants.Service.Disbursements.Sending;

/// <summary>
/// Somebody else has used the operator's key. Nothing more is signed, and the treasury is paused until two persons have looked.
/// </summary>
internal static class Quarantine
{
    /// <param name="usedNonce">The nonce of ours that somebody else used, if one.</param>
    public static async Task DeclareAsync(
        IDocumentSession session,
        long chainId,
        Address signer,
        string reason,
        DateTimeOffset at,
        CancellationToken cancellation,
        long? usedNonce = null)
    {
        await session.DecideAsync<NonceLedger>(
            NonceLedger.StreamId(chainId, signer),
            state => usedNonce is { } nonce
                ? Decision.Accept(
                [
                    .. NonceLedger.Decide(new CloseNonce(nonce), state).Events,
                    .. NonceLedger.Decide(new QuarantineSigner(reason), state).Events,
                ])
                : NonceLedger.Decide(new QuarantineSigner(reason), state),
            cancellation);
        await Incidents.OpenAsync(session, chainId, IncidentKind.ForeignNonce, $"{signer}", reason, at, cancellation);
    }
}
