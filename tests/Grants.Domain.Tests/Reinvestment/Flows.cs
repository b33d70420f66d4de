using System.Globalization;
using System.Text.Json;
using Grants.Domain.Reinvestment;
using Grants.Primitives;

namespace Grants.Domain.Tests.Reinvestment;

/// <summary>One step of a ledger's history: a flow, its venue and its time.</summary>
internal sealed record Step(Flow Flow, PolicyVenue? Venue, long At);

/// <summary>Flows without a chain behind them, for the ledger alone.</summary>
internal static class Flows
{
    public static readonly PolicyVenue Lst = Venue(1);

    public static PolicyVenue Venue(int number, int weight = 10_000, int cap = 10_000, long minHold = 0) =>
        new(AddressOf(number), VenueKind.Vault, new BasisPoints(weight), new BasisPoints(cap), minHold);

    public static Address AddressOf(int number) =>
        Address.Parse("0x" + number.ToString("x40", CultureInfo.InvariantCulture));

    public static Step Step(long at, FlowKind kind, UInt256 amount, UInt256 shares = default, PolicyVenue? venue = null, string? id = null)
    {
        var key = new EventKey(1, at, Hash32.Zero, Hash32.Zero, 0);
        var flow = new Flow(id ?? $"{at}/{kind}", kind, AddressOf(9), null, venue?.Address, amount, shares, key, "A test.");
        return new Step(flow, venue, at);
    }

    public static Ledger Apply(this Ledger ledger, Step step) => ledger.Apply(step.Flow, step.Venue, step.At);

    public static Ledger After(long until, params IEnumerable<Step> steps) => steps.Aggregate(Ledger.Empty, Apply).Tick(until);

    public static string Json<T>(T value) => JsonSerializer.Serialize(value, value!.GetType());
}
