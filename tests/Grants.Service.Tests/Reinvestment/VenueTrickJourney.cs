using Grants.Ethereum.Abi;
using Grants.Ethereum.Contracts;
using Grants.Primitives;
using Grants.Service.Demo;
using Grants.Service.Tests.RealContracts;
using Xunit;

namespace Grants.Service.Tests.Reinvestment;

/// <summary>
/// What people try with other people's contracts, on the contracts themselves: Uniswap v3's positions and Aave v3's market. One chain for
/// all.
/// </summary>
public sealed class VenueTrickJourney(LocalServers servers)
{
    private static readonly Person Orderer = Person.Called("Ron, whose range lies above the price");
    private static readonly Person Giver = Person.Called("Nia, who sends her position away");
    private static readonly Person Friend = Person.Called("Nia's friend");
    private static readonly Person Provider = Person.Called("Lina, who provides liquidity at every price");
    private static readonly Person Borrower = Person.Called("Bea, who borrows against her deposit");
    private static readonly Person Flash = Person.Called("Flo, for whom a loan of one transaction deposits");

    private static readonly UInt256 Most = Scene.Tokens(900);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task positions_and_pledges_are_no_way_out_and_honest_liquidity_is_no_sale()
    {
        await using var world = await PolicyWorld.StartAsync(servers);
        var npm = new NpmContracts(world.Chain.Node);
        var range = await RangeMarket.DeployAsync(world, npm);
        var market = await AaveMarket.DeployAsync(npm, world.Scene.Token, world.Scene.Dollar);
        await world.AdoptAsync(PolicyOf(world, range, market));
        await world.GrantAsync([Orderer, Giver, Provider, Borrower, Flash]);

        await range.ProvideAsync(Orderer, 60, 600, Most, UInt256.Zero);
        await PayAsync(world, world.Scene.Dollar, Giver.Address, Most);
        var given = await range.ProvideAsync(Giver, -600, 600, Most, Most);
        await range.SendAsync(Giver, Friend.Address, given.TokenId);
        await PayAsync(world, world.Scene.Dollar, Provider.Address, Most);
        var honest = await range.ProvideAsync(Provider, -RangeMarket.Widest, RangeMarket.Widest, Most, Most);
        await BorrowAsync(world, market);
        await FlashAsync(world, market);
        await world.UntilFlowsAsync(Orderer, "OPEN");
        await world.UntilFlowsAsync(Giver, "OPEN", "SHARES_OUT");
        await world.UntilFlowsAsync(Provider, "OPEN");
        await world.UntilFlowsAsync(Borrower, "OPEN", "DEBT");
        await world.UntilBreachAsync(Borrower, "not-dumped", "OPEN"); // a pledge can become a sale
        await world.UntilFlowsAsync(Flash, "SHARES_IN");
        Assert.True(await IsFlaggedAsync(world, Flash)); // and nothing of it is the award's at work
        Assert.Empty(await world.BreachesAsync(Orderer));

        // The price goes through Ron's range: the pool has sold for him.
        await range.SwapAsync(Cast.Deployer, world.Scene.Dollar, world.Scene.Token, Scene.Tokens(12_000));
        await world.TravelToDayAsync(34);
        var sold = await world.UntilBreachAsync(Orderer, "not-dumped", "OPEN");
        Assert.Contains("out of a position", sold["explanation"]!.GetValue<string>(), StringComparison.Ordinal);
        await world.UntilBreachAsync(Giver, "not-dumped", "OPEN"); // a position sent away is gone
        Assert.Empty(await world.BreachesAsync(Provider));

        // It comes back: what was drift is none any more, and Ron keeps the rule again.
        await range.SwapAsync(Cast.Deployer, world.Scene.Token, world.Scene.Dollar, Scene.Tokens(12_000));
        await range.DecreaseAsync(Provider, honest);
        await range.CollectAsync(Provider, honest.TokenId);
        await world.TravelToDayAsync(36);
        await world.UntilBreachAsync(Orderer, "not-dumped", "CURED");
        Assert.False(await world.IsHeldAsync(Orderer));
        await world.UntilFlowsAsync(Provider, "OPEN", "UNLOCK_STARTED", "OWN_IN", "CLOSE"); // fees are her own, and nothing was sold
        Assert.Empty(await world.BreachesAsync(Provider));
    }

