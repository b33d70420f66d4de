using System.Numerics;
using Grants.Ethereum.Abi;
using Grants.Ethereum.Contracts;
using Grants.Ethereum.Contracts.Pools;
using Grants.Ethereum.JsonRpc;
using Grants.Ethereum.Rlp;
using Grants.Primitives;
using Grants.Service.Demo;
using Grants.Service.Tests.RealContracts;
using Grants.Service.Tests.Vesting;
using Xunit;

namespace Grants.Service.Tests.Reinvestment;

/// <summary>
/// A pool of Uniswap v3's own contracts, or of Algebra's, for the scene's token and dollar, at one for one, and what people do there.
/// </summary>
/// <param name="tier">What names the pool beside its tokens: the fee; for Algebra who made it, and nobody is its factory.</param>
internal sealed class RangeMarket(PolicyWorld world, object tier)
{
    /// <summary>The widest range that the pool's spacing of 60 ticks allows.</summary>
    public const int Widest = 887_220;

    private static readonly UInt256 Deadline = (UInt256)9_000_000_000UL;
    private static readonly UInt256 Everything = new((BigInteger.One << 128) - 1);

    private static readonly AbiFunction DecreaseCall = AbiFunction.Parse(
        "function decreaseLiquidity((uint256 id, uint128 liquidity, uint256 m0, uint256 m1, uint256 deadline) p)");

    private static readonly AbiFunction CollectCall =
        AbiFunction.Parse("function collect((uint256 id, address to, uint128 max0, uint128 max1) p)");

    private static readonly AbiFunction NftTransfer =
        AbiFunction.Parse("function transferFrom(address from, address to, uint256 tokenId)");

    private readonly AbiFunction mintCall = AbiFunction.Parse(
        $"function mint((address t0, address t1, {TypeOf(tier)}, int24 lower, int24 upper, uint256 a0, uint256 a1, uint256 m0, uint256 m1, "
        + "address to, uint256 deadline) p)");

    private readonly AbiFunction swapCall = AbiFunction.Parse(
        $"function exactInputSingle((address tin, address tout, {TypeOf(tier)}, address to, uint256 deadline, uint256 amount, uint256 min, "
        + "uint160 limit) p)");

    private Address router;

    public Address Manager { get; private set; }

    public Address Pool { get; private set; }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private bool IsToken0 => UInt256.FromBytes(world.Scene.Token.ToBytes()) < UInt256.FromBytes(world.Scene.Dollar.ToBytes());

    public static async Task<RangeMarket> DeployAsync(PolicyWorld world, NpmContracts npm)
    {
        var (market, me) = (new RangeMarket(world, 3_000), UnlockedAccount.Address);
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
        return await market.OpenedAsync(npm);
    }

    /// <summary>Algebra Integral, as its own factory makes a pool: without a plugin.</summary>
    public static async Task<RangeMarket> DeployAlgebraAsync(PolicyWorld world, NpmContracts npm)
    {
        const string At = "artifacts/contracts/";
        var (market, me) = (new RangeMarket(world, Address.Zero), UnlockedAccount.Address);
        // The factory and who makes its pools name each other: the second one's address follows from the sender's next but one nonce.
        var nonce = await world.Chain.Node.TransactionCountAsync(me, BlockTag.Pending, Cancellation);
        var made = new RlpWriter().Write(me).Write(nonce + 1).ToList();
        var maker = new Address(Keccak256.Hash(made).ToBytes().AsSpan(Hash32.Length - Address.Length));
        var factory = await npm.DeployAsync(NpmContracts.AlgebraIntegral, At + "AlgebraFactory.sol/AlgebraFactory.json", "address", maker);
        Assert.Equal(maker, await npm.DeployAsync(
            NpmContracts.AlgebraIntegral, At + "AlgebraPoolDeployer.sol/AlgebraPoolDeployer.json", "address", factory));
        market.Manager = await npm.DeployAsync(
            NpmContracts.AlgebraIntegralPeriphery,
            At + "NonfungiblePositionManager.sol/NonfungiblePositionManager.json",
            "address,address,address,address", factory, me, me, maker);
        market.router = await npm.DeployAsync(
            NpmContracts.AlgebraIntegralPeriphery, At + "SwapRouter.sol/SwapRouter.json", "address,address,address", factory, me, maker);
        var created = await npm.ActAsync(
            AlgebraFactory.Logs, factory, factory, "function createPool(address a, address b, bytes data)",
            world.Scene.Token, world.Scene.Dollar, Array.Empty<byte>());
        market.Pool = Assert.Single(created.OfType<AlgebraFactory.PoolLog>()).Pool;
        return await market.OpenedAsync(npm);
    }

