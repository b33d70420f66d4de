using Grants.Domain.Reinvestment;
using Grants.Ethereum.JsonRpc;
using Grants.Primitives;
using Grants.Service.Ingestion;
using Microsoft.Extensions.Options;

namespace Grants.Service.Reinvestment.Balances;

/// <summary>
/// What wallets hold of the chain's native token, where it is also an ERC-20 (on Metis at 0xDeadDeAddeAddEAddeadDEaDDEAdDeaDDeAD0000): a
/// plain payment of it emits no log, so that logs alone are blind to it.
/// </summary>
public sealed class NativeBalances(EthereumRpc node, IOptionsMonitor<IngestionOptions> chains, ILogger<NativeBalances> log)
{
    /// <summary>
    /// What the wallets of an award held together at the end of a block, base units; null where the award's token is not the native one,
    /// and where the node has no state of that block any more: the next checkpoint shows what this one would have.
    /// </summary>
    /// <exception cref="RpcTransportException">The node gives no usable answer.</exception>
    public async Task<UInt256?> HeldAsync(ReinvestmentMonitor monitor, BlockRef block, CancellationToken cancellation)
    {
        if (chains.CurrentValue.Chains is not [{ NativeToken: { } native }, ..] || Address.Parse(native) != monitor.Token)
            return null;
        var held = UInt256.Zero;
        try
        {
            foreach (var wallet in monitor.OwnChainWallets.Where(wallet => wallet.SinceBlock < block.Number))
                held += await node.BalanceAsync(wallet.Wallet, block.Hash, cancellation);
            return held;
        }
        catch (RpcErrorException refused)
        {
            log.LogWarning("The node has no balances of block {Number}: {Reason}", block.Number, refused.Message);
            return null;
        }
    }
}
