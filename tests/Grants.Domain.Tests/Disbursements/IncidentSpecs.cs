using Grants.Domain.Disbursements;
using Grants.Domain.Tests.Programs;
using Xunit;

namespace Grants.Domain.Tests.Disbursements;

public sealed class IncidentSpecs
{
    private static readonly OpenIncident Open = new(AProgram.ChainId, IncidentKind.Reverts, "treasury", "4 reverted.", AProgram.At);

    private static readonly IncidentOpened Opened = new(AProgram.ChainId, IncidentKind.Reverts, "treasury", "4 reverted.", AProgram.At);

    private static readonly ResolveIncident Resolve = new(
        Incident.StreamId(AProgram.ChainId, IncidentKind.Reverts, "treasury"), AProgram.Ada, "The limit was too low.", AProgram.At);

    private static readonly IncidentResolved Resolved = new(AProgram.Ada, "The limit was too low.", AProgram.At);

    [Fact]
    public void an_incident_is_opened_once_while_nobody_has_resolved_it()
    {
        Given().When(Opening(Open)).Then(Opened);
        Given(Opened).When(Opening(Open with { What = "5 reverted." })).ThenNothing();
        Given(Opened, Resolved).When(Opening(Open)).Then(Opened);
    }

    [Fact]
    public void a_person_resolves_it_once_and_says_what_was_done()
    {
        Given(Opened).When(Resolving(Resolve)).Then(Resolved);
        Given(Opened, Resolved).When(Resolving(Resolve)).ThenNothing();
        Given(Opened).When(Resolving(Resolve with { Note = "" })).ThenRejected("INVALID_VALUE");
        Given().When(Resolving(Resolve)).ThenRejected("NOT_FOUND");
    }

    [Fact]
    public void every_kind_has_a_next_step() =>
        Assert.All(Enum.GetValues<IncidentKind>(), kind => Assert.NotEmpty(Incident.NextStep(kind)));

    private static Func<Incident?, Decision> Opening(OpenIncident command) => state => Incident.Decide(command, state);

    private static Func<Incident?, Decision> Resolving(ResolveIncident command) => state => Incident.Decide(command, state);

    private static Spec<Incident> Given(params object[] events) => new Spec<Incident>(Incident.Evolve).Given(events);
}
