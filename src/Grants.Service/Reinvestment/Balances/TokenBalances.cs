using Grants.Domain.Reinvestment;
using Grants.Ethereum.Contracts;
using Grants.Ethereum.JsonRpc;
using Grants.Primitives;

namespace Grants.Service.Reinvestment.Balances;

/// <summary>What a wallet held of a token at the end of a block: its own money, which no rule of an award is about.</summary>
public sealed class TokenBalances(EthereumRpc node)
{
    public async Task<WalletBalance> AtAsync(Address token, Address wallet, Hash32 blockHash, CancellationToken cancellation)
    {
        var answer = await node.CallAsync(token, Erc20.BalanceOf.Encode(wallet), blockHash, cancellation: cancellation);
        return new WalletBalance(wallet, (UInt256)Erc20.BalanceOf.DecodeOutput(answer)[0]);
    }
}
