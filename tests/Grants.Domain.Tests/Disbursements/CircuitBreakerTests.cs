using Grants.Domain.Disbursements;
using Grants.Domain.Tests.Programs;
using Xunit;

namespace Grants.Domain.Tests.Disbursements;

public sealed class CircuitBreakerTests
{
    private static readonly TreasuryFacts Calm = new(
        3, [new SpentOfToken(AProgram.Token, 800, 1_000)], 900, 300, 180, 2, 10, 10, [new StuckNonce(7, 300)], [])
    {
        WithoutQuorum = 300,
        SignerSilent = 120,
    };

    [Fact]
    public void at_its_limit_no_breaker_is_tripped() => Assert.Empty(CircuitBreaker.Tripped(Calm));

    [Fact]
    public void where_there_is_nothing_to_measure_no_breaker_is_tripped() =>
        Assert.Empty(CircuitBreaker.Tripped(new TreasuryFacts(0, [], null, null, null, 0, null, 10, [], [])));

    [Fact]
    public void nothing_spent_of_a_limit_of_nothing_is_no_rush() =>
        Assert.Empty(CircuitBreaker.Tripped(Calm with { SpentInTenMinutes = [new SpentOfToken(AProgram.Token, 0, 0)] }));

    [Fact]
    public void each_breaker_is_tripped_above_its_limit()
    {
        Trips(IncidentKind.Reverts, Calm with { RevertsInAnHour = 4 });
        Trips(IncidentKind.Spending, Calm with { SpentInTenMinutes = [new SpentOfToken(AProgram.Token, 801, 1_000)] });
        Trips(IncidentKind.LateFinality, Calm with { LongestUnfinalized = 901 });
        Trips(IncidentKind.SilentNode, Calm with { SinceNodeAnswered = 301 });
        Trips(IncidentKind.SilentReconciliation, Calm with { SinceReconciled = 181 });
        Trips(IncidentKind.Clock, Calm with { ClockOffset = 3 });
        Trips(IncidentKind.GasMoney, Calm with { GasMoney = 9 });
        Trips(IncidentKind.Stuck, Calm with { Stuck = [new StuckNonce(7, 301)] });
        Trips(IncidentKind.QuorumLost, Calm with { WithoutQuorum = 301 });
        Trips(IncidentKind.SilentSigner, Calm with { SignerSilent = 121 });
        Trips(IncidentKind.Failure, Calm with { Failed = [new FailedOrder(AnOrder.Order.OrderId, 1, AnOrder.Refusal)] });
    }

    private static void Trips(IncidentKind expected, TreasuryFacts facts) =>
        Assert.Equal(expected, Assert.Single(CircuitBreaker.Tripped(facts)).Kind);
}
