using System.Text.Json;
using Grants.Domain.Reinvestment;
using Grants.Primitives;
using Xunit;
using static Grants.Domain.Tests.Reinvestment.Flows;

namespace Grants.Domain.Tests.Reinvestment;

/// <summary>Golden cases over ninety days: 1,000 released at the beginning.</summary>
public sealed class LedgerVectorTests
{
    private const long Day = 86_400;
    private const long End = 90 * Day;

    public static TheoryData<string, string, Convention> Vectors()
    {
        var data = new TheoryData<string, string, Convention>();
        foreach (var one in Cases())
        {
            foreach (var convention in Enum.GetValues<Convention>())
                data.Add(one.GetProperty("name").GetString()!, one.GetRawText(), convention);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Vectors))]
    public void the_ledger_agrees_with_the_golden_cases(string name, string json, Convention convention)
    {
        using var document = JsonDocument.Parse(json);
        var minHold = document.RootElement.GetProperty("minHold").GetInt64();
        var ledger = Ledger.Empty;
        foreach (var flow in document.RootElement.GetProperty("flows").EnumerateArray())
            ledger = Post(ledger, flow, minHold);
        var expected = document.RootElement.GetProperty("expected").GetProperty(NameOf(convention));
        Assert.Equal($"{name}: {Normalized(expected)}", $"{name}: {Found(ledger, convention)}");
    }

    [Fact]
    public void every_convention_of_every_case_is_checked() => Assert.Equal(24, Vectors().Count);

    [Fact]
    public void only_the_yield_of_a_vault_sold_is_own_under_floor()
    {
        var ledger = After(
            End,
            Step(0, FlowKind.Release, 1_000),
            Step(0, FlowKind.Open, 1_000, 1_000, Lst),
            Step(60 * Day, FlowKind.Close, 1_050, 1_000, Lst),
            Step(60 * Day, FlowKind.Sale, 50),
            Step((60 * Day) + 100, FlowKind.Open, 1_000, 950, Lst, "reopened"));
        Assert.Equal([0, 470, 500, 500], Each(ledger, reading => reading.SoldShare));
        Assert.Equal([10_000, 9_530, 9_500, 9_500], Each(ledger, reading => reading.ReinvestedShare));
        Assert.Equal([9_999, 9_843, 9_833, 9_833], Each(ledger, reading => reading.TimeWeightedReinvestment));
    }

    [Fact]
    public void what_is_borrowed_against_a_position_is_not_at_work()
    {
        var ledger = After(
            End,
            Step(0, FlowKind.Release, 1_000),
            Step(0, FlowKind.Open, 1_000, 1_000, Lst),
            Step(Day, FlowKind.Debt, 500, venue: Lst));
        AssertAll(ledger, (0, 5_000, 5_055, 10_000));
    }

    [Fact]
    public void a_venue_counts_up_to_its_cap()
    {
        var capped = Venue(1, cap: 2_500);
        AssertAll(
            After(End, Step(0, FlowKind.Release, 1_000), Step(0, FlowKind.Open, 1_000, 1_000, capped)),
            (0, 2_500, 2_500, 10_000));
    }

    [Fact]
    public void a_venue_counts_by_its_weight()
    {
        var half = Venue(1, weight: 5_000);
        AssertAll(
            After(End, Step(0, FlowKind.Release, 1_000), Step(0, FlowKind.Open, 999, 999, half)),
            (0, 4_990, 4_990, 10_000));
    }

    [Fact]
    public void liquidity_that_comes_back_smaller_is_lost_and_not_sold()
    {
        var ledger = After(
            End,
            Step(0, FlowKind.Release, 1_000),
            Step(0, FlowKind.Open, 1_000, 1_000, Lst),
            Step(30 * Day, FlowKind.Close, 700, 1_000, Lst));
        AssertAll(ledger, (0, 0, 3_333, 8_000));
        Assert.All(ledger.Accounts, account => Assert.Equal<UInt256>(300, account.Lost));
    }

    [Fact]
    public void a_deposit_counts_from_the_second_its_hold_is_over()
    {
        var held = Venue(1, minHold: 30 * Day);
        Step[] steps = [Step(0, FlowKind.Release, 1_000), Step(0, FlowKind.Open, 1_000, 1_000, held)];
        Assert.Equal(0, After((30 * Day) - 1, steps).Read(Convention.Floor).ReinvestedShare.Value);
        Assert.Equal(10_000, After(30 * Day, steps).Read(Convention.Floor).ReinvestedShare.Value);
        Assert.Equal(6_666, After(End, steps).Read(Convention.Floor).TimeWeightedReinvestment.Value);
    }

    [Fact]
    public void the_newest_deposit_leaves_first()
    {
        var held = Venue(1, minHold: 30 * Day);
        var ledger = After(
            End,
            Step(0, FlowKind.Release, 1_000),
            Step(0, FlowKind.Open, 600, 600, held),
            Step(80 * Day, FlowKind.Open, 400, 400, held),
            Step(81 * Day, FlowKind.Close, 400, 400, held));
        Assert.Equal<UInt256>(600, ledger.Read(Convention.Floor).Eligible);
    }

    [Fact]
    public void what_leaves_a_lock_is_held_but_no_longer_at_work()
    {
        Step[] steps =
        [
            Step(0, FlowKind.OwnIn, 100),
            Step(0, FlowKind.Release, 1_000),
            Step(0, FlowKind.Open, 1_100, 1_100, Lst),
            Step(45 * Day, FlowKind.UnlockStarted, 1_100, 1_100, Lst),
        ];
        AssertAll(After(End, steps), (0, 0, 5_000, 10_000));
        var arrived = After(End, [.. steps, Step(End, FlowKind.Close, 1_150, venue: Lst)]).Under(Convention.Floor);
        Assert.Equal<(UInt256, UInt256)>((1_000, 150), (arrived.LiquidGrant, arrived.LiquidOwn));
    }

    [Fact]
    public void part_of_what_left_a_lock_arrives_in_proportion()
    {
        var account = After(
            Day,
            Step(0, FlowKind.OwnIn, 500),
            Step(0, FlowKind.Release, 1_000),
            Step(0, FlowKind.Open, 1_500, 1_500, Lst),
            Step(1, FlowKind.UnlockStarted, 1_500, 1_500, Lst),
            Step(2, FlowKind.Close, 600, venue: Lst)).Under(Convention.Floor);
        Assert.Equal<(UInt256, UInt256)>((400, 200), (account.LiquidGrant, account.LiquidOwn));
        Assert.Equal<(UInt256, UInt256)>((600, 300), (account.Positions[0].LeavingGrant, account.Positions[0].LeavingOwn));
    }

    [Fact]
    public void a_share_sold_is_a_token_sold()
    {
        Step[] steps = [Step(0, FlowKind.Release, 1_000), Step(0, FlowKind.Open, 1_000, 500, Lst)];
        var sold = After(End, [.. steps, Step(Day, FlowKind.SharesSold, 0, 250, Lst)]);
        Assert.Equal<UInt256>(500, sold.Under(Convention.Floor).Sold);
        var swapped = After(End, [.. steps, Step(Day, FlowKind.SharesSold, 480, 250, Lst)]);
        Assert.Equal<UInt256>(20, swapped.Under(Convention.Floor).Sold);
        Assert.Equal<UInt256>(480, swapped.Under(Convention.Floor).LiquidGrant);
        var gone = After(End, [.. steps, Step(Day, FlowKind.SharesOut, 0, 500, Lst)]);
        Assert.Equal<UInt256>(1_000, gone.Under(Convention.Floor).Unknown);
    }

    [Fact]
    public void tokens_never_seen_to_arrive_are_own()
    {
        var account = After(Day, Step(0, FlowKind.Release, 1_000), Step(1, FlowKind.Sale, 1_700)).Under(Convention.Floor);
        Assert.Equal<(UInt256, UInt256)>((1_000, 700), (account.Sold, account.UnseenOwn));
    }

    [Fact]
    public void an_opening_balance_counts_once_and_as_own()
    {
        var ledger = Ledger.Empty.ApplyOpeningBalance(AddressOf(3), 500, 5).ApplyOpeningBalance(AddressOf(3), 500, 6);
        Assert.All(ledger.Accounts, account => Assert.Equal<UInt256>(500, account.LiquidOwn));
    }

    [Theory]
    [InlineData(FlowKind.BridgeOut)]
    [InlineData(FlowKind.ExchangeOut)]
    [InlineData(FlowKind.Unknown)]
    [InlineData(FlowKind.Sale)]
    public void what_is_out_of_reach_is_disposed_of(FlowKind kind) => Assert.Equal(
        4_000, After(Day, Step(0, FlowKind.Release, 1_000), Step(1, kind, 400)).Read(Convention.Floor).DisposalShare.Value);

    [Theory]
    [InlineData(FlowKind.Gas)]
    [InlineData(FlowKind.Spent)]
    [InlineData(FlowKind.Return)]
    [InlineData(FlowKind.Internal)]
    public void what_is_used_up_or_returned_is_not(FlowKind kind) => Assert.Equal(
        0, After(Day, Step(0, FlowKind.Release, 1_000), Step(1, kind, 400)).Read(Convention.Floor).DisposalShare.Value);

    private static void AssertAll(Ledger ledger, (int Sold, int Reinvested, int TimeWeighted, int Retention) expected) =>
        Assert.All(Enum.GetValues<Convention>().Select(ledger.Read), reading => Assert.Equal(
            expected,
            (reading.SoldShare.Value, reading.ReinvestedShare.Value, reading.TimeWeightedReinvestment.Value, reading.Retention.Value)));

    private static IEnumerable<int> Each(Ledger ledger, Func<LedgerReading, BasisPoints> share) =>
        Enum.GetValues<Convention>().Select(convention => share(ledger.Read(convention)).Value);

    private static Ledger Post(Ledger ledger, JsonElement flow, long minHold)
    {
        var at = flow.GetProperty("t").GetInt64();
        var name = flow.GetProperty("k").GetString();
        if (name == "CHECK")
            return ledger.Tick(at);
        var kind = name switch
        {
            "RELEASE" => FlowKind.Release,
            "OWN_IN" => FlowKind.OwnIn,
            "SALE" => FlowKind.Sale,
            "OPEN" => FlowKind.Open,
            "CLOSE" => FlowKind.Close,
            _ => throw new InvalidDataException($"The flow kind {name} is not one of the vectors'."),
        };
        var venue = flow.TryGetProperty("v", out _) ? Venue(1, Optional("w"), Optional("cap"), minHold) : null;
        var shares = flow.TryGetProperty("sh", out var all) ? all.GetUInt64() : 0;
        return ledger.Apply(Step(at, kind, flow.GetProperty("a").GetUInt64(), shares, venue, flow.GetProperty("id").GetRawText()));

        int Optional(string property) => flow.TryGetProperty(property, out var value) ? value.GetInt32() : 10_000;
    }

    private static string Found(Ledger ledger, Convention convention)
    {
        var (reading, account) = (ledger.Read(convention), ledger.Under(convention));
        return $"soldBps {reading.SoldShare.Value}, dispBps {reading.DisposalShare.Value}, reinvestBps {reading.ReinvestedShare.Value}, "
            + $"twrrBps {reading.TimeWeightedReinvestment.Value}, retentionBps {reading.Retention.Value}, sold {account.Sold}, "
            + $"bridged {account.Bridged}, loss {account.Lost}, liquidGrant {account.LiquidGrant}, liquidOwn {account.LiquidOwn}";
    }

    private static string Normalized(JsonElement expected) =>
        string.Join(", ", expected.EnumerateObject().Select(property => $"{property.Name} {property.Value.GetRawText()}"));

    private static string NameOf(Convention convention) => convention switch
    {
        Convention.Floor => "FLOOR",
        Convention.Prorata => "PRORATA",
        Convention.Fifo => "FIFO",
        _ => "GRANT_FIRST",
    };

    private static List<JsonElement> Cases()
    {
        using var json = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Vectors", "reinvestment.json")));
        return [.. json.RootElement.GetProperty("cases").EnumerateArray().Select(one => one.Clone())];
    }
}
