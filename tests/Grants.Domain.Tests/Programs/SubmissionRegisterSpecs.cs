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

    private static readonly EarlierSubmissionsCounted Counted = new(Id, At);

    private static readonly SubmissionReleased Released = new(Id, First, At.AddDays(1));

    [Fact]
    public void a_proposal_is_taken() => Given().When(Admitting(First, Ada)).Then(Counted, Admitted);

    [Fact]
    public void an_applicant_has_one_open_proposal() =>
        Given(Counted, Admitted).When(Admitting(Second, Ada)).ThenRejected("OPEN_PROPOSAL_EXISTS");

    [Fact]
    public void the_same_proposal_is_taken_once() => Given(Counted, Admitted).When(Admitting(First, Ada)).ThenNothing();

    [Fact]
    public void others_are_taken_besides() =>
        Given(Counted, Admitted).When(Admitting(Second, Bo)).Then(new SubmissionAdmitted(Id, Second, Bo, At));

    [Fact]
    public void a_program_takes_as_many_as_it_says()
    {
        Given(Counted, Admitted).When(Admitting(Second, Bo, 2)).Then(new SubmissionAdmitted(Id, Second, Bo, At));
        Given(Counted, Admitted).When(Admitting(Second, Bo, 1)).ThenRejected("TOO_MANY_OPEN_PROPOSALS");
    }

    [Fact]
    public void the_end_of_a_proposal_makes_room_for_another()
    {
        Given(Admitted).When(Releasing(First)).Then(Released);
        Given(Counted, Admitted, Released).When(Admitting(Second, Ada, 1)).Then(new SubmissionAdmitted(Id, Second, Ada, At));
    }

    [Fact]
    public void what_is_not_open_is_not_released()
    {
        Given().When(Releasing(First)).ThenNothing();
        Given(Admitted).When(Releasing(Second)).ThenNothing();
        Given(Admitted, Released).When(Releasing(First)).ThenNothing();
    }

    // --- Proposals that are older than the register ---

    [Fact]
    public void what_was_open_before_is_counted_first()
    {
        var older = new OpenSubmission(First, Ada);
        Given().When(Admitting(Second, Bo, earlier: older)).Then(Admitted, Counted, new SubmissionAdmitted(Id, Second, Bo, At));
        Given().When(Admitting(Second, Ada, earlier: older)).ThenRejected("OPEN_PROPOSAL_EXISTS");
        Given().When(Admitting(Second, Bo, 1, older)).ThenRejected("TOO_MANY_OPEN_PROPOSALS");
    }

    [Fact]
    public void what_is_in_already_is_not_counted_twice() =>
        Given(Admitted).When(Admitting(Second, Bo, earlier: new OpenSubmission(First, Ada))).Then(
            Counted, new SubmissionAdmitted(Id, Second, Bo, At));

    [Fact]
    public void two_older_ones_of_one_applicant_both_stay()
    {
        var both = Given().When(state => SubmissionRegister.Decide(
            new AdmitSubmission(Id, First, Ada, 1, [new(First, Ada), new(Second, Ada)], At), state));
        Assert.Equal(2, both.Then(Admitted, new SubmissionAdmitted(Id, Second, Ada, At), Counted)!.Open.Count);
    }

    [Fact]
    public void it_is_counted_once() => Given(Counted)
        .When(Admitting(Second, Ada, earlier: new OpenSubmission(First, Ada)))
        .Then(new SubmissionAdmitted(Id, Second, Ada, At));

    private static Func<SubmissionRegister?, Decision> Admitting(
        Hash32 proposal, Address applicant, int? most = null, params OpenSubmission[] earlier) =>
        state => SubmissionRegister.Decide(new AdmitSubmission(Id, proposal, applicant, most, [.. earlier], At), state);

    private static Func<SubmissionRegister?, Decision> Releasing(Hash32 proposal) =>
        state => SubmissionRegister.Decide(new ReleaseSubmission(Id, proposal, Released.At), state);

    private static Spec<SubmissionRegister> Given(params object[] events) =>
        new Spec<SubmissionRegister>(SubmissionRegister.Evolve).Given(events);
}
