using System.Text.Json.Nodes;
using Grants.Ethereum.Contracts;
using Grants.Ethereum.JsonRpc;
using Grants.Primitives;
using Grants.Service.Demo;
using Xunit;

namespace Grants.Service.Tests.Reinvestment;

/// <summary>What people try with pairs of Uniswap v2 that nobody else uses, on the contracts themselves; and what honest ones do.</summary>
public sealed class PoolTrickJourney(LocalServers servers)
{
    private static readonly Person Owner = Person.Called("Olga, who is her pool's only provider");
    private static readonly Person Faker = Person.Called("Fay, who pairs with a token of her own");
    private static readonly Person Honest = Person.Called("Hana, who provides where others do");
    private static readonly Person Native = Person.Called("Etta, who pairs with the native token");

    private static readonly UInt256 Most = Scene.Tokens(900);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task a_pool_of_ones_own_is_no_work_and_its_trades_are_marked()
    {
        await using var world = await PolicyWorld.StartAsync(servers);
        var market = await PairMarket.OfAsync(world);
        var (gold, fake) = (await market.NewTokenAsync("GOLD"), await market.NewTokenAsync("FAKE"));
        var (own, sham) = (await market.NewPairAsync(gold), await market.NewPairAsync(fake));
        var native = await market.NewPairAsync(market.Wrapped);
        await market.AddNativeAsync(Cast.Deployer, Scene.Tokens(2_000), Scene.Tokens(2));
        await AdoptAsync(world, market, gold, own, native, sham);
        await world.GrantAsync([Owner, Faker, Honest, Native]);
        await FakeAsync(world, market, fake, sham);
        await OwnAsync(world, market, gold, own);
        await market.AddNativeAsync(Native, Most, Scene.Tokens(1));
        await ProvideHonestlyAsync(world, market);
        await world.UntilFlowsAsync(Native, "OPEN");
        await market.RemoveNativeAsync(Native, native, (await market.SharesAsync(native, Native)) / 3UL);
        await world.UntilFlowsAsync(Native, "OPEN", "CLOSE");
        await IsHeldAsOnChainAsync(world, market, native, Native);
        await WashAsync(world, market, gold, own);

        await world.TravelToDayAsync(60);
        var breach = await world.UntilBreachAsync(Faker, "at-work", "OPEN");
        Assert.Contains(
            "900 tokens in pools count for nothing: the wallets hold more of a pool's liquidity than may be theirs, or its other token",
            breach["explanation"]!.GetValue<string>(),
            StringComparison.Ordinal);
        var wide = await PositionAsync(world, Owner, own, position => position["pool"]!["ownShare"]!.GetValue<int>() < 5_000);
        Assert.Equal(Floor(wide, "granted"), Floor(wide, "eligible")); // since others are there, all of it counts
        await world.AuditAsync();
    }

    /// <summary>A text that lists a pool with another pair token is refused, where that can be known.</summary>
    private static async Task AdoptAsync(
        PolicyWorld world, PairMarket market, Address gold, Address own, Address native, Address sham)
    {
        string Of(params Address[] pools) => world.Policy(
                1, string.Concat(pools.Select(pool => $$""", { "address": "{{pool}}", "kind": "POOL" }""")))
            .Replace(
                "\"unknowns\"",
                $$"""
                "pools": { "ownShareBps": 5000, "pairTokens": ["{{world.Scene.Dollar}}", "{{gold}}", "{{market.Wrapped}}"] },
                  "unknowns"
                """,
                StringComparison.Ordinal);
        var refusal = await Assert.ThrowsAsync<DemoException>(() => world.AdoptAsync(Of(own, native, sham)));
        Assert.Contains($"venues[5]: {sham} pairs with", refusal.Message, StringComparison.Ordinal);
        await world.AdoptAsync(Of(own, native));
    }

    /// <summary>A pool that is listed later is held against the same list: it is told as a venue, and counts for nothing.</summary>
    private static async Task FakeAsync(PolicyWorld world, PairMarket market, Address fake, Address sham)
    {
        var from = await world.Chain.Node.BlockNumberAsync(Cancellation);
        await GiveAsync(world, fake, Faker, Scene.Tokens(10));
        await market.AddAsync(Faker, fake, Most, Scene.Tokens(1));
        await world.UntilFlowsAsync(Faker, "UNKNOWN");
        var venue = new JsonObject
        {
            ["address"] = sham.ToString(), ["kind"] = "POOL", ["fromBlock"] = from, ["reason"] = "She says that it is one.",
        };
        await world.Manager.MutateAsync("listVenue", "watchList", "version", venue, Cancellation);
        await world.UntilFlowsAsync(Faker, "OPEN");
        var position = await PositionAsync(world, Faker, sham, position => position["pool"] is not null);
        Assert.Equal(fake.ToString(), position["pool"]!["pairToken"]!.GetValue<string>());
        Assert.Equal(("0", Most.ToString(), "0"), (
            position["pool"]!["counting"]!.GetValue<string>(), $"{Floor(position, "granted")}", $"{Floor(position, "eligible")}"));
    }

