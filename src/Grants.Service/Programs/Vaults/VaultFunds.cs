using Grants.Ethereum.Abi;
using Grants.Ethereum.Contracts;
using Grants.Ethereum.JsonRpc;
using Grants.Primitives;
using Grants.Service.Api;
using Grants.Service.Ingestion;
using GraphQL;

namespace Grants.Service.Programs.Vaults;

/// <summary>What a vault holds of a token at the finalized head: money is promised on nothing younger.</summary>
/// <param name="Balance">Base units; zero where there is no such token or the chain is not followed yet.</param>
/// <param name="Reserved">Of these, what the vault owes to awards.</param>
public sealed record VaultFunds(UInt256 Balance, UInt256 Reserved)
{
    /// <summary>What it owes to nobody.</summary>
    public UInt256 Free => Balance > Reserved ? Balance - Reserved : UInt256.Zero;

    public static async Task<VaultFunds> ReadAsync(IResolveFieldContext context, long chainId, Address vault, Address token)
    {
        if (await context.Service<ChainView>().HeadsAsync(chainId, context.CancellationToken) is not { Finalized.Hash: var block })
            return new VaultFunds(UInt256.Zero, UInt256.Zero);
        async Task<UInt256> AskAsync(Address contract, AbiFunction function, Address about)
        {
            try
            {
                var answer = await context.Service<EthereumRpc>()
                    .CallAsync(contract, function.Encode(about), block, cancellation: context.CancellationToken);
                return (UInt256)function.DecodeOutput(answer)[0];
            }
            catch (Exception notSuchAContract) when (notSuchAContract is RpcErrorException or AbiException)
            {
                return UInt256.Zero;
            }
        }

        return new VaultFunds(await AskAsync(token, Erc20.BalanceOf, vault), await AskAsync(vault, IncentiveVault.Reserved, token));
    }
}
