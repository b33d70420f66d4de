using Grants.Domain.Reinvestment.Liquidity;
using Grants.Ethereum.Abi;
using Grants.Ethereum.Contracts.Pools;
using Grants.Ethereum.JsonRpc;
using Grants.Primitives;
using Grants.Service.Tests.Vesting;
using Xunit;

namespace Grants.Service.Tests.RealContracts;

/// <summary>What a range is worth at a price is, to the base unit, what Uniswap v3's own contracts would pay for it.</summary>
public sealed class LiquidityMathOracleTests(LocalServers servers)
{
    /// <summary>The widest range that the pool's spacing of 60 ticks allows.</summary>
    private const int Widest = 887_220;

    private static readonly Address Me = UnlockedAccount.Address;
    private static readonly UInt256 Deadline = (UInt256)9_000_000_000UL;
    private static readonly UInt256 Much = UInt256.Parse("100000000000000000000000000000");

    private static readonly AbiFunction MintCall = AbiFunction.Parse(
        "function mint((address t0, address t1, uint24 fee, int24 lower, int24 upper, uint256 a0, uint256 a1, uint256 m0, uint256 m1, "
        + "address to, uint256 deadline) p)");

    private static readonly AbiFunction SwapCall = AbiFunction.Parse(
        "function exactInputSingle((address tin, address tout, uint24 fee, address to, uint256 deadline, uint256 amount, uint256 min, "
        + "uint160 limit) p)");

    private static readonly AbiFunction DecreaseCall = AbiFunction.Parse(
        "function decreaseLiquidity((uint256 id, uint128 liquidity, uint256 m0, uint256 m1, uint256 deadline) p) "
        + "returns (uint256 amount0, uint256 amount1)");

    private static readonly AbiFunction OpenCall = AbiFunction.Parse(
        "function createAndInitializePoolIfNecessary(address token0, address token1, uint24 fee, uint160 price)");

    /// <summary>A pool says of the price it opens at which tick that is: the price of a tick is the lowest of it.</summary>
    [Fact]
    public async Task the_price_at_a_tick_is_where_the_pool_says_that_the_tick_begins()
    {
        var (npm, _) = await StartAsync();
        var (manager, _) = await UniswapAsync(npm);
        var pair = 0x1000UL;
        // 349,525 and 699,050 have every power of the table between them. Around 2^18 prices keep most digits of the powers: one that is
        // wrong in any but the last 20 of its 128 bits shows there, and what is below is mostly rounded away.
        foreach (var tick in (int[])
            [-887_271, -699_050, -349_525, -1, 0, 1, 262_143, 262_144, 349_525, 524_288, 699_050, 887_271])
        {
            var price = LiquidityMath.PriceAt(tick);
            Assert.Equal((price, tick), await OpenAsync(price));
            Assert.Equal(tick - 1, (await OpenAsync(price - UInt256.One)).Tick);
        }

        async Task<(UInt256 Price, int Tick)> OpenAsync(UInt256 price)
        {
            var (a, b) = (Named(pair++), Named(pair++));
            var opened = Assert.Single((await npm.SendAsync(manager, OpenCall, a, b, 3_000, price)).Logs
                .Select(UniswapV3Pool.Logs.Read).OfType<UniswapV3Pool.InitializeLog>());
            return (opened.SqrtPriceX96, opened.Tick);
        }
    }

    [Fact]
    public async Task what_a_range_holds_is_what_the_manager_would_pay_for_all_of_it()
    {
        var (npm, rpc) = await StartAsync();
        var (manager, router) = await UniswapAsync(npm);
        var (a, b) = (await npm.TokenAsync(manager, router), await npm.TokenAsync(manager, router));
        var market = UInt256.FromBytes(a.ToBytes()) < UInt256.FromBytes(b.ToBytes())
            ? new Market(npm, rpc, manager, router, a, b)
            : new Market(npm, rpc, manager, router, b, a);
        var price = LiquidityMath.PriceAt(0);
        await npm.SendAsync(manager, OpenCall, market.Token0, market.Token1, 3_000, price);
        Stake[] stakes =
        [
            await market.ProvideAsync(-Widest, Widest, 1_000_003UL),
            await market.ProvideAsync(-600, 1_200, UInt256.Parse("900000000000000000001")),
            await market.ProvideAsync(-60, 60, 7UL),
            await market.ProvideAsync(6_000, 6_060, 999_983UL),
            await market.ProvideAsync(-6_060, -6_000, UInt256.Parse("123456789012345678901234")),
        ];

        // What is put in is rounded up: at most a unit more than what is held from then on.
        foreach (var stake in stakes)
        {
            var (held0, held1) = stake.HeldAt(price);
            Assert.Contains(stake.Put0, (UInt256[])[held0, held0 + UInt256.One]);
            Assert.Contains(stake.Put1, (UInt256[])[held1, held1 + UInt256.One]);
        }

        // Within each range, at its ends and a unit beside them, and far away on both sides.
        foreach (var (tick, beyond) in ((int, int)[])
            [(0, 0), (0, 1), (7, 12_345), (60, 0), (601, 0), (1_200, -1), (1_200, 0), (6_031, 99), (300_000, 0), (-59, 3), (-600, 0),
            (-600, -1), (-6_030, 5), (-6_060, 0), (-300_000, 0), (-1, 0)])
        {
            var next = new UInt256(LiquidityMath.PriceAt(tick).ToBigInteger() + beyond);
            if (next != price)
                await market.MoveAsync(price, next);
            price = next;
            foreach (var stake in stakes)
                Assert.Equal(stake.HeldAt(price), await market.WouldPayAsync(stake));
        }
    }

