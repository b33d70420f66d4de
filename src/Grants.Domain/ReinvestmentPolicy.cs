using System.Buffers.Binary;
using System.Text.Json.Serialization;
using Grants.Primitives;

namespace Grants.Domain;

/// <summary>What kind of contract a venue is: how tokens are seen to enter and to leave it.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<VenueKind>))]
public enum VenueKind
{
    /// <summary>Tokens are locked one for one, as a sequencer's stake; leaving takes two steps.</summary>
    Lock = 0,

    /// <summary>An ERC-4626 vault: the venue's address is the share token.</summary>
    Vault = 1,

    /// <summary>A Uniswap V2 pair: the venue's address is the LP token.</summary>
    Pool = 2,
}

/// <summary>What an address outside the award's wallets is known to be.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<AddressKind>))]
public enum AddressKind
{
    Bridge = 0,
    Exchange = 1,
    Treasury = 2,
}

/// <summary>A contract in which tokens count as put to work.</summary>
/// <param name="Address">The contract, and the share token where the kind has one.</param>
/// <param name="Weight">The share of a position that counts.</param>
/// <param name="Cap">The most of this venue that counts, as a share of all that was released.</param>
/// <param name="MinHoldSeconds">How old a deposit must be before it counts.</param>
public sealed record PolicyVenue(Address Address, VenueKind Kind, BasisPoints Weight, BasisPoints Cap, long MinHoldSeconds);

/// <summary>An address and what it is known to be.</summary>
public sealed record LabelledAddress(Address Address, AddressKind Kind);

