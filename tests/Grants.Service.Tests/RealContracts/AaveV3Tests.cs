using System.Numerics;
using Grants.Domain;
using Grants.Domain.Reinvestment;
using Grants.Domain.Reinvestment.Books;
using Grants.Ethereum.Abi;
using Grants.Ethereum.Contracts;
using Grants.Ethereum.Contracts.Lending;
using Grants.Ethereum.JsonRpc;
using Grants.Primitives;
using Grants.Service.Reinvestment;
using Grants.Service.Tests.Vesting;
using Xunit;

namespace Grants.Service.Tests.RealContracts;

/// <summary>
/// What is read of the logs of Aave v3's own contracts is what its view functions say, and the flows that are told from them are what
/// went in and out. Time passes between the acts, so that interest is there to be mistaken for money.
/// </summary>
public sealed class AaveV3Tests(LocalServers servers)
{
    private const long Month = 30 * 86_400;

    private static readonly Address Me = UnlockedAccount.Address;
    private static readonly Address Other = UnlockedAccount.Second;
    private static readonly Address Lender = Address.Parse("0x00000000000000000000000000000000000000b2");
    private static readonly Address Vault = Address.Parse("0x00000000000000000000000000000000000000c3");
    private static readonly BigInteger Ray = BigInteger.Pow(10, 27);

    private EthereumRpc rpc = null!;
    private NpmContracts npm = null!;
    private AaveMarket market = null!;
    private Address token;
    private Address dollar;

    [Fact]
    public async Task what_was_minted_and_burned_is_the_balance_whatever_came_between()
    {
        await StartAsync();
        var venue = market.ATokenOf(token);
        Func<Task<RpcReceipt>>[] acts =
        [
            () => SupplyAsync(token, Tokens(1_000), Me),
            () => PoolAsync(Borrow, dollar, Tokens(500), AaveMarket.Variable, 0, Me),
            () => PoolAsync(Borrow, token, Tokens(200), AaveMarket.Variable, 0, Me),
            () => SupplyAsync(token, Tokens(50), Me),
            () => PoolAsync(Withdraw, token, (UInt256)10UL, Me), // less than the interest: a Mint
            () => market.UpgradeAsync(token), // another implementation behind the proxy: what it logs is read as before
            () => PoolAsync(Withdraw, token, Tokens(100), Lender),
            () => npm.SendAsync(venue, "function transfer(address to, uint256 amount)", Other, Tokens(30)),
            () => PoolAsync(RepayWithATokens, token, Tokens(40), AaveMarket.Variable),
        ];
        var folded = BigInteger.Zero;
        for (var i = 0; i < acts.Length; i++)
        {
            await PassAsync(Month);
            var logs = (await acts[i]()).Logs;
            folded += logs.Where(log => log.Address == venue).Select(ChangeOfMine).Aggregate(BigInteger.Zero, BigInteger.Add);
            if (IndexOf(logs, venue) is { } index) // without, interest has come and no log tells of it yet
            {
                var balance = await NumberAsync(venue, Erc20.BalanceOf, Me);
                Assert.True(BigInteger.Abs(folded - balance) <= i, $"Act {i}: the logs add up to {folded}, and {balance} are there.");
                Assert.Equal(balance, TimesRay(await NumberAsync(venue, AaveV3Token.ScaledBalanceOf, Me), index));
            }

            if (logs.Select(AaveV3Pool.Logs.Read).OfType<AaveV3Pool.ReserveDataUpdatedLog>().LastOrDefault() is { } rates)
                await UpdatedAsync(rates);
        }

        Assert.True(folded > BigInteger.Zero);
    }