    /// <summary>The first provider of a pair holds all but a thousand base units of it: half counts.</summary>
    private static async Task OwnAsync(PolicyWorld world, PairMarket market, Address gold, Address own)
    {
        await GiveAsync(world, gold, Owner, Most);
        await market.AddAsync(Owner, gold, Most, Most);
        await world.UntilFlowsAsync(Owner, "OPEN");
        var position = await PositionAsync(world, Owner, own, position => position["pool"] is not null);
        var (shares, half) = (await market.SharesAsync(own, Owner), Scene.Tokens(450));
        Assert.Equal(
            (shares.ToString(), Most.ToString(), half.ToString(), 9_999), (
                position["pool"]!["held"]!.GetValue<string>(),
                position["pool"]!["whole"]!.GetValue<string>(),
                position["pool"]!["counting"]!.GetValue<string>(),
                position["pool"]!["ownShare"]!.GetValue<int>()));
        Assert.Equal(UInt256.MulDiv(Most, half, shares), Floor(position, "eligible"));
        Assert.Equal($"{Most - Floor(position, "eligible")}", await UncountedAsync(world, Owner));
    }

    /// <summary>A third of her pool's shares leave by a signature; then she trades with herself, and then others come.</summary>
    private static async Task WashAsync(PolicyWorld world, PairMarket market, Address gold, Address own)
    {
        await market.SwapAsync(Owner, world.Scene.Token, gold, Scene.Tokens(50));
        await market.SwapAsync(Owner, gold, world.Scene.Token, Scene.Tokens(40));
        await market.RemoveWithPermitAsync(Owner, own, gold, Scene.Tokens(300));
        await world.UntilFlowsAsync(Owner, "OPEN", "SALE", "OWN_IN", "CLOSE");
        await IsHeldAsOnChainAsync(world, market, own, Owner);
        await market.AddAsync(Cast.Deployer, gold, Scene.Tokens(2_700), Scene.Tokens(2_700));
        await market.SwapAsync(Owner, world.Scene.Token, world.Scene.Dollar, Scene.Tokens(10));
        await world.UntilFlowsAsync(Owner, "OPEN", "SALE", "OWN_IN", "CLOSE", "SALE");
        // Who is there at the checkpoint alone makes her share no smaller: they must have been there since the one before.
        await PositionAsync(world, Owner, own, position => position["pool"]!["ownShare"]!.GetValue<int>() == 9_999);
        var data = await world.Stage.Public.QueryAsync(
            "query ($a: Bytes32!) { flows(awardId: $a, first: 9) { edges { node { kind amount isOwnPool } } } }",
            new { a = world.AwardOf(Owner) },
            Cancellation);
        Assert.Equal(
            ["RELEASE False", "OPEN False", "SALE True", "OWN_IN True", "CLOSE False", "SALE False"],
            data["flows"]!["edges"]!.AsArray().Select(edge => edge!["node"]!)
                .Select(flow => $"{flow["kind"]!.GetValue<string>()} {flow["isOwnPool"]!.GetValue<bool>()}"));
    }

    /// <summary>Nine hundred in a pool of a million: all of it counts up to the venue's cap, and comes back whole.</summary>
    private static async Task ProvideHonestlyAsync(PolicyWorld world, PairMarket market)
    {
        var (pair, dollar) = (world.Scene.Pair, world.Scene.Dollar);
        await GiveAsync(world, dollar, Honest, Most);
        await market.AddAsync(Honest, dollar, Most, Most);
        await world.UntilFlowsAsync(Honest, "OPEN");
        var position = await PositionAsync(world, Honest, pair, position => position["pool"] is not null);
        Assert.Equal((8, Scene.Tokens(500)), (position["pool"]!["ownShare"]!.GetValue<int>(), Floor(position, "eligible")));
        await IsHeldAsOnChainAsync(world, market, pair, Honest);
        await market.RemoveAsync(Honest, pair, dollar, await market.SharesAsync(pair, Honest));
        await world.UntilFlowsAsync(Honest, "OPEN", "CLOSE");
        await IsHeldAsOnChainAsync(world, market, pair, Honest);
        Assert.Equal("0", await UncountedAsync(world, Honest));
    }

    private static async Task IsHeldAsOnChainAsync(PolicyWorld world, PairMarket market, Address pair, Person person)
    {
        var shares = (await market.SharesAsync(pair, person)).ToString();
        await PositionAsync(world, person, pair, position => position["shares"]!.GetValue<string>() == shares);
    }

    private static Task<JsonNode> PositionAsync(PolicyWorld world, Person person, Address venue, Func<JsonNode, bool> isSo) =>
        world.Stage.UntilAsync(
            $"{person.Name}'s position is so",
            async () => (await world.Stage.Public.QueryAsync(
                "query ($a: Bytes32!, $v: Address!) { position(awardId: $a, venue: $v) { shares "
                + "pool { pairToken whole held ownShare counting block { number } } readings { convention granted eligible } } }",
                new { a = world.AwardOf(person), v = venue.ToString() },
                Cancellation))["position"],
            isSo,
            Cancellation);

    private static UInt256 Floor(JsonNode position, string field) => UInt256.Parse(position["readings"]![0]![field]!.GetValue<string>());

    private static async Task<string> UncountedAsync(PolicyWorld world, Person person) => (await world.Stage.Public.QueryAsync(
        "query ($a: Bytes32!) { reinvestment(awardId: $a) { readings { uncounted } } }", new { a = world.AwardOf(person) }, Cancellation))
        ["reinvestment"]!["readings"]![0]!["uncounted"]!.GetValue<string>();

    private static Task<RpcReceipt> GiveAsync(PolicyWorld world, Address token, Person to, UInt256 amount) =>
        world.Chain.CallAsync(Cast.Deployer.Key, token, Erc20.TransferCall, Cancellation, to.Address, amount);
}
