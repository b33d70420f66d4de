using CsCheck;
using Xunit;

namespace Grants.Domain.Tests.Disbursements;

/// <summary>
/// Whatever happens in whatever order, an order never has two live nonces, and there are never two transactions that could both pay
/// it. <c>GRANTS_LONG=1</c> plays 100,000 histories.
/// </summary>
public sealed class PayoutModelTests
{
    private const int Steps = 13 * 2 * 128;

    private static int Histories => Environment.GetEnvironmentVariable("GRANTS_LONG") == "1" ? 100_000 : 5_000;

    [Fact]
    public void no_order_can_be_paid_twice() => Seeded.Check(
        Gen.Int[0, Steps - 1].Array[1, 60],
        history =>
        {
            var world = new PayoutWorld();
            foreach (var (place, step) in history.Index())
            {
                world.Do(step);
                if (world.Problem() is { } problem)
                    Assert.Fail($"{problem} After {string.Join(", ", history.Take(place + 1))}.");
            }
        },
        Histories);

    [Fact]
    public void histories_come_to_payments_replacements_and_second_nonces()
    {
        var (paid, replaced, again) = (0, 0, 0);
        Seeded.Check(
            Gen.Int[0, Steps - 1].Array[60],
            history =>
            {
                var world = new PayoutWorld();
                foreach (var step in history)
                    world.Do(step);
                var reached = world.Reached();
                (paid, replaced, again) = (paid + reached.Paid, replaced + reached.Replaced, again + reached.Again);
            },
            200);
        Assert.True(paid > 100 && replaced > 100 && again > 10, $"Paid {paid}, replaced {replaced}, again {again}.");
    }
}