    [Fact]
    public async Task what_the_pool_says_of_loans_is_what_it_holds_accounts_to()
    {
        await StartAsync();
        var supplied = One<AaveV3Pool.SupplyLog>(await SupplyAsync(token, Tokens(1_000), Me));
        Assert.Equal(new AaveV3Pool.SupplyLog(token, Me, Me, Tokens(1_000), 0), supplied);
        var lent = await PoolAsync(Borrow, dollar, Tokens(700), AaveMarket.Variable, 0, Me);
        var (collateral, debt) = await AccountAsync(Me);
        var borrowed = One<AaveV3Pool.BorrowLog>(lent);
        Assert.Equal((dollar, Me, 2), (borrowed.Reserve, borrowed.OnBehalfOf, borrowed.InterestRateMode));
        Assert.Equal((Dollars(supplied.Amount), Dollars(borrowed.Amount)), (collateral, debt));
        Assert.Equal(One<AaveV3Pool.ReserveDataUpdatedLog>(lent).VariableBorrowRate, borrowed.BorrowRate);
        Assert.NotNull(One<AaveV3Pool.ReserveUsedAsCollateralEnabledLog>(await SupplyAsync(dollar, Tokens(1), Me)));

        var repaid = One<AaveV3Pool.RepayLog>(await PoolAsync(Repay, dollar, Tokens(100), AaveMarket.Variable, Me));
        Assert.Equal(new AaveV3Pool.RepayLog(dollar, Me, Me, Tokens(100), false), repaid);
        Assert.InRange(await DebtAsync(), Dollars(Tokens(600)), Dollars(Tokens(600)) + 100);
        var withdrawn = One<AaveV3Pool.WithdrawLog>(await PoolAsync(Withdraw, token, Tokens(50), Other));
        Assert.Equal(new AaveV3Pool.WithdrawLog(token, Me, Other, Tokens(50)), withdrawn);

        await market.SetPriceAsync(token, 70_000_000);
        var before = await DebtAsync();
        var other = new NpmContracts(rpc, Other);
        await npm.SendAsync(dollar, "function transfer(address to, uint256 amount)", Other, Tokens(500));
        await other.SendAsync(dollar, "function approve(address spender, uint256 amount)", market.Pool, UInt256.MaxValue);
        var call = One<AaveV3Pool.LiquidationCallLog>(await other.SendAsync(
            market.Pool,
            "function liquidationCall(address collateral, address debt, address user, uint256 amount, bool receiveAToken)",
            token, dollar, Me, Tokens(200), false));
        Assert.Equal(
            (token, dollar, Me, Other, false), (call.CollateralAsset, call.DebtAsset, call.User, call.Liquidator, call.ReceiveAToken));
        // 200 dollars' worth and 5 % more, at 70 cents; the contracts round down.
        Assert.Equal(Tokens(300) - 1, call.LiquidatedCollateralAmount);
        Assert.InRange(before - await DebtAsync(), Dollars(call.DebtToCover) - 100, Dollars(call.DebtToCover));

        Task<BigInteger> DebtAsync() => AccountAsync(Me).ContinueWith(account => account.Result.Debt, TaskScheduler.Default);
    }

    [Fact]
    public async Task a_loan_of_one_transaction_is_told_with_its_premium()
    {
        await StartAsync();
        await npm.SendAsync(token, "function transfer(address to, uint256 amount)", market.FlashActor, Tokens(9));
        var deposit = AbiFunction.Parse("function approve(address spender, uint256 amount)").Encode(market.Pool, UInt256.MaxValue);
        var receipt = await market.ActOnFlashLoanAsync(token, Tokens(10_000), (token, deposit));
        Assert.Equal(
            new AaveV3Pool.FlashLoanLog(market.FlashActor, market.FlashActor, token, Tokens(10_000), 0, Tokens(9), 0),
            One<AaveV3Pool.FlashLoanLog>(receipt));
        Assert.Single(Observed(receipt).OfType<FlashLent>(), lent => lent.Lender == market.Pool);
    }

    [Fact]
    public async Task the_flows_are_what_went_in_and_out()
    {
        await StartAsync();
        var venue = market.ATokenOf(token);
        Assert.Equal([(FlowKind.Open, Tokens(1_000))], Flows(await SupplyAsync(token, Tokens(1_000), Me)));
        Assert.Equal(
            [FlowKind.OwnIn, FlowKind.Debt],
            Flows(await PoolAsync(Borrow, token, Tokens(200), AaveMarket.Variable, 0, Me)).Select(flow => flow.Kind));
        await PassAsync(12 * Month);
        Assert.Equal([(FlowKind.Open, Tokens(50))], Flows(await SupplyAsync(token, Tokens(50), Me)));
        await PassAsync(12 * Month);
        Assert.Equal([(FlowKind.Close, (UInt256)10UL)], Flows(await PoolAsync(Withdraw, token, (UInt256)10UL, Me)));
        await PassAsync(12 * Month);
        Assert.Equal([(FlowKind.Close, Tokens(100))], Flows(await PoolAsync(Withdraw, token, Tokens(100), Me)));
        Assert.Equal(
            [(FlowKind.Close, Tokens(60)), (FlowKind.Unknown, Tokens(60))], Flows(await PoolAsync(Withdraw, token, Tokens(60), Lender)));
        Assert.Equal(
            [(FlowKind.SharesOut, UInt256.Zero)],
            Flows(await npm.SendAsync(venue, "function transfer(address to, uint256 amount)", Other, Tokens(30))));
        Assert.Equal(
            [(FlowKind.Close, Tokens(40)), (FlowKind.Spent, Tokens(40)), (FlowKind.Debt, UInt256.Zero)],
            Flows(await PoolAsync(RepayWithATokens, token, Tokens(40), AaveMarket.Variable)));
    }

