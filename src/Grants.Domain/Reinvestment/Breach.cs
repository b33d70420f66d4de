using System.Globalization;
using System.Numerics;
using System.Text.Json.Serialization;
using Grants.Domain.Reinvestment.Judging;
using Grants.Primitives;

namespace Grants.Domain.Reinvestment;

/// <summary>How far a breach has come.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<BreachStatus>))]
public enum BreachStatus
{
    /// <summary>The cure period runs, then the time to appeal.</summary>
    Open = 0,

    /// <summary>The shortfall is made good, but the rule is still broken: what made it good must stay.</summary>
    Cured = 1,

    /// <summary>Neither cured nor appealed away: what the rule's ladder says is done.</summary>
    Confirmed = 2,

    /// <summary>An appeal was upheld: what was missing then is forgiven.</summary>
    Dismissed = 3,
}

/// <summary>The ledger under <see cref="Convention.Floor"/> when the rule was first found broken; later changes count from here.</summary>
/// <param name="Reading">The numbers of that time.</param>
/// <param name="ReleasedSeconds">Token-seconds.</param>
/// <param name="EligibleSeconds">Token-seconds.</param>
/// <param name="Shortfall">Base units that were missing.</param>
/// <param name="HeldSeconds">Token-seconds.</param>
public sealed record BreachBaseline(
    LedgerReading Reading, UInt256 ReleasedSeconds, UInt256 EligibleSeconds, UInt256 Shortfall, UInt256 HeldSeconds = default);

/// <summary>What the recipient says against a breach, and what people decided.</summary>
/// <param name="DecidedBy">Null until it is decided.</param>
public sealed record BreachAppeal(Address By, string Reason, DateTimeOffset At, Address? DecidedBy, bool IsUpheld, string? DecisionReason);

/// <summary>That somebody whom the policy names has signed for a sanction.</summary>
public sealed record SanctionSignature(SanctionKind Kind, Address Signer, string Reason);

