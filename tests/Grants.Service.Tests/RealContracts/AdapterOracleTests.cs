using System.Numerics;
using Grants.Domain;
using Grants.Ethereum.Abi;
using Grants.Ethereum.Contracts;
using Grants.Ethereum.Contracts.Adapters;
using Grants.Ethereum.Contracts.Pools;
using Grants.Ethereum.Contracts.Treasuries;
using Grants.Ethereum.JsonRpc;
using Grants.Primitives;
using Grants.Service.Tests.Vesting;
using Xunit;
using Streams = Grants.Ethereum.Contracts.Streams.SablierLockup;

namespace Grants.Service.Tests.RealContracts;

/// <summary>What adapters read of the logs of real contracts is what the contracts' own view functions say.</summary>
public sealed class AdapterOracleTests(LocalServers servers)
{
    private static readonly Address Me = UnlockedAccount.Address;
    private static readonly BigInteger Two96 = BigInteger.One << 96;
    private static readonly UInt256 Everything = new((BigInteger.One << 128) - 1);
    private static readonly UInt256 Deadline = (UInt256)4_000_000_000UL;

    [Fact]
    public async Task uniswap_v2()
    {
        var npm = await StartAsync();
        var factory = await npm.DeployAsync(NpmContracts.UniswapV2, "build/UniswapV2Factory.json", "address", Me);
        var (a, b) = (await npm.TokenAsync(), await npm.TokenAsync());
        var created = One<UniswapV2Factory.PairCreatedLog>(await npm.ActAsync(
            UniswapV2Factory.Logs, factory, factory, "function createPair(address tokenA, address tokenB)", a, b));
        var pair = created.Pair;
        Assert.Equal(pair, (await npm.ViewAsync(factory, "function getPair(address a, address b) view returns (address)", a, b))[0]);
        Assert.Equal(created.Token0, (await npm.ViewAsync(pair, "function token0() view returns (address)"))[0]);

        await npm.SendAsync(created.Token0, "function transfer(address to, uint256 amount)", pair, (UInt256)1_000_000UL);
        await npm.SendAsync(created.Token1, "function transfer(address to, uint256 amount)", pair, (UInt256)4_000_000UL);
        var minted = await npm.ActAsync(UniswapV2Pair.Logs, pair, pair, "function mint(address to)", Me);
        var mint = One<UniswapV2Pair.MintLog>(minted);
        Assert.Equal((1_000_000UL, 4_000_000UL), ((ulong)mint.Amount0, (ulong)mint.Amount1));
        await SyncedAsync(npm, pair, minted);

        await npm.SendAsync(created.Token0, "function transfer(address to, uint256 amount)", pair, (UInt256)10_000UL);
        var swapped = await npm.ActAsync(
            UniswapV2Pair.Logs, pair, pair, "function swap(uint256 out0, uint256 out1, address to, bytes data)",
            (UInt256)0UL, (UInt256)39_000UL, Me, Array.Empty<byte>());
        var swap = One<UniswapV2Pair.SwapLog>(swapped);
        Assert.Equal((10_000UL, 39_000UL), ((ulong)swap.Amount0In, (ulong)swap.Amount1Out));
        await SyncedAsync(npm, pair, swapped);

        await npm.SendAsync(pair, "function transfer(address to, uint256 amount)", pair, (UInt256)1_000UL);
        var burned = await npm.ActAsync(UniswapV2Pair.Logs, pair, pair, "function burn(address to)", Me);
        Assert.Equal(Me, One<UniswapV2Pair.BurnLog>(burned).To);
        await SyncedAsync(npm, pair, burned);
    }