    /// <summary>A position, and the base units that were put in.</summary>
    private sealed record Stake(int Lower, int Upper, UInt256 TokenId, UInt256 Liquidity, UInt256 Put0, UInt256 Put1)
    {
        public (UInt256 Amount0, UInt256 Amount1) HeldAt(UInt256 price) => (
            LiquidityMath.AmountOf(price, Lower, Upper, Liquidity, true), LiquidityMath.AmountOf(price, Lower, Upper, Liquidity, false));
    }

    private sealed record Market(NpmContracts Npm, EthereumRpc Rpc, Address Manager, Address Router, Address Token0, Address Token1)
    {
        /// <param name="amount">At most so much of each token.</param>
        public async Task<Stake> ProvideAsync(int lower, int upper, UInt256 amount)
        {
            var receipt = await Npm.SendAsync(
                Manager, MintCall, Tuple(Token0, Token1, 3_000, lower, upper, amount, amount, UInt256.Zero, UInt256.Zero, Me, Deadline));
            var made = Assert.Single(
                receipt.Logs.Select(UniswapV3Positions.Logs.Read).OfType<UniswapV3Positions.IncreaseLiquidityLog>());
            return new Stake(lower, upper, made.TokenId, made.Liquidity, made.Amount0, made.Amount1);
        }

        /// <summary>Swaps until the price is there.</summary>
        public async Task MoveAsync(UInt256 from, UInt256 to)
        {
            var (given, taken) = to < from ? (Token0, Token1) : (Token1, Token0);
            var receipt = await Npm.SendAsync(Router, SwapCall, Tuple(given, taken, 3_000, Me, Deadline, Much, UInt256.Zero, to));
            var swapped = Assert.Single(receipt.Logs.Select(UniswapV3Pool.Logs.Read).OfType<UniswapV3Pool.SwapLog>());
            Assert.Equal(to, swapped.SqrtPriceX96);
        }

        /// <summary>What ending all of a position now would free; nothing is ended.</summary>
        public async Task<(UInt256 Amount0, UInt256 Amount1)> WouldPayAsync(Stake stake)
        {
            var call = DecreaseCall.Encode(Tuple(stake.TokenId, stake.Liquidity, UInt256.Zero, UInt256.Zero, Deadline));
            var paid = DecreaseCall.DecodeOutput(
                await Rpc.CallAsync(Manager, call, BlockTag.Latest, Me, cancellation: TestContext.Current.CancellationToken));
            return ((UInt256)paid[0], (UInt256)paid[1]);
        }

        // The one parameter is a tuple.
        private static object[] Tuple(params object[] members) => [members];
    }

    private static Address Named(ulong number) => Address.Parse($"0x{number:x40}");

    private static async Task<(Address Manager, Address Router)> UniswapAsync(NpmContracts npm)
    {
        const string At = "artifacts/contracts/";
        var factory = await npm.DeployAsync(NpmContracts.UniswapV3, At + "UniswapV3Factory.sol/UniswapV3Factory.json");
        var manager = await npm.DeployAsync(
            NpmContracts.UniswapV3Periphery, At + "NonfungiblePositionManager.sol/NonfungiblePositionManager.json",
            "address,address,address", factory, Me, Me);
        var router = await npm.DeployAsync(
            NpmContracts.UniswapV3Periphery, At + "SwapRouter.sol/SwapRouter.json", "address,address", factory, Me);
        return (manager, router);
    }

    private async Task<(NpmContracts Npm, EthereumRpc Rpc)> StartAsync()
    {
        var rpc = new EthereumRpc(new HttpClient(), await servers.StartChainAsync()) { Timeout = TimeSpan.FromMinutes(1) };
        return (new NpmContracts(rpc), rpc);
    }
}
