using Grants.Domain.Reinvestment;
using Grants.Domain.Reinvestment.Watching;
using Grants.Ethereum.JsonRpc;
using Grants.Primitives;
using Grants.Service.Ingestion;

namespace Grants.Service.Reinvestment.Watching;

/// <summary>
/// Which of those that an award's wallets pay are new wallets: no stored final log names them before, and they have no code at the
/// block. The code is the one thing that no log tells; what was found becomes part of the event, and is never asked again.
/// </summary>
public sealed class FreshWallets(EthereumRpc node, PastTransactions past, ILogger<FreshWallets> log)
{
    /// <param name="observations">Of one transaction.</param>
    /// <param name="scope">The award's wallets before it.</param>
    /// <exception cref="RpcTransportException">The node gives no usable answer.</exception>
    public async Task<ValueList<Address>> AmongAsync(
        IReadOnlyList<Observation> observations, AwardScope scope, BlockRef block, CancellationToken cancellation)
    {
        var fresh = new List<Address>();
        foreach (var address in Newcomers.Of(observations, scope))
        {
            if (await HasNoCodeAsync(address, block, cancellation)
                && !await past.IsNamedBeforeAsync(observations[0].Key, address, cancellation))
                fresh.Add(address);
        }

        return [.. fresh];
    }

    // A node that has no state of the block any more leaves them unknown: they are followed as anybody else.
    private async Task<bool> HasNoCodeAsync(Address address, BlockRef block, CancellationToken cancellation)
    {
        try
        {
            return (await node.CodeAsync(address, block.Hash, cancellation)).Length == 0;
        }
        catch (RpcErrorException refused)
        {
            log.LogWarning("The node has no code of block {Number}: {Reason}", block.Number, refused.Message);
            return false;
        }
    }
}
