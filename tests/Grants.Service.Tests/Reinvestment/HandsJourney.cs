using System.Text.Json.Nodes;
using Grants.Ethereum.Abi;
using Grants.Ethereum.Contracts;
using Grants.Primitives;
using Grants.Service.Demo;
using Xunit;

namespace Grants.Service.Tests.Reinvestment;

/// <summary>
/// What went to somebody unknown and is passed on, from hand to hand, within one transaction and over several: the policy follows it
/// through one hand, and for two days. One chain for all.
/// </summary>
public sealed class HandsJourney(LocalServers servers)
{
    private static readonly Person Once = Person.Called("Una, whose payee passes it on once");
    private static readonly Person Twice = Person.Called("Tara, whose payee's payee passes it on");
    private static readonly Person Mixed = Person.Called("Mika, whose tokens take two hands at once and a third later");
    private static readonly Person Chain = Person.Called("Kai, whose tokens take three hands at once and stay");
    private static readonly Person Circle = Person.Called("Cleo, whose tokens take three hands at once and come home");
    private static readonly Person Second = Person.Called("Cleo's second wallet");
    private static readonly Person Returned = Person.Called("Rosa, to whom a second hand gives back");
    private static readonly Person TooLate = Person.Called("Lou, to whom a third hand gives back");

    private static readonly UInt256 Most = Scene.Tokens(900);

    private static readonly AbiFunction TransferFrom =
        AbiFunction.Parse("function transferFrom(address from, address to, uint256 amount)");

    // It makes the calls in their order for anybody; nothing need be lent.
    private static readonly AbiFunction Act = AbiFunction.Parse(
        "function executeOperation(address asset, uint256 amount, uint256 premium, address initiator, bytes params)");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task the_second_hand_that_passes_it_on_is_the_end_and_what_comes_home_was_never_gone()
    {
        await using var world = await PolicyWorld.StartAsync(servers);
        await world.AdoptAsync(world.Policy(1));
        await world.GrantAsync([Once, Twice, Mixed, Chain, Circle, Returned, TooLate]);
        var actor = (await world.Chain.SendAsync(
            Cast.Deployer.Key, null, Artifacts.Own("FlashActor", string.Empty), Cancellation)).ContractAddress!.Value;

        await OverSeveralAsync(world, Once, await HandsAsync(world, Once, 2));
        await OverSeveralAsync(world, Twice, await HandsAsync(world, Twice, 3));
        await AtOnceAsync(world, actor, Chain, await HandsAsync(world, Chain, 3));
        var hands = await HandsAsync(world, Mixed, 3);
        await AtOnceAsync(world, actor, Mixed, hands[..2]);
        await IsFollowedAsync(world, Mixed, Most); // one of the two has passed it on, the other has it
        await PayAsync(world, hands[1], hands[2], Most);
        await ComeHomeAsync(world, actor);

        await world.UntilBreachAsync(Twice, "not-dumped", "OPEN");
        await world.UntilBreachAsync(Chain, "not-dumped", "OPEN");
        await world.UntilBreachAsync(Mixed, "not-dumped", "OPEN");
        await world.UntilBreachAsync(TooLate, "not-dumped", "OPEN");
        await IsFollowedAsync(world, Once, Most);
        foreach (var person in new[] { Once, Circle, Returned })
            Assert.Empty(await world.BreachesAsync(person));
        foreach (var person in new[] { Once, Twice, Chain, Mixed })
            Assert.Equal(["UNKNOWN"], await world.FlowsAsync(person));

        await world.TravelToDayAsync(34); // nothing is followed any longer
        await world.UntilBreachAsync(Once, "not-dumped", "OPEN");
        await IsFollowedAsync(world, Once, UInt256.Zero);
        Assert.Empty(await world.BreachesAsync(Circle));
        Assert.Empty(await world.BreachesAsync(Returned));
        await world.AuditAsync();
    }

