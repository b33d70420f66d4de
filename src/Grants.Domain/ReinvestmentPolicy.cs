using System.Buffers.Binary;
using System.Text.Json;
using System.Text.Json.Serialization;
using Grants.Primitives;

namespace Grants.Domain;

/// <summary>
/// What the recipient of an award owes for it, in one version. Frozen in the award. Two policies are equal when all
/// their values are, lists in order.
/// </summary>
/// <param name="PolicyId">Which policy.</param>
/// <param name="Version">Which version of it, from 1.</param>
/// <param name="Rules">Each is judged by itself.</param>
/// <param name="Venues">Where tokens are at work.</param>
/// <param name="Labels">Bridges, exchanges and treasuries.</param>
/// <param name="Unknowns">Null in policies of before there was such a thing: there, what went to somebody unknown counts at once.</param>
/// <param name="Pools">Null where nothing is said of pools: there, all that is in one counts.</param>
/// <param name="OtherChain">Null where the wallets are judged by the chain alone that pays.</param>
[JsonConverter(typeof(StoredForm))]
public sealed record ReinvestmentPolicy(
    string PolicyId,
    int Version,
    ValueList<PolicyRule> Rules,
    PolicyCheckpoints Checkpoints,
    ValueList<PolicyVenue> Venues,
    ValueList<LabelledAddress> Labels,
    PolicyUnknowns? Unknowns = null,
    PolicyPools? Pools = null,
    OtherChain? OtherChain = null)
{
    private const int Word = 32;

    private static readonly PolicyCheckpoints PlainCheckpoints = new(0, 0);

    /// <summary>
    /// The first form of a policy: at most so much disposed of, and after a grace at least so much at work over time. A breach
    /// of either holds the award at once, and takes it back whole after the cure period.
    /// </summary>
    public static ReinvestmentPolicy OfTwoRules(
        string policyId,
        int version,
        BasisPoints maxDisposal,
        BasisPoints minTimeWeightedReinvestment,
        long graceSeconds,
        long curePeriodSeconds,
        ValueList<PolicyVenue> venues,
        ValueList<LabelledAddress> labels)
    {
        ValueList<PolicySanction> ladder = [PolicySanction.Of(SanctionKind.Gate), PolicySanction.Of(SanctionKind.ClawBackUnreleased)];
        PolicyRule Rule(RuleKind kind, BasisPoints limit, long grace) =>
            new(kind.ToString(), kind, limit, null, RuleWindow.SinceRelease, 0, grace, curePeriodSeconds, 0, ladder);
        ValueList<PolicyRule> rules =
        [
            Rule(RuleKind.MaxDisposal, maxDisposal, 0),
            Rule(RuleKind.MinTimeWeightedReinvestment, minTimeWeightedReinvestment, graceSeconds),
        ];
        return new ReinvestmentPolicy(policyId, version, rules, PlainCheckpoints, venues, labels);
    }

    /// <summary>
    /// What names exactly these rules: keccak256 of the ABI encoding, in static words of 32 bytes, of (bytes32
    /// keccak256(policyId), uint256 version, extraPerDay, haltAfterSeconds, bytes32 rules, bytes32 venues, bytes32 labels).
    /// A list is keccak256 of its concatenated items: a venue is (address, kind, weight, cap, minHoldSeconds), a label
    /// (address, kind), a rule (keccak256(ruleId), kind, limit, venue kind + 1 or 0, window, windowSeconds, graceSeconds,
    /// curePeriodSeconds, appealSeconds, lastsSeconds, pledgingCounts, 1 where drift counts and nothing where not, ladder), a rung
    /// (kind, share, signaturesRequired, signers, programs), a signer (address), a program (keccak256(programId)). Where unknowns are
    /// followed, (uint256 hops, seconds) come next; where something is said of pools, bytes32 of (keccak256("pools"), uint256 ownShare,
    /// bytes32 pair tokens); and where there is another chain, bytes32 of (keccak256("otherChain"), uint256 chainId, address token, uint256
    /// landsWithinSeconds, bytes32 venues, bytes32 labels) comes last. Ratios are basis points, kinds their numbers. A policy of the
    /// first form keeps the hash of that form: (keccak256(policyId), version, maxDisposal, minTimeWeightedReinvestment, graceSeconds,
    /// curePeriodSeconds, venues, labels).
    /// </summary>
    [JsonIgnore]
    public Hash32 Hash
    {
        get
        {
            byte[] name = [.. Keccak256.Hash(PolicyId).ToBytes(), .. Words(Version)];
            byte[] rules = IsOfTwoRules
                ? Words(Rules[0].Limit.Value, Rules[1].Limit.Value, Rules[1].GraceSeconds, Rules[1].CurePeriodSeconds)
                : [.. Words(Checkpoints.ExtraPerDay, Checkpoints.HaltAfterSeconds), .. HashOf(Rules, WordsOf).ToBytes()];
            byte[] unknowns = Unknowns is { } followed ? Words(followed.Hops, followed.Seconds) : [];
            return Keccak256.Hash(
                [.. name, .. rules, .. WordsOf(Venues, Labels), .. unknowns, .. WordsOf(Pools), .. WordsOf(OtherChain)]);
        }
    }

    /// <summary>The longest time that a rule looks back, seconds; zero where all look at everything.</summary>
    [JsonIgnore]
    public long LongestWindowSeconds => Rules.Max(rule => rule.Window == RuleWindow.Epoch ? 2 * rule.WindowSeconds : rule.WindowSeconds);

    private bool IsOfTwoRules => Rules.Count == 2 && Equals(OfTwoRules(
        PolicyId, Version, Rules[0].Limit, Rules[1].Limit, Rules[1].GraceSeconds, Rules[1].CurePeriodSeconds, Venues, Labels));

    /// <summary>The venue at an address, on whichever chain, or null: no address is listed on both.</summary>
    public PolicyVenue? VenueAnywhere(Address address) =>
        VenueAt(address) ?? OtherChain?.Venues.FirstOrDefault(venue => venue.Address == address);

    /// <summary>The venue at an address on the chain that pays, or null.</summary>
    public PolicyVenue? VenueAt(Address address) => Venues.FirstOrDefault(venue => venue.Address == address);

    /// <summary>What an address is labelled, or null.</summary>
    public AddressKind? LabelOf(Address address) => Labels.FirstOrDefault(label => label.Address == address)?.Kind;

    /// <summary>The rule of an id, or null.</summary>
    public PolicyRule? RuleOf(string ruleId) => Rules.FirstOrDefault(rule => rule.RuleId == ruleId);

    /// <summary>The first thing wrong with this policy, or null; its field begins with <c>reinvestmentPolicy.</c></summary>
    public Rejection? Validate()
    {
        if (PolicyLimits.ProblemsOf(this).FirstOrDefault() is not { Field: { } field } problem)
            return null;
        var isRule = IsOfTwoRules && field.StartsWith("rules[", StringComparison.Ordinal);
        var name = isRule ? field[(field.IndexOf('.', StringComparison.Ordinal) + 1)..] : field;
        return new InvalidValue($"reinvestmentPolicy.{name}", problem.Problem);
    }

    private static byte[] WordsOf(ValueList<PolicyVenue> venues, ValueList<LabelledAddress> labels) =>
    [
        .. HashOf(venues, venue =>
            [.. WordOf(venue.Address), .. Words((int)venue.Kind, venue.Weight.Value, venue.Cap.Value, venue.MinHoldSeconds)]).ToBytes(),
        .. HashOf(labels, label => [.. WordOf(label.Address), .. Words((int)label.Kind)]).ToBytes(),
    ];

    private static byte[] WordsOf(PolicyPools? pools) => pools is null ? [] : Keccak256.Hash(
    [
        .. Keccak256.Hash("pools").ToBytes(), .. Words(pools.OwnShare.Value), .. HashOf(pools.PairTokens, WordOf).ToBytes(),
    ]).ToBytes();

    private static byte[] WordsOf(OtherChain? other) => other is null ? [] : Keccak256.Hash(
    [
        .. Keccak256.Hash("otherChain").ToBytes(),
        .. Words(other.ChainId),
        .. WordOf(other.Token),
        .. Words(other.LandsWithinSeconds),
        .. WordsOf(other.Venues, other.Labels),
    ]).ToBytes();

    private static byte[] WordsOf(PolicyRule rule) =>
    [
        .. Keccak256.Hash(rule.RuleId).ToBytes(),
        .. Words((int)rule.Kind, rule.Limit.Value, rule.VenueKind is { } kind ? (int)kind + 1 : 0, (int)rule.Window, rule.WindowSeconds),
        .. Words(rule.GraceSeconds, rule.CurePeriodSeconds, rule.AppealSeconds, rule.LastsSeconds, rule.PledgingCounts ? 1 : 0),
        .. rule.DriftCounts ? Words(1) : [],
        .. HashOf(rule.Ladder, rung =>
        [
            .. Words((int)rung.Kind, rung.Share.Value, rung.SignaturesRequired),
            .. HashOf(rung.Signers, WordOf).ToBytes(),
            .. HashOf(rung.Programs, program => Keccak256.Hash(program).ToBytes()).ToBytes(),
        ]).ToBytes(),
    ];

    private static Hash32 HashOf<T>(IEnumerable<T> items, Func<T, byte[]> words) => Keccak256.Hash([.. items.SelectMany(words)]);

    private static byte[] WordOf(Address address) => [.. new byte[Word - Address.Length], .. address.ToBytes()];

    private static byte[] Words(params ReadOnlySpan<long> numbers)
    {
        var words = new byte[numbers.Length * Word];
        for (var i = 0; i < numbers.Length; i++)
            BinaryPrimitives.WriteInt64BigEndian(words.AsSpan((i * Word) + Word - sizeof(long)), numbers[i]);
        return words;
    }

    /// <summary>Reads the first form too, which had its two rules as members; writes the present one.</summary>
    private sealed class StoredForm : JsonConverter<ReinvestmentPolicy>
    {
        public override ReinvestmentPolicy Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            var read = JsonSerializer.Deserialize<Members>(ref reader, options)!;
            if (read.Rules is { } rules)
            {
                return new(
                    read.PolicyId, read.Version, rules, read.Checkpoints ?? PlainCheckpoints, read.Venues, read.Labels, read.Unknowns,
                    read.Pools, read.OtherChain);
            }

            var (most, least) = (read.MaxDisposal, read.MinTimeWeightedReinvestment);
            var (grace, cure) = (read.GraceSeconds, read.CurePeriodSeconds);
            return OfTwoRules(read.PolicyId, read.Version, most, least, grace, cure, read.Venues, read.Labels);
        }

        public override void Write(Utf8JsonWriter writer, ReinvestmentPolicy value, JsonSerializerOptions options) =>
            JsonSerializer.Serialize(
                writer,
                new PresentForm(
                    value.PolicyId, value.Version, value.Rules, value.Checkpoints, value.Venues, value.Labels, value.Unknowns,
                    value.Pools, value.OtherChain),
                options);

        private sealed record PresentForm(
            string PolicyId,
            int Version,
            ValueList<PolicyRule> Rules,
            PolicyCheckpoints Checkpoints,
            ValueList<PolicyVenue> Venues,
            ValueList<LabelledAddress> Labels,
            [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] PolicyUnknowns? Unknowns,
            [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] PolicyPools? Pools,
            [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] OtherChain? OtherChain);

        private sealed record Members(
            string PolicyId,
            int Version,
            BasisPoints MaxDisposal,
            BasisPoints MinTimeWeightedReinvestment,
            long GraceSeconds,
            long CurePeriodSeconds,
            ValueList<PolicyRule>? Rules,
            PolicyCheckpoints? Checkpoints,
            ValueList<PolicyVenue> Venues,
            ValueList<LabelledAddress> Labels,
            PolicyUnknowns? Unknowns,
            PolicyPools? Pools,
            OtherChain? OtherChain);
    }
}
