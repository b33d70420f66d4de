using Grants.Primitives;

namespace Grants.Domain;

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

    /// <summary>What is on its way over a bridge is waited for at most ninety days.</summary>
    public const long LandsWithinSecondsMax = 90 * Day;

    public const int TextLengthMax = 100;

    public const int VenuesMax = 100;

    public const int LabelsMax = 1_000;

    public const int RulesMax = 20;

    public const int PairTokensMax = 100;

    /// <summary>Everything that is wrong, by the path of the member: <c>rules[0].limit</c>.</summary>
    public static IEnumerable<(string Field, string Problem)> ProblemsOf(ReinvestmentPolicy policy) =>
    [
        .. Checked("policyId", IsText(policy.PolicyId), $"Must have 1 to {TextLengthMax} characters."),
        .. Checked("version", policy.Version >= 1, "Versions begin with 1."),
        .. Checked("rules", policy.Rules.Count is >= 1 and <= RulesMax, $"There must be 1 to {RulesMax} rules."),
        .. policy.Rules.Index().SelectMany(rule => ProblemsOf(
            rule.Item, $"rules[{rule.Index}]", [.. policy.Venues, .. policy.OtherChain?.Venues ?? []])),
        .. Checked("rules", policy.Rules.DistinctBy(rule => rule.RuleId).Count() == policy.Rules.Count, "Two rules have the same id."),
        .. Checked("checkpoints.extraPerDay", policy.Checkpoints.ExtraPerDay is >= 0 and <= 24, "Must be 0 to 24."),
        .. Seconds("checkpoints.haltAfterSeconds", policy.Checkpoints.HaltAfterSeconds, 0),
        .. Checked("unknowns.hops", policy.Unknowns is null or { Hops: >= 1 and <= 10 }, "Must be 1 to 10."),
        .. Checked(
            "unknowns.afterSeconds",
            policy.Unknowns is null or { Seconds: >= 0 and <= FollowedSecondsMax },
            $"Must be 0 to {FollowedSecondsMax} seconds."),
        .. ProblemsOf(policy.Pools),
        .. Checked("venues", policy.Venues.Count <= VenuesMax, $"There can be at most {VenuesMax} venues."),
        .. Checked("labels", policy.Labels.Count <= LabelsMax, $"There can be at most {LabelsMax} labels."),
        .. ProblemsOf(policy.Venues, policy.Labels, string.Empty),
        .. policy.OtherChain is { } other ? ProblemsOf(other, policy) : [],
        .. policy.Venues.Select(venue => venue.Address).Concat(policy.Labels.Select(label => label.Address))
            .GroupBy(address => address).Where(same => same.Count() > 1)
            .Select(same => ("venues", $"{same.Key} is listed twice among venues and labels.")),
    ];

    private static IEnumerable<(string, string)> ProblemsOf(
        ValueList<PolicyVenue> venues, ValueList<LabelledAddress> labels, string path) =>
    [
        .. venues.Index().SelectMany(venue => ProblemsOf(venue.Item, $"{path}venues[{venue.Index}]")),
        .. labels.Index().SelectMany(label => Checked(
            $"{path}labels[{label.Index}]",
            !label.Item.Address.IsZero && Enum.IsDefined(label.Item.Kind),
            "A label needs an address other than zero and a known kind.")),
    ];

    private static IEnumerable<(string, string)> ProblemsOf(OtherChain other, ReinvestmentPolicy policy)
    {
        const string Path = "otherChain.";
        var venues = policy.Venues.Concat(other.Venues).Select(venue => venue.Address);
        return
        [
            .. Checked($"{Path}chainId", other.ChainId > 0, "A chain id is above zero."),
            .. Checked($"{Path}token", !other.Token.IsZero, "The zero address is no token."),
            .. Checked(
                $"{Path}landsWithinSeconds",
                other.LandsWithinSeconds is > 0 and <= LandsWithinSecondsMax,
                $"Must be 1 to {LandsWithinSecondsMax} seconds."),
            .. ProblemsOf(other.Venues, other.Labels, Path),
            .. other.Venues.Index().SelectMany(venue => Checked(
                $"{Path}venues[{venue.Index}].kind",
                venue.Item.Kind is VenueKind.Lock or VenueKind.Vault,
                "On the other chain there are venues of the kinds LOCK and VAULT alone.")),
            .. Checked($"{Path}venues", policy.Venues.Count + other.Venues.Count <= VenuesMax, $"There can be at most {VenuesMax} venues."),
            .. Checked($"{Path}labels", policy.Labels.Count + other.Labels.Count <= LabelsMax, $"There can be at most {LabelsMax} labels."),
            .. Checked(
                $"{Path}labels",
                other.Labels.Any(label => label.Kind == AddressKind.Bridge) && policy.Labels.Any(label => label.Kind == AddressKind.Bridge),
                "Both chains need the bridge between them among their labels."),
            .. venues.GroupBy(address => address).Where(same => same.Count() > 1)
                .Select(same => ($"{Path}venues", $"{same.Key} is a venue twice.")),
            .. other.Venues.Select(venue => venue.Address).Concat(other.Labels.Select(label => label.Address)).Append(other.Token)
                .GroupBy(address => address).Where(same => same.Count() > 1)
                .Select(same => ($"{Path}venues", $"{same.Key} is listed twice among token, venues and labels.")),
        ];
    }

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

    private static IEnumerable<(string, string)> ProblemsOf(PolicyPools? pools) => pools is null ? [] :
    [
        .. Checked("pools.ownShareBps", pools.OwnShare.Value > 0, "Must be 1 to 10000."),
        .. Checked(
            "pools.pairTokens",
            pools.PairTokens.Count <= PairTokensMax && pools.PairTokens.Distinct().Count() == pools.PairTokens.Count
                && !pools.PairTokens.Contains(Address.Zero),
            $"There can be at most {PairTokensMax} tokens, none twice and none the zero address."),
    ];

    private static bool IsText(string? text) => !string.IsNullOrWhiteSpace(text) && text.Length <= TextLengthMax;

    private static (string, string)[] Seconds(string path, long seconds, long least) =>
        Checked(path, seconds >= least && seconds <= SecondsMax, $"Must be {least} to {SecondsMax} seconds.");

    private static (string, string)[] Checked(string path, bool isRight, string problem) => isRight ? [] : [(path, problem)];
}