/// <summary>A rule that finalized evidence shows to be broken.</summary>
/// <param name="Rule">What the rule measures.</param>
/// <param name="Required">What the rule asks for.</param>
/// <param name="Actual">What it was at the opening.</param>
/// <param name="Shortfall">Base units to return to the treasury or to put to work, at the opening.</param>
/// <param name="Reading">The ledger under <see cref="Convention.Floor"/> at the opening.</param>
/// <param name="OpenedAt">Seconds since 1970.</param>
/// <param name="CureEndsAt">
/// Seconds since 1970. A breach that was made good and opens again keeps its old end: moving the same tokens in and out
/// buys no time.
/// </param>
/// <param name="EvidenceIds">The ids of the flows that it rests on.</param>
/// <param name="RuleId">The rule; null in breaches of policies of the first form, whose rules are named after what they measure.</param>
/// <param name="AppealEndsAt">Seconds since 1970; zero where the time to appeal ends with the cure period.</param>
public sealed record Breach(
    string BreachId,
    RuleKind Rule,
    BreachStatus Status,
    BasisPoints Required,
    BasisPoints Actual,
    UInt256 Shortfall,
    LedgerReading Reading,
    long OpenedAt,
    long CureEndsAt,
    BreachBaseline Baseline,
    IReadOnlyList<string> EvidenceIds,
    string? RuleId = null,
    long AppealEndsAt = 0)
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public BreachAppeal? Appeal { get; init; }

    /// <summary>Base units that an upheld appeal has forgiven.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public UInt256 Forgiven { get; init; }

    /// <summary>Null while nobody has signed.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ValueList<SanctionSignature>? Signatures { get; init; }

    /// <summary>The sanctions that were applied; null while there is none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ValueList<SanctionKind>? Applied { get; init; }

    /// <summary>The sanctions among them against which something speaks that was listed later; null while there is none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ValueList<SanctionKind>? Questioned { get; init; }

    /// <summary>Why the wallets are barred no longer; null while they are, or never were.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? UnbarredBecause { get; init; }

    /// <summary>The id of the rule.</summary>
    [JsonIgnore]
    public string BrokenRuleId => RuleId ?? Rule.ToString();

    /// <summary>When it is confirmed unless it is cured or appealed, seconds since 1970.</summary>
    [JsonIgnore]
    public long ConfirmedAt => Math.Max(CureEndsAt, AppealEndsAt);

    [JsonIgnore]
    public bool IsAppealPending => Appeal is { DecidedBy: null };

    /// <summary>Who has signed for a sanction.</summary>
    public IEnumerable<Address> SignersOf(SanctionKind kind) =>
        (Signatures ?? []).Where(signature => signature.Kind == kind).Select(signature => signature.Signer);

    /// <summary>Says in sentences what is wrong and what would cure it, with amounts in whole tokens.</summary>
    /// <param name="decimals">Of the token.</param>
    /// <param name="rule">The broken rule, for what follows; as in policies of the first form where null.</param>
    public string Explain(int decimals = 18, PolicyRule? rule = null)
    {
        var (wrong, cure) = (Wrong(decimals), Decimal(Shortfall, decimals));
        return Status switch
        {
            BreachStatus.Open => $"{wrong} Returning {cure} tokens to the treasury, or putting that much more to work in a "
                + $"listed venue, by {Date(CureEndsAt)} cures it. {BreachWords.Consequences(rule)}{AppealWords()}",
            BreachStatus.Cured => $"{wrong} It was cured. What cured it must stay where it is until the rule is kept again."
                + QuestionWords(),
            BreachStatus.Dismissed => $"{wrong} An appeal was upheld, and what was missing then is forgiven: {Appeal?.DecisionReason}",
            _ => $"{wrong} It was not cured by {Date(CureEndsAt)}. {BreachWords.Confirmed(rule)}{QuestionWords()}",
        };
    }

    /// <summary>What an event makes of it; events of other breaches change nothing.</summary>
    public Breach Evolve(object @event) => @event switch
    {
        BreachCured cured when cured.BreachId == BreachId => this with { Status = BreachStatus.Cured },
        BreachConfirmed confirmed when confirmed.BreachId == BreachId => this with { Status = BreachStatus.Confirmed },
        BreachAppealed appealed when appealed.BreachId == BreachId => this with
        {
            Appeal = new BreachAppeal(appealed.By, appealed.Reason, appealed.At, null, false, null),
        },
        AppealDecided decided when decided.BreachId == BreachId => this with
        {
            Status = decided.IsUpheld ? BreachStatus.Dismissed : Status,
            Forgiven = Forgiven + decided.Forgiven,
            Appeal = Appeal! with { DecidedBy = decided.By, IsUpheld = decided.IsUpheld, DecisionReason = decided.Reason },
        },
        SanctionSigned signed when signed.BreachId == BreachId => this with
        {
            Signatures = [.. Signatures ?? [], new SanctionSignature(signed.Kind, signed.Signer, signed.Reason)],
        },
        SanctionApplied applied when applied.BreachId == BreachId => this with { Applied = [.. Applied ?? [], applied.Kind] },
        SanctionQuestioned asked when asked.BreachId == BreachId => this with { Questioned = [.. Questioned ?? [], asked.Kind] },
        BlacklistingLifted lifted when lifted.BreachId == BreachId => this with { UnbarredBecause = lifted.Reason },
        ClockResumed resumed when Status is BreachStatus.Open or BreachStatus.Cured => this with
        {
            CureEndsAt = CureEndsAt + resumed.StoodSeconds, AppealEndsAt = ConfirmedAt + resumed.StoodSeconds,
        },
        _ => this,
    };

    /// <summary>
    /// What has been made good since the opening, base units: what more is at work, and what was returned, tokens bought
    /// back included, and what was forgiven. What was sold stays sold.
    /// </summary>
    internal UInt256 CreditAt(LedgerReading now) =>
        UInt256.SubtractToZero(now.AtWork, Baseline.Reading.AtWork)
        + (now.Returned + now.ReturnedOwn - Baseline.Reading.Returned - Baseline.Reading.ReturnedOwn)
        + Forgiven;

    private string Wrong(int decimals)
    {
        var (released, disposed) = (Decimal(Reading.Released, decimals), Decimal(Reading.Disposed, decimals));
        return Rule switch
        {
            RuleKind.MaxDisposal => $"Of {released} tokens released, {disposed} were sold, bridged out or sent away: "
                + $"{Percent(Actual)}, where at most {Percent(Required)} are allowed.{BesidesWords()}",
            RuleKind.MaxSale => $"Of {released} tokens released, {Percent(Actual)} were sold, "
                + $"where at most {Percent(Required)} are allowed.",
            RuleKind.MinRetention => $"Of {released} tokens released, {Percent(Actual)} were held on average over time, "
                + $"where at least {Percent(Required)} are asked for.",
            RuleKind.MinReinvestment => $"Of {released} tokens released, {Percent(Actual)} are at work, "
                + $"where at least {Percent(Required)} are asked for.{UncountedWords(decimals)}",
            _ => $"Of {released} tokens released, {Percent(Actual)} were put to work on average over time, "
                + $"where at least {Percent(Required)} are asked for.{UncountedWords(decimals)}",
        };
    }

    private string BesidesWords() => BasisPoints.Of(Reading.Disposed, Reading.Released) < Actual
        ? " What is borrowed against, or for the time being sold by the price out of a position, counts too."
        : string.Empty;

    private string UncountedWords(int decimals) => Reading.Uncounted.IsZero
        ? string.Empty
        : $" {Decimal(Reading.Uncounted, decimals)} tokens in pools count for nothing: the wallets hold more of a pool's liquidity than "
            + "may be theirs, or its other token is not on the list.";

    private string QuestionWords() => (Questioned, UnbarredBecause) switch
    {
        (null, _) => string.Empty,
        (_, null) => " By what was listed since, it would not have been confirmed: managers of the program decide what becomes of that.",
        _ => $" By what was listed since, it would not have been confirmed, and the wallets are barred no longer: {UnbarredBecause}",
    };

    private string AppealWords() => Appeal switch
    {
        null when AppealEndsAt > CureEndsAt => $" It may be appealed until {Date(AppealEndsAt)}.",
        { DecidedBy: null } => " An appeal is pending: nothing is taken before it is decided.",
        { DecidedBy: not null } => $" The appeal was turned down: {Appeal.DecisionReason}",
        _ => string.Empty,
    };

    internal static string Percent(BasisPoints share) =>
        string.Create(CultureInfo.InvariantCulture, $"{share.Value / 100}.{share.Value % 100:00} %");

    private static string Date(long seconds) =>
        DateTimeOffset.FromUnixTimeSeconds(seconds).ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);

    private static string Decimal(UInt256 amount, int decimals)
    {
        var whole = BigInteger.DivRem(amount.ToBigInteger(), BigInteger.Pow(10, decimals), out var rest);
        var fraction = rest.ToString(CultureInfo.InvariantCulture).PadLeft(decimals, '0').TrimEnd('0');
        return fraction.Length == 0 ? $"{whole}" : $"{whole}.{fraction}";
    }
}

