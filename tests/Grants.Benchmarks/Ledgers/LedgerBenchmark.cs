using System.Diagnostics;
using System.Globalization;
using Grants.Domain;
using Grants.Domain.Reinvestment;
using Grants.Domain.Reinvestment.Books;
using Grants.Domain.Reinvestment.Policies;
using Grants.Primitives;

namespace Grants.Benchmarks.Ledgers;

/// <summary>
/// The pure ledger: flows a second of one award, and a year of a program judged again. Every flow is posted under every
/// convention, and the conservation of what was released is checked after each. The seconds of the processor are what a crowded machine
/// changes least.
/// </summary>
internal static class LedgerBenchmark
{
    private const long Year = 365 * 86_400;

    private static readonly Address Wallet = AddressOf(9);

    private static readonly PolicyVenue[] Venues =
    [
        new(AddressOf(1), VenueKind.Vault, new BasisPoints(10_000), new BasisPoints(10_000), 0),
        new(AddressOf(2), VenueKind.Lock, new BasisPoints(7_500), new BasisPoints(5_000), 86_400),
        new(AddressOf(3), VenueKind.Pool, new BasisPoints(10_000), new BasisPoints(3_000), 7 * 86_400),
    ];

    public static void Run(int flows, int awards)
    {
        var history = History(1, flows);
        Measure("one award, a copy a flow as it is stored", history.Take(flows / 50).ToList(), part => part.Aggregate(
            Ledger.Empty, (ledger, past) => ledger.Apply(past.Flow, VenueOf(past.Flow), past.Block.TimestampSeconds)).Released);
        for (var i = 0; i < 3; i++)
            Measure("one award", history, Fold);

        const int FlowsEach = 20_000;
        var (spent, held) = (default(Time), 0);
        // As many awards at a time as there are cores; the histories are drawn before the clock runs.
        foreach (var some in Enumerable.Range(0, awards).Chunk(10))
        {
            var years = some.Select(award => History(award, FlowsEach)).ToList();
            var started = Time.Now;
            Parallel.ForEach(years, year =>
            {
                if (PolicyTrial.Run(Policy(), UInt256.Zero, year, At(Year)).GatedAt is not null)
                    Interlocked.Increment(ref held);
            });
            spent = spent.Plus(Time.Now, started);
        }

        Print($"{awards} awards, a year judged", (long)awards * FlowsEach, spent);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"  {spent.OnTheWall.TotalSeconds:N1} s; {held} of {awards} awards held"));
    }

    private static UInt256 Fold(List<PastFlow> history)
    {
        var book = LedgerBook.Begin();
        foreach (var past in history)
            book.Post(past.Flow, VenueOf(past.Flow), past.Block.TimestampSeconds);
        return book.Released;
    }

    private static void Measure(string what, List<PastFlow> history, Func<List<PastFlow>, UInt256> fold)
    {
        var started = Time.Now;
        if (fold(history).IsZero)
            throw new InvalidOperationException("Nothing was released.");
        Print(what, history.Count, default(Time).Plus(Time.Now, started));
    }

    private static void Print(string what, long flows, Time time) => Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"{what,-40}{flows,14:N0} flows{flows / time.OnTheWall.TotalSeconds,14:N0} /s"
            + $"{flows / time.OfProcessor.TotalSeconds,14:N0} /s of processor"));

    private readonly record struct Time(TimeSpan OnTheWall, TimeSpan OfProcessor)
    {
        public static Time Now => new(Stopwatch.GetElapsedTime(0), Environment.CpuUsage.TotalTime);

        public Time Plus(Time end, Time start) =>
            new(OnTheWall + end.OnTheWall - start.OnTheWall, OfProcessor + end.OfProcessor - start.OfProcessor);
    }

    /// <summary>A year of an award: released in slices, moved in and out of three venues, sold now and then.</summary>
    private static List<PastFlow> History(int seed, int count)
    {
        var random = new Random(seed);
        var history = new List<PastFlow>(count);
        for (var i = 0; i < count; i++)
        {
            var kind = i % 500 == 0 ? FlowKind.Release : random.Next(100) switch
            {
                < 30 => FlowKind.OwnIn,
                < 52 => FlowKind.Open,
                < 74 => FlowKind.Close,
                < 76 => FlowKind.Sale,
                < 78 => FlowKind.Return,
                < 80 => FlowKind.Debt,
                < 90 => FlowKind.Gas,
                _ => FlowKind.Internal,
            };
            var amount = (kind == FlowKind.Release ? 1_000_000UL : (ulong)random.Next(1, 1_000)) * (UInt256)1_000_000_000_000_000_007UL;
            var isVenue = kind is FlowKind.Open or FlowKind.Close or FlowKind.Debt;
            Address? venue = isVenue ? Venues[random.Next(Venues.Length)].Address : null;
            var shares = kind is FlowKind.Open or FlowKind.Close ? amount : UInt256.Zero;
            var block = At(Year / count * i);
            var key = new EventKey(1, block.Number, block.Hash, Hash32.Zero, i);
            history.Add(new PastFlow(new Flow($"{seed}/{i}", kind, Wallet, null, venue, amount, shares, key, "Drawn."), block));
        }

        return history;
    }

    private static ReinvestmentPolicy Policy()
    {
        ValueList<PolicySanction> ladder = [PolicySanction.Of(SanctionKind.Gate), PolicySanction.Of(SanctionKind.Pause)];
        PolicyRule Rule(string id, RuleKind kind, int limit, RuleWindow window, long seconds) =>
            new(id, kind, new BasisPoints(limit), null, window, seconds, 30 * 86_400, 14 * 86_400, 0, ladder);
        return new ReinvestmentPolicy(
            "benchmark",
            1,
            [
                Rule("sold", RuleKind.MaxDisposal, 3_000, RuleWindow.SinceRelease, 0),
                Rule("at work", RuleKind.MinTimeWeightedReinvestment, 500, RuleWindow.Rolling, 90 * 86_400),
            ],
            new PolicyCheckpoints(0, 0),
            [.. Venues],
            []);
    }

    private static PolicyVenue? VenueOf(Flow flow) => flow.Venue is { } at ? Array.Find(Venues, venue => venue.Address == at) : null;

    private static BlockRef At(long seconds) => new(seconds, Hash32.Zero, seconds);

    private static Address AddressOf(int number) =>
        Address.Parse("0x" + number.ToString("x40", CultureInfo.InvariantCulture));
}
