using System.Collections.Immutable;
using Grants.Domain;
using Grants.Domain.Reinvestment;
using Grants.Domain.Reinvestment.Judging;
using Grants.Domain.Reinvestment.Watching;
using Grants.Primitives;

namespace Grants.Service.Reinvestment;

/// <summary>A breach as it opened, and what has become of it.</summary>
/// <param name="Breach">As it is now.</param>
/// <param name="Rule">The rule of the award's policy that it is of.</param>
/// <param name="Evidence">The flows that it rested on when it opened.</param>
public sealed record BreachView(
    BreachOpened Opened,
    Breach Breach,
    PolicyRule? Rule,
    IReadOnlyList<SanctionApplied> Sanctions,
    IReadOnlyList<SanctionQuestioned> Questions,
    IReadOnlyList<FlowClassified> Evidence)
{
    /// <summary>The breaches of one award, oldest first.</summary>
    public static IReadOnlyList<BreachView> Fold(IEnumerable<object> events) =>
        events.Aggregate(BreachViews.None, (views, data) => views.With(data)).Breaches;

    /// <summary>The award of a breach, with which its id begins; null for what is no such id.</summary>
    public static Hash32? AwardOf(string breachId) => Hash32.TryParse(breachId.Split('/')[0], out var awardId) ? awardId : null;

    internal BreachView With(object data) => this with
    {
        Breach = Breach.Evolve(data),
        Sanctions = data is SanctionApplied applied && applied.BreachId == Breach.BreachId ? [.. Sanctions, applied] : Sanctions,
        Questions = data is SanctionQuestioned asked && asked.BreachId == Breach.BreachId ? [.. Questions, asked] : Questions,
    };
}

/// <summary>The breaches of one award behind some of its events, with what the next ones rest on.</summary>
public sealed record BreachViews(
    ImmutableList<BreachView> Breaches, ImmutableDictionary<string, FlowClassified> Flows, ReinvestmentPolicy? Policy)
{
    public static BreachViews None { get; } = new([], ImmutableDictionary<string, FlowClassified>.Empty, null);

    public BreachViews With(object data)
    {
        var views = Breaches.IsEmpty ? this : this with { Breaches = [.. Breaches.Select(breach => breach.With(data))] };
        return data switch
        {
            MonitoringStarted started => views with { Policy = started.Policy },
            FlowClassified classified => views with { Flows = Flows.SetItem(classified.Flow.Id, classified) },
            FlowReclassified { After: { } after } changed => views with
            {
                Flows = Flows.SetItem(after.Id, changed.Told(after)),
            },
            BreachOpened opened => views with { Breaches = views.Breaches.Add(Of(opened)) },
            _ => views,
        };
    }

    private BreachView Of(BreachOpened opened) => new(
        opened,
        opened.Breach,
        Policy?.RuleOf(opened.Breach.BrokenRuleId),
        [],
        [],
        [.. opened.Breach.EvidenceIds.Select(id => Flows.GetValueOrDefault(id)).OfType<FlowClassified>()]);
}
