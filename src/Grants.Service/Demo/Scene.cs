using Grants.Ethereum.Abi;
using Grants.Ethereum.Contracts;
using Grants.Primitives;

namespace Grants.Service.Demo;

/// <summary>The contracts of the story on the local L2, freshly deployed for each run.</summary>
public sealed record Scene(
    long FromBlock,
    Address Token,
    Address Dollar,
    Address Vault,
    Address Treasury,
    Address Lock,
    Address Staking,
    Address Router,
    Address Pair,
    Address Bridge,
    Address CouncilWallet)
{
    public static readonly AbiFunction AddLiquidity = AbiFunction.Parse(
        "function addLiquidity(address tokenA, address tokenB, uint256 amountADesired, uint256 amountBDesired, uint256 amountAMin, "
        + "uint256 amountBMin, address to, uint256 deadline) returns (uint256 amountA, uint256 amountB, uint256 liquidity)");

    public static readonly AbiFunction Swap = AbiFunction.Parse(
        "function swapExactTokensForTokens(uint256 amountIn, uint256 amountOutMin, address[] path, address to, uint256 deadline) "
        + "returns (uint256[] amounts)");

    public static readonly AbiFunction LockFor = AbiFunction.Parse(
        "function lockFor(address signer, uint256 amount, bytes signerPubkey) returns (uint256 sequencerId)");

    private static readonly AbiFunction GetPair =
        AbiFunction.Parse("function getPair(address tokenA, address tokenB) view returns (address pair)");

    /// <summary>Base units of one token.</summary>
    public static readonly UInt256 One = UInt256.Parse("1000000000000000000");

    public static UInt256 Tokens(ulong count) => One * count;

    /// <summary>Deploys the contracts, hands out voting tokens, and funds the vault with its budget.</summary>
    public static async Task<Scene> BuildAsync(Devnet chain, Address treasuryOperator, UInt256 budget, CancellationToken cancellation)
    {
        var deployer = Cast.Deployer;
        foreach (var account in Cast.All.Select(person => person.Address).Append(treasuryOperator))
            await chain.FundAsync(account, cancellation);
        var fromBlock = await chain.Node.BlockNumberAsync(cancellation);
        var token = await DeployAsync(chain, Artifacts.Own(
            "GrantToken", "string,string,address,uint256", "Metis", "METIS", deployer.Address, Tokens(20_000_000)), cancellation);
        var dollar = await DeployAsync(chain, Artifacts.Own(
            "GrantToken", "string,string,address,uint256", "US Dollar", "USD", deployer.Address, Tokens(20_000_000)), cancellation);
        var treasury = Person.Called("the DAO's treasury").Address;
        var vault = await DeployAsync(chain, Artifacts.Own("IncentiveVault", "address,address", deployer.Address, treasury), cancellation);
        var lockContract = await DeployAsync(
            chain, Artifacts.Own("SequencerLock", "address,uint256", token, (UInt256)86_400UL), cancellation);
        var staking = await DeployAsync(chain, Artifacts.Own(
            "StakingVault", "address,string,string", token, "Staked Metis", "sMETIS"), cancellation);
        var bridge = await DeployAsync(chain, Artifacts.Own(
            "StandardBridge", "address,address", token, Person.Called("the L1 token").Address), cancellation);
        var council = await DeployAsync(chain, Artifacts.Own("ContractWallet", "address", Cast.Council.Address), cancellation);
        var (router, pair) = await DeployExchangeAsync(chain, token, dollar, cancellation);
        await chain.CallAsync(
            deployer.Key, vault, IncentiveVault.GrantRole, cancellation, IncentiveVault.OperatorRole, treasuryOperator);
        await chain.CallAsync(deployer.Key, vault, IncentiveVault.SetBudget, cancellation, token, budget);
        await chain.CallAsync(deployer.Key, vault, IncentiveVault.SetPeriodLimit, cancellation, token, Tokens(25_000), (UInt256)86_400UL);
        await chain.CallAsync(deployer.Key, token, Erc20.TransferCall, cancellation, vault, budget);
        (Address, ulong)[] voters = [(Cast.Vera.Address, 4_000_000), (Cast.Viktor.Address, 2_500_000), (council, 1_000_000)];
        foreach (var (voter, power) in voters)
            await chain.CallAsync(deployer.Key, token, Erc20.TransferCall, cancellation, voter, Tokens(power));
        return new Scene(fromBlock, token, dollar, vault, treasury, lockContract, staking, router, pair, bridge, council);
    }

    private static async Task<(Address Router, Address Pair)> DeployExchangeAsync(
        Devnet chain, Address token, Address dollar, CancellationToken cancellation)
    {
        var deployer = Cast.Deployer;
        var factory = await DeployAsync(
            chain, Artifacts.FromNpm("@uniswap/v2-core/build/UniswapV2Factory.json", "address", deployer.Address), cancellation);
        var wrapped = await DeployAsync(chain, Artifacts.FromNpm("@uniswap/v2-periphery/build/WETH9.json", string.Empty), cancellation);
        var router = await DeployAsync(
            chain,
            Artifacts.FromNpm("@uniswap/v2-periphery/build/UniswapV2Router02.json", "address,address", factory, wrapped),
            cancellation);
        var depth = Tokens(1_000_000);
        await chain.CallAsync(deployer.Key, token, Erc20.Approve, cancellation, router, depth);
        await chain.CallAsync(deployer.Key, dollar, Erc20.Approve, cancellation, router, depth);
        await chain.CallAsync(
            deployer.Key, router, AddLiquidity, cancellation,
            token, dollar, depth, depth, UInt256.Zero, UInt256.Zero, deployer.Address, UInt256.MaxValue);
        var answer = await chain.Node.CallAsync(
            factory, GetPair.Encode(token, dollar), Ethereum.JsonRpc.BlockTag.Latest, cancellation: cancellation);
        return (router, (Address)GetPair.DecodeOutput(answer)[0]);
    }

    private static async Task<Address> DeployAsync(Devnet chain, byte[] code, CancellationToken cancellation) =>
        (await chain.SendAsync(Cast.Deployer.Key, null, code, cancellation)).ContractAddress!.Value;
}
