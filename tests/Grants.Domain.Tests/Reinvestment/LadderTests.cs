using Grants.Domain.Reinvestment;
using Grants.Primitives;
using Xunit;
using static Grants.Domain.Tests.Reinvestment.Chain;

namespace Grants.Domain.Tests.Reinvestment;

/// <summary>Rules of every kind, over every window, and what their ladders do.</summary>
public sealed class LadderTests
{
    private const long Paid = 10;

    private static readonly Address Guardian = Flows.AddressOf(0xa1);

    private static readonly Address OtherGuardian = Flows.AddressOf(0xa2);

    private static readonly DateTimeOffset At = DateTimeOffset.UnixEpoch;

    [Fact]
    public void a_rolling_window_forgets_what_lies_behind_it()
    {
        var story = Daily(Story.Begin(With(Disposal(2_000) with { Window = RuleWindow.Rolling, WindowSeconds = 10 * Day })), 1);
        story.Then(Paid + Day, at => Sold(at, Ada, 150));
        Daily(story, 11);
        Assert.Equal(1_500, Measured(story));
        Daily(story, 13);
        story.Then(Paid + (13 * Day) + 1, at => Sold(at, Ada, 150));
        Assert.Equal(1_500, Measured(story));
        Assert.DoesNotContain("BreachOpened", story.Events);
        story.Then(Paid + (14 * Day), at => Sold(at, Ada, 60));
        Assert.Equal(2_100, Measured(story));
        Assert.True(story.State.IsHeld);
        Daily(story, 24);
        Assert.False(story.State.IsHeld);
        Assert.True(story.Last<BreachCured>().IsRuleKept);
    }

    [Fact]
    public void a_least_is_judged_over_whole_epochs_only()
    {
        var rule = Rule(RuleKind.MinTimeWeightedReinvestment, 5_000) with { Window = RuleWindow.Epoch, WindowSeconds = 10 * Day };
        var story = Daily(Story.Begin(With(rule)), 9);
        Assert.DoesNotContain("BreachOpened", story.Events);
        story.Then(Paid + (9 * Day) + 1, at => Locked(at, Ada, 1_000));
        Assert.True(Daily(story, 10).State.IsHeld);
        Assert.Equal(1_000, Daily(story, 19).Last<CheckpointEvaluated>().Verdicts![0].Floor.Value, tolerance: 100);
        Assert.Equal(10_000, Measured(Daily(story, 20)));
        Assert.Empty(story.State.Breaches);
    }

    [Fact]
    public void a_most_is_judged_in_the_running_epoch()
    {
        var story = Daily(Story.Begin(With(Disposal(2_000) with { Window = RuleWindow.Epoch, WindowSeconds = 10 * Day })), 1);
        story.Then(Paid + Day, at => Sold(at, Ada, 150));
        Daily(story, 10).Then(Paid + (10 * Day) + 1, at => Sold(at, Ada, 150));
        Assert.Equal(1_500, Measured(story));
    }

    [Fact]
    public void what_is_held_in_a_wallet_counts_for_retention()
    {
        var story = Daily(Story.Begin(With(Rule(RuleKind.MinRetention, 5_000))), 1);
        story.Then(Paid + Day, at => Sold(at, Ada, 600));
        Assert.DoesNotContain("BreachOpened", story.Events);
        Assert.Equal(RuleKind.MinRetention, Daily(story, 11).Last<BreachOpened>().Breach.Rule);
    }

    [Fact]
    public void reinvestment_of_a_kind_of_venue_only_warns()
    {
        var rule = Rule(RuleKind.MinReinvestment, 5_000, PolicySanction.Of(SanctionKind.Warn)) with { VenueKind = VenueKind.Lock };
        var story = Story.Begin(With(rule))
            .Then(Paid, at => Released(at, Ada, 1_000))
            .Then(Paid + 1, at => Deposited(at, Ada, 1_000, 1_000));
        Assert.Equal((1, false), (story.Count<BreachOpened>(), story.State.IsHeld));
        Assert.EndsWith("It is a warning: nothing follows from it.", story.Last<BreachOpened>().Why, StringComparison.Ordinal);
        Assert.DoesNotContain("BreachConfirmed", Daily(story, 60).Events);
    }

    [Fact]
    public void a_sale_rule_does_not_mind_a_bridge()
    {
        var story = Story.Begin(With(Rule(RuleKind.MaxSale, 0)))
            .Then(Paid, at => Released(at, Ada, 1_000))
            .Then(Paid + 1, at => BridgedOut(at, Ada, 500));
        Assert.DoesNotContain("BreachOpened", story.Events);
        Assert.Contains("BreachOpened", story.Then(Paid + 2, at => Sold(at, Ada, 1)).Events);
    }