/// <summary>
/// What the recipient of an award owes for it, in one version. Frozen in the award. Two policies are equal when all
/// their values are, lists in order.
/// </summary>
/// <param name="PolicyId">Which policy.</param>
/// <param name="Version">Which version of it, from 1.</param>
/// <param name="MaxDisposal">The largest share of what was released that may be sold, bridged out or sent away.</param>
/// <param name="MinTimeWeightedReinvestment">The smallest share, over time, of what was released that must be at work.</param>
/// <param name="GraceSeconds">After the first release, before the reinvestment is asked for.</param>
/// <param name="CurePeriodSeconds">From the opening of a breach until it is confirmed.</param>
/// <param name="Venues">Where tokens are at work.</param>
/// <param name="Labels">Bridges, exchanges and treasuries.</param>
public sealed record ReinvestmentPolicy(
    string PolicyId,
    int Version,
    BasisPoints MaxDisposal,
    BasisPoints MinTimeWeightedReinvestment,
    long GraceSeconds,
    long CurePeriodSeconds,
    IReadOnlyList<PolicyVenue> Venues,
    IReadOnlyList<LabelledAddress> Labels)
{
    /// <summary>Ten years: no waiting time of a policy is longer.</summary>
    public const long SecondsMax = 10L * 365 * 86_400;

    public const int PolicyIdLengthMax = 100;

    public const int VenuesMax = 100;

    public const int LabelsMax = 1_000;

    private const int Word = 32;

    /// <summary>
    /// What names exactly these rules: keccak256 of the ABI encoding (static words of 32 bytes) of
    /// (bytes32 keccak256(policyId), uint256 version, maxDisposal, minTimeWeightedReinvestment, graceSeconds,
    /// curePeriodSeconds, bytes32 venues, bytes32 labels), where venues is keccak256 of the concatenated words
    /// (address, kind, weight, cap, minHoldSeconds) and labels that of (address, kind), each in the order given. Ratios are
    /// basis points, kinds are their numbers.
    /// </summary>
    [JsonIgnore]
    public Hash32 Hash
    {
        get
        {
            var words = new byte[8 * Word];
            Keccak256.Hash(PolicyId).CopyTo(words);
            var (max, min) = (MaxDisposal.Value, MinTimeWeightedReinvestment.Value);
            WriteNumbers(words.AsSpan(Word), Version, max, min, GraceSeconds, CurePeriodSeconds);
            HashOf(Venues, 5, (words, venue) =>
            {
                venue.Address.CopyTo(words[12..]);
                WriteNumbers(words[Word..], (int)venue.Kind, venue.Weight.Value, venue.Cap.Value, venue.MinHoldSeconds);
            }).CopyTo(words.AsSpan(6 * Word));
            HashOf(Labels, 2, (words, label) =>
            {
                label.Address.CopyTo(words[12..]);
                WriteNumbers(words[Word..], (int)label.Kind);
            }).CopyTo(words.AsSpan(7 * Word));
            return Keccak256.Hash(words);
        }
    }

    /// <summary>The venue at an address, or null.</summary>
    public PolicyVenue? VenueAt(Address address) => Venues.FirstOrDefault(venue => venue.Address == address);

    /// <summary>What an address is labelled, or null.</summary>
    public AddressKind? LabelOf(Address address) => Labels.FirstOrDefault(label => label.Address == address)?.Kind;

    /// <summary>The first thing wrong with this policy, or null.</summary>
    public Rejection? Validate()
    {
        if (string.IsNullOrWhiteSpace(PolicyId) || PolicyId.Length > PolicyIdLengthMax)
            return Invalid("policyId", $"Must have 1 to {PolicyIdLengthMax} characters.");
        if (Version < 1)
            return Invalid("version", "Versions begin with 1.");
        if (GraceSeconds is < 0 or > SecondsMax)
            return Invalid("graceSeconds", $"Must be 0 to {SecondsMax} seconds.");
        if (CurePeriodSeconds is < 1 or > SecondsMax)
            return Invalid("curePeriodSeconds", $"Must be 1 to {SecondsMax} seconds.");
        return ValidateAddresses();
    }

    public bool Equals(ReinvestmentPolicy? other) =>
        other is not null
        && PolicyId == other.PolicyId
        && Version == other.Version
        && MaxDisposal == other.MaxDisposal
        && MinTimeWeightedReinvestment == other.MinTimeWeightedReinvestment
        && GraceSeconds == other.GraceSeconds
        && CurePeriodSeconds == other.CurePeriodSeconds
        && Venues.SequenceEqual(other.Venues)
        && Labels.SequenceEqual(other.Labels);

    public override int GetHashCode() => HashCode.Combine(PolicyId, Version, Venues.Count, Labels.Count);

    private static InvalidValue Invalid(string field, string problem) => new($"reinvestmentPolicy.{field}", problem);

    private static void WriteNumbers(Span<byte> words, params ReadOnlySpan<long> numbers)
    {
        for (var i = 0; i < numbers.Length; i++)
            BinaryPrimitives.WriteInt64BigEndian(words[((i * Word) + Word - sizeof(long))..], numbers[i]);
    }

    private static Hash32 HashOf<T>(IReadOnlyList<T> items, int wordsEach, WordWriter<T> write)
    {
        var words = new byte[items.Count * wordsEach * Word];
        for (var i = 0; i < items.Count; i++)
            write(words.AsSpan(i * wordsEach * Word), items[i]);
        return Keccak256.Hash(words);
    }

    private InvalidValue? ValidateAddresses()
    {
        if (Venues.Count > VenuesMax)
            return Invalid("venues", $"There can be at most {VenuesMax} venues.");
        if (Labels.Count > LabelsMax)
            return Invalid("labels", $"There can be at most {LabelsMax} labels.");
        if (Venues.Count == 0 && MinTimeWeightedReinvestment.Value > 0)
            return Invalid("venues", "Reinvestment is asked for, but there is no venue to reinvest in.");
        if (Venues.Any(venue => venue.Address.IsZero))
            return Invalid("venues", "The zero address is no venue.");
        if (Venues.Any(venue => venue.MinHoldSeconds is < 0 or > SecondsMax))
            return Invalid("venues", $"A minimum hold must be 0 to {SecondsMax} seconds.");
        if (Venues.Any(venue => !Enum.IsDefined(venue.Kind)))
            return Invalid("venues", "A venue is of no known kind.");
        if (Labels.Any(label => label.Address.IsZero || !Enum.IsDefined(label.Kind)))
            return Invalid("labels", "A label needs an address other than zero and a known kind.");
        var addresses = new HashSet<Address>();
        foreach (var address in Venues.Select(venue => venue.Address).Concat(Labels.Select(label => label.Address)))
        {
            if (!addresses.Add(address))
                return Invalid("venues", $"{address} is listed twice among venues and labels.");
        }

        return null;
    }

    private delegate void WordWriter<in T>(Span<byte> words, T item);
}
