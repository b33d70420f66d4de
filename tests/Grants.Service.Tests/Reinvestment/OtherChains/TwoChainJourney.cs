using Grants.Ethereum.Abi;
using Grants.Ethereum.Contracts;
using Grants.Ethereum.TypedData;
using Grants.Primitives;
using Grants.Service.Demo;
using Xunit;

namespace Grants.Service.Tests.Reinvestment.OtherChains;

/// <summary>
/// People who are paid on the L2 and have a wallet on L1: what they bridge to it, lock and sell there, and what never arrives.
/// </summary>
public sealed class TwoChainJourney(LocalServers servers)
{
    private const long Day = 86_400;
    private const long LandsWithin = 14 * Day;

    private static readonly Person Luis = Person.Called("Luis, who runs a sequencer on L1");
    private static readonly Person Sela = Person.Called("Sela, who sells on L1");
    private static readonly Person Odo = Person.Called("Odo, whose bridge never ends");
    private static readonly Person Buyer = Person.Called("who buys on L1");

    private static readonly AbiFunction WithdrawTo = AbiFunction.Parse(
        "function withdrawTo(address l2Token, address to, uint256 amount, uint32 l1Gas, bytes data)");

    private static readonly AbiFunction Unlock = AbiFunction.Parse("function unlock(uint256 sequencerId)");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task a_cluster_spans_two_chains()
    {
        var rpc = await servers.StartChainAsync(LocalL1.ChainId);
        await using var world = await PolicyWorld.StartAsync(servers, rpc);
        var l1 = await LocalL1.BuildAsync(rpc, world.Scene);
        await l1.Chain.MineAsync(3, Cancellation);
        await world.Stage.UntilAsync(
            "L1 is followed",
            async () => (await world.Stage.Public.QueryAsync("{ chains { chainId } }", null, Cancellation))["chains"],
            chains => chains.AsArray().Any(chain => chain!["chainId"]!.GetValue<long>() == LocalL1.ChainId),
            Cancellation);
        await RefusesAsync(world, l1);
        await world.AdoptAsync(world.Policy(1, members: l1.Member(PolicyWorld.Exchange, LandsWithin)));
        await world.GrantAsync([Luis, Sela, Odo]);
        foreach (var person in new[] { Luis, Sela, Odo })
            await LinkAsync(world, person);
        await l1.Chain.MineAsync(3, Cancellation);

        foreach (var person in new[] { Luis, Sela, Odo })
            await BridgeAsync(world, person, Scene.Tokens(800), ThereOf(person).Address);
        foreach (var person in new[] { Luis, Sela, Odo })
            await world.UntilFlowsAsync(person, "BRIDGE_OUT");
        Assert.Equal((Scene.Tokens(800), UInt256.Zero, 0), await StandingAsync(world, Luis));

        await l1.LandAsync(Luis.Address, ThereOf(Luis).Address, Scene.Tokens(800));
        await l1.LandAsync(Sela.Address, ThereOf(Sela).Address, Scene.Tokens(800));
        await world.UntilFlowsAsync(Luis, "BRIDGE_OUT", "BRIDGE_IN");
        await l1.CallAsync(ThereOf(Luis), l1.Token, Erc20.Approve, l1.Lock, Scene.Tokens(800));
        await l1.CallAsync(ThereOf(Luis), l1.Lock, Scene.LockFor, ThereOf(Luis).Address, Scene.Tokens(800), Array.Empty<byte>());
        await world.UntilFlowsAsync(Luis, "BRIDGE_OUT", "BRIDGE_IN", "OPEN");
        Assert.Equal((UInt256.Zero, Scene.Tokens(800), 0), await StandingAsync(world, Luis));

        await l1.CallAsync(ThereOf(Sela), l1.Token, Erc20.TransferCall, PolicyWorld.Exchange.Address, Scene.Tokens(700));
        await world.UntilFlowsAsync(Sela, "BRIDGE_OUT", "BRIDGE_IN", "EXCHANGE_OUT");
        await world.UntilBreachAsync(Sela, "not-dumped", "OPEN");

        await NeverArrivesAsync(world, l1);
        Assert.Empty(await world.BreachesAsync(Luis));
        await l1.CallAsync(ThereOf(Luis), l1.Lock, Unlock, (UInt256)1UL);
        await world.UntilFlowsAsync(Luis, "BRIDGE_OUT", "BRIDGE_IN", "OPEN", "UNLOCK_STARTED");
        Assert.Equal((UInt256.Zero, UInt256.Zero, 0), await StandingAsync(world, Luis));
        await ListedAsync(world, l1);
        await world.AuditAsync();
    }

    private static async Task ListedAsync(PolicyWorld world, LocalL1 l1)
    {
        var data = await world.Stage.Public.QueryAsync(
            "{ sequencers(first: 9) { edges { node { chainId contract signer locked isUnlocking } } } }", null, Cancellation);
        var listed = Assert.Single(data["sequencers"]!["edges"]!.AsArray())!["node"]!;
        Assert.Equal(
            (LocalL1.ChainId, l1.Lock.ToString(), ThereOf(Luis).Address.ToString(), true),
            (listed["chainId"]!.GetValue<long>(), listed["contract"]!.GetValue<string>(), listed["signer"]!.GetValue<string>(),
                listed["isUnlocking"]!.GetValue<bool>()));
    }

