using System.ComponentModel;
using Grants.Domain;
using Grants.Domain.Proposals;
using Grants.Primitives;
using Grants.Service.Access;
using Grants.Service.Api;
using Grants.Service.Hosting;
using GraphQL;
using GraphQL.Types;

namespace Grants.Service.Proposals.Reviews;

/// <summary>What the input of every act of review carries.</summary>
public interface IReviewInput : IMutationInput
{
    Hash32 ProposalId { get; }
}

public sealed record RecordReviewInput(
    [property: Description("Idempotency key, chosen by the client.")] string ClientMutationId,
    Hash32 ProposalId,
    [property: Description("Of the content that was reviewed: a review of another is refused.")] Hash32 ContentHash,
    Verdict Verdict,
    [property: Description("By criterion of the rubric, each 0 to 10.")] IReadOnlyList<int> Scores,
    [property: Description("Markdown, public; 1 to 2,000 characters.")] string Comment) : IReviewInput;

public sealed record RequestChangesInput(
    [property: Description("Idempotency key, chosen by the client.")] string ClientMutationId,
    Hash32 ProposalId,
    [property: Description("Public; 1 to 2,000 characters.")] string Reason) : IReviewInput;

public sealed record DeclareConflictInput(
    [property: Description("Idempotency key, chosen by the client.")] string ClientMutationId,
    Hash32 ProposalId,
    [property: Description("What the interest is, one line; public.")] string Nature) : IReviewInput;

public sealed record AppealProposalInput(
    [property: Description("Idempotency key, chosen by the client.")] string ClientMutationId,
    Hash32 ProposalId,
    [property: Description("Public; 1 to 2,000 characters.")] string Reason) : IReviewInput;

public sealed record DecideProposalAppealInput(
    [property: Description("Idempotency key, chosen by the client.")] string ClientMutationId,
    Hash32 ProposalId,
    [property: Description("The rejection falls, and the proposal goes on as if the committee had approved it.")] bool IsUpheld,
    [property: Description("Public; 1 to 2,000 characters.")] string Reason) : IReviewInput;

/// <summary>
/// Review by the committee of a program's terms. Who is a reviewer is said there, not in the settings, and decided with the proposal.
/// </summary>
public static class ReviewGraphQL
{
    public static void Extend(ObjectGraphType mutation)
    {
        Add<RecordReviewInput>(
            mutation,
            "recordReview",
            "Scores, comment and vote of a reviewer; they replace the reviewer's last ones until the committee has decided.",
            (context, input, actor) => ProposalsGraphQL.SendAsync(context, new RecordReview(
                input.ProposalId,
                actor,
                input.ContentHash,
                input.Verdict,
                [.. input.Scores],
                input.Comment,
                ProposalsGraphQL.Now(context))));
        Add<RequestChangesInput>(
            mutation,
            "requestChanges",
            "Sends a proposal back to its applicant, who may revise it and submit it again. For reviewers.",
            (context, input, actor) => ProposalsGraphQL.SendAsync(
                context, new RequestChanges(input.ProposalId, actor, input.Reason, ProposalsGraphQL.Now(context))));
        Add<DeclareConflictInput>(
            mutation,
            "declareConflict",
            "A reviewer's interest in a proposal: from here on they review neither it nor its milestones, and what they said of it before "
                + "its decision no longer counts.",
            (context, input, actor) => ProposalsGraphQL.SendAsync(
                context, new DeclareConflict(input.ProposalId, actor, input.Nature, ProposalsGraphQL.Now(context))));
        Add<AppealProposalInput>(
            mutation,
            "appealProposal",
            "Asks for a second look at the committee's rejection: once, within the time that the rules give.",
            (context, input, actor) => ProposalsGraphQL.SendAsync(
                context, new AppealProposal(input.ProposalId, actor, input.Reason, ProposalsGraphQL.Now(context))));
        Add<DecideProposalAppealInput>(
            mutation,
            "decideProposalAppeal",
            "Decides an appeal that the committee has not decided by its reviews. For guardians.",
            async (context, input, actor) => await context.IsGuardianAsync(actor)
                ? await ProposalsGraphQL.SendAsync(context, new DecideAppealOfProposal(
                    input.ProposalId, actor, input.IsUpheld, input.Reason, ProposalsGraphQL.Now(context)))
                : new Forbidden("Only a guardian decides appeals alone."));
    }

    private static void Add<TInput>(
        ObjectGraphType mutation,
        string name,
        string description,
        Func<IResolveFieldContext, TInput, Address, Task<CommandResult>> run)
        where TInput : class, IReviewInput =>
        mutation.AddCommand<TInput, ProposalGraphType>(
            name, "proposal", description, run, async (context, input, _) => await ProposalsGraphQL.LoadAsync(context, input.ProposalId));
}
