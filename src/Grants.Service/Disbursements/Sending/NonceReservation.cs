using Grants.Domain;
using Grants.Domain.Disbursements;
using Grants.Primitives;
using Grants.Service.Disbursements.Control;
using Grants.Service.Hosting;
using Marten;

namespace Grants.Service.Disbursements.Sending;

/// <summary>Gives orders a nonce of an account, all in one database transaction.</summary>
public sealed class NonceReservation(
    IDocumentStore store, PaymentRules rules, TimeProvider clock, ILogger<NonceReservation> log)
{
    /// <param name="also">What else is written with it, in the same transaction.</param>
    /// <returns>Null where something stands against it.</returns>
    public async Task<OpenNonce?> ReserveAsync(
        ReserveNonce command, Func<IDocumentSession, OpenNonce, Task>? also, CancellationToken cancellation)
    {
        await using var session = store.LightweightSession(Spaces.Deployment);
        if (!await IsAllowedAsync(session, command, cancellation))
            return null;
        var (chainId, signer) = (command.ChainId, command.Signer);
        var ledger = await session.Events.FetchForWriting<NonceLedger>(NonceLedger.StreamId(chainId, signer), cancellation);
        var reserved = NonceLedger.Decide(command, ledger.Aggregate);
        if (reserved.Rejection is { } refusal)
        {
            log.LogCritical("{Code}: {Message}", refusal.Code, refusal.Message);
            if (refusal is ForeignNonce)
                await QuarantineAsync(chainId, signer, refusal, cancellation);
            return null;
        }

        ledger.AppendMany(reserved.Events);
        var nonce = reserved.Events.OfType<NonceReserved>().Single().Nonce;
        if (!await AssignAsync(session, command, nonce, cancellation))
            return null;
        var open = new OpenNonce(nonce, command.Orders, command.Space);
        if (also is not null)
            await also(session, open);
        await session.SaveChangesAsync(cancellation);
        return open;
    }

    private async Task<bool> AssignAsync(IDocumentSession session, ReserveNonce command, long nonce, CancellationToken cancellation)
    {
        var at = clock.GetUtcNow();
        var refused = await session.OfSpace(command.Space).DecideEachAsync<Disbursement>(
            [.. command.Orders.Select((Func<Hash32, (string, Func<Disbursement?, Decision>)>)(id => (
                Disbursement.StreamId(id),
                state => Disbursement.Decide(new AssignNonce(id, command.Signer, nonce, at), state))))],
            cancellation);
        if (refused is { } problem)
        {
            log.LogWarning("{StreamId}: {Code}: {Message}", problem.StreamId, problem.Rejection.Code, problem.Rejection.Message);
            return false;
        }

        return true;
    }

    // Once more, in the very transaction that reserves: people may have paused the treasury or lowered a limit meanwhile.
    private async Task<bool> IsAllowedAsync(IDocumentSession session, ReserveNonce command, CancellationToken cancellation)
    {
        var control = await TreasuryGate.HoldAsync(session, command.ChainId, cancellation);
        if (control?.Pause is not null)
            return false;
        var states = await session.OfSpace(command.Space).LoadManyAsync<Disbursement>(
            cancellation, [.. command.Orders.Select(Disbursement.StreamId)]);
        return (await rules.CheckAsync(session, states, control, cancellation)).All(order => order.Refusal is null);
    }

    private async Task QuarantineAsync(long chainId, Address signer, Rejection why, CancellationToken cancellation)
    {
        await using var session = store.LightweightSession(Spaces.Deployment);
        await Quarantine.DeclareAsync(session, chainId, signer, why.Message, clock.GetUtcNow(), cancellation);
        await session.SaveChangesAsync(cancellation);
    }
}
