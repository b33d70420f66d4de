using Grants.Chaos;
using Grants.Ethereum.Following.Finality;
using Grants.Service.Tests.Embedded;
using Marten;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Grants.Service.Tests.Ingestion;

public sealed class LevelTests(LocalServers servers)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task a_final_block_that_goes_back_is_told_once_and_nothing_follows_it_back()
    {
        var back = 0;
        await using var rig = await IngestionRig.StartAsync(servers, finalDepth: 4);
        await using var proxy = await FaultProxy.StartAsync(rig.Chain.Endpoint, ChainFaults.FinalizedAt(truly => truly - back));
        await rig.Chain.MineAsync(12);
        using var host = await PromotionHost.StartAsync(rig, settings: ("Chains:0:Rpc", $"{proxy.Endpoint}"));
        await Eventually.TrueAsync(() => IsPromotedAsync(rig, 8), Patience, "block 8 is promoted");

        back = 3;
        await Eventually.TrueAsync(async () => (await AlarmsAsync(host.Services)).Count > 0, Patience, "somebody is told");
        back = 0;
        await rig.Chain.MineAsync(2);
        await Eventually.TrueAsync(() => IsPromotedAsync(rig, 10), Patience, "block 10 is promoted");

        var alarm = Assert.Single(await AlarmsAsync(host.Services)).Alarm;
        Assert.Equal((rig.ChainId, FinalityLevel.L1Final, 8, 5), (alarm.ChainId, alarm.Level, alarm.Was, alarm.Now));
        Assert.Null((await rig.View.HeadsAsync(rig.ChainId, Cancellation))!.HaltReason);
    }

    private static async Task<bool> IsPromotedAsync(IngestionRig rig, long number) =>
        (await rig.View.HeadsAsync(rig.ChainId, Cancellation))?.Promoted.Number == number;

    private static async Task<IReadOnlyList<AlarmHeard>> AlarmsAsync(IServiceProvider services)
    {
        await using var session = services.GetRequiredService<IDocumentStore>().QuerySession(Spaces.Deployment);
        return await session.Query<AlarmHeard>().ToListAsync(Cancellation);
    }
}
