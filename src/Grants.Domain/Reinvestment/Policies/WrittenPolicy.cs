using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Grants.Primitives;

namespace Grants.Domain.Reinvestment.Policies;

/// <summary>A policy as a text that <see cref="PolicyText"/> reads as the very same: what is usual is left out.</summary>
public static class WrittenPolicy
{
    private static readonly JsonSerializerOptions Readable = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, // people read it, in any script; it is embedded in nothing
    };

    /// <summary>
    /// The JSON of <c>schema/policies/policy.schema.json</c>. Null where no text says it: policies of before unknowns were followed
    /// count them at once, and a text follows them.
    /// </summary>
    public static string? Of(ReinvestmentPolicy policy)
    {
        if (policy.Unknowns is not { } unknowns)
            return null;
        var text = new JsonObject
        {
            ["policyId"] = policy.PolicyId,
            ["version"] = policy.Version,
            ["rules"] = ListOf(policy.Rules, Rule),
        };
        if (policy.Checkpoints != new PolicyCheckpoints(0, 0))
        {
            text["checkpoints"] = new JsonObject
            {
                ["extraPerDay"] = policy.Checkpoints.ExtraPerDay,
                ["haltAfterSeconds"] = policy.Checkpoints.HaltAfterSeconds,
            };
        }

        if (policy.Venues.Count > 0)
            text["venues"] = ListOf(policy.Venues, Venue);
        if (policy.Pools is { } pools)
            text["pools"] = Pools(pools);
        text["unknowns"] = new JsonObject { ["hops"] = unknowns.Hops, ["afterSeconds"] = unknowns.Seconds };
        if (policy.Labels.Count > 0)
            text["labels"] = ListOf(policy.Labels, Label);
        if (policy.OtherChain is { } other)
        {
            text["otherChain"] = new JsonObject
            {
                ["chainId"] = other.ChainId,
                ["token"] = other.Token.ToString(),
                ["landsWithinSeconds"] = other.LandsWithinSeconds,
                ["venues"] = ListOf(other.Venues, Venue),
                ["labels"] = ListOf(other.Labels, Label),
            };
        }

        return text.ToJsonString(Readable);
    }

    private static JsonObject Rule(PolicyRule rule)
    {
        var text = new JsonObject
        {
            ["id"] = rule.RuleId,
            ["measure"] = PolicyText.Measures.Single(measure => measure.Value == rule.Kind).Key,
            [rule.IsMost ? "atMost" : "atLeast"] = rule.Limit.Value,
        };
        if (rule.VenueKind is { } venueKind)
            text["venueKind"] = PolicyText.NameOf(venueKind);
        if (rule.Window != RuleWindow.SinceRelease)
            text["window"] = new JsonObject { ["kind"] = PolicyText.NameOf(rule.Window), ["seconds"] = rule.WindowSeconds };
        text["graceSeconds"] = rule.GraceSeconds;
        text["curePeriodSeconds"] = rule.CurePeriodSeconds;
        text["appealSeconds"] = rule.AppealSeconds;
        if (rule.LastsSeconds > 0)
            text["lastsSeconds"] = rule.LastsSeconds;
        if (rule.PledgingCounts)
            text["pledgingCounts"] = true;
        if (rule.DriftCounts)
            text["driftCounts"] = true;
        text["ladder"] = ListOf(rule.Ladder, Rung);
        return text;
    }

    private static JsonObject Rung(PolicySanction rung)
    {
        var text = new JsonObject { ["action"] = PolicyText.NameOf(rung.Kind) };
        if (rung.Share.Value != BasisPoints.Whole)
            text["shareBps"] = rung.Share.Value;
        if (rung.SignaturesRequired > 0)
            text["signaturesRequired"] = rung.SignaturesRequired;
        if (rung.Signers.Count > 0)
            text["signers"] = ListOf(rung.Signers, signer => JsonValue.Create(signer.ToString()));
        if (rung.Programs.Count > 0)
            text["programs"] = ListOf(rung.Programs, program => JsonValue.Create(program));
        return text;
    }

    private static JsonObject Venue(PolicyVenue venue)
    {
        var text = new JsonObject { ["address"] = venue.Address.ToString(), ["kind"] = PolicyText.NameOf(venue.Kind) };
        if (venue.Weight.Value != BasisPoints.Whole)
            text["weightBps"] = venue.Weight.Value;
        if (venue.Cap.Value != BasisPoints.Whole)
            text["capBps"] = venue.Cap.Value;
        if (venue.MinHoldSeconds > 0)
            text["minHoldSeconds"] = venue.MinHoldSeconds;
        return text;
    }

    private static JsonObject Pools(PolicyPools pools)
    {
        var text = new JsonObject();
        if (pools.OwnShare.Value != BasisPoints.Whole)
            text["ownShareBps"] = pools.OwnShare.Value;
        if (pools.PairTokens.Count > 0)
            text["pairTokens"] = ListOf(pools.PairTokens, token => JsonValue.Create(token.ToString()));
        return text;
    }

    private static JsonObject Label(LabelledAddress label) =>
        new() { ["address"] = label.Address.ToString(), ["kind"] = PolicyText.NameOf(label.Kind) };

    private static JsonArray ListOf<T>(IEnumerable<T> items, Func<T, JsonNode> write) => [.. items.Select(write)];
}
