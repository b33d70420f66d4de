using Grants.Domain;
using Grants.Domain.Reinvestment;
using Grants.Domain.Reinvestment.Watching;

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
    IReadOnlyList<FlowClassified> Evidence)
{
    /// <summary>The breaches of one award, oldest first.</summary>
    public static IReadOnlyList<BreachView> Fold(IEnumerable<object> events)
    {
        var breaches = new List<BreachView>();
        var flows = new Dictionary<string, FlowClassified>();
        ReinvestmentPolicy? policy = null;
        foreach (var data in events)
        {
            for (var i = 0; i < breaches.Count; i++)
                breaches[i] = breaches[i].With(data);
            switch (data)
            {
                case MonitoringStarted started:
                    policy = started.Policy;
                    break;
                case FlowClassified classified:
                    flows[classified.Flow.Id] = classified;
                    break;
                case FlowReclassified { After: { } after } changed:
                    flows[after.Id] = new FlowClassified(changed.AwardId, after, changed.Granted!, changed.FlowBlock);
                    break;
                case BreachOpened { Breach: var breach } opened:
                    var rule = policy?.RuleOf(breach.BrokenRuleId);
                    var evidence = breach.EvidenceIds.Select(flows.GetValueOrDefault).OfType<FlowClassified>();
                    breaches.Add(new BreachView(opened, breach, rule, [], [.. evidence]));
                    break;
            }
        }

        return breaches;
    }

    private BreachView With(object data) => this with
    {
        Breach = Breach.Evolve(data),
        Sanctions = data is SanctionApplied applied && applied.BreachId == Breach.BreachId ? [.. Sanctions, applied] : Sanctions,
    };
}
