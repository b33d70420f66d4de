using CsCheck;
using Grants.Domain.Reinvestment;
using Grants.Primitives;
using Xunit;
using static Grants.Domain.Tests.Reinvestment.Chain;

namespace Grants.Domain.Tests.Reinvestment;

public sealed class ReinvestmentMonitorTests
{
    private static readonly Hash32 AwardId = Story.AwardId;

    private static readonly StartMonitoring Start = Story.Start(Policy);

    private static readonly MonitoringStarted Started = new(
        AwardId, Start.Wallets, Token, Vault, Treasury, 1_000, Policy, Policy.Hash, Block(0, 0));

    [Fact]
    public void an_award_is_monitored_on_its_terms() =>
        Accepted(new Spec<ReinvestmentMonitor>(ReinvestmentMonitor.Evolve), state => ReinvestmentMonitor.Decide(Start, state), Started);

    [Fact]
    public void an_award_is_monitored_once() => Given(Started).When(state => ReinvestmentMonitor.Decide(Start, state)).ThenNothing();

    [Fact]
    public void an_award_is_not_monitored_on_other_terms() => Given(Started)
        .When(state => ReinvestmentMonitor.Decide(Start with { Policy = Policy with { Version = 2 } }, state))
        .ThenRejected("MONITORING_EXISTS");

    [Fact]
    public void a_bad_policy_is_refused() => Given()
        .When(state => ReinvestmentMonitor.Decide(Start with { Policy = Policy with { Version = 0 } }, state))
        .ThenRejected("INVALID_VALUE");

    [Fact]
    public void an_award_of_nothing_is_refused() =>
        Given().When(state => ReinvestmentMonitor.Decide(Start with { Amount = 0 }, state)).ThenRejected("INVALID_VALUE");

    [Fact]
    public void an_award_without_a_wallet_is_refused() =>
        Given().When(state => ReinvestmentMonitor.Decide(Start with { Wallets = [] }, state)).ThenRejected("INVALID_VALUE");

    [Fact]
    public void a_wallet_is_linked() => Accepted(
        Given(Started),
        state => ReinvestmentMonitor.Decide(new LinkWallet(AwardId, new WalletBalance(AdaCold, 5), Ada, Block(9, 9)), state),
        new WalletLinked(AwardId, new WalletBalance(AdaCold, 5), Ada, Block(9, 9)));

    [Theory]
    [InlineData(0x00)]
    [InlineData(0x70)]
    [InlineData(0x80)]
    [InlineData(0x81)]
    [InlineData(0x11)]
    [InlineData(0x21)]
    public void a_venue_a_bridge_or_the_vault_is_nobodys_wallet(int address)
    {
        var wallet = new WalletBalance(Flows.AddressOf(address), 0);
        Given(Started)
            .When(state => ReinvestmentMonitor.Decide(new LinkWallet(AwardId, wallet, Ada, Block(9, 9)), state))
            .ThenRejected("WALLET_NOT_LINKABLE");
        Given().When(state => ReinvestmentMonitor.Decide(Start with { Wallets = [wallet] }, state)).ThenRejected("WALLET_NOT_LINKABLE");
    }

    [Fact]
    public void a_flow_is_recorded_with_its_numbers_under_each_convention()
    {
        var own = Transaction(5, Moved(Stranger, Ada, 100));
        var released = Transaction(6, Moved(Vault, Ada, 300));
        var sold = Transaction(7, Moved(Ada, Stranger, 200));
        var state = new[] { (own, 5), (released, 6) }.Aggregate(ReinvestmentMonitor.Evolve(null, Started), (state, one) =>
            Record(state, one.Item1, one.Item2).Events.Aggregate(state, ReinvestmentMonitor.Evolve));
        var classified = Assert.IsType<FlowClassified>(Assert.Single(Record(state, sold, 7).Events));
        Assert.Equal(new GrantParts(100, 150, 100, 200), classified.Granted);
        var flow = classified.Flow;
        Assert.Equal((FlowKind.Unknown, new UInt256(200), sold[0].Key), (flow.Kind, flow.Amount, flow.Evidence));
        Assert.Equal(Block(7, 7), classified.Block);
    }

    [Fact]
    public void a_transaction_before_the_watched_time_is_nothing() =>
        Assert.Empty(Record(ReinvestmentMonitor.Evolve(null, Started), Transaction(0, Moved(Vault, Ada, 300)), 0).Events);

    [Fact]
    public void observations_of_two_transactions_are_refused()
    {
        IReadOnlyList<Observation> two = [.. Transaction(5, Moved(Vault, Ada, 300)), .. Transaction(6, Moved(Vault, Ada, 300))];
        Assert.Equal("INVALID_VALUE", Record(ReinvestmentMonitor.Evolve(null, Started), two, 5).Rejection?.Code);
    }

    [Fact]
    public void nothing_is_decided_about_an_award_that_is_not_monitored()
    {
        Assert.Equal("NOT_FOUND", Record(null, Transaction(5, Moved(Vault, Ada, 300)), 5).Rejection?.Code);
        Assert.Equal("NOT_FOUND", ReinvestmentMonitor.Decide(new EvaluateCheckpoint(AwardId, Block(5, 5)), null).Rejection?.Code);
        var link = new LinkWallet(AwardId, new WalletBalance(AdaCold, 5), Ada, Block(9, 9));
        Assert.Equal("NOT_FOUND", ReinvestmentMonitor.Decide(link, null).Rejection?.Code);
    }

