using Grants.Domain.Awards;
using Grants.Domain.Disbursements;
using Grants.Ethereum.Contracts;
using Grants.Ethereum.JsonRpc;
using Grants.Primitives;
using Grants.Service.Disbursements.Control;
using Grants.Service.Hosting;
using Marten;

namespace Grants.Service.Disbursements.Sending;

/// <summary>
/// Which orders are paid next: the oldest that the vault would take as things stand, and that people allow. What is refused stays
/// where it is, with the reason, and others pass it.
/// </summary>
public sealed class OrderQueue(
    EthereumRpc node,
    IDocumentStore store,
    Spaces spaces,
    PaymentRules rules,
    GasPlan plan,
    TimeProvider clock,
    ILogger<OrderQueue> log)
{
    /// <summary>No longer a look ahead than what one body of JSON-RPC asks.</summary>
    private const int Window = 100;

    /// <summary>What EIP-1474 has for a node that cannot answer now: it says nothing of the order.</summary>
    private static readonly int[] NotNow = [-32002, -32005, -32603];

    /// <summary>Of what the vault answers to a payment: 0x and a word.</summary>
    private const int IdLength = 66;

    private const string NoVault = "NoAnswer(): there is no vault at this address.";

    private const string AnotherRecipient = "The vault pays another recipient, on whom not both sides agreed or who cools down.";

    // How many of a space's oldest orders were refused when they were last looked at, and whose turn it is. Forgotten at a restart.
    private readonly Dictionary<string, int> passed = new(StringComparer.Ordinal);
    private int turn;

    /// <summary>The orders of one transaction, all of one space; none where nothing can be paid. The spaces take turns.</summary>
    /// <param name="most">Of releases by one vault; other orders come alone.</param>
    public async Task<(string Space, IReadOnlyList<TreasuryOrder> Orders)> NextAsync(
        long chainId, Address signer, int most, CancellationToken cancellation)
    {
        for (var looked = 0; looked < spaces.All.Count; looked++)
        {
            var space = spaces.All[turn++ % spaces.All.Count].Id;
            if (await NextOfAsync(space, chainId, signer, most, cancellation) is { Count: > 0 } orders)
                return (space, orders);
        }

        return (Spaces.Deployment, []);
    }

    private async Task<IReadOnlyList<TreasuryOrder>> NextOfAsync(
        string space, long chainId, Address signer, int most, CancellationToken cancellation)
    {
        while (true)
        {
            var waiting = await WaitingAsync(space, chainId, cancellation);
            var willing = await AskVaultAsync(space, waiting, signer, cancellation);
            var ready = await AskPeopleAsync(space, chainId, willing, cancellation);
            if (ready.Count > 0)
                return await plan.FittingAsync(Together(ready, most), VaultCall.FarAway, signer, cancellation);
            passed[space] = waiting.Count < Window ? 0 : passed.GetValueOrDefault(space) + Window;
            if (waiting.Count < Window)
                return [];
        }
    }

    // The oldest of all, and whatever releases of the same vault can go with it.
    private static List<TreasuryOrder> Together(IReadOnlyList<TreasuryOrder> ready, int most)
    {
        var first = ready[0];
        return first.Kind == TreasuryOrderKind.Release
            ? [.. ready.Where(order => order.Kind == TreasuryOrderKind.Release && order.Vault == first.Vault).Take(most)]
            : [first];
    }

    private async Task<IReadOnlyList<Disbursement>> WaitingAsync(string space, long chainId, CancellationToken cancellation)
    {
        await using var session = store.QuerySession(space);
        return await session.Query<Disbursement>()
            .Where(state => state.State == DisbursementState.Ordered && state.Order.ChainId == chainId)
            .OrderBy(state => state.OrderedAt).ThenBy(state => state.Id)
            .Skip(passed.GetValueOrDefault(space)).Take(Window)
            .ToListAsync(cancellation);
    }

    /// <summary>Simulates each of them alone at the newest block, and records what is refused.</summary>
    private async Task<IReadOnlyList<Disbursement>> AskVaultAsync(
        string space, IReadOnlyList<Disbursement> waiting, Address signer, CancellationToken cancellation)
    {
        var outcomes = await node.BatchAsync(
            [.. waiting.Select(state => VaultCall.Simulation(state.Order, signer, BlockTag.Latest))], cancellation);
        var ready = new List<Disbursement>();
        foreach (var (state, outcome) in waiting.Zip(outcomes))
        {
            if (outcome.Error is { } refusal && NotNow.Contains(refusal.Code))
                log.LogDebug("Order {OrderId} could not be simulated: {Reason}", state.Order.OrderId, refusal.Message);
            else if (outcome.Error is { } no)
                await RefuseAsync(space, state, VaultCall.ReasonOf(no), cancellation);
            else if (state.Order.Kind != TreasuryOrderKind.Reservation && outcome.Result.GetString()!.Length != IdLength)
                await RefuseAsync(space, state, NoVault, cancellation);
            else if (state.Order.Kind == TreasuryOrderKind.Release && !await IsForWhomItIsAsync(space, state.Order, outcome, cancellation))
                await RefuseAsync(space, state, AnotherRecipient, cancellation);
            else
                ready.Add(state);
        }

        return ready;
    }

    // The id that the vault computes contains its present recipient, finalized or not.
    private async Task<bool> IsForWhomItIsAsync(
        string space, TreasuryOrder order, RpcOutcome outcome, CancellationToken cancellation)
    {
        if ((Hash32)IncentiveVault.Release.DecodeOutput(Hex.Parse(outcome.Result.GetString()!))[0] == order.OrderId)
            return true;
        await using var session = store.QuerySession(space);
        return await session.LoadAsync<Award>(Award.StreamId(order.AwardId), cancellation) is { RefusalToPay: null } award
            && award.Recipient != order.Receiver && award.PayableFrom <= clock.GetUtcNow().ToUnixTimeSeconds();
    }

    /// <summary>Holds back what is over a limit or waits for approval, with the reason.</summary>
    private async Task<IReadOnlyList<TreasuryOrder>> AskPeopleAsync(
        string space, long chainId, IReadOnlyList<Disbursement> waiting, CancellationToken cancellation)
    {
        await using var session = store.QuerySession(Spaces.Deployment);
        var control = await session.LoadAsync<TreasuryControl>(TreasuryControl.StreamId(chainId), cancellation);
        var ready = new List<TreasuryOrder>();
        foreach (var (state, refusal) in await rules.CheckAsync(session, waiting, control, cancellation))
        {
            if (refusal is not null)
                await RefuseAsync(space, state, refusal, cancellation);
            else
                ready.Add(state.Order);
        }

        return ready;
    }

    private async Task RefuseAsync(string space, Disbursement state, string reason, CancellationToken cancellation)
    {
        var orderId = state.Order.OrderId;
        if (reason == state.Failure)
            return;
        log.LogWarning("Order {OrderId} cannot be paid as things stand: {Reason}", orderId, reason);
        await using var session = store.LightweightSession(space);
        await session.DecideAsync<Disbursement>(
            Disbursement.StreamId(orderId), one => Disbursement.Decide(new RecordRefused(orderId, reason), one), cancellation);
        await session.SaveChangesAsync(cancellation);
    }
}
