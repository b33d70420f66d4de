using Grants.Domain.Awards;
using Grants.Domain.Tests.Programs;
using Grants.Primitives;
using Xunit;
using static Grants.Domain.Tests.Awards.AnAward;

namespace Grants.Domain.Tests.Awards;

/// <summary>Two milestones: 401 base units due after 100 seconds, 602 after 200. Each vests when it is due.</summary>
public sealed class MilestoneSpecs
{
    private static readonly ValueList<Milestone> Promised =
    [
        new("A prototype", "It runs.", new BasisPoints(4_000), 100),
        new("A product", "It is used.", new BasisPoints(6_000), 200),
    ];

    private static readonly AwardGranted InMilestones = Granted with
    {
        Terms = Terms with { Vesting = AProgram.Vesting.CurveOf(1_003, Start, Promised), Milestones = Promised },
    };

    private static readonly MilestoneSubmitted Submitted = new(
        AnAward.Id, 1, Keccak256.Hash("evidence"), "https://example.org/evidence", AProgram.Ada, At(90));

    private static readonly MilestoneReviewed Accepted = Reviewed(MilestoneVerdict.Accept, 401);

    // --- Submit ---

    [Fact]
    public void evidence_is_taken_until_the_milestone_is_due()
    {
        Given(InMilestones).When(Submitting(90)).Then(Submitted);
        Given(InMilestones).When(Submitting(100)).Then(Submitted with { At = At(100) });
        Given(InMilestones).When(Submitting(101)).ThenRejected("MILESTONE_OVERDUE");
    }

    [Fact]
    public void other_evidence_replaces_what_was_submitted()
    {
        Given(InMilestones, Submitted).When(Submitting(95)).ThenNothing();
        Given(InMilestones, Submitted).When(Submitting(95, "better")).Then(
            Submitted with { EvidenceHash = Keccak256.Hash("better"), At = At(95) });
    }

    [Fact]
    public void evidence_needs_a_hash_a_link_and_a_milestone()
    {
        var submit = new SubmitMilestone(AnAward.Id, 1, Keccak256.Hash("x"), "https://example.org", AProgram.Ada, At(1));
        foreach (var bad in new[]
        {
            submit with { EvidenceHash = Hash32.Zero }, submit with { EvidenceLink = "javascript:alert(1)" },
            submit with { EvidenceLink = "http://example.org" }, submit with { EvidenceLink = "" },
        })
        {
            Given(InMilestones).When(state => Award.Decide(bad, state)).ThenRejected("INVALID_VALUE");
        }

        Given(InMilestones).When(state => Award.Decide(submit with { Milestone = 3 }, state)).ThenRejected("NOT_FOUND");
        Given().When(state => Award.Decide(submit, state)).ThenRejected("NOT_FOUND");
    }

    // --- Review ---

    [Fact]
    public void an_accepted_milestone_is_paid_when_it_has_vested()
    {
        Given(InMilestones, Reserved).When(Releasing(1, 150)).ThenRejected("MILESTONES_PENDING");
        var award = Given(InMilestones, Reserved, Submitted).When(Reviewing(MilestoneVerdict.Accept)).Then(Accepted)!;
        Assert.Equal((1, Start + 100), (award.NextTranche, award.NextDueAt));
        Given(InMilestones, Reserved, Submitted, Accepted).When(Releasing(1, 100)).Then(Payment(401, 100));
    }

    [Fact]
    public void a_milestone_accepted_in_part_is_paid_in_part_and_the_rest_goes_back()
    {
        var part = Reviewed(MilestoneVerdict.AcceptPart, 300);
        Given(InMilestones, Reserved, Submitted).When(Reviewing(MilestoneVerdict.AcceptPart, 300)).Then(part, Back(101));
        Given(InMilestones, Reserved, Submitted, part, Back(101)).When(Releasing(1, 100)).Then(Payment(300, 100));
        Given(InMilestones, Reserved, Submitted).When(Reviewing(MilestoneVerdict.AcceptPart, 401)).ThenRejected("INVALID_VALUE");
        Given(InMilestones, Reserved, Submitted).When(Reviewing(MilestoneVerdict.AcceptPart, 0)).ThenRejected("INVALID_VALUE");
    }

    [Fact]
    public void a_returned_milestone_is_submitted_again()
    {
        var returned = Reviewed(MilestoneVerdict.Return, 0);
        Given(InMilestones, Reserved, Submitted).When(Reviewing(MilestoneVerdict.Return)).Then(returned);
        Given(InMilestones, Reserved, Submitted, returned).When(Reviewing(MilestoneVerdict.Accept)).ThenRejected("MILESTONE_NOT_SUBMITTED");
        Given(InMilestones, Reserved, Submitted, returned).When(Submitting(95)).Then(Submitted with { At = At(95) });
    }