    [Fact]
    public async Task uniswap_v3_pool_and_positions()
    {
        var npm = await StartAsync();
        var factory = await npm.DeployAsync(NpmContracts.UniswapV3, "artifacts/contracts/UniswapV3Factory.sol/UniswapV3Factory.json");
        var manager = await npm.DeployAsync(
            NpmContracts.UniswapV3Periphery,
            "artifacts/contracts/NonfungiblePositionManager.sol/NonfungiblePositionManager.json",
            "address,address,address", factory, Me, Me);
        var router = await npm.DeployAsync(
            NpmContracts.UniswapV3Periphery, "artifacts/contracts/SwapRouter.sol/SwapRouter.json", "address,address", factory, Me);
        var (a, b) = (await npm.TokenAsync(manager, router), await npm.TokenAsync(manager, router));
        var created = One<UniswapV3Factory.PoolCreatedLog>(await npm.ActAsync(
            UniswapV3Factory.Logs, factory, factory, "function createPool(address a, address b, uint24 fee)", a, b, 3_000));
        var pool = created.Pool;
        Assert.Equal(created.TickSpacing, (int)(BigInteger)(await npm.ViewAsync(pool, "function tickSpacing() view returns (int24)"))[0]);
        var opened = One<UniswapV3Pool.InitializeLog>(await npm.ActAsync(
            UniswapV3Pool.Logs, pool, pool, "function initialize(uint160 price)", new UInt256(Two96)));
        Assert.Equal((await PriceAsync(npm, pool)).Price, opened.SqrtPriceX96);

        var mint = await MintAsync(npm, manager, created);
        var position = One<UniswapV3Positions.IncreaseLiquidityLog>(Read(mint, manager, UniswapV3Positions.Logs));
        var inPool = One<UniswapV3Pool.MintLog>(Read(mint, pool, UniswapV3Pool.Logs));
        Assert.Equal((manager, -600, 1_200, position.Liquidity), (inPool.Owner, inPool.TickLower, inPool.TickUpper, inPool.Amount));
        Assert.Equal((position.Amount0, position.Amount1), (inPool.Amount0, inPool.Amount1));
        var view = await npm.ViewAsync(manager, UniswapV3Positions.Positions, position.TokenId);
        Assert.Equal((new BigInteger(-600), (object)position.Liquidity), ((BigInteger)view[5], view[7]));
        Assert.Equal(Me, One<UniswapV3Positions.TransferLog>(Read(mint, manager, UniswapV3Positions.Logs)).To);

        var swap = await npm.SendAsync(
            router,
            "function exactInputSingle((address tin, address tout, uint24 fee, address to, uint256 deadline, uint256 amount, uint256 min, "
                + "uint160 limit) p)",
            Tuple(created.Token0, created.Token1, 3_000, Me, Deadline, (UInt256)10_000UL, Nothing, Nothing));
        var swapped = One<UniswapV3Pool.SwapLog>(Read(swap, pool, UniswapV3Pool.Logs));
        Assert.Equal(new BigInteger(10_000), swapped.Amount0);
        Assert.True(swapped.Amount1.Sign < 0);
        Assert.Equal(await PriceAsync(npm, pool), (swapped.SqrtPriceX96, swapped.Tick));

        var half = new UInt256(position.Liquidity.ToBigInteger() / 2);
        var less = One<UniswapV3Positions.DecreaseLiquidityLog>(await npm.ActAsync(
            UniswapV3Positions.Logs, manager, manager,
            "function decreaseLiquidity((uint256 id, uint128 liquidity, uint256 m0, uint256 m1, uint256 deadline) p)",
            Tuple(position.TokenId, half, Nothing, Nothing, Deadline)));
        Assert.Equal(half, less.Liquidity);
        var paid = await npm.SendAsync(
            manager, "function collect((uint256 id, address to, uint128 max0, uint128 max1) p)",
            Tuple(position.TokenId, Me, Everything, Everything));
        var collected = One<UniswapV3Positions.CollectLog>(Read(paid, manager, UniswapV3Positions.Logs));
        // What is beyond the freed liquidity is the fee of the swap: 0.3 % of what came in.
        Assert.Equal(29UL, (ulong)(collected.Amount0 - less.Amount0));
        Assert.Equal((collected.Amount0, collected.Amount1), Both(One<UniswapV3Pool.CollectLog>(Read(paid, pool, UniswapV3Pool.Logs))));

        static (UInt256, UInt256) Both(UniswapV3Pool.CollectLog log) => (log.Amount0, log.Amount1);
    }

    private static Task<RpcReceipt> MintAsync(NpmContracts npm, Address manager, UniswapV3Factory.PoolCreatedLog created) =>
        npm.SendAsync(
            manager,
            "function mint((address t0, address t1, uint24 fee, int24 lower, int24 upper, uint256 a0, uint256 a1, uint256 m0, uint256 m1, "
                + "address to, uint256 deadline) p)",
            Tuple(
                created.Token0,
                created.Token1,
                3_000,
                -600,
                1_200,
                (UInt256)1_000_000UL,
                (UInt256)1_000_000UL,
                Nothing,
                Nothing,
                Me,
                Deadline));

