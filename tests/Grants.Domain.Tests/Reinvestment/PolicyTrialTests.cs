using Grants.Domain.Reinvestment;
using Grants.Domain.Reinvestment.Policies;
using Grants.Domain.Reinvestment.Series;
using Grants.Primitives;
using Xunit;
using static Grants.Domain.Tests.Reinvestment.Chain;

namespace Grants.Domain.Tests.Reinvestment;

public sealed class PolicyTrialTests
{
    private const long Paid = 10 * Day;

    private static readonly PolicySanction Signed =
        new(SanctionKind.ClawBackUnreleased, new BasisPoints(2_500), 1, [Flows.AddressOf(0xa1)], []);

    [Fact]
    public void a_trial_comes_to_what_the_monitor_came_to()
    {
        var story = Story.Begin()
            .Then(Paid, at => Released(at, Ada, 1_000))
            .Then(Paid + Day, at => Sold(at, Ada, 500));
        for (var day = 2; day <= 40; day++)
            story.Checkpoint(Paid + (day * Day));
        var past = story.All<FlowClassified>().Select(one => new PastFlow(one.Flow, one.Block));
        var outcome = PolicyTrial.Run(Policy, UInt256.Zero, past, Block(0, Paid + (40 * Day)));
        Assert.Equal((Paid + Day, Paid + Day), (outcome.WarnedAt, outcome.GatedAt));
        Assert.Equal((story.Last<SanctionApplied>().Block.TimestampSeconds, 10_000), (outcome.ClawedBackAt, outcome.ClawedBack.Value));
        Assert.Equal(["OPENED", "CONFIRMED", "CLAW_BACK_UNRELEASED 10000 bps"], outcome.Steps.Select(step => step.What));
        Assert.Equal(story.Last<BreachOpened>().Why, outcome.Steps[0].Why);
    }

    [Fact]
    public void signatures_are_taken_as_given_and_a_milder_draft_differs()
    {
        PastFlow[] past = [.. History((0, FlowKind.Release, 1_000), (Day, FlowKind.Sale, 300))];
        var strict = With(2_000, PolicySanction.Of(SanctionKind.Gate), Signed);
        var (draft, inForce) = (Run(With(4_000, Signed), past), Run(strict, past));
        Assert.Empty(draft.Steps);
        Assert.Equal((Paid + (15 * Day), 2_500), (inForce.ClawedBackAt, inForce.ClawedBack.Value));
        Assert.False(draft.IsLike(inForce));
        Assert.True(inForce.IsLike(Run(strict, past)));
    }

    [Fact]
    public void a_venue_that_the_draft_does_not_list_counts_for_nothing()
    {
        PastFlow[] past = [.. History((0, FlowKind.Release, 1_000), (Day, FlowKind.Open, 1_000))];
        Assert.Null(Run(TwoRules(), past).GatedAt);
        var elsewhere = TwoRules() with { Venues = [.. Policy.Venues.Where(venue => venue.Kind == VenueKind.Pool)] };
        Assert.Equal(Paid + (30 * Day), Run(elsewhere, past).GatedAt);
    }

    [Fact]
    public void a_series_adds_up_at_every_point()
    {
        AwardHistory Award(string name, params (long, FlowKind, ulong)[] flows) =>
            new(Keccak256.Hash(name), Token, Policy, UInt256.Zero, [.. History(flows)]);
        var points = ProgramSeries.Of(
            [
                Award("a", (0, FlowKind.Release, 1_000), (Day, FlowKind.Open, 600), (2 * Day, FlowKind.Sale, 100)),
                Award("b", (Day, FlowKind.Release, 500), (2 * Day, FlowKind.Open, 200), (3 * Day, FlowKind.BridgeOut, 300)),
            ],
            [Paid - 1, Paid, Paid + (2 * Day), Paid + (9 * Day)]);
        Assert.Equal([0, 1_000, 1_500, 1_500], points.Select(point => (int)(ulong)point.Released));
        Assert.All(points, point => Assert.Equal(
            point.Released,
            point.Held + point.Staked + point.InPools + point.Lent + point.Sold + point.Bridged + point.SentToExchanges + point.Unknown
                + point.Spent + point.Returned + point.Lost));
        var last = points[^1];
        Assert.Equal((new UInt256(800), new UInt256(5_333)), (last.AtWork, last.AtWorkPerReleased));
        Assert.Equal(6_250, last.Concentration.Value); // three quarters and one quarter
    }

    private static TrialOutcome Run(ReinvestmentPolicy policy, IEnumerable<PastFlow> past) =>
        PolicyTrial.Run(policy, UInt256.Zero, past, Block(0, Paid + (60 * Day)));

    private static ReinvestmentPolicy With(int limit, params PolicySanction[] ladder) => Policy with
    {
        Rules =
        [
            new PolicyRule(
                "sold", RuleKind.MaxSale, new BasisPoints(limit), null, RuleWindow.SinceRelease, 0, 0, 14 * Day, 0, [.. ladder]),
        ],
    };

    private static IEnumerable<PastFlow> History(params (long After, FlowKind Kind, ulong Amount)[] flows) => flows.Select(one =>
    {
        var venue = one.Kind == FlowKind.Open ? Policy.VenueAt(Lst) : null;
        var step = Flows.Step(Paid + one.After, one.Kind, one.Amount, one.Amount, venue);
        return new PastFlow(step.Flow, Block(step.At, step.At));
    });
}
