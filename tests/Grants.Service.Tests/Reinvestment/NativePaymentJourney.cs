using Grants.Service.Demo;
using Xunit;

namespace Grants.Service.Tests.Reinvestment;

/// <summary>
/// A token whose balances are the native ones, as on Metis: a plain payment emits no log. Everybody's native balance is what the vault
/// pays first.
/// </summary>
public sealed class NativePaymentJourney(LocalServers servers)
{
    private static readonly Person Sender = Person.Called("Nils, who pays natively");
    private static readonly Person Keeper = Person.Called("Kim, who keeps it");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task a_payment_without_a_log_is_an_outflow_for_somebody_unknown()
    {
        await using var world = await PolicyWorld.StartAsync(servers);
        world.CallNative(world.Scene.Token);
        await world.AdoptAsync(world.Policy(1));
        await world.GrantAsync([Sender, Keeper]);

        await world.PayNativelyAsync(Sender, PolicyWorld.Exchange.Address, Scene.Tokens(400));
        await world.TravelToDayAsync(33);

        await world.UntilFlowsAsync(Sender, "UNKNOWN", "GAS");
        Assert.Empty(await world.BreachesAsync(Sender)); // whoever has it may still be named
        await world.TravelToDayAsync(36);
        await world.UntilBreachAsync(Sender, "not-dumped", "OPEN");
        Assert.Empty(await world.FlowsAsync(Keeper));
        Assert.Empty(await world.BreachesAsync(Keeper));
    }
}