    [Fact]
    public void a_rule_that_has_lapsed_opens_no_breach()
    {
        var rule = Rule(RuleKind.MaxSale, 0) with { LastsSeconds = 365 * Day };
        var story = Story.Begin(With(rule)).Then(Paid, at => Released(at, Ada, 1_000)).Then(Paid + (365 * Day), at => Sold(at, Ada, 500));
        Assert.DoesNotContain("BreachOpened", story.Events);
    }

    [Fact]
    public void an_open_breach_outlives_its_rule()
    {
        var rule = Rule(RuleKind.MaxSale, 0, PolicySanction.Of(SanctionKind.ClawBackUnreleased)) with { LastsSeconds = 5 * Day };
        var story = Story.Begin(With(rule)).Then(Paid, at => Released(at, Ada, 1_000)).Then(Paid + Day, at => Sold(at, Ada, 500));
        Assert.Contains("BreachConfirmed", Daily(story, 16).Events);
    }

    [Fact]
    public void prorata_warns_and_has_no_consequence()
    {
        var story = Story.Begin(With(Disposal(2_000)))
            .Link(5, AdaCold, 1_000)
            .Then(Paid, at => Released(at, Ada, 1_000))
            .Then(Paid + Day, at => Sold(at, Ada, 1_000));
        Assert.Equal(("disposal", 5_000), (story.Last<PolicyWarned>().RuleId, story.Last<PolicyWarned>().Prorata.Value));
        Assert.False(story.State.IsHeld);
        Assert.Equal(1, Daily(story, 5).Count<PolicyWarned>());
    }

    [Fact]
    public void a_pause_is_lifted_when_the_confirmed_breach_is_cured()
    {
        var story = Story.Begin(With(Disposal(2_000, PolicySanction.Of(SanctionKind.Pause))))
            .Then(Paid, at => Released(at, Ada, 1_000))
            .Then(Paid + Day, at => Sold(at, Ada, 500));
        Assert.False(story.State.IsHeld);
        Daily(story, 15);
        Assert.Equal((SanctionKind.Pause, true), (story.Last<SanctionApplied>().Kind, story.State.IsHeld));
        story.Then(Paid + (16 * Day), at => Returned(at, Ada, 300));
        Assert.Equal((SanctionKind.Pause, false), (story.Last<SanctionLifted>().Kind, story.State.IsHeld));
        Assert.Equal(1, Daily(story, 40).Count<SanctionApplied>());
    }

    [Fact]
    public void a_breach_is_confirmed_only_after_the_time_to_appeal()
    {
        var story = Sale(Disposal(2_000, PolicySanction.Of(SanctionKind.ClawBackUnreleased)) with { AppealSeconds = 7 * Day });
        Assert.DoesNotContain("BreachConfirmed", Daily(story, 21).Events);
        Assert.Equal(["BreachConfirmed", "SanctionApplied"], Daily(story, 22).Events.TakeLast(2));
        Assert.Equal(story.Last<BreachConfirmed>().EvidenceRoot, story.Last<SanctionApplied>().EvidenceRoot);
        Assert.Equal(EvidenceTree.RootOf(story.Last<BreachConfirmed>().EvidenceIds), story.Last<BreachConfirmed>().EvidenceRoot);
    }

    [Fact]
    public void nothing_is_taken_while_an_appeal_is_pending()
    {
        var story = Sale(Disposal(2_000, PolicySanction.Of(SanctionKind.ClawBackUnreleased)));
        story.Decide(state => ReinvestmentMonitor.Decide(Appeal(story), state));
        Assert.DoesNotContain("BreachConfirmed", Daily(story, 40).Events);
        story.Decide(state => ReinvestmentMonitor.Decide(Decision(story, isUpheld: false), state));
        Assert.Contains("BreachConfirmed", Daily(story, 41).Events);
    }

    [Fact]
    public void an_upheld_appeal_forgives_what_was_missing_and_no_more()
    {
        var story = Sale(Disposal(2_000, PolicySanction.Of(SanctionKind.Gate), PolicySanction.Of(SanctionKind.ClawBackUnreleased)));
        story.Decide(state => ReinvestmentMonitor.Decide(Appeal(story), state));
        story.Decide(state => ReinvestmentMonitor.Decide(Decision(story, isUpheld: true), state));
        Assert.Equal<UInt256>(300, story.Last<AppealDecided>().Forgiven);
        Assert.False(Daily(story, 40).State.IsHeld);
        story.Then(Paid + (41 * Day), at => Sold(at, Ada, 1));
        Assert.Equal((2, new UInt256(1)), (story.Count<BreachOpened>(), story.Last<BreachOpened>().Breach.Shortfall));
        Assert.Equal(Paid + (55 * Day), story.Last<BreachOpened>().Breach.CureEndsAt);
    }

