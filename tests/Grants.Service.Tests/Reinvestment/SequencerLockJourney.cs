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

        await CallAsync(world, world.Scene.Lock, Unlock, sequencer);
        await world.UntilFlowsAsync(Luis, "OPEN", "OPEN", "CLOSE", "UNLOCK_STARTED");
        Assert.Equal(UInt256.Zero, await EligibleAsync(world));
        Assert.Empty(await world.BreachesAsync(Luis));
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