    [Fact]
    public void before_the_first_release_there_is_nothing_to_check() =>
        Assert.Equal(["MonitoringStarted"], Story.Begin().Checkpoint(5 * Day).Events);

    [Fact]
    public void a_checkpoint_is_written_after_flows_and_else_once_a_day()
    {
        var story = Story.Begin().Then(10, at => Released(at, Ada, 500));
        Assert.Equal(1, story.Count<CheckpointEvaluated>());
        Assert.Equal(1, story.Checkpoint(11).Checkpoint(9 + Day).Count<CheckpointEvaluated>());
        Assert.Equal(2, story.Checkpoint(10 + Day).Checkpoint(11 + Day).Count<CheckpointEvaluated>());
        Assert.Equal(3, story.Then(12 + Day, at => Locked(at, Ada, 100)).Count<CheckpointEvaluated>());
    }

    [Fact]
    public void a_checkpoint_before_the_last_one_is_nothing()
    {
        var story = Story.Begin().Then(10 * Day, at => Released(at, Ada, 500));
        Assert.Equal(1, story.Checkpoint(9 * Day).Count<CheckpointEvaluated>());
    }

    [Fact]
    public void a_checkpoint_says_what_it_found_under_every_convention()
    {
        var story = Story.Begin()
            .Record(5, Transaction(5, Moved(Stranger, Ada, 300)))
            .Record(10, Released(10, Ada, 1_000))
            .Record(10 + Day, Sold(10 + Day, Ada, 400))
            .Checkpoint(10 + (2 * Day));
        var checkpoint = story.Last<CheckpointEvaluated>();
        Assert.Equal(Enum.GetValues<Convention>(), checkpoint.Readings.Select(reading => reading.Convention));
        Assert.Equal([1_000, 3_070, 1_000, 4_000], checkpoint.Readings.Select(reading => reading.DisposalShare.Value));
        Assert.Equal(("reinvest-half", 1), (checkpoint.PolicyId, checkpoint.PolicyVersion));
        Assert.Equal(Block(10 + (2 * Day), 10 + (2 * Day)), checkpoint.Block);
        Assert.Empty(checkpoint.BrokenRules);
    }

    [Fact]
    public void an_award_is_held_while_a_breach_is_open_or_confirmed()
    {
        var story = Story.Begin().Then(10, at => Released(at, Ada, 500));
        Assert.Equal((false, new UInt256(1_000)), (story.State.IsHeld, story.State.ComplianceCap(1_000, 500)));
        story.Then(20, at => Sold(at, Ada, 400));
        Assert.Equal((true, new UInt256(500)), (story.State.IsHeld, story.State.ComplianceCap(1_000, 500)));
        story.Checkpoint(20 + (14 * Day));
        Assert.Equal((true, new UInt256(500)), (story.State.IsHeld, story.State.ComplianceCap(1_000, 500)));
    }

    [Fact]
    public void whatever_a_wallet_does_deciding_again_yields_nothing_and_the_ledger_follows_the_flows() => Seeded.Check(
        Gen.Int[0, 7].Array[5, 40],
        actions =>
        {
            var story = Story.Begin();
            var at = 10L;
            foreach (var action in actions)
            {
                at += (action + 1) * Day / 2;
                story.Then(at, Act(action));
            }

            Assert.Equal(story.State.Ledger.Released, story.State.Ledger.Under(Convention.Floor).Held() + Gone(story.State.Ledger));
        },
        samples: 25);

    private static UInt256 Gone(Ledger ledger)
    {
        var account = ledger.Under(Convention.Floor);
        return account.Disposed() + account.Returned + account.Lost;
    }

    private static Func<long, IReadOnlyList<Observation>> Act(int action) => action switch
    {
        0 => at => Released(at, Ada, 100),
        1 => at => Locked(at, Ada, 60),
        2 => at => Deposited(at, Ada, 50, 40),
        3 => at => Sold(at, Ada, 20),
        4 => at => BridgedOut(at, Ada, 10),
        5 => at => Transaction(at, Moved(Stranger, Ada, 70)),
        6 => at => Returned(at, Ada, 15),
        _ => at => Transaction(at, Moved(Lst, Ada, Stranger, 10)),
    };

    private static Spec<ReinvestmentMonitor> Given(params object[] events) =>
        new Spec<ReinvestmentMonitor>(ReinvestmentMonitor.Evolve).Given(events);

    private static Decision Record(ReinvestmentMonitor? state, IReadOnlyList<Observation> observations, long block) =>
        ReinvestmentMonitor.Decide(new RecordTransaction(AwardId, observations, Block(block, block)), state);

    private static void Accepted(Spec<ReinvestmentMonitor> spec, Func<ReinvestmentMonitor?, Decision> decide, params object[] expected)
    {
        IReadOnlyList<object> decided = [];
        spec.When(state =>
        {
            var decision = decide(state);
            decided = decided.Count == 0 ? decision.Events : decided;
            return decision;
        }).Then(expected);
        Assert.Equal(expected.Select(Flows.Json), decided.Select(Flows.Json));
    }
}