    [Fact]
    public async Task a_position_holds_what_the_scaled_balance_is_and_a_part_of_it_takes_the_same_part_of_the_principal()
    {
        await StartAsync();
        var venue = market.ATokenOf(token);
        var book = LedgerBook.Begin();
        Post(await npm.SendAsync(token, "function transfer(address to, uint256 amount)", Vault, Tokens(1)));
        Func<Task<RpcReceipt>>[] acts =
        [
            () => SupplyAsync(token, Tokens(1_000), Me),
            () => PoolAsync(Borrow, token, Tokens(200), AaveMarket.Variable, 0, Me),
            () => SupplyAsync(token, Tokens(50), Me),
            () => PoolAsync(Withdraw, token, (UInt256)10UL, Me),
            () => PoolAsync(Withdraw, token, Tokens(100), Me),
            () => PoolAsync(Withdraw, token, Tokens(60), Lender),
            () => npm.SendAsync(venue, "function transfer(address to, uint256 amount)", Other, Tokens(30)),
            () => PoolAsync(RepayWithATokens, token, Tokens(40), AaveMarket.Variable),
        ];
        foreach (var act in acts)
        {
            await PassAsync(12 * Month);
            var before = Held();
            Post(await act());
            var after = Held();
            Assert.Equal(await NumberAsync(venue, AaveV3Token.ScaledBalanceOf, Me), after.Shares.ToBigInteger());
            if (after.Shares < before.Shares)
            {
                var left = UInt256.MulDiv(before.Own, before.Shares - after.Shares, before.Shares);
                Assert.Equal(before.Own - left, after.Own);
            }
        }

        Position Held() => book.ToLedger().Under(Convention.Floor).Positions is [var position] ? position : new Position
        {
            Venue = venue, Weight = default, Cap = default, MinHoldSeconds = 0,
        };

        void Post(RpcReceipt receipt)
        {
            foreach (var flow in FlowsOf(receipt))
                book.Post(flow, flow.Venue is null ? null : PolicyOfMarket().Venues[0], 0);
        }
    }

    private static readonly AbiFunction Borrow = AbiFunction.Parse(
        "function borrow(address asset, uint256 amount, uint256 mode, uint16 referral, address onBehalfOf)");

    private static readonly AbiFunction Repay =
        AbiFunction.Parse("function repay(address asset, uint256 amount, uint256 mode, address onBehalfOf)");

    private static readonly AbiFunction RepayWithATokens =
        AbiFunction.Parse("function repayWithATokens(address asset, uint256 amount, uint256 mode)");

    private static readonly AbiFunction Withdraw = AbiFunction.Parse("function withdraw(address asset, uint256 amount, address to)");

    private async Task StartAsync()
    {
        rpc = new EthereumRpc(new HttpClient(), await servers.StartChainAsync()) { Timeout = TimeSpan.FromMinutes(1) };
        npm = new NpmContracts(rpc);
        (token, dollar) = (await npm.TokenAsync(), await npm.TokenAsync());
        market = await AaveMarket.DeployAsync(npm, token, dollar);
        foreach (var asset in (Address[])[token, dollar])
        {
            await npm.SendAsync(asset, "function approve(address spender, uint256 amount)", market.Pool, UInt256.MaxValue);
            await SupplyAsync(asset, Tokens(20_000), Lender);
        }
    }

    private Task<RpcReceipt> SupplyAsync(Address asset, UInt256 amount, Address owner) => market.SupplyAsync(asset, amount, owner);

    private Task<RpcReceipt> PoolAsync(AbiFunction function, params object[] arguments) =>
        npm.SendAsync(market.Pool, function, arguments);