    [Fact]
    public void an_appeal_is_decided_once_and_only_an_open_breach_is_appealed()
    {
        var story = Sale(Disposal(2_000, PolicySanction.Of(SanctionKind.ClawBackUnreleased)));
        Refused("APPEAL_MISSING", Decision(story, isUpheld: true), story);
        Refused("INVALID_VALUE", Appeal(story) with { Reason = " " }, story);
        Refused("NOT_FOUND", Appeal(story) with { BreachId = "another" }, story);
        story.Decide(state => ReinvestmentMonitor.Decide(Appeal(story), state));
        Refused("APPEAL_EXISTS", Appeal(story) with { Reason = "Another one." }, story);
        story.Decide(state => ReinvestmentMonitor.Decide(Decision(story, isUpheld: false), state));
        Refused("APPEAL_DECIDED", Decision(story, isUpheld: true), story);
        var late = Daily(Sale(Disposal(2_000, PolicySanction.Of(SanctionKind.ClawBackUnreleased))), 16);
        Refused("BREACH_NOT_OPEN", Appeal(late), late);
    }

    [Fact]
    public void a_signed_sanction_waits_for_enough_of_its_signers()
    {
        var rung = new PolicySanction(SanctionKind.ClawBackUnreleased, new BasisPoints(2_500), 2, [Guardian, OtherGuardian], []);
        var story = Sale(Disposal(2_000, rung));
        Refused("SANCTION_NOT_DUE", Signature(story, Guardian), story);
        Assert.DoesNotContain("SanctionApplied", Daily(story, 20).Events);
        Refused("NOT_A_SIGNER", Signature(story, Stranger), story);
        Refused("SANCTION_NOT_DUE", Signature(story, Guardian) with { Kind = SanctionKind.Blacklist }, story);
        story.Decide(state => ReinvestmentMonitor.Decide(Signature(story, Guardian), state));
        Assert.DoesNotContain("SanctionApplied", story.Events);
        story.Decide(state => ReinvestmentMonitor.Decide(Signature(story, OtherGuardian), state));
        var applied = story.Last<SanctionApplied>();
        Assert.Equal((2_500, 2), (applied.Share.Value, applied.SignedBy.Count));
        Assert.Equal(story.State.LastCheckpoint, applied.Block);
    }

    [Fact]
    public void a_blacklisting_bars_the_wallets_from_the_programs_that_it_names()
    {
        var story = Sale(Disposal(2_000, PolicySanction.Of(SanctionKind.Blacklist) with { Programs = ["builders"] }));
        Assert.False(story.State.Bars(Ada, "builders"));
        Daily(story, 20);
        Assert.Equal(
            (true, false, false),
            (story.State.Bars(Ada, "builders"), story.State.Bars(Ada, "others"), story.State.Bars(Stranger, "builders")));
    }

    [Fact]
    public void a_paused_clock_never_punishes()
    {
        var story = Sale(Disposal(2_000, PolicySanction.Of(SanctionKind.ClawBackUnreleased)));
        story.Decide(state => ReinvestmentMonitor.Decide(new PauseClock(Story.AwardId, "Vesting is paused.", Day14(2)), state));
        Assert.DoesNotContain("BreachConfirmed", Daily(story, 100).Events);
        story.Decide(state => ReinvestmentMonitor.Decide(new ResumeClock(Story.AwardId, "It goes on.", Day14(102)), state));
        Assert.DoesNotContain("BreachConfirmed", Daily(story, 114).Events);
        Assert.Contains("BreachConfirmed", Daily(story, 115).Events);
    }

    [Fact]
    public void time_on_a_paused_clock_changes_no_average()
    {
        var story = Daily(Story.Begin(With(Rule(RuleKind.MinTimeWeightedReinvestment, 0))), 1);
        story.Then(Paid + Day, at => Locked(at, Ada, 1_000));
        var before = Measured(Daily(story, 2));
        story.Decide(state => ReinvestmentMonitor.Decide(new PauseClock(Story.AwardId, "Paused.", Day14(2)), state));
        story.Record(Paid + (50 * Day), Transaction(Paid + (50 * Day), Moved(Stranger, Ada, 1)));
        story.Decide(state => ReinvestmentMonitor.Decide(new ResumeClock(Story.AwardId, "On.", Day14(102)), state));
        story.Checkpoint(Paid + (102 * Day));
        Assert.Equal((before, 5_000), (Measured(story), before));
    }

