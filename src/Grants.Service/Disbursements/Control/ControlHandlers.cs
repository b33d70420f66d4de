using Grants.Domain.Disbursements;
using Grants.Ethereum.JsonRpc;
using Grants.Primitives;
using Grants.Service.Disbursements.Signing;
using Grants.Service.Hosting;
using Marten;
using Wolverine.Attributes;

namespace Grants.Service.Disbursements.Control;

/// <summary>What people say to the treasury. A pause and new limits are committed when nobody signs.</summary>
public static class ControlHandlers
{
    public static Task<CommandResult> Handle(ApproveDisbursement command, IDocumentSession session, CancellationToken cancellation) =>
        session.DecideAsync<Disbursement>(
            Disbursement.StreamId(command.OrderId), state => Disbursement.Decide(command, state), cancellation);

    public static Task<CommandResult> Handle(RejectDisbursement command, IDocumentSession session, CancellationToken cancellation) =>
        session.DecideAsync<Disbursement>(
            Disbursement.StreamId(command.OrderId), state => Disbursement.Decide(command, state), cancellation);

    public static Task<CommandResult> Handle(RetryDisbursement command, IDocumentSession session, CancellationToken cancellation) =>
        session.DecideAsync<Disbursement>(
            Disbursement.StreamId(command.OrderId), state => Disbursement.Decide(command, state), cancellation);

    [Transactional]
    public static async Task<CommandResult> Handle(PauseTreasury command, IDocumentSession session, CancellationToken cancellation)
    {
        await TreasuryGate.ShutAsync(session, command.ChainId, cancellation);
        return await session.OfDeployment().DecideAsync<TreasuryControl>(
            TreasuryControl.StreamId(command.ChainId), state => TreasuryControl.Decide(command, state), cancellation);
    }

    [Transactional]
    public static async Task<CommandResult> Handle(SetTreasuryLimits command, IDocumentSession session, CancellationToken cancellation)
    {
        await TreasuryGate.ShutAsync(session, command.ChainId, cancellation);
        return await session.OfDeployment().DecideAsync<TreasuryControl>(
            TreasuryControl.StreamId(command.ChainId), state => TreasuryControl.Decide(command, state), cancellation);
    }

    /// <summary>
    /// When the second person agrees, a signer whose nonces somebody else used is let go on above them: both have looked. In quarantine
    /// or not: the comparison may have seen them before a reservation met them.
    /// </summary>
    [Transactional]
    public static async Task<CommandResult> Handle(
        ResumeTreasury command, IDocumentSession session, OperatorAccount account, EthereumRpc node, CancellationToken cancellation)
    {
        var resumed = false;
        var result = await session.OfDeployment().DecideAsync<TreasuryControl>(
            TreasuryControl.StreamId(command.ChainId),
            state =>
            {
                var decision = TreasuryControl.Decide(command, state);
                resumed = decision.Events.OfType<TreasuryResumed>().Any();
                return decision;
            },
            cancellation);
        if (resumed)
            await Incidents.ResolveAsync(session, command, cancellation);
        if (resumed && account.Address is { } signer)
            await ReleaseAsync(command, signer, session.OfDeployment(), node, cancellation);
        return result;
    }

    private static async Task ReleaseAsync(
        ResumeTreasury command, Address signer, IDocumentSession session, EthereumRpc node, CancellationToken cancellation)
    {
        var id = NonceLedger.StreamId(command.ChainId, signer);
        if (await session.LoadAsync<NonceLedger>(id, cancellation) is null)
            return;
        var next = await node.TransactionCountAsync(signer, BlockTag.Pending, cancellation);
        await session.DecideAsync<NonceLedger>(
            id, state => NonceLedger.Decide(new ReleaseSigner(command.By, next, command.At), state), cancellation);
    }
}
