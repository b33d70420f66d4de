using Grants.Domain.Programs;
using Grants.Primitives;
using Xunit;
using static Grants.Domain.Tests.Programs.AProgram;

namespace Grants.Domain.Tests.Programs;

public sealed class SubmissionRegisterSpecs
{
    private static readonly Hash32 First = Keccak256.Hash("first");

    private static readonly Hash32 Second = Keccak256.Hash("second");

    private static readonly SubmissionAdmitted Admitted = new(Id, First, Ada, At);

    private static readonly SubmissionReleased Released = new(Id, First, At.AddDays(1));

    [Fact]
    public void a_proposal_is_taken() => Given().When(Admitting(First, Ada)).Then(Admitted);

    [Fact]
    public void an_applicant_has_one_open_proposal() => Given(Admitted).When(Admitting(Second, Ada)).ThenRejected("OPEN_PROPOSAL_EXISTS");

    [Fact]
    public void the_same_proposal_is_taken_once() => Given(Admitted).When(Admitting(First, Ada)).ThenNothing();

    [Fact]
    public void others_are_taken_besides() => Given(Admitted).When(Admitting(Second, Bo)).Then(new SubmissionAdmitted(Id, Second, Bo, At));

    [Fact]
    public void a_program_takes_as_many_as_it_says()
    {
        Given(Admitted).When(Admitting(Second, Bo, 2)).Then(new SubmissionAdmitted(Id, Second, Bo, At));
        Given(Admitted).When(Admitting(Second, Bo, 1)).ThenRejected("TOO_MANY_OPEN_PROPOSALS");
    }

    [Fact]
    public void the_end_of_a_proposal_makes_room_for_another()
    {
        Given(Admitted).When(Releasing(First)).Then(Released);
        Given(Admitted, Released).When(Admitting(Second, Ada, 1)).Then(new SubmissionAdmitted(Id, Second, Ada, At));
    }

    [Fact]
    public void what_is_not_open_is_not_released()
    {
        Given().When(Releasing(First)).ThenNothing();
        Given(Admitted).When(Releasing(Second)).ThenNothing();
        Given(Admitted, Released).When(Releasing(First)).ThenNothing();
    }

    private static Func<SubmissionRegister?, Decision> Admitting(Hash32 proposal, Address applicant, int? most = null) =>
        state => SubmissionRegister.Decide(new AdmitSubmission(Id, proposal, applicant, most, At), state);

    private static Func<SubmissionRegister?, Decision> Releasing(Hash32 proposal) =>
        state => SubmissionRegister.Decide(new ReleaseSubmission(Id, proposal, Released.At), state);

    private static Spec<SubmissionRegister> Given(params object[] events) =>
        new Spec<SubmissionRegister>(SubmissionRegister.Evolve).Given(events);
}
