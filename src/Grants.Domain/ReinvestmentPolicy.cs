using System.Buffers.Binary;
using System.Text.Json;
using System.Text.Json.Serialization;
using Grants.Primitives;

namespace Grants.Domain;

/// <summary>What a rule measures, and whether its limit is the most or the least.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<RuleKind>))]
public enum RuleKind
{
    /// <summary>The most of what was released that may be sold, bridged out or sent away: disposalBps.</summary>
    MaxDisposal = 0,

    /// <summary>The least of it that must be at work, on average over the window: twrrBps.</summary>
    MinTimeWeightedReinvestment = 1,

    /// <summary>The most of it that may be sold: sellBps.</summary>
    MaxSale = 2,

    /// <summary>The least of it that must be held, liquid or at work, on average over the window: retentionBps.</summary>
    MinRetention = 3,

    /// <summary>The least of it that must be at work at a checkpoint: reinvestBps. A moment proves little: it only warns.</summary>
    MinReinvestment = 4,
}

/// <summary>Over which time a rule measures.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<RuleWindow>))]
public enum RuleWindow
{
    SinceRelease = 0,

    /// <summary>The last so many seconds, begun at the day's mark before.</summary>
    Rolling = 1,

    /// <summary>
    /// Pieces of so many seconds, counted from the first release. A most is judged in the running one, a least over the last
    /// one that is over.
    /// </summary>
    Epoch = 2,
}

/// <summary>What follows from a breach, mildest first. The first two act while it is open, the others once it is confirmed.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<SanctionKind>))]
public enum SanctionKind
{
    Warn = 0,

    /// <summary>No tranche is released.</summary>
    Gate = 1,

    /// <summary>Vesting stands still.</summary>
    Pause = 2,

    /// <summary>A share of what is unreleased goes back to the treasury.</summary>
    ClawBackUnreleased = 3,

    /// <summary>The wallets get no award of the programs.</summary>
    Blacklist = 4,
}

/// <summary>One rung of a ladder.</summary>
/// <param name="Share">How much of what is unreleased is clawed back; the whole for every other kind.</param>
/// <param name="SignaturesRequired">How many of the signers must sign before it is applied; none where 0.</param>
/// <param name="Signers">Who may sign a claw back or a blacklisting.</param>
/// <param name="Programs">From which programs a blacklisted wallet is barred; from all where empty.</param>
public sealed record PolicySanction(
    SanctionKind Kind, BasisPoints Share, int SignaturesRequired, ValueList<Address> Signers, ValueList<string> Programs)
{
    public static PolicySanction Of(SanctionKind kind) => new(kind, new BasisPoints(BasisPoints.Whole), 0, [], []);
}