    [Fact]
    public void a_rejected_milestone_can_never_be_paid()
    {
        var rejected = Reviewed(MilestoneVerdict.Reject, 0);
        Given(InMilestones, Reserved, Submitted).When(Reviewing(MilestoneVerdict.Reject)).Then(rejected, Back(401));
        object[] past = [InMilestones, Reserved, Submitted, rejected, Back(401)];
        Given(past).When(Reviewing(MilestoneVerdict.Accept)).ThenRejected("MILESTONE_CLOSED");
        Given(past).When(Submitting(95, "better")).ThenRejected("MILESTONE_CLOSED");
        Given(past).When(Releasing(1, 9_999)).ThenRejected("MILESTONES_PENDING");
    }

    [Fact]
    public void what_was_missed_can_be_rejected_and_what_is_not_due_can_not()
    {
        var late = new ReviewMilestone(
            AnAward.Id, 1, Hash32.Zero, MilestoneVerdict.Reject, 0, "why", AProgram.Manager, Block(101), At(101));
        Given(InMilestones, Reserved).When(state => Award.Decide(late, state)).Then(
            Reviewed(MilestoneVerdict.Reject, 0) with { EvidenceHash = Hash32.Zero, At = At(101) },
            Back(401) with { FinalizedBlock = Block(101) });
        Given(InMilestones, Reserved).When(state => Award.Decide(late with { At = At(100) }, state))
            .ThenRejected("MILESTONE_NOT_SUBMITTED");
    }

    [Fact]
    public void a_verdict_is_on_the_evidence_that_the_reviewer_saw() => Given(
        InMilestones, Reserved, Submitted, Submitted with { EvidenceHash = Keccak256.Hash("other") })
        .When(Reviewing(MilestoneVerdict.Accept)).ThenRejected("EVIDENCE_CHANGED");

    // --- Amend ---

    [Fact]
    public void an_amendment_shows_both_sides_and_lets_late_evidence_in()
    {
        var (before, after) = (
            new MilestoneTerms("A prototype", "It runs.", Start + 100), new MilestoneTerms("A prototype", "It runs twice.", Start + 300));
        var amended = new MilestoneAmended(AnAward.Id, 1, before, after, "more time", AProgram.Manager, At(150));
        var amend = new AmendMilestone(AnAward.Id, 1, after, "more time", AProgram.Manager, At(150));
        Given(InMilestones).When(state => Award.Decide(amend, state)).Then(amended);
        Given(InMilestones, amended).When(Submitting(200)).Then(Submitted with { At = At(200) });
        Given(InMilestones, Reserved, Submitted, Accepted).When(state => Award.Decide(amend, state)).ThenRejected("MILESTONE_CLOSED");
        Given(InMilestones).When(state => Award.Decide(amend with { Reason = "" }, state)).ThenRejected("INVALID_VALUE");
    }

    private static DateTimeOffset At(long after) => DateTimeOffset.FromUnixTimeSeconds(Start + after);

    private static MilestoneReviewed Reviewed(MilestoneVerdict verdict, UInt256 accepted) =>
        new(AnAward.Id, 1, Submitted.EvidenceHash, verdict, accepted, "why", AProgram.Manager, At(95));

    private static ClawbackOrdered Back(UInt256 amount) =>
        Clawback(amount) with { BreachId = "", Reason = "why", FinalizedBlock = Block(95) };

    private static ReleaseOrdered Payment(UInt256 amount, long after) => new(
        AnAward.Id, 1, amount, VaultOrderId.Release(Terms, 1, amount), 401, Block(after), Terms.Recipient);

    private static Func<Award?, Decision> Submitting(long after, string evidence = "evidence") => state => Award.Decide(
        new SubmitMilestone(AnAward.Id, 1, Keccak256.Hash(evidence), "https://example.org/evidence", AProgram.Ada, At(after)), state);

    private static Func<Award?, Decision> Reviewing(MilestoneVerdict verdict, ulong amount = 0) => state => Award.Decide(
        new ReviewMilestone(
            AnAward.Id, 1, Submitted.EvidenceHash, verdict, amount, "why", AProgram.Manager, Block(95), At(95)), state);

    private static Func<Award?, Decision> Releasing(int number, long after) =>
        state => Award.Decide(new OrderRelease(AnAward.Id, number, 1_003, Block(after)), state);
}
