using System.ComponentModel;
using Grants.Domain;
using Grants.Domain.Proposals;
using Grants.Primitives;
using Grants.Service.Access;
using Grants.Service.Api;
using Grants.Service.Hosting;
using GraphQL.Types;
using Marten;
using Wolverine;

namespace Grants.Service.Proposals;

/// <summary>What the input of every act of moderation carries.</summary>
public interface IModerationInput : IMutationInput
{
    Hash32 ProposalId { get; }

    string Reason { get; }
}

public sealed record FlagProposalInput(
    [property: Description("Idempotency key, chosen by the client.")] string ClientMutationId,
    Hash32 ProposalId,
    [property: Description("Public; 1 to 2,000 characters.")] string Reason) : IModerationInput;

public sealed record HideProposalInput(
    [property: Description("Idempotency key, chosen by the client.")] string ClientMutationId,
    Hash32 ProposalId,
    [property: Description("Public; 1 to 2,000 characters.")] string Reason) : IModerationInput;

public sealed record ShowProposalInput(
    [property: Description("Idempotency key, chosen by the client.")] string ClientMutationId,
    Hash32 ProposalId,
    [property: Description("Public; 1 to 2,000 characters.")] string Reason) : IModerationInput;

public sealed record CancelProposalInput(
    [property: Description("Idempotency key, chosen by the client.")] string ClientMutationId,
    Hash32 ProposalId,
    [property: Description("Public; 1 to 2,000 characters.")] string Reason,
    [property: Description("It was spam: its deposit is forfeited, where the program says so.")] bool? IsSpam) : IModerationInput;

/// <summary>What guardians do: flag, hide, show again, cancel. Always with a reason, and nothing is ever deleted.</summary>
public static class ModerationGraphQL
{
    public static void Extend(ObjectGraphType mutation)
    {
        Add<FlagProposalInput>(
            mutation,
            "flagProposal",
            "Tells everybody that something may be wrong with a proposal. For guardians.",
            (input, actor, at) => new FlagProposal(input.ProposalId, actor, input.Reason, at));
        Add<HideProposalInput>(
            mutation,
            "hideProposal",
            "Takes a proposal's text out of sight; its vote goes on. For guardians.",
            (input, actor, at) => new HideProposal(input.ProposalId, actor, input.Reason, at));
        Add<ShowProposalInput>(
            mutation,
            "showProposal",
            "Shows a hidden proposal again. For guardians.",
            (input, actor, at) => new ShowProposal(input.ProposalId, actor, input.Reason, at));
        Add<CancelProposalInput>(
            mutation,
            "cancelProposal",
            "Ends a proposal before its award, with its vote where one is open. For guardians.",
            (input, actor, at) => new CancelProposal(input.ProposalId, actor, input.Reason, at, input.IsSpam ?? false));
    }

    private static void Add<TInput>(
        ObjectGraphType mutation, string name, string description, Func<TInput, Address, DateTimeOffset, object> command)
        where TInput : class, IModerationInput =>
        mutation.AddCommand<TInput, ProposalGraphType>(
            name,
            "proposal",
            description,
            async (context, input, actor) => await context.IsGuardianAsync(actor)
                ? await context.Service<IMessageBus>().InvokeAsync<CommandResult>(
                    command(input, actor, context.Service<TimeProvider>().GetUtcNow()), context.CancellationToken)
                : new Forbidden("Only a guardian moderates proposals."),
            async (context, input, _) => await context.Service<IQuerySession>()
                .LoadAsync<Proposal>(Proposal.StreamId(input.ProposalId), context.CancellationToken));
}
