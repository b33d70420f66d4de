using System.Text.Json.Serialization;
using Grants.Primitives;

namespace Grants.Domain.Reinvestment.Watching;

// --- Commands ---

/// <summary>Lists a venue for every award of the space, however old its policy.</summary>
/// <param name="FromBlock">Transactions from this block on are told with it.</param>
/// <param name="FinalBlock">The last block that is final: nothing is listed for later ones only.</param>
public sealed record ListVenue(PolicyVenue Venue, long FromBlock, string Reason, Address Actor, long FinalBlock, DateTimeOffset At);

/// <summary>Says what an address is, for every award of the space.</summary>
/// <param name="Source">Who says so: an explorer, an exchange's own list.</param>
/// <param name="Confidence">How sure that is; below <see cref="WatchList.ConfidenceNeeded"/> it is shown and tells no flow.</param>
public sealed record LabelAddress(
    LabelledAddress Label, string Source, BasisPoints Confidence, long FromBlock, Address Actor, long FinalBlock, DateTimeOffset At);

// --- Events ---

/// <param name="Version">Of the list, from 1.</param>
public sealed record VenueListed(int Version, PolicyVenue Venue, long FromBlock, string Reason, Address Actor, DateTimeOffset At);

/// <param name="Version">Of the list, from 1.</param>
public sealed record AddressLabelled(
    int Version,
    LabelledAddress Label,
    string Source,
    BasisPoints Confidence,
    long FromBlock,
    Address Actor,
    DateTimeOffset At);

// --- State ---

/// <summary>What a version added: a venue or a label.</summary>
/// <param name="FromBlock">Transactions from this block on are told with it.</param>
public sealed record WatchEntry(long FromBlock, PolicyVenue? Venue = null, LabelledAddress? Label = null)
{
    [JsonIgnore]
    public Address Address => Venue?.Address ?? Label!.Address;
}

/// <summary>An entry as people see it.</summary>
/// <param name="Why">The reason of a venue, the source of a label.</param>
/// <param name="Confidence">The whole for a venue.</param>
public sealed record WatchListLine(int Version, WatchEntry Entry, string Why, BasisPoints Confidence, Address Actor, DateTimeOffset At)
{
    [JsonIgnore]
    public bool Counts => Confidence.Value >= WatchList.ConfidenceNeeded;
}

/// <summary>
/// What a space knows beyond the policies of its awards: venues that were listed later, and labels. Entries are only added; a later one
/// of the same address is what counts from its block on. What a policy itself names is never overridden.
/// </summary>
public sealed record WatchList(string Id, ValueList<WatchListLine> Lines)
{
    /// <summary>The stream of a space's list.</summary>
    public const string StreamId = "watchlist";

    /// <summary>Hundredths of a percent.</summary>
    public const int ConfidenceNeeded = 9_000;

    public const int WordsLengthMax = 2_000;

    [JsonIgnore]
    public int Version => Lines.Count;

    // --- Decide ---

    public static Decision Decide(ListVenue command, WatchList? state)
    {
        var entry = new WatchEntry(command.FromBlock, command.Venue);
        if (state?.Last(entry.Address)?.Entry == entry)
            return Decision.Nothing;
        if (command.Venue.Address.IsZero || !Enum.IsDefined(command.Venue.Kind) || command.Venue.MinHoldSeconds < 0)
            return new InvalidValue("venue", "A venue is a contract of a known kind, and tokens are held there for no negative time.");
        return Problem(command.FromBlock, command.FinalBlock, "reason", command.Reason) is { } problem
            ? problem
            : Decision.Accept(new VenueListed(
                (state?.Version ?? 0) + 1, command.Venue, command.FromBlock, command.Reason, command.Actor, command.At));
    }

    public static Decision Decide(LabelAddress command, WatchList? state)
    {
        var entry = new WatchEntry(command.FromBlock, Label: command.Label);
        if (state?.Last(entry.Address) is { } last && last.Entry == entry && last.Confidence == command.Confidence)
            return Decision.Nothing;
        if (command.Label.Address.IsZero || !Enum.IsDefined(command.Label.Kind))
            return new InvalidValue("address", "A label is of a known kind, and the zero address has none.");
        return Problem(command.FromBlock, command.FinalBlock, "source", command.Source) is { } problem
            ? problem
            : Decision.Accept(new AddressLabelled(
                (state?.Version ?? 0) + 1,
                command.Label,
                command.Source,
                command.Confidence,
                command.FromBlock,
                command.Actor,
                command.At));
    }

    // --- Evolve ---

    public static WatchList? Evolve(WatchList? state, object @event) => @event switch
    {
        VenueListed listed => With(state, new WatchListLine(
            listed.Version,
            new WatchEntry(listed.FromBlock, listed.Venue),
            listed.Reason,
            new BasisPoints(BasisPoints.Whole),
            listed.Actor,
            listed.At)),
        AddressLabelled labelled => With(state, new WatchListLine(
            labelled.Version,
            new WatchEntry(labelled.FromBlock, Label: labelled.Label),
            labelled.Source,
            labelled.Confidence,
            labelled.Actor,
            labelled.At)),
        _ => state,
    };

    // --- Queries ---

    /// <summary>The entries that tell flows, up to a version.</summary>
    public ValueList<WatchEntry> EntriesOf(int version) =>
        [.. Lines.Take(version).Where(line => line.Counts).Select(line => line.Entry)];

    /// <summary>A policy with what is known at a block besides.</summary>
    public static ReinvestmentPolicy On(ReinvestmentPolicy policy, ValueList<WatchEntry> entries, long block = long.MaxValue)
    {
        var known = entries
            .Where(entry => entry.FromBlock <= block && policy.VenueAt(entry.Address) is null && policy.LabelOf(entry.Address) is null)
            .GroupBy(entry => entry.Address)
            .Select(group => group.Last())
            .ToList();
        return known.Count == 0 ? policy : policy with
        {
            Venues = [.. policy.Venues, .. known.Select(entry => entry.Venue).OfType<PolicyVenue>()],
            Labels = [.. policy.Labels, .. known.Select(entry => entry.Label).OfType<LabelledAddress>()],
        };
    }

    private WatchListLine? Last(Address address) => Lines.LastOrDefault(line => line.Entry.Address == address);

    private static WatchList With(WatchList? state, WatchListLine line) => new(StreamId, [.. state?.Lines ?? [], line]);

    private static InvalidValue? Problem(long fromBlock, long finalBlock, string field, string words)
    {
        if (fromBlock < 0 || fromBlock > finalBlock)
            return new InvalidValue("fromBlock", $"Must be 0 to {finalBlock}, the last final block.");
        return string.IsNullOrWhiteSpace(words) || words.Length > WordsLengthMax || words.Contains('\0', StringComparison.Ordinal)
            ? new InvalidValue(field, $"Must have 1 to {WordsLengthMax} characters, without the null character.")
            : null;
    }
}