/// <summary>What a rule's ladder threatens and does, in sentences.</summary>
internal static class BreachWords
{
    private const string Whole = "what has not been released may go back to the treasury";

    public static string Consequences(PolicyRule? rule)
    {
        if (rule is null)
            return $"Until then nothing more is released; after that, {Whole}.";
        var later = Later(rule);
        var gate = rule.Rung(SanctionKind.Gate) is null ? null : "Until then nothing more is released";
        return (gate, later) switch
        {
            (null, "") => "It is a warning: nothing follows from it.",
            (null, _) => $"After that, {later}.",
            (_, "") => $"{gate}.",
            _ => $"{gate}; after that, {later}.",
        };
    }

    public static string Confirmed(PolicyRule? rule) => rule is null
        ? $"Nothing more is released, and {Whole}."
        : $"Nothing more is released, and {Later(rule)}.";

    private static string Later(PolicyRule rule) => string.Join(", and ", rule.Ladder.Select(Of).OfType<string>());

    private static string? Of(PolicySanction rung) => rung.Kind switch
    {
        SanctionKind.Pause => "vesting stands still until it is cured",
        SanctionKind.ClawBackUnreleased when rung.Share.Value == BasisPoints.Whole => Whole + SignedBy(rung),
        SanctionKind.ClawBackUnreleased => $"{Breach.Percent(rung.Share)} of {Whole}{SignedBy(rung)}",
        SanctionKind.Blacklist => "the wallets are barred from awards of "
            + (rung.Programs.Count == 0 ? "all programs" : string.Join(", ", rung.Programs)) + SignedBy(rung),
        _ => null,
    };

    private static string SignedBy(PolicySanction rung) =>
        rung.SignaturesRequired == 0 ? string.Empty : $" once {rung.SignaturesRequired} of {rung.Signers.Count} signers have signed for it";
}