    [Fact]
    public async Task algebra()
    {
        var npm = await StartAsync();
        const string At = "artifacts/contracts/";
        var deployer = await npm.DeployAsync(NpmContracts.Algebra, At + "AlgebraPoolDeployer.sol/AlgebraPoolDeployer.json");
        var factory = await npm.DeployAsync(
            NpmContracts.Algebra, At + "AlgebraFactory.sol/AlgebraFactory.json", "address,address", deployer, Me);
        await npm.SendAsync(deployer, "function setFactory(address factory)", factory);
        var (a, b) = (await npm.TokenAsync(), await npm.TokenAsync());
        var made = One<AlgebraFactory.PoolLog>(
            await npm.ActAsync(AlgebraFactory.Logs, factory, factory, "function createPool(address a, address b)", a, b));
        var known = await npm.ViewAsync(factory, "function poolByPair(address a, address b) view returns (address)", a, b);
        Assert.Equal(made.Pool, known[0]);
        var opened = One<AlgebraPool.InitializeLog>(await npm.ActAsync(
            AlgebraPool.Logs, made.Pool, made.Pool, "function initialize(uint160 price)", new UInt256(Two96 * 2)));
        var state = await npm.ViewAsync(
            made.Pool, "function globalState() view returns (uint160 p, int24 t, uint16 f, uint16 i, uint8 c0, uint8 c1, bool u)");
        Assert.Equal(((object)opened.Price, new BigInteger(opened.Tick)), (state[0], (BigInteger)state[1]));
    }

    [Fact]
    public async Task safe()
    {
        var npm = await StartAsync();
        const string At = "build/artifacts/contracts/";
        var singleton = await npm.DeployAsync(NpmContracts.SafeAccount, At + "Safe.sol/Safe.json");
        var proxies = await npm.DeployAsync(NpmContracts.SafeAccount, At + "proxies/SafeProxyFactory.sol/SafeProxyFactory.json");
        var setup = AbiFunction.Parse(
            "function setup(address[] owners, uint256 threshold, address to, bytes data, address handler, address token, uint256 payment, "
                + "address receiver)").Encode(
            new object[] { Me }, (UInt256)1UL, Address.Zero, Array.Empty<byte>(), Address.Zero, Address.Zero, (UInt256)0UL, Address.Zero);
        var creation = await npm.SendAsync(
            proxies, "function createProxyWithNonce(address singleton, bytes initializer, uint256 salt)", singleton, setup, (UInt256)1UL);
        var (safe, made) = creation.Logs.Select(log => (log.Address, Read: Safe.Logs.Read(log)))
            .First(one => one.Read is Safe.SafeSetupLog);
        Assert.Equal([Me], ((Safe.SafeSetupLog)made!).Owners);

        var second = Address.Parse("0x00000000000000000000000000000000000000a1");
        var add = AbiFunction.Parse("function addOwnerWithThreshold(address owner, uint256 threshold)").Encode(second, (UInt256)2UL);
        byte[] approvedBySender = [.. new byte[12], .. Me.ToBytes(), .. new byte[32], 1];
        var logs = await npm.ActAsync(
            Safe.Logs, safe, safe,
            "function execTransaction(address to, uint256 value, bytes data, uint8 operation, uint256 safeTxGas, uint256 baseGas, "
                + "uint256 gasPrice, address gasToken, address refundReceiver, bytes signatures)",
            safe, (UInt256)0UL, add, 0, (UInt256)0UL, (UInt256)0UL, (UInt256)0UL, Address.Zero, Address.Zero, approvedBySender);
        Assert.Equal(second, One<Safe.AddedOwnerLog>(logs).Owner);
        Assert.NotNull(One<Safe.ExecutionSuccessLog>(logs));
        Assert.Equal(
            (object)One<Safe.ChangedThresholdLog>(logs).Threshold, (await npm.ViewAsync(safe, Safe.GetThreshold))[0]);
        Assert.Equal(
            new object[] { second, Me }, (object[])(await npm.ViewAsync(safe, Safe.GetOwners))[0]);
    }