/// <param name="RuleId">Unique in its policy; what a breach names.</param>
/// <param name="Limit">The most or the least, by the kind.</param>
/// <param name="VenueKind">The one kind of venue that counts for <see cref="RuleKind.MinReinvestment"/>; all where null.</param>
/// <param name="WindowSeconds">Zero where the window is since the first release.</param>
/// <param name="GraceSeconds">After the first release, before the rule is judged.</param>
/// <param name="CurePeriodSeconds">From the opening of a breach until it can no longer be cured.</param>
/// <param name="AppealSeconds">After the cure period, in which a breach may still be appealed; it is confirmed after that.</param>
/// <param name="Ladder">What follows, mildest first.</param>
/// <param name="LastsSeconds">After the first release, until the rule opens no more breaches; zero where it lasts for good.</param>
/// <param name="DriftCounts">Whether a most counts what a price has sold out of positions between prices, until it comes back.</param>
/// <param name="PledgingCounts">Whether a most counts what is borrowed against as gone: a pledge can become a sale.</param>
public sealed record PolicyRule(
    string RuleId,
    RuleKind Kind,
    BasisPoints Limit,
    VenueKind? VenueKind,
    RuleWindow Window,
    long WindowSeconds,
    long GraceSeconds,
    long CurePeriodSeconds,
    long AppealSeconds,
    ValueList<PolicySanction> Ladder,
    long LastsSeconds = 0,
    bool PledgingCounts = false,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool DriftCounts = false)
{
    [JsonIgnore]
    public bool IsMost => Kind is RuleKind.MaxDisposal or RuleKind.MaxSale;

    public PolicySanction? Rung(SanctionKind kind) => Ladder.FirstOrDefault(rung => rung.Kind == kind);
}

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
[JsonConverter(typeof(StoredForm))]
public sealed record ReinvestmentPolicy(
    string PolicyId,
    int Version,
    ValueList<PolicyRule> Rules,
    PolicyCheckpoints Checkpoints,
    ValueList<PolicyVenue> Venues,
    ValueList<LabelledAddress> Labels,
    PolicyUnknowns? Unknowns = null)
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
    /// followed, (uint256 hops, seconds) come last. Ratios are basis points, kinds their numbers. A policy of the first form keeps the
    /// hash of that form: (keccak256(policyId), version, maxDisposal, minTimeWeightedReinvestment, graceSeconds, curePeriodSeconds,
    /// venues, labels).
    /// </summary>
    [JsonIgnore]
    public Hash32 Hash
    {
        get
        {
            var venues = HashOf(Venues, venue =>
                [.. WordOf(venue.Address), .. Words((int)venue.Kind, venue.Weight.Value, venue.Cap.Value, venue.MinHoldSeconds)]);
            var labels = HashOf(Labels, label => [.. WordOf(label.Address), .. Words((int)label.Kind)]);
            byte[] name = [.. Keccak256.Hash(PolicyId).ToBytes(), .. Words(Version)];
            byte[] rules = IsOfTwoRules
                ? Words(Rules[0].Limit.Value, Rules[1].Limit.Value, Rules[1].GraceSeconds, Rules[1].CurePeriodSeconds)
                : [.. Words(Checkpoints.ExtraPerDay, Checkpoints.HaltAfterSeconds), .. HashOf(Rules, WordsOf).ToBytes()];
            byte[] unknowns = Unknowns is { } followed ? Words(followed.Hops, followed.Seconds) : [];
            return Keccak256.Hash([.. name, .. rules, .. venues.ToBytes(), .. labels.ToBytes(), .. unknowns]);
        }
    }

    /// <summary>The longest time that a rule looks back, seconds; zero where all look at everything.</summary>
    [JsonIgnore]
    public long LongestWindowSeconds => Rules.Max(rule => rule.Window == RuleWindow.Epoch ? 2 * rule.WindowSeconds : rule.WindowSeconds);

    private bool IsOfTwoRules => Rules.Count == 2 && Equals(OfTwoRules(
        PolicyId, Version, Rules[0].Limit, Rules[1].Limit, Rules[1].GraceSeconds, Rules[1].CurePeriodSeconds, Venues, Labels));

    /// <summary>The venue at an address, or null.</summary>
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
                    read.PolicyId, read.Version, rules, read.Checkpoints ?? PlainCheckpoints, read.Venues, read.Labels, read.Unknowns);
            }

            var (most, least) = (read.MaxDisposal, read.MinTimeWeightedReinvestment);
            var (grace, cure) = (read.GraceSeconds, read.CurePeriodSeconds);
            return OfTwoRules(read.PolicyId, read.Version, most, least, grace, cure, read.Venues, read.Labels);
        }

        public override void Write(Utf8JsonWriter writer, ReinvestmentPolicy value, JsonSerializerOptions options)
        {
            if (value.Unknowns is null)
            {
                JsonSerializer.Serialize(
                    writer,
                    new { value.PolicyId, value.Version, value.Rules, value.Checkpoints, value.Venues, value.Labels },
                    options);
            }
            else
            {
                JsonSerializer.Serialize(
                    writer,
                    new { value.PolicyId, value.Version, value.Rules, value.Checkpoints, value.Venues, value.Labels, value.Unknowns },
                    options);
            }
        }

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
            PolicyUnknowns? Unknowns);
    }
}