    private async Task PassAsync(long seconds)
    {
        var account = new UnlockedAccount(rpc);
        await account.SetTimeAsync(await account.TimeAsync() + seconds);
    }

    /// <summary>What a log of the aToken does to the balance.</summary>
    private static BigInteger ChangeOfMine(RpcLog log) => AaveV3Token.Logs.Read(log) switch
    {
        AaveV3Token.MintLog minted when minted.OnBehalfOf == Me => minted.Value.ToBigInteger(),
        AaveV3Token.BurnLog burned when burned.From == Me => -burned.Value.ToBigInteger(),
        AaveV3Token.BalanceTransferLog sent when sent.From == Me => -TimesRay(sent.Value.ToBigInteger(), sent.Index.ToBigInteger()),
        _ => BigInteger.Zero,
    };

    private static BigInteger? IndexOf(IEnumerable<RpcLog> logs, Address venue) =>
        logs.Where(log => log.Address == venue).Select(AaveV3Token.Logs.Read).LastOrDefault(log => log is not null) switch
        {
            AaveV3Token.MintLog minted => minted.Index.ToBigInteger(),
            AaveV3Token.BurnLog burned => burned.Index.ToBigInteger(),
            AaveV3Token.BalanceTransferLog sent => sent.Index.ToBigInteger(),
            _ => null,
        };

    // As the contracts round it: half up.
    private static BigInteger TimesRay(BigInteger value, BigInteger ray) => ((value * ray) + (Ray / 2)) / Ray;

    private async Task UpdatedAsync(AaveV3Pool.ReserveDataUpdatedLog log)
    {
        var now = await npm.ViewAsync(market.Pool, AaveMarket.ReserveData, log.Reserve);
        Assert.Equal(
            [log.LiquidityIndex, log.LiquidityRate, log.VariableBorrowIndex, log.VariableBorrowRate, log.StableBorrowRate],
            now[1..6].Cast<UInt256>());
    }

    private async Task<BigInteger> NumberAsync(Address contract, AbiFunction view, params object[] arguments) =>
        ((UInt256)(await npm.ViewAsync(contract, view, arguments))[0]).ToBigInteger();

    /// <summary>In the market's own unit, 10^-8 dollars.</summary>
    private async Task<(BigInteger Collateral, BigInteger Debt)> AccountAsync(Address user)
    {
        var account = await npm.ViewAsync(
            market.Pool,
            "function getUserAccountData(address user) view returns (uint256 collateral, uint256 debt, uint256 available, "
                + "uint256 threshold, uint256 ltv, uint256 health)",
            user);
        return (((UInt256)account[0]).ToBigInteger(), ((UInt256)account[1]).ToBigInteger());
    }

    private static BigInteger Dollars(UInt256 tokens) => tokens.ToBigInteger() / BigInteger.Pow(10, 10);

    private static UInt256 Tokens(ulong count) => new(count * BigInteger.Pow(10, 18));

    private T One<T>(RpcReceipt receipt) => Assert.Single(
        receipt.Logs.Where(log => log.Address == market.Pool).Select(AaveV3Pool.Logs.Read).OfType<T>());

    private static IReadOnlyList<Observation> Observed(RpcReceipt receipt) =>
    [
        .. receipt.Logs
            .Select(log => Observations.Of(log, new EventKey(1, log.BlockNumber, log.BlockHash, log.TransactionHash, log.LogIndex)))
            .OfType<Observation>(),
    ];

    private IReadOnlyList<(FlowKind Kind, UInt256 Amount)> Flows(RpcReceipt receipt) =>
        [.. FlowsOf(receipt).Select(flow => (flow.Kind, flow.Amount))];

    private IReadOnlyList<Flow> FlowsOf(RpcReceipt receipt) =>
        Classification.Classify(Observed(receipt), new AwardScope(token, Vault, Vault, [Me], PolicyOfMarket()));

    private ReinvestmentPolicy PolicyOfMarket()
    {
        var all = new BasisPoints(10_000);
        return ReinvestmentPolicy.OfTwoRules(
            "lending", 1, all, new BasisPoints(0), 0, 0,
            [new PolicyVenue(market.ATokenOf(token), VenueKind.Lending, all, all, 0)],
            [new LabelledAddress(market.Pool, AddressKind.LendingPool)]);
    }
}
