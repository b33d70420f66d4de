using System.Numerics;
using Grants.Ethereum.Abi;
using Grants.Ethereum.Contracts;
using Grants.Ethereum.Contracts.Pools;
using Grants.Ethereum.JsonRpc;
using Grants.Primitives;
using Grants.Service.Demo;
using Grants.Service.Tests.RealContracts;
using Grants.Service.Tests.Vesting;
using Xunit;

namespace Grants.Service.Tests.Reinvestment;

/// <summary>A pool of Uniswap v3's own contracts for the scene's token and dollar, at one for one, and what people do there.</summary>
internal sealed class RangeMarket(PolicyWorld world)
{
    /// <summary>The widest range that the pool's spacing of 60 ticks allows.</summary>
    public const int Widest = 887_220;

    private static readonly UInt256 Deadline = (UInt256)9_000_000_000UL;
    private static readonly UInt256 Everything = new((BigInteger.One << 128) - 1);

    private static readonly AbiFunction MintCall = AbiFunction.Parse(
        "function mint((address t0, address t1, uint24 fee, int24 lower, int24 upper, uint256 a0, uint256 a1, uint256 m0, uint256 m1, "
        + "address to, uint256 deadline) p)");

    private static readonly AbiFunction SwapCall = AbiFunction.Parse(
        "function exactInputSingle((address tin, address tout, uint24 fee, address to, uint256 deadline, uint256 amount, uint256 min, "
        + "uint160 limit) p)");

    private static readonly AbiFunction DecreaseCall = AbiFunction.Parse(
        "function decreaseLiquidity((uint256 id, uint128 liquidity, uint256 m0, uint256 m1, uint256 deadline) p)");

    private static readonly AbiFunction CollectCall =
        AbiFunction.Parse("function collect((uint256 id, address to, uint128 max0, uint128 max1) p)");

    private static readonly AbiFunction NftTransfer =
        AbiFunction.Parse("function transferFrom(address from, address to, uint256 tokenId)");

    private Address router;

    public Address Manager { get; private set; }

    public Address Pool { get; private set; }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private bool IsToken0 => UInt256.FromBytes(world.Scene.Token.ToBytes()) < UInt256.FromBytes(world.Scene.Dollar.ToBytes());

    public static async Task<RangeMarket> DeployAsync(PolicyWorld world, NpmContracts npm)
    {
        var (market, me) = (new RangeMarket(world), UnlockedAccount.Address);
        var (token, dollar) = (world.Scene.Token, world.Scene.Dollar);
        var factory = await npm.DeployAsync(NpmContracts.UniswapV3, "artifacts/contracts/UniswapV3Factory.sol/UniswapV3Factory.json");
        market.Manager = await npm.DeployAsync(
            NpmContracts.UniswapV3Periphery,
            "artifacts/contracts/NonfungiblePositionManager.sol/NonfungiblePositionManager.json",
            "address,address,address", factory, me, me);
        market.router = await npm.DeployAsync(
            NpmContracts.UniswapV3Periphery, "artifacts/contracts/SwapRouter.sol/SwapRouter.json", "address,address", factory, me);
        var created = await npm.ActAsync(
            UniswapV3Factory.Logs, factory, factory, "function createPool(address a, address b, uint24 fee)", token, dollar, 3_000);
        market.Pool = Assert.Single(created.OfType<UniswapV3Factory.PoolCreatedLog>()).Pool;
        await npm.SendAsync(market.Pool, "function initialize(uint160 price)", new UInt256(BigInteger.One << 96));
        await market.ProvideAsync(Cast.Deployer, -Widest, Widest, Scene.Tokens(100_000), Scene.Tokens(100_000));
        return market;
    }

    /// <summary>Provides tokens and dollars between two ticks of the token's price in dollars.</summary>
    public async Task<UniswapV3Positions.IncreaseLiquidityLog> ProvideAsync(
        Person person, int lower, int upper, UInt256 tokens, UInt256 dollars)
    {
        await ApproveAsync(person, Manager);
        var receipt = IsToken0
            ? await CallAsync(
                person, Manager, MintCall,
                world.Scene.Token, world.Scene.Dollar, 3_000, lower, upper, tokens, dollars, UInt256.Zero, UInt256.Zero, person.Address,
                Deadline)
            : await CallAsync(
                person, Manager, MintCall,
                world.Scene.Dollar, world.Scene.Token, 3_000, -upper, -lower, dollars, tokens, UInt256.Zero, UInt256.Zero, person.Address,
                Deadline);
        return Assert.Single(receipt.Logs.Select(UniswapV3Positions.Logs.Read).OfType<UniswapV3Positions.IncreaseLiquidityLog>());
    }

    public async Task SwapAsync(Person person, Address from, Address to, UInt256 amount)
    {
        await ApproveAsync(person, router);
        await CallAsync(person, router, SwapCall, from, to, 3_000, person.Address, Deadline, amount, UInt256.Zero, UInt256.Zero);
    }

    public Task DecreaseAsync(Person person, UniswapV3Positions.IncreaseLiquidityLog position) =>
        CallAsync(person, Manager, DecreaseCall, position.TokenId, position.Liquidity, UInt256.Zero, UInt256.Zero, Deadline);

    public Task CollectAsync(Person person, UInt256 tokenId) =>
        CallAsync(person, Manager, CollectCall, tokenId, person.Address, Everything, Everything);

    public Task SendAsync(Person person, Address to, UInt256 tokenId) =>
        world.Chain.CallAsync(person.Key, Manager, NftTransfer, Cancellation, person.Address, to, tokenId);

    private async Task ApproveAsync(Person person, Address spender)
    {
        await world.Chain.CallAsync(person.Key, world.Scene.Token, Erc20.Approve, Cancellation, spender, UInt256.MaxValue);
        await world.Chain.CallAsync(person.Key, world.Scene.Dollar, Erc20.Approve, Cancellation, spender, UInt256.MaxValue);
    }

    // The one parameter is a tuple.
    private Task<RpcReceipt> CallAsync(Person person, Address to, AbiFunction function, params object[] members) =>
        world.Chain.CallAsync(person.Key, to, function, Cancellation, (object)members);
}