/// <summary>What a policy may say.</summary>
public static class PolicyLimits
{
    /// <summary>Ten years: no waiting time of a policy is longer.</summary>
    public const long SecondsMax = 10L * 365 * Day;

    /// <summary>Rules look back at most so far: a mark is kept for every day of it.</summary>
    public const long WindowSecondsMax = 400 * Day;

    public const long Day = 86_400;

    /// <summary>What went to somebody unknown is followed for at most ninety days.</summary>
    public const long FollowedSecondsMax = 90 * Day;

    public const int TextLengthMax = 100;

    public const int VenuesMax = 100;

    public const int LabelsMax = 1_000;

    public const int RulesMax = 20;

    /// <summary>Everything that is wrong, by the path of the member: <c>rules[0].limit</c>.</summary>
    public static IEnumerable<(string Field, string Problem)> ProblemsOf(ReinvestmentPolicy policy) =>
    [
        .. Checked("policyId", IsText(policy.PolicyId), $"Must have 1 to {TextLengthMax} characters."),
        .. Checked("version", policy.Version >= 1, "Versions begin with 1."),
        .. Checked("rules", policy.Rules.Count is >= 1 and <= RulesMax, $"There must be 1 to {RulesMax} rules."),
        .. policy.Rules.Index().SelectMany(rule => ProblemsOf(rule.Item, $"rules[{rule.Index}]", policy.Venues)),
        .. Checked("rules", policy.Rules.DistinctBy(rule => rule.RuleId).Count() == policy.Rules.Count, "Two rules have the same id."),
        .. Checked("checkpoints.extraPerDay", policy.Checkpoints.ExtraPerDay is >= 0 and <= 24, "Must be 0 to 24."),
        .. Seconds("checkpoints.haltAfterSeconds", policy.Checkpoints.HaltAfterSeconds, 0),
        .. Checked("unknowns.hops", policy.Unknowns is null or { Hops: >= 1 and <= 10 }, "Must be 1 to 10."),
        .. Checked(
            "unknowns.afterSeconds",
            policy.Unknowns is null or { Seconds: >= 0 and <= FollowedSecondsMax },
            $"Must be 0 to {FollowedSecondsMax} seconds."),
        .. Checked("venues", policy.Venues.Count <= VenuesMax, $"There can be at most {VenuesMax} venues."),
        .. Checked("labels", policy.Labels.Count <= LabelsMax, $"There can be at most {LabelsMax} labels."),
        .. policy.Venues.Index().SelectMany(venue => ProblemsOf(venue.Item, $"venues[{venue.Index}]")),
        .. policy.Labels.Index().SelectMany(label => Checked(
            $"labels[{label.Index}]",
            !label.Item.Address.IsZero && Enum.IsDefined(label.Item.Kind),
            "A label needs an address other than zero and a known kind.")),
        .. policy.Venues.Select(venue => venue.Address).Concat(policy.Labels.Select(label => label.Address))
            .GroupBy(address => address).Where(same => same.Count() > 1)
            .Select(same => ("venues", $"{same.Key} is listed twice among venues and labels.")),
    ];

