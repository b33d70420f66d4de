using System.ComponentModel;
using Grants.Domain;
using Grants.Primitives;

namespace Grants.Service.Programs;

public sealed record VenueInput(
    [property: Description("The contract in which tokens count as put to work.")] Address Address,
    VenueKind Kind,
    [property: Description("How much of a position counts.")] BasisPoints Weight,
    [property: Description("The most that counts here, as a share of what was released.")] BasisPoints Cap,
    [property: Description("How long tokens must have been here to count, seconds.")] long MinHoldSeconds);

public sealed record LabelInput(Address Address, AddressKind Kind);

/// <summary>A policy of the first form. One with rules of its own is adopted as a text, by <c>adoptPolicy</c>.</summary>
public sealed record ReinvestmentPolicyInput(
    string PolicyId,
    int Version,
    [property: Description("The most that may be sold, bridged out or sent to unknown places, as a share of what was released.")]
    BasisPoints MaxDisposal,
    [property: Description("The least time-weighted share of what was released that must be at work after the grace period.")]
    BasisPoints MinTimeWeightedReinvestment,
    [property: Description("From the first release; seconds.")] long GraceSeconds,
    [property: Description("From the opening of a breach until it is confirmed; seconds.")] long CurePeriodSeconds,
    IReadOnlyList<VenueInput> Venues,
    IReadOnlyList<LabelInput> Labels)
{
    public ReinvestmentPolicy ToPolicy() => ReinvestmentPolicy.OfTwoRules(
        PolicyId,
        Version,
        MaxDisposal,
        MinTimeWeightedReinvestment,
        GraceSeconds,
        CurePeriodSeconds,
        [.. Venues.Select(venue => new PolicyVenue(venue.Address, venue.Kind, venue.Weight, venue.Cap, venue.MinHoldSeconds))],
        [.. Labels.Select(label => new LabelledAddress(label.Address, label.Kind))]);
}
