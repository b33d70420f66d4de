using System.Text.Json;
using CsCheck;
using Grants.Domain.Reinvestment;
using Grants.Domain.Reinvestment.Books;
using Grants.Primitives;
using Xunit;
using static Grants.Domain.Tests.Reinvestment.Flows;

namespace Grants.Domain.Tests.Reinvestment;

public sealed class LedgerPropertyTests
{
    private static readonly PolicyVenue[] Venues =
    [
        Venue(1), Venue(2, weight: 7_500, minHold: 1_000), Venue(3, cap: 3_000, minHold: 77),
    ];

    private static readonly Gen<UInt256> Amounts = Gen.OneOf(
        Gen.ULong[1, 50].Select(number => (UInt256)number),
        Gen.ULong[1, 1_000_000].Select(number => (UInt256)number * 1_000_000_000_000_000_003UL));

    private static readonly Gen<FlowKind> Kinds = Gen.OneOf(
        FlowKind.Release, FlowKind.Release, FlowKind.OwnIn, FlowKind.Open, FlowKind.Open, FlowKind.Open, FlowKind.Close, FlowKind.Close,
        FlowKind.UnlockStarted, FlowKind.SharesIn, FlowKind.SharesSold, FlowKind.SharesOut, FlowKind.Sale, FlowKind.BridgeOut,
        FlowKind.ExchangeOut, FlowKind.Unknown, FlowKind.Spent, FlowKind.Gas, FlowKind.Return, FlowKind.Debt, FlowKind.Internal,
        FlowKind.Loss);

    private static readonly Gen<IReadOnlyList<Step>> Histories =
        Gen.Select(Kinds, Amounts, Amounts, Gen.Long[0, 2_000], Gen.Int[0, Venues.Length - 1]).Array[5, 60].Select(Build);

    private static IReadOnlyList<Step> Build((FlowKind Kind, UInt256 Amount, UInt256 Shares, long After, int Venue)[] parts)
    {
        var at = 0L;
        var steps = new List<Step>();
        foreach (var part in parts)
        {
            at += part.After;
            var step = Step(at, part.Kind, part.Amount, part.Shares, Venues[part.Venue], $"{steps.Count}");
            // The third venue's token rebases; nobody read its shares before a time.
            UInt256? scaled = part.Venue == 2 && at > 10_000 ? (part.Shares / 2) + 1 : null;
            steps.Add(step with { Flow = step.Flow with { ScaledShares = scaled } });
        }

        return steps;
    }

    // Gas and spending follow the convention too but are no disposal, so what they take first can not be disposed of later; nor can
    // what a rebase takes.
    [Fact]
    public void in_twenty_thousand_histories_floor_is_the_lower_bound_everything_is_accounted_for_and_twice_is_once() => Seeded.Check(
        Histories,
        history =>
        {
            var (once, twice) = (LedgerBook.Begin(), LedgerBook.Begin());
            foreach (var step in history.Where(step => step.Flow.Kind is not (FlowKind.Gas or FlowKind.Spent or FlowKind.Loss)))
            {
                once.Post(step.Flow, step.Venue, step.At); // the book itself asserts that nothing is lost, after every flow
                twice.Post(step.Flow, step.Venue, step.At);
                twice.Post(step.Flow, step.Venue, step.At);
            }

            var ledger = once.ToLedger();
            AssertAccounted(ledger);
            var disposed = ledger.Accounts.Select(account => account.Disposed()).ToArray();
            Assert.True(disposed[(int)Convention.Floor] <= disposed[(int)Convention.Prorata], "FLOOR above PRORATA");
            Assert.True(disposed[(int)Convention.Prorata] <= disposed[(int)Convention.GrantFirst], "PRORATA above GRANT_FIRST");
            Assert.Equal(Numbers(ledger), Numbers(twice.ToLedger()));
        },
        samples: 20_000);

    [Fact]
    public void what_was_released_is_accounted_for_after_every_flow() => Seeded.Check(Histories, history =>
    {
        var ledger = Ledger.Empty;
        foreach (var step in history)
        {
            ledger = ledger.Apply(step);
            AssertAccounted(ledger);
        }
    });

    [Fact]
    public void a_book_and_a_ledger_come_to_the_same() => Seeded.Check(Histories, history =>
    {
        var book = LedgerBook.Begin();
        foreach (var step in history)
            book.Post(step.Flow, step.Venue, step.At);
        book.Tick(200_000);
        Assert.Equal(Json(After(200_000, history)), Json(book.ToLedger()));
    });

    [Fact]
    public void a_flow_delivered_twice_counts_once() => Seeded.Check(Histories, history =>
    {
        var twice = history.SelectMany(step => new[] { step, step }).Concat(history);
        Assert.Equal(Json(After(200_000, history)), Json(After(200_000, twice)));
    });

    [Fact]
    public void a_replay_of_any_prefix_continued_is_the_whole() => Seeded.Check(
        Gen.Select(Histories, Gen.Int[0, 60]),
        sample =>
        {
            var (history, cut) = sample;
            var prefix = history.Take(cut).Aggregate(Ledger.Empty, Flows.Apply);
            var restored = JsonSerializer.Deserialize<Ledger>(Json(prefix))!;
            var whole = history.Aggregate(Ledger.Empty, Flows.Apply);
            Assert.Equal(Json(whole), Json(history.Skip(cut).Aggregate(restored, Flows.Apply)));
        });

    [Fact]
    public void looking_at_the_ledger_in_between_changes_no_number() => Seeded.Check(
        Gen.Select(Histories, Gen.Int[1, 700]),
        sample =>
        {
            var (history, every) = sample;
            var looked = Ledger.Empty;
            foreach (var step in history)
            {
                for (var at = looked.Time + every; at < step.At; at += every)
                    looked = looked.Tick(at);
                looked = looked.Apply(step);
            }

            var unlooked = history.Aggregate(Ledger.Empty, Flows.Apply);
            Assert.Equal(Numbers(unlooked), Numbers(looked));
        });

    [Fact]
    public void a_ledger_comes_back_from_json() => Seeded.Check(Histories, history =>
    {
        var json = Json(After(200_000, history));
        Assert.Equal(json, Json(JsonSerializer.Deserialize<Ledger>(json)!));
    });

    [Fact]
    public void time_never_runs_back()
    {
        var ledger = After(100, Step(10, FlowKind.Release, 1_000));
        Assert.Same(ledger, ledger.Tick(50));
        Assert.Equal(100, ledger.Apply(Step(40, FlowKind.Sale, 1)).Time);
    }

    private static string Numbers(Ledger ledger) => string.Join('\n', ledger.Accounts.Select(account =>
        $"{ledger.Read(account.Convention)} {account.EligibleSeconds} {account.HeldSeconds} {ledger.ReleasedSeconds}"));

    private static void AssertAccounted(Ledger ledger)
    {
        Assert.All(ledger.Accounts, account => Assert.Equal(
            ledger.Released,
            account.Held() + account.Disposed() + account.Gas + account.Spent + account.Returned + account.Lost));
        Assert.All(ledger.Accounts.SelectMany(account => account.Positions), AssertLotsSumToPrincipal);
    }

    private static void AssertLotsSumToPrincipal(Position position)
    {
        Assert.Equal(position.Grant, position.Lots.Aggregate(UInt256.Zero, (sum, lot) => sum + lot.Grant));
        Assert.Equal(position.Own, position.Lots.Aggregate(UInt256.Zero, (sum, lot) => sum + lot.Own));
    }
}
