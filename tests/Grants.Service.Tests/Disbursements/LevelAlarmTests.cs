using Grants.Ethereum.Following.Finality;
using Grants.Service.Demo;
using Grants.Service.Ingestion.Following;
using Microsoft.Extensions.DependencyInjection;
using Wolverine;
using Xunit;

namespace Grants.Service.Tests.Disbursements;

public sealed class LevelAlarmTests(PayoutRig rig) : IClassFixture<PayoutRig>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task a_level_that_goes_back_is_one_incident_and_pauses_nothing()
    {
        await using var scope = rig.Run.App.Services.GetRequiredService<IServiceScopeFactory>().CreateSpaceScope(Spaces.Deployment);
        var bus = scope.ServiceProvider.GetRequiredService<IMessageBus>();
        foreach (var now in new[] { 90, 80 })
        {
            await bus.InvokeForTenantAsync(
                Spaces.Deployment, new LevelWentBack(rig.Chain.ChainId, FinalityLevel.L1Final, 100, now, "node"), Cancellation);
        }

        var client = await rig.SignInAsync(Cast.Ada);
        var seen = await client.QueryAsync(
            "{ incidents(first: 10, open: true) { edges { node { kind what nextStep } } } }", null, Cancellation);
        var incident = Assert.Single(seen["incidents"]!["edges"]!.AsArray())!["node"]!;
        Assert.Equal("LEVEL_WENT_BACK", incident["kind"]!.GetValue<string>());
        Assert.Contains("went back from 100 to 90", incident["what"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Null((await rig.ControlAsync())?.Pause);
    }
}