    [Fact]
    public async Task openzeppelin_erc4626()
    {
        var npm = await StartAsync();
        var token = await npm.TokenAsync();
        var vault = await npm.OwnAsync("StakingVault", "address,string,string", token, "Vault", "VLT");
        await npm.SendAsync(token, "function approve(address spender, uint256 amount)", vault, UInt256.MaxValue);
        var deposit = One<Erc4626.DepositLog>(await npm.ActAsync(
            Erc4626.Logs, vault, vault, "function deposit(uint256 assets, address receiver)", (UInt256)5_000UL, Me));
        Assert.Equal((object)deposit.Shares, (await npm.ViewAsync(vault, "function balanceOf(address a) view returns (uint256)", Me))[0]);
        Assert.Equal((object)deposit.Assets, (await npm.ViewAsync(vault, "function totalAssets() view returns (uint256)"))[0]);
        var other = Address.Parse("0x00000000000000000000000000000000000000b2");
        var withdraw = One<Erc4626.WithdrawLog>(await npm.ActAsync(
            Erc4626.Logs, vault, vault, "function redeem(uint256 shares, address receiver, address owner)", (UInt256)2_000UL, other, Me));
        Assert.Equal((Me, other), (withdraw.Owner, withdraw.Receiver));
        Assert.Equal((object)withdraw.Assets, (await npm.ViewAsync(token, Erc20.BalanceOf, other))[0]);
    }

    [Fact]
    public async Task sablier()
    {
        var rpc = await ChainAsync();
        var account = new UnlockedAccount(rpc);
        var lockup = await SablierLockup.DeployAsync(account);
        var start = await account.TimeAsync() + 100;
        await lockup.SendAsync(lockup.Create(new LinearVesting((UInt256)9_000UL, start, 50, 500, GranularitySeconds: 5)));
        var head = (await rpc.BlockAsync(BlockTag.Latest, TestContext.Current.CancellationToken))!;
        var logs = await rpc.LogsAsync(head.Hash, cancellation: TestContext.Current.CancellationToken);
        var (contract, created) = Assert.Single(
            logs.Select(log => (log.Address, Created: Streams.Logs.Read(log) as Streams.CreateLockupLinearStreamLog)),
            one => one.Created is not null);
        var (stream, terms) = (created!.StreamId, created.Terms);
        Assert.Equal((Me, Me, true, false), (terms.Sender, terms.Recipient, terms.IsCancelable, terms.IsTransferable));
        Assert.Equal((start, start + 500), (terms.StartAt, terms.EndAt));
        var npm = new NpmContracts(rpc);
        var deposited = await npm.ViewAsync(contract, "function getDepositedAmount(uint256 id) view returns (uint128)", stream);
        var end = await npm.ViewAsync(contract, "function getEndTime(uint256 id) view returns (uint40)", stream);
        Assert.Equal(((object)terms.Deposit, (object)(UInt256)(ulong)terms.EndAt), (deposited[0], end[0]));
        Assert.Equal(terms.Recipient, (await npm.ViewAsync(contract, "function ownerOf(uint256 id) view returns (address)", stream))[0]);
    }

    private async Task<NpmContracts> StartAsync() => new(await ChainAsync());

    private async Task<EthereumRpc> ChainAsync() =>
        new(new HttpClient(), await servers.StartChainAsync()) { Timeout = TimeSpan.FromMinutes(1) };

    private static UInt256 Nothing => UInt256.Zero;

    /// <summary>The arguments of a function that takes one tuple of these.</summary>
    private static object[] Tuple(params object[] values) => [values];

    private static T One<T>(IEnumerable<ContractLog> logs) => Assert.Single(logs.OfType<T>());

    private static IReadOnlyList<ContractLog> Read(RpcReceipt receipt, Address of, ContractAdapter logs) =>
        [.. receipt.Logs.Where(log => log.Address == of).Select(log => logs.Read(log)).OfType<ContractLog>()];

    private static async Task SyncedAsync(NpmContracts npm, Address pair, IEnumerable<ContractLog> logs)
    {
        var sync = One<UniswapV2Pair.SyncLog>(logs);
        var reserves = await npm.ViewAsync(pair, "function getReserves() view returns (uint112 r0, uint112 r1, uint32 at)");
        Assert.Equal(((object)sync.Reserve0, (object)sync.Reserve1), (reserves[0], reserves[1]));
    }

    private static async Task<(UInt256 Price, int Tick)> PriceAsync(NpmContracts npm, Address pool)
    {
        var slot = await npm.ViewAsync(
            pool, "function slot0() view returns (uint160 p, int24 t, uint16 i, uint16 c, uint16 n, uint8 f, bool unlocked)");
        return ((UInt256)slot[0], (int)(BigInteger)slot[1]);
    }
}