    /// <summary>Three hands of one transaction and home, to herself and to a wallet of hers; and over several, in time and late.</summary>
    private static async Task ComeHomeAsync(PolicyWorld world, Address actor)
    {
        var hands = await HandsAsync(world, Circle, 3);
        await PayAsync(world, Circle, Second, Scene.Tokens(10)); // it is new, and joins
        await world.UntilFlowsAsync(Circle, "INTERNAL");
        await AtOnceAsync(world, actor, Circle, [.. hands, Circle]);
        await AtOnceAsync(world, actor, Circle, [.. hands, Second]);

        foreach (var (person, count) in new[] { (Returned, 2), (TooLate, 3) })
            await OverSeveralAsync(world, person, [.. await HandsAsync(world, person, count), person]);
        await world.UntilFlowsAsync(Returned, "UNKNOWN", "OWN_IN");
        await world.UntilFlowsAsync(TooLate, "UNKNOWN", "OWN_IN");
        await IsFollowedAsync(world, Returned, UInt256.Zero);
        Assert.Equal(["INTERNAL"], await world.FlowsAsync(Circle));
        Assert.Equal((Most, UInt256.Zero), (await GrantedBackAsync(world, Returned), await GrantedBackAsync(world, TooLate)));
    }

    /// <summary>Hands that others know too, with gas: no new wallets, so that they do not join.</summary>
    private static async Task<Person[]> HandsAsync(PolicyWorld world, Person of, int count)
    {
        Person[] hands = [.. Enumerable.Range(1, count).Select(i => Person.Called($"{of.Name}: hand {i}"))];
        foreach (var hand in hands)
        {
            await world.Chain.FundAsync(hand.Address, Cancellation);
            await PayAsync(world, Cast.Deployer, hand, Scene.Tokens(1));
        }

        return hands;
    }

    private static async Task OverSeveralAsync(PolicyWorld world, Person from, Person[] path)
    {
        foreach (var to in path)
        {
            await PayAsync(world, from, to, Most);
            from = to;
        }
    }

    private static async Task AtOnceAsync(PolicyWorld world, Address actor, Person from, Person[] path)
    {
        var legs = new List<object>();
        foreach (var to in path)
        {
            await world.Chain.CallAsync(from.Key, world.Scene.Token, Erc20.Approve, Cancellation, actor, UInt256.MaxValue);
            legs.Add((object[])[world.Scene.Token, TransferFrom.Encode(from.Address, to.Address, Most)]);
            from = to;
        }

        var calls = AbiCodec.Encode([AbiType.Parse("(address to, bytes data)[]")], [legs.ToArray()]);
        await world.Chain.CallAsync(
            Cast.Deployer.Key, actor, Act, Cancellation, world.Scene.Token, UInt256.Zero, UInt256.Zero, Address.Zero, calls);
    }

    private static Task<Ethereum.JsonRpc.RpcReceipt> PayAsync(PolicyWorld world, Person from, Person to, UInt256 amount) =>
        world.Chain.CallAsync(from.Key, world.Scene.Token, Erc20.TransferCall, Cancellation, to.Address, amount);

    private static Task<JsonNode> IsFollowedAsync(PolicyWorld world, Person person, UInt256 amount) => world.Stage.UntilAsync(
        $"of {person.Name}'s tokens {amount} are followed",
        async () => (await world.Stage.Public.QueryAsync(
            "query ($a: Bytes32!) { reinvestment(awardId: $a) { readings { followed } } }",
            new { a = world.AwardOf(person) },
            Cancellation))["reinvestment"],
        reinvestment => reinvestment["readings"]![0]!["followed"]!.GetValue<string>() == amount.ToString(),
        Cancellation);

    /// <summary>How much of what came back is granted tokens that were never gone.</summary>
    private static async Task<UInt256> GrantedBackAsync(PolicyWorld world, Person person)
    {
        var data = await world.Stage.Public.QueryAsync(
            "query ($a: Bytes32!) { flows(awardId: $a, first: 9) { edges { node { kind grantedFloor } } } }",
            new { a = world.AwardOf(person) },
            Cancellation);
        var back = data["flows"]!["edges"]!.AsArray().Select(edge => edge!["node"]!)
            .Single(flow => flow["kind"]!.GetValue<string>() == "OWN_IN");
        return UInt256.Parse(back["grantedFloor"]!.GetValue<string>());
    }
}
