using System.ComponentModel;
using Grants.Domain;
using Grants.Domain.Proposals;
using Grants.Primitives;
using Grants.Service.Access;
using Grants.Service.Api;
using Grants.Service.Api.Limits;
using Grants.Service.Ballots.Casting;
using Grants.Service.Hosting;
using Grants.Service.Proposals;
using GraphQL;
using GraphQL.Types;
using Marten;
using Wolverine;

namespace Grants.Service.Ballots;

public sealed record OpenVotingInput(
    [property: Description("Idempotency key, chosen by the client.")] string ClientMutationId, Hash32 ProposalId) : IMutationInput;

public sealed record CastBallotInput(
    [property: Description("Chosen by the client; returned as given. The same signed ballot is the same act, whatever the key.")]
    string ClientMutationId,
    BallotInput Ballot,
    [property: Description("The voter's signature of the typed data, hexadecimal.")] string Signature) : IMutationInput;

public sealed record CastBallotsInput(
    [property: Description("Chosen by the client; returned as given. The same signed ballot is the same act, whatever the key.")]
    string ClientMutationId,
    [property: Description("1 to 1,000.")] IReadOnlyList<SignedBallotInput> Ballots) : IMutationInput;

public static class BallotsGraphQL
{
    /// <summary>The most ballots that one request brings.</summary>
    public const int BallotsMax = 1_000;

    public static void Extend(ObjectGraphType query, ObjectGraphType mutation)
    {
        BallotQueries.Extend(query);
        mutation.AddCommand<OpenVotingInput, ProposalGraphType>(
            "openVoting",
            "proposal",
            "Opens the vote on a submitted proposal, or the re-vote on a rejected one, with voting power as of the last finalized block. "
                + "For program managers.",
            static async (context, input, actor) => await context.IsManagerAsync(actor, await ProgramOfAsync(context, input))
                ? await context.Service<IMessageBus>().InvokeAsync<CommandResult>(
                    new StartVoting(input.ProposalId, actor), context.CancellationToken)
                : new Forbidden("Only a program manager opens votes."),
            static async (context, input, _) => await context.Service<IQuerySession>()
                .LoadAsync<Proposal>(Proposal.StreamId(input.ProposalId), context.CancellationToken));
        UnchargedMutations.Add(mutation.AddMutation<CastBallotInput, CastBallotGraphType>(
            "castBallot",
            "ballot",
            "Casts a signed ballot. The signature is the authority: no session is needed, and anybody may deliver it.",
            static async (context, input) =>
            {
                var ballot = input.Ballot.ToBallot();
                var answer = await context.Service<BallotIntake>().CastAsync(
                    context.Space(), ballot, input.Signature, context.CancellationToken);
                return (answer.Receipt is { } receipt ? new CastBallot(ballot, receipt) : null, answer.Rejection);
            }));
        UnchargedMutations.Add(mutation.AddMutation<CastBallotsInput, ListGraphType<NonNullGraphType<CastResultGraphType>>>(
            "castBallots",
            "results",
            "Casts many signed ballots, as a relayer does: one result a ballot, in their order; none is refused for another's sake.",
            static async (context, input) =>
            {
                if (input.Ballots.Count is 0 or > BallotsMax)
                    return (null, new InvalidValue("ballots", $"There must be 1 to {BallotsMax} ballots."));
                var ballots = input.Ballots.Select(signed => (Ballot: signed.Ballot.ToBallot(), signed.Signature)).ToList();
                var answers = await context.Service<BallotIntake>().CastAsync(context.Space(), ballots, context.CancellationToken);
                return (answers.Zip(ballots, (answer, cast) => new CastResult(
                    answer.Receipt is { } receipt ? new CastBallot(cast.Ballot, receipt) : null, answer.Rejection)), null);
            }));
    }

    private static async Task<string?> ProgramOfAsync(IResolveFieldContext context, OpenVotingInput input) =>
        (await context.Service<IQuerySession>()
            .LoadAsync<Proposal>(Proposal.StreamId(input.ProposalId), context.CancellationToken))?.ProgramId;
}