    private static IEnumerable<(string, string)> ProblemsOf(PolicyRule rule, string path, ValueList<PolicyVenue> venues)
    {
        var isSpot = rule.Kind == RuleKind.MinReinvestment;
        var needsVenue = (isSpot || rule.Kind == RuleKind.MinTimeWeightedReinvestment) && rule.Limit.Value > 0;
        var isWhole = rule.Window == RuleWindow.SinceRelease;
        return
        [
            .. Checked($"{path}.ruleId", IsText(rule.RuleId), $"Must have 1 to {TextLengthMax} characters."),
            .. Checked($"{path}.kind", Enum.IsDefined(rule.Kind) && Enum.IsDefined(rule.Window), "There is no such rule."),
            .. Checked($"{path}.venueKind", rule.VenueKind is null || isSpot, "Only reinvestBps is told apart by the kind of venue."),
            .. Checked(
                "venues",
                !needsVenue || venues.Any(venue => rule.VenueKind is null || venue.Kind == rule.VenueKind),
                "Reinvestment is asked for, but there is no venue to reinvest in."),
            .. Checked($"{path}.window", isWhole || !isSpot, "reinvestBps is of a moment and has no window."),
            .. Checked(
                $"{path}.windowSeconds",
                isWhole ? rule.WindowSeconds == 0 : rule.WindowSeconds is >= Day and <= WindowSecondsMax,
                $"Must be {Day} to {WindowSecondsMax} seconds, and 0 where the window is since the first release."),
            .. Seconds($"{path}.graceSeconds", rule.GraceSeconds, 0),
            .. Seconds($"{path}.curePeriodSeconds", rule.CurePeriodSeconds, 1),
            .. Seconds($"{path}.appealSeconds", rule.AppealSeconds, 0),
            .. Seconds($"{path}.lastsSeconds", rule.LastsSeconds, 0),
            .. Checked($"{path}.pledgingCounts", rule.IsMost || !rule.PledgingCounts, "Only a most counts pledges."),
            .. Checked($"{path}.driftCounts", rule.IsMost || !rule.DriftCounts, "Only a most counts drift."),
            .. Checked(
                $"{path}.ladder",
                rule.Ladder.Count > 0 && rule.Ladder.Zip(rule.Ladder.Skip(1)).All(pair => pair.First.Kind < pair.Second.Kind),
                "Must have at least one rung, mildest first and none twice."),
            .. Checked($"{path}.ladder", !isSpot || rule.Ladder.All(rung => rung.Kind == SanctionKind.Warn), "reinvestBps can only warn."),
            .. rule.Ladder.Index().SelectMany(rung => ProblemsOf(rung.Item, $"{path}.ladder[{rung.Index}]")),
        ];
    }

    private static IEnumerable<(string, string)> ProblemsOf(PolicySanction rung, string path) =>
    [
        .. Checked($"{path}.kind", Enum.IsDefined(rung.Kind), "There is no such sanction."),
        .. Checked(
            $"{path}.share",
            rung.Kind == SanctionKind.ClawBackUnreleased ? rung.Share.Value > 0 : rung.Share.Value == BasisPoints.Whole,
            "Only a claw back has a share, and it is above zero."),
        .. Checked(
            $"{path}.signers",
            rung.Kind >= SanctionKind.ClawBackUnreleased || rung.Signers.Count == 0,
            "Only a claw back and a blacklisting are signed."),
        .. Checked(
            $"{path}.signaturesRequired",
            rung.SignaturesRequired >= 0 && rung.SignaturesRequired <= rung.Signers.Distinct().Count(),
            "Must be 0 to the number of signers."),
        .. Checked($"{path}.programs", rung.Kind == SanctionKind.Blacklist || rung.Programs.Count == 0, "Only a blacklisting has them."),
    ];

    private static IEnumerable<(string, string)> ProblemsOf(PolicyVenue venue, string path) =>
    [
        .. Checked($"{path}.address", !venue.Address.IsZero, "The zero address is no venue."),
        .. Checked($"{path}.kind", Enum.IsDefined(venue.Kind), "A venue is of no known kind."),
        .. Seconds($"{path}.minHoldSeconds", venue.MinHoldSeconds, 0),
    ];

    private static bool IsText(string? text) => !string.IsNullOrWhiteSpace(text) && text.Length <= TextLengthMax;

    private static (string, string)[] Seconds(string path, long seconds, long least) =>
        Checked(path, seconds >= least && seconds <= SecondsMax, $"Must be {least} to {SecondsMax} seconds.");

    private static (string, string)[] Checked(string path, bool isRight, string problem) => isRight ? [] : [(path, problem)];
}
