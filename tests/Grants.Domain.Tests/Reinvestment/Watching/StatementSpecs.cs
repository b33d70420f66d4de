using Grants.Domain.Reinvestment;
using Grants.Domain.Reinvestment.Watching;
using Grants.Primitives;
using Xunit;
using static Grants.Domain.Tests.Reinvestment.Chain;

namespace Grants.Domain.Tests.Reinvestment.Watching;

/// <summary>What grantees say of their flows, and what their wallets say of themselves.</summary>
public sealed class StatementSpecs
{
    [Fact]
    public void a_grantee_labels_what_went_to_somebody_unknown_and_no_number_changes()
    {
        var (story, label) = Unknown();
        var before = story.State.Ledger;
        story.Decide(state => ReinvestmentMonitor.Decide(label, state));
        Assert.Equal((FlowClaim.OwnWallet, Stranger), (story.Last<FlowLabelled>().Claim, story.Last<FlowLabelled>().Counterparty));
        Assert.Equal(Flows.Json(before), Flows.Json(story.State.Ledger));
        Assert.Equal(BreachStatus.Open, Assert.Single(story.State.Breaches).Status);
    }

    [Fact]
    public void only_a_wallet_labels_within_seven_days_and_only_what_is_unknown()
    {
        var (story, label) = Unknown();
        void Refused(string code, LabelFlow command) =>
            Assert.Equal(code, ReinvestmentMonitor.Decide(command, story.State).Rejection?.Code);
        Refused("NOT_FOUND", label with { Flow = null });
        Refused("NOT_A_WALLET", label with { Signer = Stranger });
        Refused("FLOW_NOT_UNKNOWN", label with { Flow = label.Flow! with { Kind = FlowKind.Sale } });
        Refused("INVALID_VALUE", label with { Note = " " });
        Refused("INVALID_VALUE", label with { Claim = (FlowClaim)99 });
        Refused("LABEL_TOO_LATE", label with { FinalizedBlock = Block(9 * Day, (8 * Day) + 1) });
        Assert.Null(ReinvestmentMonitor.Decide(label with { FinalizedBlock = Block(8 * Day, 8 * Day) }, story.State).Rejection);
    }

    [Fact]
    public void what_is_followed_for_longer_is_labelled_for_as_long_and_a_paused_clock_follows_for_longer()
    {
        var (story, label) = Unknown(Policy with { Unknowns = new PolicyUnknowns(2, 10 * Day) });
        string? At(long seconds) =>
            ReinvestmentMonitor.Decide(label with { FinalizedBlock = Block(seconds, seconds) }, story.State).Rejection?.Code;
        Assert.Equal([null, "LABEL_TOO_LATE"], [At(11 * Day), At((11 * Day) + 1)]);
        story.Decide(state => ReinvestmentMonitor.Decide(new PauseClock(Story.AwardId, "A fork.", Block(2 * Day, 2 * Day)), state))
            .Decide(state => ReinvestmentMonitor.Decide(new ResumeClock(Story.AwardId, "Over.", Block(5 * Day, 5 * Day)), state));
        Assert.Equal([null, "LABEL_TOO_LATE"], [At(14 * Day), At((14 * Day) + 1)]);
    }

    [Fact]
    public void what_is_followed_for_less_is_labelled_for_seven_days()
    {
        var (story, label) = Unknown(Policy with { Unknowns = new PolicyUnknowns(2, Day) });
        Assert.Null(ReinvestmentMonitor.Decide(label with { FinalizedBlock = Block(8 * Day, 8 * Day) }, story.State).Rejection);
    }

    [Fact]
    public void who_may_take_tokens_is_shown_as_a_risk_until_it_is_ended()
    {
        Func<EventKey, Observation> Approves(Address owner, Address spender, UInt256 amount, Address? token = null) =>
            key => new SpendingApproved(key, token ?? Token, owner, spender, amount);
        var story = Story.Begin().Then(1, at => Released(at, Ada, 1_000))
            .Record(2, Transaction(2, Approves(Ada, Stranger, 5), Approves(Ada, Stranger, 900), Approves(Ada, Lst, 900)))
            .Record(3, Transaction(3, Approves(Stranger, Router, 1), Approves(Ada, Router, 1, Stable), Approves(Ada, Router, 7, Lst)));
        Assert.Equal(
            [(Token, Stranger, (UInt256)900UL), (Lst, Router, (UInt256)7UL)],
            story.State.Approvals.Select(one => (one.Token, one.Spender, one.Amount)));
        story.Record(4, Transaction(4, Approves(Ada, Stranger, 900), Approves(Ada, Router, 0, Lst)));
        Assert.Equal([Stranger], story.State.Approvals.Select(one => one.Spender));
        Assert.Equal(3, story.Count<SpenderApproved>());
    }

    [Fact]
    public void who_controls_a_wallet_is_told_once_and_only_of_wallets_of_the_award()
    {
        var story = Story.Begin().Then(1, at => Released(at, Ada, 1_000));
        story.Record(5, Transaction(
            5,
            key => new ControlObserved(key, Ada, ControlChange.OwnerAdded, Stranger, null),
            key => new ControlObserved(key, Stranger, ControlChange.OwnerRemoved, Ada, null),
            key => new ControlObserved(key, Ada, ControlChange.ThresholdChanged, null, 2UL)));
        Assert.Equal(
            [ControlChange.OwnerAdded, ControlChange.ThresholdChanged], story.All<ControlChanged>().Select(changed => changed.Change));
        Assert.Equal(1, story.Count<FlowClassified>());
    }

    [Fact]
    public void a_deposit_on_borrowed_tokens_is_flagged()
    {
        var story = Story.Begin().Then(1, at => Released(at, Ada, 1_000));
        story.Record(5, [.. Deposited(5, Ada, 800, 800), new FlashLent(Key(5, "transaction in 5", 9), OtherPair)]);
        story.Record(6, Deposited(6, Ada, 100, 100));
        Assert.Equal([false, true, false], story.All<FlowClassified>().Select(flow => flow.WithFlashLoan));
    }

    private static (Story Story, LabelFlow Label) Unknown(ReinvestmentPolicy? policy = null)
    {
        var story = Story.Begin(policy)
            .Then(1, at => Released(at, Ada, 1_000))
            .Then(Day, at => Transaction(at, Moved(Ada, Stranger, 800)));
        var flow = story.Last<FlowClassified>();
        return (story, new LabelFlow(
            Story.AwardId,
            flow.Flow,
            flow.Block,
            FlowClaim.OwnWallet,
            "My cold wallet.",
            Ada,
            "0x01",
            Keccak256.Hash("label"),
            Block(2 * Day, 2 * Day),
            DateTimeOffset.UnixEpoch));
    }
}