    /// <summary>Provides tokens and dollars between two ticks of the token's price in dollars.</summary>
    public async Task<UniswapV3Positions.IncreaseLiquidityLog> ProvideAsync(
        Person person, int lower, int upper, UInt256 tokens, UInt256 dollars)
    {
        await ApproveAsync(person, Manager);
        var receipt = IsToken0
            ? await CallAsync(
                person, Manager, mintCall,
                world.Scene.Token, world.Scene.Dollar, tier, lower, upper, tokens, dollars, UInt256.Zero, UInt256.Zero, person.Address,
                Deadline)
            : await CallAsync(
                person, Manager, mintCall,
                world.Scene.Dollar, world.Scene.Token, tier, -upper, -lower, dollars, tokens, UInt256.Zero, UInt256.Zero, person.Address,
                Deadline);
        var grown = receipt.Logs.Select(AlgebraPositions.Logs.Read).OfType<AlgebraPositions.IncreaseLiquidityLog>().SingleOrDefault();
        return grown is not null
            ? new UniswapV3Positions.IncreaseLiquidityLog(grown.TokenId, grown.ActualLiquidity, grown.Amount0, grown.Amount1)
            : Assert.Single(receipt.Logs.Select(UniswapV3Positions.Logs.Read).OfType<UniswapV3Positions.IncreaseLiquidityLog>());
    }

    public async Task SwapAsync(Person person, Address from, Address to, UInt256 amount)
    {
        await ApproveAsync(person, router);
        await CallAsync(person, router, swapCall, from, to, tier, person.Address, Deadline, amount, UInt256.Zero, UInt256.Zero);
    }

    public Task DecreaseAsync(Person person, UniswapV3Positions.IncreaseLiquidityLog position, ulong divisor = 1) =>
        CallAsync(person, Manager, DecreaseCall, position.TokenId, position.Liquidity / divisor, UInt256.Zero, UInt256.Zero, Deadline);

    public Task CollectAsync(Person person, UInt256 tokenId) =>
        CallAsync(person, Manager, CollectCall, tokenId, person.Address, Everything, Everything);

    public Task SendAsync(Person person, Address to, UInt256 tokenId) =>
        world.Chain.CallAsync(person.Key, Manager, NftTransfer, Cancellation, person.Address, to, tokenId);

    private static string TypeOf(object tier) => tier is Address ? "address deployer" : "uint24 fee";

    private async Task<RangeMarket> OpenedAsync(NpmContracts npm)
    {
        await npm.SendAsync(Pool, "function initialize(uint160 price)", new UInt256(BigInteger.One << 96));
        await ProvideAsync(Cast.Deployer, -Widest, Widest, Scene.Tokens(100_000), Scene.Tokens(100_000));
        return this;
    }

    private async Task ApproveAsync(Person person, Address spender)
    {
        await world.Chain.CallAsync(person.Key, world.Scene.Token, Erc20.Approve, Cancellation, spender, UInt256.MaxValue);
        await world.Chain.CallAsync(person.Key, world.Scene.Dollar, Erc20.Approve, Cancellation, spender, UInt256.MaxValue);
    }

    // The one parameter is a tuple.
    private Task<RpcReceipt> CallAsync(Person person, Address to, AbiFunction function, params object[] members) =>
        world.Chain.CallAsync(person.Key, to, function, Cancellation, (object)members);
}
