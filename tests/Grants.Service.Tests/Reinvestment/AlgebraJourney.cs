using System.Text.Json.Nodes;
using Grants.Ethereum.Abi;
using Grants.Ethereum.Contracts;
using Grants.Ethereum.JsonRpc;
using Grants.Primitives;
using Grants.Service.Demo;
using Grants.Service.Tests.RealContracts;
using Xunit;

namespace Grants.Service.Tests.Reinvestment;

/// <summary>
/// Positions between prices on Algebra's own contracts, whose logs are not those of Uniswap v3: made, drifted, decreased, collected and
/// sent away; and one so narrow that it is most of the pool.
/// </summary>
public sealed class AlgebraJourney(LocalServers servers)
{
    private static readonly Person Orderer = Person.Called("Ora, whose range lies above the price");
    private static readonly Person Giver = Person.Called("Gil, who sends his position away");
    private static readonly Person Friend = Person.Called("Gil's friend");
    private static readonly Person Provider = Person.Called("Pia, who provides at every price");
    private static readonly Person Narrow = Person.Called("Nora, who provides at one price alone");

    private static readonly UInt256 Most = Scene.Tokens(900);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task positions_on_algebra_are_told_as_those_on_uniswap()
    {
        await using var world = await PolicyWorld.StartAsync(servers);
        var range = await RangeMarket.DeployAlgebraAsync(world, new NpmContracts(world.Chain.Node));
        await world.AdoptAsync(PolicyOf(world, range));
        await world.GrantAsync([Orderer, Giver, Provider, Narrow]);
        foreach (var person in new[] { Giver, Provider, Narrow })
            await GiveDollarsAsync(world, person);
        await range.ProvideAsync(Orderer, 60, 600, Most, UInt256.Zero);
        var given = await range.ProvideAsync(Giver, -600, 600, Most, Most);
        await range.SendAsync(Giver, Friend.Address, given.TokenId);
        var honest = await range.ProvideAsync(Provider, -RangeMarket.Widest, RangeMarket.Widest, Most, Most);
        await world.UntilFlowsAsync(Orderer, "OPEN");
        await world.UntilFlowsAsync(Giver, "OPEN", "SHARES_OUT");
        await world.UntilFlowsAsync(Provider, "OPEN");
        var narrow = (await range.ProvideAsync(Narrow, -60, 60, Most, Most)).Liquidity;
        await HoldsAsync(world, range, narrow, isAtPrice: true);
        Assert.Empty(await world.BreachesAsync(Orderer));

        // The price goes through Ora's range, and leaves Nora's: the pool has sold for both.
        await range.SwapAsync(Cast.Deployer, world.Scene.Dollar, world.Scene.Token, Scene.Tokens(12_000));
        await world.TravelToDayAsync(34);
        await world.UntilBreachAsync(Orderer, "not-dumped", "OPEN");
        Assert.Empty(await world.BreachesAsync(Provider));
        await HoldsAsync(world, range, narrow, isAtPrice: false);

        // It comes back. What Pia takes out is half of hers, and fees.
        await range.SwapAsync(Cast.Deployer, world.Scene.Token, world.Scene.Dollar, Scene.Tokens(12_000));
        await range.DecreaseAsync(Provider, honest, divisor: 2);
        await range.CollectAsync(Provider, honest.TokenId);
        await world.TravelToDayAsync(36);
        await world.UntilBreachAsync(Orderer, "not-dumped", "CURED");
        await world.UntilFlowsAsync(Provider, "OPEN", "UNLOCK_STARTED", "OWN_IN", "CLOSE");
        var freed = UInt256.MulDiv(Most, honest.Liquidity / 2UL, honest.Liquidity);
        await PositionAsync(world, Provider, range, position => Granted(position) == Most - freed);
        Assert.Equal(
            honest.Liquidity - (honest.Liquidity / 2UL), UInt256.Parse(await LiquidityOfAsync(world, Provider)));
        Assert.Empty(await world.BreachesAsync(Provider));
        await world.AuditAsync();
    }

    /// <summary>Of what Nora has in the pool as much counts as is half of the liquidity there; the chain says how much there is.</summary>
    private static async Task HoldsAsync(PolicyWorld world, RangeMarket range, UInt256 held, bool isAtPrice)
    {
        var atPrice = await world.Chain.ReadAsync(
            range.Pool, AbiFunction.Parse("function liquidity() view returns (uint256)"), Cancellation);
        var whole = isAtPrice ? atPrice : atPrice + held;
        var position = await PositionAsync(
            world, Narrow, range, position => position["pool"]?["whole"]?.GetValue<string>() == whole.ToString());
        Assert.Equal(held.ToString(), position["pool"]!["held"]!.GetValue<string>());
        Assert.Equal(world.Scene.Dollar.ToString(), position["pool"]!["pairToken"]!.GetValue<string>());
        Assert.InRange(position["pool"]!["ownShare"]!.GetValue<int>(), 6_500, 8_000);
        var counting = UInt256.MulDiv(UInt256.Parse(position["shares"]!.GetValue<string>()), whole / 2UL, held);
        Assert.Equal(counting.ToString(), position["pool"]!["counting"]!.GetValue<string>());
        Assert.Equal(counting.ToString(), position["readings"]![0]!["eligible"]!.GetValue<string>());
    }

    private static string PolicyOf(PolicyWorld world, RangeMarket range) => world
        .Policy(
            1,
            $$""", { "address": "{{range.Pool}}", "kind": "RANGE" }""",
            $$""", { "address": "{{range.Manager}}", "kind": "POSITION_MANAGER" }""")
        .Replace("\"atMost\": 3000,", "\"atMost\": 3000, \"driftCounts\": true,", StringComparison.Ordinal)
        .Replace(
            "\"unknowns\"",
            $$""" "pools": { "ownShareBps": 5000, "pairTokens": ["{{world.Scene.Dollar}}"] }, "unknowns" """,
            StringComparison.Ordinal);

    private static UInt256 Granted(JsonNode position) => UInt256.Parse(position["readings"]![0]!["granted"]!.GetValue<string>());

    private static Task<JsonNode> PositionAsync(PolicyWorld world, Person person, RangeMarket range, Func<JsonNode, bool> isSo) =>
        world.Stage.UntilAsync(
            $"{person.Name}'s position is so",
            async () => (await world.Stage.Public.QueryAsync(
                "query ($a: Bytes32!, $v: Address!) { position(awardId: $a, venue: $v) { shares "
                + "pool { pairToken whole held ownShare counting } readings { granted eligible } } }",
                new { a = world.AwardOf(person), v = range.Pool.ToString() },
                Cancellation))["position"],
            isSo,
            Cancellation);

    private static async Task<string> LiquidityOfAsync(PolicyWorld world, Person person) => Assert.Single(
        (await world.Stage.Public.QueryAsync(
            "query ($a: Bytes32!) { reinvestment(awardId: $a) { liquidityTokens { liquidity } } }",
            new { a = world.AwardOf(person) },
            Cancellation))["reinvestment"]!["liquidityTokens"]!.AsArray())!["liquidity"]!.GetValue<string>();

    private static Task<RpcReceipt> GiveDollarsAsync(PolicyWorld world, Person person) => world.Chain.CallAsync(
        Cast.Deployer.Key, world.Scene.Dollar, Erc20.TransferCall, Cancellation, person.Address, Most);
}