    [Fact]
    public void a_chain_that_stood_still_gives_everybody_the_time_back()
    {
        var policy = With(Disposal(2_000, PolicySanction.Of(SanctionKind.ClawBackUnreleased))) with
        {
            Checkpoints = new PolicyCheckpoints(0, 3_600),
        };
        var story = Story.Begin(policy).Then(Paid, at => Released(at, Ada, 1_000)).Then(Paid + Day, at => Sold(at, Ada, 500));
        story.Decide(state => ReinvestmentMonitor.Decide(new NoteBlock(Story.AwardId, Paid + Day, Day14(31)), state));
        Assert.DoesNotContain("BreachConfirmed", Daily(story, 44).Events);
        Assert.Contains("BreachConfirmed", Daily(story, 45).Events);
    }

    [Fact]
    public void extra_checkpoints_are_drawn_by_a_later_blocks_hash()
    {
        var policy = With(Disposal(2_000)) with { Checkpoints = new PolicyCheckpoints(24, 0) };
        var story = Story.Begin(policy).Then(Paid, at => Released(at, Ada, 1_000));
        for (var i = 1; i <= 1_000; i++)
        {
            var (block, later) = (Block(Paid + i, Paid + i), Keccak256.Hash($"later {i}"));
            story.Decide(state => ReinvestmentMonitor.Decide(new EvaluateCheckpoint(Story.AwardId, block, later, 36), state));
        }

        Assert.InRange(story.Count<CheckpointEvaluated>(), 1 + 5, 1 + 18); // one in a hundred
    }

    [Fact]
    public void a_checkpoint_names_what_it_rests_on()
    {
        var story = Sale(Disposal(2_000));
        var checkpoint = story.Last<CheckpointEvaluated>();
        Assert.Equal((2L, Classification.Version), (checkpoint.FlowCount, checkpoint.AdapterVersion));
        Assert.Equal(story.State.Policy.Hash, checkpoint.PolicyHash);
        Assert.Equal(EvidenceTree.RootOf(story.All<FlowClassified>().Select(one => one.Flow.Id)), checkpoint.FlowRoot);
        var verdict = Assert.Single(checkpoint.Verdicts!);
        Assert.Equal((5_000, 5_000), (verdict.Floor.Value, verdict.Prorata.Value));
        Assert.Equal(("disposal", true, false), (verdict.RuleId, verdict.IsBroken, verdict.IsWarned));
    }

    private static ReinvestmentPolicy With(PolicyRule rule) => Policy with { Rules = [rule] };

    private static PolicyRule Rule(RuleKind kind, int limit, params PolicySanction[] ladder) => new(
        "disposal", kind, new BasisPoints(limit), null, RuleWindow.SinceRelease, 0, 0, 14 * Day, 0,
        [.. ladder.DefaultIfEmpty(PolicySanction.Of(SanctionKind.Gate))]);

    private static PolicyRule Disposal(int limit, params PolicySanction[] ladder) => Rule(RuleKind.MaxDisposal, limit, ladder);

    /// <summary>1,000 released at the beginning; half of it sold a day later.</summary>
    private static Story Sale(PolicyRule rule) => Story.Begin(With(rule))
        .Then(Paid, at => Released(at, Ada, 1_000))
        .Then(Paid + Day, at => Sold(at, Ada, 500));

    /// <summary>A checkpoint every day until that day; the release at the beginning where there was none.</summary>
    private static Story Daily(Story story, int untilDay)
    {
        if (story.State.Ledger.Released.IsZero)
            story.Then(Paid, at => Released(at, Ada, 1_000));
        for (var at = story.State.Ledger.Time + 1; at <= Paid + (untilDay * Day); at++)
        {
            at = Paid + (((at - Paid + Day - 1) / Day) * Day);
            story.Checkpoint(at);
        }

        return story;
    }

    private static BlockRef Day14(int day) => Block(Paid + (day * Day), Paid + (day * Day));

    private static int Measured(Story story) => story.Last<CheckpointEvaluated>().Verdicts![0].Floor.Value;

    private static AppealBreach Appeal(Story story) =>
        new(Story.AwardId, story.Last<BreachOpened>().Breach.BreachId, Ada, "It was stolen.", At);

    private static DecideAppeal Decision(Story story, bool isUpheld) =>
        new(Story.AwardId, story.Last<BreachOpened>().Breach.BreachId, Guardian, isUpheld, "The police report says so.", At);

    private static SignSanction Signature(Story story, Address signer) =>
        new(Story.AwardId, story.Last<BreachOpened>().Breach.BreachId, SanctionKind.ClawBackUnreleased, signer, "Sold and gone.");

    private static void Refused(string code, AppealBreach command, Story story) =>
        Assert.Equal(code, ReinvestmentMonitor.Decide(command, story.State).Rejection?.Code);

    private static void Refused(string code, DecideAppeal command, Story story) =>
        Assert.Equal(code, ReinvestmentMonitor.Decide(command, story.State).Rejection?.Code);

    private static void Refused(string code, SignSanction command, Story story) =>
        Assert.Equal(code, ReinvestmentMonitor.Decide(command, story.State).Rejection?.Code);
}