    // To somebody else it is gone at once; to one's own wallet only by L1's clock.
    private static async Task NeverArrivesAsync(PolicyWorld world, LocalL1 l1)
    {
        Assert.Empty(await world.BreachesAsync(Odo));
        var left = await world.Chain.NowAsync(Cancellation);
        await world.TravelToDayAsync(50); // the L2's clock says nothing of it
        var then = await world.Chain.NowAsync(Cancellation);
        await world.Stage.UntilAsync(
            "day 50 has become events",
            async () => (await world.Stage.Public.QueryAsync("{ chain { promoted { timestamp } } }", null, Cancellation))["chain"],
            chain => chain["promoted"]!["timestamp"]!.GetValue<long>() >= then,
            Cancellation);
        Assert.Equal((Scene.Tokens(800), UInt256.Zero, 0), await StandingAsync(world, Odo));
        await l1.Chain.TravelToAsync(left + LandsWithin + 1, Cancellation);
        await l1.Chain.MineAsync(3, Cancellation);
        var breach = await world.UntilBreachAsync(Odo, "not-dumped", "OPEN");
        Assert.Contains("bridge", breach["explanation"]!.ToJsonString(), StringComparison.OrdinalIgnoreCase);
        Assert.Equal((UInt256.Zero, UInt256.Zero, 8_000), await StandingAsync(world, Odo));
        await BridgeAsync(world, Odo, Scene.Tokens(100), Buyer.Address);
        await world.UntilFlowsAsync(Odo, "BRIDGE_OUT", "BRIDGE_OUT");
        Assert.Equal((UInt256.Zero, UInt256.Zero, 9_000), await StandingAsync(world, Odo));
    }

    private static async Task RefusesAsync(PolicyWorld world, LocalL1 l1)
    {
        var policy = world.Policy(1, members: l1.Member(PolicyWorld.Exchange, LandsWithin));
        foreach (var chainId in new[] { "901", $"{world.Chain.ChainId}" })
        {
            var refused = await Assert.ThrowsAsync<DemoException>(() => world.AdoptAsync(
                policy.Replace($"\"chainId\": {LocalL1.ChainId}", $"\"chainId\": {chainId}", StringComparison.Ordinal)));
            Assert.Contains($"{chainId} is the chain that pays, or none", refused.Message, StringComparison.Ordinal);
        }
    }

    // The same key on L1 would be the same person; here it is another one, as with a Safe.
    private static Person ThereOf(Person person) => Person.Called($"{person.Name}, on L1");

    private static async Task LinkAsync(PolicyWorld world, Person person)
    {
        var client = await world.Stage.SignInAsync(person, Cancellation);
        var wallet = ThereOf(person);
        var data = await client.QueryAsync(
            "query ($a: Bytes32!, $w: Address!, $c: Long) { linkWalletTypedData(awardId: $a, wallet: $w, chainId: $c) }",
            new { a = world.AwardOf(person), w = wallet.Address.ToString(), c = LocalL1.ChainId },
            Cancellation);
        var typed = TypedData.FromJson(data["linkWalletTypedData"]!.GetValue<string>());
        Assert.Equal(LocalL1.ChainId, typed.Domain.ChainId);
        var linked = await client.MutateAsync("linkWallet", "reinvestment", "wallets walletsElsewhere", new()
        {
            ["awardId"] = world.AwardOf(person),
            ["wallet"] = wallet.Address.ToString(),
            ["recipientSignature"] = person.Key.Sign(typed.Digest()).ToString(),
            ["walletSignature"] = wallet.Key.Sign(typed.Digest()).ToString(),
            ["chainId"] = LocalL1.ChainId,
        }, Cancellation);
        Assert.Equal(wallet.Address.ToString(), Assert.Single(linked["walletsElsewhere"]!.AsArray())!.GetValue<string>());
        Assert.Equal(person.Address.ToString(), Assert.Single(linked["wallets"]!.AsArray())!.GetValue<string>());
    }

    private static async Task BridgeAsync(PolicyWorld world, Person person, UInt256 amount, Address to)
    {
        await world.Chain.CallAsync(person.Key, world.Scene.Token, Erc20.Approve, Cancellation, world.Scene.Bridge, amount);
        await world.Chain.CallAsync(
            person.Key, world.Scene.Bridge, WithdrawTo, Cancellation, world.Scene.Token, to, amount, (UInt256)0UL, Array.Empty<byte>());
    }

    private static async Task<(UInt256 Followed, UInt256 Eligible, int DisposalBps)> StandingAsync(PolicyWorld world, Person person)
    {
        var data = await world.Stage.Public.QueryAsync(
            "query ($a: Bytes32!) { reinvestment(awardId: $a) { readings { convention followed eligible disposalShare } } }",
            new { a = world.AwardOf(person) },
            Cancellation);
        var floor = data["reinvestment"]!["readings"]!.AsArray().Single(one => one!["convention"]!.GetValue<string>() == "FLOOR")!;
        return (
            UInt256.Parse(floor["followed"]!.GetValue<string>()),
            UInt256.Parse(floor["eligible"]!.GetValue<string>()),
            floor["disposalShare"]!.GetValue<int>());
    }
}
