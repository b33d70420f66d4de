using Grants.Domain;
using Grants.Domain.Awards;
using Grants.Domain.Proposals;
using Grants.Primitives;
using Grants.Service.Access;
using Grants.Service.Api;
using Grants.Service.Hosting;
using Grants.Service.Ingestion;
using GraphQL;
using GraphQL.Types;
using Marten;
using Wolverine;

namespace Grants.Service.Awards;

/// <summary>What people do with an award: evidence and its review, amendments, pauses, a cancellation.</summary>
public static class AwardActsGraphQL
{
    public static void Extend(ObjectGraphType mutation)
    {
        Add<SubmitMilestoneInput>(
            mutation,
            "submitMilestone",
            "Submits the evidence of a milestone, until it is due. For the recipient and the applicant.",
            (act, input) => act.IsGrantee
                ? new SubmitMilestone(input.AwardId, input.Milestone, input.EvidenceHash, input.EvidenceLink, act.Actor, act.At)
                : new Forbidden("Only the recipient and the applicant submit evidence."));
        Add<ReviewMilestoneInput>(
            mutation,
            "reviewMilestone",
            "Judges the evidence of a milestone. For the reviewers of the program's terms, and for program managers where these say so or "
                + "name no reviewers; for nobody with an interest in the proposal.",
            Review);
        Add<AmendMilestoneInput>(
            mutation,
            "amendMilestone",
            "Gives an open milestone another text or deadline; both sides stay on record. For program managers.",
            Amend);
        Add<CancelAwardInput>(
            mutation,
            "cancelAward",
            "Ends an award for good. For program managers.",
            (act, input) => act.IsManager
                ? new CancelAward(input.AwardId, input.Mode, input.Reason, act.Actor, act.Block)
                : new Forbidden("Only a program manager cancels awards."));
        Add<PauseVestingInput>(
            mutation,
            "pauseVesting",
            "Stops the clock of an award, as long as its pause budget lasts. For program managers.",
            (act, input) => act.IsManager
                ? new PauseVesting(input.AwardId, input.Reason, act.Block)
                : new Forbidden("Only a program manager pauses awards."));
        Add<ResumeVestingInput>(
            mutation,
            "resumeVesting",
            "Lets the clock of an award go on. For program managers.",
            (act, input) => act.IsManager
                ? new ResumeVesting(input.AwardId, input.Reason, act.Block)
                : new Forbidden("Only a program manager resumes awards."));
    }

    /// <param name="Proposal">From which the award came.</param>
    /// <param name="Block">The last finalized block.</param>
    private sealed record Act(Award Award, Proposal? Proposal, Address Actor, bool IsManager, BlockRef Block, DateTimeOffset At)
    {
        public bool IsGrantee => Actor == Award.AgreedRecipient || Actor == Award.Recipient || Actor == Proposal?.Applicant;

        /// <summary>The committee of the proposal's terms; where these have none, the managers are all there is.</summary>
        public bool MayJudge => Proposal?.Review is not { } rules
            ? IsManager
            : rules.Reviewers.Contains(Actor) || (IsManager && rules.ManagersJudgeMilestones);

        public string? Interest => Actor == Award.AgreedRecipient || Award.Recipients.Contains(Actor)
            ? "it is, or was, the recipient."
            : Proposal?.InterestOf(Actor);
    }

    private static object Review(Act act, ReviewMilestoneInput input) => act switch
    {
        { MayJudge: false } => new Forbidden("Only a reviewer of the program judges milestones."),
        { Interest: { } interest } => new ConflictOfInterest(act.Actor, interest),
        _ => new ReviewMilestone(
            input.AwardId,
            input.Milestone,
            input.EvidenceHash ?? Hash32.Zero,
            input.Verdict,
            input.Amount ?? UInt256.Zero,
            input.Reason,
            act.Actor,
            act.Block,
            act.At),
    };

    private static object Amend(Act act, AmendMilestoneInput input)
    {
        if (!act.IsManager)
            return new Forbidden("Only a program manager amends milestones.");
        if (act.Award.Milestones.Find(milestone => milestone.Number == input.Milestone)?.Terms is not { } before)
            return new NotFound("milestone");
        var after = new MilestoneTerms(
            input.Title ?? before.Title, input.Description ?? before.Description, input.DueAt ?? before.DueAt);
        return new AmendMilestone(input.AwardId, input.Milestone, after, input.Reason, act.Actor, act.At);
    }

    private static void Add<TInput>(ObjectGraphType mutation, string name, string description, Func<Act, TInput, object> commandOrRefusal)
        where TInput : class, IAwardInput =>
        mutation.AddCommand<TInput, AwardGraphType>(
            name,
            "award",
            description,
            async (context, input, actor) => await ActAsync(context, input.AwardId, actor) is not { } act
                ? new NotFound("award")
                : commandOrRefusal(act, input) switch
                {
                    Rejection refusal => refusal,
                    var command => await context.Service<IMessageBus>()
                        .InvokeAsync<CommandResult>(command, context.CancellationToken),
                },
            async (context, input, _) => await LoadAsync(context, input.AwardId));

    private static async Task<Act?> ActAsync(IResolveFieldContext context, Hash32 awardId, Address actor)
    {
        if (await LoadAsync(context, awardId) is not { } award
            || await context.Service<ChainView>().HeadsAsync(award.Terms.ChainId, context.CancellationToken) is not { } heads)
            return null;
        var proposal = await context.Service<IQuerySession>()
            .LoadAsync<Proposal>(Proposal.StreamId(award.Terms.ProposalId), context.CancellationToken);
        return new Act(
            award,
            proposal,
            actor,
            await context.IsManagerAsync(actor, award.Terms.ProgramId),
            heads.Promoted,
            context.Service<TimeProvider>().GetUtcNow());
    }

    private static Task<Award?> LoadAsync(IResolveFieldContext context, Hash32 awardId) =>
        context.Service<IQuerySession>().LoadAsync<Award>(Award.StreamId(awardId), context.CancellationToken);
}