    private static string PolicyOf(PolicyWorld world, RangeMarket range, AaveMarket market)
    {
        var venues = $$""", { "address": "{{range.Pool}}", "kind": "RANGE" }, """
            + $$"""{ "address": "{{market.ATokenOf(world.Scene.Token)}}", "kind": "LENDING" }""";
        var labels = $$""", { "address": "{{range.Manager}}", "kind": "POSITION_MANAGER" }, """
            + $$"""{ "address": "{{market.Pool}}", "kind": "LENDING_POOL" }""";
        return world.Policy(1, venues, labels).Replace(
            "\"atMost\": 3000,", "\"atMost\": 3000, \"driftCounts\": true, \"pledgingCounts\": true,", StringComparison.Ordinal);
    }

    private static async Task BorrowAsync(PolicyWorld world, AaveMarket market)
    {
        var (chain, scene) = (world.Chain, world.Scene);
        var supply = AbiFunction.Parse("function supply(address asset, uint256 amount, address onBehalfOf, uint16 referral)");
        var borrow = AbiFunction.Parse("function borrow(address asset, uint256 amount, uint256 mode, uint16 referral, address onBehalfOf)");
        await chain.CallAsync(Cast.Deployer.Key, scene.Dollar, Erc20.Approve, Cancellation, market.Pool, UInt256.MaxValue);
        await chain.CallAsync(
            Cast.Deployer.Key, market.Pool, supply, Cancellation, scene.Dollar, Scene.Tokens(5_000), Cast.Deployer.Address, 0);
        await chain.CallAsync(Cast.Deployer.Key, scene.Token, Erc20.Approve, Cancellation, market.Pool, UInt256.MaxValue);
        await chain.CallAsync(
            Cast.Deployer.Key, market.Pool, supply, Cancellation, scene.Token, Scene.Tokens(20_000), Cast.Deployer.Address, 0);
        await chain.CallAsync(Borrower.Key, scene.Token, Erc20.Approve, Cancellation, market.Pool, UInt256.MaxValue);
        await chain.CallAsync(Borrower.Key, market.Pool, supply, Cancellation, scene.Token, Most, Borrower.Address, 0);
        await chain.CallAsync(
            Borrower.Key, market.Pool, borrow, Cancellation, scene.Dollar, Scene.Tokens(600), AaveMarket.Variable, 0, Borrower.Address);
    }

    /// <summary>The lent tokens are in the vault for Flo only with what the actor has of its own; the loan itself goes back.</summary>
    private static async Task FlashAsync(PolicyWorld world, AaveMarket market)
    {
        var scene = world.Scene;
        await PayAsync(world, scene.Token, market.FlashActor, Scene.Tokens(1_009));
        var approve = Erc20.Approve.Encode(scene.Staking, UInt256.MaxValue);
        var deposit = Erc4626.DepositCall.Encode(Scene.Tokens(1_000), Flash.Address);
        await market.ActOnFlashLoanAsync(scene.Token, Scene.Tokens(10_000), (scene.Token, approve), (scene.Staking, deposit));
    }

    private static Task<Ethereum.JsonRpc.RpcReceipt> PayAsync(PolicyWorld world, Address token, Address to, UInt256 amount) =>
        world.Chain.CallAsync(Cast.Deployer.Key, token, Erc20.TransferCall, Cancellation, to, amount);

    private static async Task<bool> IsFlaggedAsync(PolicyWorld world, Person person)
    {
        var data = await world.Stage.Public.QueryAsync(
            "query ($a: Bytes32!) { flows(awardId: $a, first: 9) { edges { node { withFlashLoan } } } "
            + "reinvestment(awardId: $a) { readings { eligible } } }",
            new { a = world.AwardOf(person) },
            Cancellation);
        Assert.All(data["reinvestment"]!["readings"]!.AsArray(), reading => Assert.Equal("0", reading!["eligible"]!.GetValue<string>()));
        return data["flows"]!["edges"]!.AsArray().Last()!["node"]!["withFlashLoan"]!.GetValue<bool>();
    }
}
