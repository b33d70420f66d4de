using Grants.Chaos;
using Grants.Service.Tests.Embedded;
using Grants.Service.Tests.Ingestion;
using Xunit;

namespace Grants.Service.Tests.Chaos;

/// <summary>What the service believes of three nodes of which two lie alike and the honest third is cut off.</summary>
public sealed class PoisonedNodesTests(LocalServers servers)
{
    private const int Looks = 60;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task nothing_is_promoted_on_the_word_of_rented_nodes_alone(bool ourOwnIsCutOff)
    {
        await using var rig = await IngestionRig.StartAsync(servers);
        var echo = await rig.Chain.DeployEchoAsync();
        await rig.WatchAsync(echo);
        for (var i = 0; i < 8; i++)
            await rig.Chain.MineWithLogsAsync(echo);
        await using var first = await FaultProxy.StartAsync(rig.Chain.Endpoint);
        await using var second = await FaultProxy.StartAsync(rig.Chain.Endpoint);
        await using var third = await FaultProxy.StartAsync(rig.Chain.Endpoint);
        using var host = await PromotionHost.StartAsync(
            rig,
            settings:
            [
                ("Chains:0:Rpc", $"{first.Endpoint}"),
                ("Chains:0:Witnesses:0:Rpc", $"{second.Endpoint}"),
                ("Chains:0:Witnesses:1:Rpc", $"{third.Endpoint}"),
                ("Chains:0:Witnesses:1:IsOurs", $"{ourOwnIsCutOff}"),
                ("Chains:0:Node:Retries", "0"),
            ]);
        await PromotedAsync(rig, 7);

        // From here on the first two serve what the third never saw.
        third.Add(Faults.Drop());
        for (var i = 0; i < 12; i++)
            await rig.Chain.MineWithLogsAsync(echo, echo);
        if (!ourOwnIsCutOff)
        {
            // Why one of ours has to be among them: two of three would have been enough.
            await PromotedAsync(rig, 19);
            return;
        }

        var before = first.Calls.Count;
        await Eventually.TrueAsync(
            async () => (await rig.View.HeadsAsync(rig.ChainId, Cancellation))?.Head.Number == 21 && first.Calls.Count > before + Looks,
            Patience,
            "the head is seen and looked at again and again");
        var heads = (await rig.View.HeadsAsync(rig.ChainId, Cancellation))!;
        Assert.Equal((7, 7), (heads.Finalized.Number, heads.Promoted.Number));
        Assert.Null(heads.HaltReason);

        third.Heal();
        await PromotedAsync(rig, 19);
    }

    private static Task PromotedAsync(IngestionRig rig, long number) => Eventually.TrueAsync(
        async () => (await rig.View.HeadsAsync(rig.ChainId, Cancellation))?.Promoted.Number == number,
        Patience,
        $"block {number} is promoted");
}
