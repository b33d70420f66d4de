using System.Text.Json.Nodes;
using Grants.Ethereum.Abi;
using Grants.Ethereum.Contracts;
using Grants.Ethereum.JsonRpc;
using Grants.Primitives;
using Grants.Service.Demo;
using Xunit;

namespace Grants.Service.Tests.Reinvestment;

/// <summary>A grantee with the lock of a sequencer, on the contract itself: it grows, a part is taken out, and then it leaves.</summary>
public sealed class SequencerLockJourney(LocalServers servers)
{
    private static readonly Person Luis = Person.Called("Luis, who runs a sequencer");

    private static readonly AbiFunction Relock = AbiFunction.Parse("function relock(uint256 sequencerId, uint256 amount)");
    private static readonly AbiFunction Withdraw = AbiFunction.Parse("function withdraw(uint256 sequencerId, uint256 amount)");
    private static readonly AbiFunction Unlock = AbiFunction.Parse("function unlock(uint256 sequencerId)");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task a_lock_is_at_work_with_what_was_added_and_until_its_exit_begins()
    {
        await using var world = await PolicyWorld.StartAsync(servers);
        await world.AdoptAsync(world.Policy(1));
        await world.GrantAsync([Luis]);
        await CallAsync(world, world.Scene.Token, Erc20.Approve, world.Scene.Lock, Scene.Tokens(1_000));

        var made = await CallAsync(world, world.Scene.Lock, Scene.LockFor, Luis.Address, Scene.Tokens(400), Array.Empty<byte>());
        var sequencer = made.Logs.Select(LockingInfo.Logs.Read).OfType<LockingInfo.LockedLog>().Single().SequencerId;
        await CallAsync(world, world.Scene.Lock, Relock, sequencer, Scene.Tokens(200));
        await world.UntilFlowsAsync(Luis, "OPEN", "OPEN");
        Assert.Equal(Scene.Tokens(600), await EligibleAsync(world));

        await CallAsync(world, world.Scene.Lock, Withdraw, sequencer, Scene.Tokens(100));
        await world.UntilFlowsAsync(Luis, "OPEN", "OPEN", "CLOSE");
        Assert.Equal(Scene.Tokens(500), await EligibleAsync(world));

        await ListsAsync(world, sequencer, isUnlocking: false);
        await CallAsync(world, world.Scene.Lock, Unlock, sequencer);
        await world.UntilFlowsAsync(Luis, "OPEN", "OPEN", "CLOSE", "UNLOCK_STARTED");
        Assert.Equal(UInt256.Zero, await EligibleAsync(world));
        Assert.Empty(await world.BreachesAsync(Luis));
        await ListsAsync(world, sequencer, isUnlocking: true);
        Assert.Empty(await SequencersAsync(world, world.Scene.Staking)); // is no lock
        await PagesAsync(world);
        var flows = await world.Stage.Public.QueryAsync(
            "query ($a: Bytes32!) { flows(awardId: $a, first: 9) { edges { node { venue sequencerId scaledShares } } } }",
            new { a = world.AwardOf(Luis) },
            Cancellation);
        Assert.All(
            flows["flows"]!["edges"]!.AsArray().Select(edge => edge!["node"]!),
            flow => Assert.Equal(
                (flow["venue"] is null ? null : sequencer.ToString(), null),
                (flow["sequencerId"]?.GetValue<string>(), flow["scaledShares"]?.GetValue<string>())));
    }

    private static async Task PagesAsync(PolicyWorld world)
    {
        var deployer = Cast.Deployer;
        await world.Chain.CallAsync(
            deployer.Key, world.Scene.Token, Erc20.Approve, Cancellation, world.Scene.Lock, Scene.Tokens(1));
        await world.Chain.CallAsync(
            deployer.Key, world.Scene.Lock, Scene.LockFor, Cancellation, deployer.Address, Scene.Tokens(1), Array.Empty<byte>());
        var all = await world.Stage.UntilAsync(
            "both sequencers are listed",
            async () => new JsonArray([.. (await SequencersAsync(world, world.Scene.Lock)).Select(one => one!.DeepClone())]),
            listed => listed.AsArray().Count == 2,
            Cancellation);
        var (cursor, walked) = ((string?)null, new List<string>());
        do
        {
            var data = await world.Stage.Public.QueryAsync(
                "query ($after: String) { sequencers(first: 1, after: $after) { edges { node { sequencerId } } "
                    + "pageInfo { hasNextPage endCursor } } }",
                new { after = cursor },
                Cancellation);
            walked.Add(Assert.Single(data["sequencers"]!["edges"]!.AsArray())!["node"]!["sequencerId"]!.GetValue<string>());
            var page = data["sequencers"]!["pageInfo"]!;
            cursor = page["hasNextPage"]!.GetValue<bool>() ? page["endCursor"]!.GetValue<string>() : null;
        }
        while (cursor is not null);
        Assert.Equal(all.AsArray().Select(one => one!["sequencerId"]!.GetValue<string>()), walked);
    }

    private static async Task ListsAsync(PolicyWorld world, UInt256 sequencer, bool isUnlocking)
    {
        var listed = Assert.Single(await SequencersAsync(world, world.Scene.Lock), one =>
            one!["sequencerId"]!.GetValue<string>() == sequencer.ToString())!;
        Assert.Equal(
            (Luis.Address.ToString(), Scene.Tokens(500).ToString(), Scene.Tokens(200).ToString(), isUnlocking),
            (listed["signer"]!.GetValue<string>(), listed["locked"]!.GetValue<string>(), listed["relocked"]!.GetValue<string>(),
                listed["isUnlocking"]!.GetValue<bool>()));
        Assert.Equal(isUnlocking, listed["claimableFrom"] is not null);
        Assert.Equal((null, null), (listed["largestLock"], listed["room"])); // this contract has no largest lock
    }

    private static async Task<IReadOnlyList<JsonNode?>> SequencersAsync(PolicyWorld world, Address contract)
    {
        var data = await world.Stage.Public.QueryAsync(
            "query ($c: Address) { sequencers(first: 100, contract: $c) { edges { node { sequencerId signer locked relocked "
                + "isUnlocking claimableFrom largestLock room } } } }",
            new { c = contract.ToString() },
            Cancellation);
        return [.. data["sequencers"]!["edges"]!.AsArray().Select(edge => edge!["node"])];
    }

    private static Task<RpcReceipt> CallAsync(PolicyWorld world, Address contract, AbiFunction function, params object[] arguments) =>
        world.Chain.CallAsync(Luis.Key, contract, function, Cancellation, arguments);

    private static async Task<UInt256> EligibleAsync(PolicyWorld world)
    {
        var data = await world.Stage.Public.QueryAsync(
            "query ($a: Bytes32!) { reinvestment(awardId: $a) { readings { convention eligible } } }",
            new { a = world.AwardOf(Luis) },
            Cancellation);
        var floor = data["reinvestment"]!["readings"]!.AsArray().Single(one => one!["convention"]!.GetValue<string>() == "FLOOR");
        return UInt256.Parse(floor!["eligible"]!.GetValue<string>());
    }
}
