using Grants.Domain.Reinvestment;
using Grants.Primitives;
using Xunit;
using static Grants.Domain.Tests.Reinvestment.Chain;

namespace Grants.Domain.Tests.Reinvestment;

/// <summary>A native token, which leaves without a log: the wallets' balances against the ledger.</summary>
public sealed class BalanceReconciliationTests
{
    private const long Paid = 10;

    private static readonly UInt256 Token18 = 1_000_000_000_000_000_000;
    private static readonly UInt256 Gas = 40_000_000_000_000_000;

    [Fact]
    public void a_balance_that_the_ledger_accounts_for_says_nothing()
    {
        var story = Granted().Decide(Held(Paid + Day, Token18 * 1_000UL));
        Assert.Equal(0, story.Count<UnexplainedOutflow>());
        Assert.Equal(1, story.Count<FlowClassified>());
    }

    [Fact]
    public void what_is_missing_left_for_somebody_unknown_and_breaks_the_rule()
    {
        var story = Granted().Decide(Held(Paid + Day, Token18 * 600UL)).Checkpoint(Paid + Day);
        var left = story.Last<UnexplainedOutflow>();
        Assert.Equal((Paid, Paid + Day), (left.AfterBlock, left.Block.Number));
        Assert.Equal(
            ["Release", "Gas", "Unknown"], story.All<FlowClassified>().Select(classified => $"{classified.Flow.Kind}"));
        Assert.Equal(left.Amount, story.Last<FlowClassified>().Granted.Floor);
        Assert.Equal(left.Amount, story.State.Ledger.Under(Convention.Floor).Unknown);
        Assert.Contains("BreachOpened", story.Events);
    }

    [Fact]
    public void a_little_that_is_missing_is_taken_for_gas()
    {
        var story = Granted().Decide(Held(Paid + Day, (Token18 * 1_000UL) - Gas));
        Assert.Equal(0, story.Count<UnexplainedOutflow>());
        Assert.Equal(Gas, story.State.Ledger.Under(Convention.Floor).Gas);
    }

    [Fact]
    public void what_is_there_besides_came_from_somebody_and_may_leave_again()
    {
        var story = Granted().Decide(Held(Paid + Day, Token18 * 1_300UL)).Decide(Held(Paid + (2 * Day), Token18 * 1_001UL));
        Assert.Equal(UInt256.Zero, story.State.Ledger.Under(Convention.Floor).Disposed());
        Assert.Equal((Token18 * 299UL) - (Gas / 4UL * 5UL), story.Last<UnexplainedOutflow>().Amount);
    }

    [Fact]
    public void before_anything_was_paid_nothing_is_asked()
    {
        var story = Story.Begin().Decide(Held(Paid, Token18));
        Assert.Equal(["MonitoringStarted"], story.Events);
    }

    [Fact]
    public void an_award_that_is_not_monitored_is_not_found() => new Spec<ReinvestmentMonitor>(ReinvestmentMonitor.Evolve)
        .When(Held(Paid, Token18)).ThenRejected("NOT_FOUND");

    private static Story Granted() => Story.Begin().Then(Paid, at => Released(at, Ada, Token18 * 1_000UL));

    private static Func<ReinvestmentMonitor?, Decision> Held(long at, UInt256 amount) => state => ReinvestmentMonitor.Decide(
        new ReconcileBalances(Story.AwardId, amount, Block(at, at), new EventKey(ChainId, at, Block(at, at).Hash, Hash32.Zero, -3)), state);
}
