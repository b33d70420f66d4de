using System.Globalization;
using System.Numerics;
using System.Text.Json.Serialization;
using Grants.Primitives;

namespace Grants.Domain.Reinvestment;

/// <summary>Which rule of the policy.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<BreachRule>))]
public enum BreachRule
{
    MaxDisposal = 0,
    MinTimeWeightedReinvestment = 1,
}

/// <summary>How far a breach has come.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<BreachStatus>))]
public enum BreachStatus
{
    /// <summary>The cure period runs, and nothing more is released.</summary>
    Open = 0,

    /// <summary>The shortfall is made good, but the rule is still broken: what made it good must stay.</summary>
    Cured = 1,

    /// <summary>The cure period is over. For good.</summary>
    Confirmed = 2,
}

/// <summary>The ledger under <see cref="Convention.Floor"/> when the rule was first found broken; later changes count from here.</summary>
/// <param name="Reading">The numbers of that time.</param>
/// <param name="ReleasedSeconds">Token-seconds.</param>
/// <param name="EligibleSeconds">Token-seconds.</param>
/// <param name="Shortfall">Base units that were missing.</param>
public sealed record BreachBaseline(LedgerReading Reading, UInt256 ReleasedSeconds, UInt256 EligibleSeconds, UInt256 Shortfall);

/// <summary>A rule that finalized evidence shows to be broken.</summary>
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
public sealed record Breach(
    string BreachId,
    BreachRule Rule,
    BreachStatus Status,
    BasisPoints Required,
    BasisPoints Actual,
    UInt256 Shortfall,
    LedgerReading Reading,
    long OpenedAt,
    long CureEndsAt,
    BreachBaseline Baseline,
    IReadOnlyList<string> EvidenceIds)
{
    /// <summary>Says in sentences what is wrong and what would cure it, with amounts in whole tokens.</summary>
    /// <param name="decimals">Of the token.</param>
    public string Explain(int decimals = 18)
    {
        string Tokens(UInt256 amount) => Decimal(amount, decimals);
        var wrong = Rule == BreachRule.MaxDisposal
            ? $"Of {Tokens(Reading.Released)} tokens released, {Tokens(Reading.Disposed)} were sold, bridged out or sent away: "
                + $"{Percent(Actual)}, where at most {Percent(Required)} are allowed."
            : $"Of {Tokens(Reading.Released)} tokens released, {Percent(Actual)} were put to work on average over time, "
                + $"where at least {Percent(Required)} are asked for.";
        return Status switch
        {
            BreachStatus.Open => $"{wrong} Returning {Tokens(Shortfall)} tokens to the treasury, or putting that much more to work in a "
                + $"listed venue, by {Date(CureEndsAt)} cures it. Until then nothing more is released; after that, what has not "
                + "been released may go back to the treasury.",
            BreachStatus.Cured => $"{wrong} It was cured. What cured it must stay where it is until the rule is kept again.",
            _ => $"{wrong} It was not cured by {Date(CureEndsAt)}. Nothing more is released, and what has not been released may go "
                + "back to the treasury.",
        };
    }

    /// <summary>
    /// What has been made good since the opening, base units: what more is at work, and what was returned, tokens bought
    /// back included. What was sold stays sold.
    /// </summary>
    internal UInt256 CreditAt(LedgerReading now) =>
        UInt256.SubtractToZero(now.AtWork, Baseline.Reading.AtWork)
        + (now.Returned + now.ReturnedOwn - Baseline.Reading.Returned - Baseline.Reading.ReturnedOwn);

    private static string Percent(BasisPoints share) =>
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
