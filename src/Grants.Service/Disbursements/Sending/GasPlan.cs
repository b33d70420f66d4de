using System.Globalization;
using System.Text.Json;
using Grants.Domain.Disbursements;
using Grants.Ethereum.JsonRpc;
using Grants.Primitives;

namespace Grants.Service.Disbursements.Sending;

/// <summary>
/// How much gas a transaction of orders is given. What a release costs depends on its award: of 64 tranches, the first costs four times
/// that of a line. A batch in which every element ran out of gas succeeds too, so that estimating the batch says nothing: each of its
/// elements is estimated as a transaction alone, which covers the call within the batch.
/// </summary>
public sealed class GasPlan(EthereumRpc node)
{
    /// <summary>What a node cannot tell is taken for the most that a release costs: the first of 64 tranches.</summary>
    private const long MostOfRelease = 400_000;

    private const long OfBatch = 100_000;

    /// <summary>Of a batch: well below what a block holds, so that any block can take it.</summary>
    private const long MostOfBatch = 20_000_000;

    // Of the orders that were fitted last: they are about to be signed, and an estimate is what a node is slowest at.
    private IReadOnlyDictionary<Hash32, long> fitted = new Dictionary<Hash32, long>();

    /// <summary>As many of the first orders as go into one transaction; at least one.</summary>
    public async Task<IReadOnlyList<TreasuryOrder>> FittingAsync(
        IReadOnlyList<TreasuryOrder> orders, long deadlineAt, Address from, CancellationToken cancellation)
    {
        if (orders.Count <= 1)
            return orders;
        var left = MostOfBatch - OfBatch;
        var estimates = await EachAsync(orders, deadlineAt, from, cancellation);
        fitted = orders.Zip(estimates).DistinctBy(one => one.First.OrderId).ToDictionary(one => one.First.OrderId, one => one.Second);
        return [orders[0], .. orders.Zip(estimates).TakeWhile(one => (left -= one.Second) >= 0).Skip(1).Select(one => one.First)];
    }

    /// <param name="data">The call data of all of them.</param>
    /// <param name="deadlineAt">Of the attempt, seconds since 1970.</param>
    public async Task<long> OfAsync(
        IReadOnlyList<TreasuryOrder> orders, byte[] data, long deadlineAt, Address from, CancellationToken cancellation)
    {
        if (orders.Count > 1)
        {
            var known = fitted;
            var each = orders.All(order => known.ContainsKey(order.OrderId))
                ? [.. orders.Select(order => known[order.OrderId])]
                : await EachAsync(orders, deadlineAt, from, cancellation);
            return Math.Min(OfBatch + each.Sum(), MostOfBatch);
        }

        try
        {
            return FeeOffer.GasLimit(await node.EstimateGasAsync(from, orders[0].Vault, data, UInt256.Zero, cancellation));
        }
        catch (RpcErrorException)
        {
            // It would revert, since it was simulated; its nonce is used all the same.
            return FeeOffer.GasLimit(MostOfRelease);
        }
    }

    private async Task<IReadOnlyList<long>> EachAsync(
        IReadOnlyList<TreasuryOrder> orders, long deadlineAt, Address from, CancellationToken cancellation)
    {
        var answers = await node.BatchAsync([.. orders.Select(order => Estimate(order, deadlineAt, from))], cancellation);
        return [.. answers.Select(answer => FeeOffer.GasLimit(Read(answer) ?? MostOfRelease))];
    }

    private static RpcRequest Estimate(TreasuryOrder order, long deadlineAt, Address from) => new(
        "eth_estimateGas",
        new Dictionary<string, string>
        {
            ["from"] = from.ToString(),
            ["to"] = order.Vault.ToString(),
            ["data"] = Hex.Format(VaultCall.Of(order, deadlineAt)),
        });

    private static long? Read(RpcOutcome answer) =>
        answer is { Error: null, Result.ValueKind: JsonValueKind.String } && answer.Result.GetString() is ['0', 'x', .. var digits]
            && long.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var gas) && gas > 0
                ? gas
                : null;
}
