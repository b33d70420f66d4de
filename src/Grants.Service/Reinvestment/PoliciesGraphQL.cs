using System.ComponentModel;
using Grants.Domain;
using Grants.Domain.Programs;
using Grants.Domain.Proposals;
using Grants.Domain.Reinvestment.Policies;
using Grants.Primitives;
using Grants.Service.Access;
using Grants.Service.Api;
using Grants.Service.Hosting;
using Grants.Service.Ingestion;
using Grants.Service.Reinvestment.Pools;
using GraphQL;
using GraphQL.Types;
using Marten;
using Wolverine;

namespace Grants.Service.Reinvestment;

public sealed record AdoptPolicyInput(
    [property: Description("Idempotency key, chosen by the client.")] string ClientMutationId,
    string ProgramId,
    [property: Description("JSON after schema/policies/policy.schema.json.")] string Policy,
    [property: Description("The approved proposal that decided it; its text names the policy's hash. Absent where the manager decides.")]
    Hash32? ProposalId) : IMutationInput;

public sealed class AdoptedPolicyGraphType : ObjectGraphType<PolicyAdopted>
{
    public AdoptedPolicyGraphType()
    {
        Name = "AdoptedPolicy";
        Description = "A reinvestment policy that awards of a program owe from then on; earlier awards keep theirs.";
        Field("programId", adopted => adopted.ProgramId);
        Field("policyId", adopted => adopted.Policy.PolicyId);
        Field("version", adopted => adopted.Policy.Version);
        Field("policyHash", adopted => adopted.PolicyHash).Description("Binds every rule.");
        Field("adoptedBy", adopted => adopted.By);
        Field<Bytes32Scalar>("proposalId")
            .Description("The vote that decided it, where one did.")
            .Resolve(context => context.Source.ProposalId);
        Field("adoptedAt", adopted => adopted.At);
    }
}

/// <summary>A policy that a program has, or had.</summary>
/// <param name="Adoption">Null where the program opened with it.</param>
public sealed record ProgramPolicy(ReinvestmentPolicy Policy, PolicyAdopted? Adoption);

public sealed class PolicyGraphType : ObjectGraphType<ProgramPolicy>
{
    public PolicyGraphType()
    {
        Name = "Policy";
        Description = "What the recipients of a program's awards owe for them.";
        Field("policyId", of => of.Policy.PolicyId);
        Field("version", of => of.Policy.Version);
        Field("policyHash", of => of.Policy.Hash).Description("Binds every rule.");
        Field<StringGraphType>("text")
            .Description("All of it, as JSON after schema/policies/policy.schema.json; policyText gives its hash. "
                + "Null of a policy of before unknown receivers were followed, which no text says.")
            .Resolve(context => WrittenPolicy.Of(context.Source.Policy));
        Field<AdoptedPolicyGraphType>("adoption")
            .Description("When and by whom; null where the program opened with it.")
            .Resolve(context => context.Source.Adoption);
    }
}

/// <summary>Policies as texts: checked, and adopted by a program.</summary>
public static class PoliciesGraphQL
{
    public static void Extend(ObjectGraphType query, ObjectGraphType mutation)
    {
        query.Field<ListGraphType<NonNullGraphType<AdoptedPolicyGraphType>>>("policies")
            .Description("The policies that a program has adopted since it opened, oldest first; the last one is in force.")
            .Argument<NonNullGraphType<StringGraphType>>("programId")
            .ResolveAsync(async context => (await LoadAsync(context, context.GetArgument<string>("programId")))?.Adopted);
        query.Field<PolicyGraphType>("policy")
            .Description("A policy of a program, with its rules; null where it has none of this hash.")
            .Argument<NonNullGraphType<StringGraphType>>("programId")
            .Argument<Bytes32Scalar>("policyHash", "As an award says it; the policy that is in force where it is left out.")
            .ResolveAsync(async context => await FindAsync(context));
        query.Field<NonNullGraphType<PolicyReadingGraphType>>("policyText")
            .Description("What a policy's text says: its hash, or everything that is wrong with it. Writes nothing.")
            .Argument<NonNullGraphType<StringGraphType>>("policy")
            .Resolve(context => PolicyText.Read(context.GetArgument<string>("policy")));
        mutation.AddCommand<AdoptPolicyInput, AdoptedPolicyGraphType>(
            "adoptPolicy",
            "policy",
            "Gives a program another reinvestment policy, for the awards that are granted from now on. For program managers.",
            AdoptAsync,
            async (context, input, _) => (await LoadAsync(context, input.ProgramId))?.Adopted[^1]);
    }

    private static async Task<ProgramPolicy?> FindAsync(IResolveFieldContext context)
    {
        var programId = context.GetArgument<string>("programId");
        if (await context.Service<IQuerySession>().LoadAsync<FundingProgram>(programId, context.CancellationToken) is not { } program)
            return null;
        var adopted = (await LoadAsync(context, programId))?.Adopted ?? [];
        var policies = adopted.Select(one => new ProgramPolicy(one.Policy, one))
            .Prepend(new ProgramPolicy(program.Terms.Policy, null));
        return context.GetArgument<Hash32?>("policyHash") is { } hash
            ? policies.FirstOrDefault(one => one.Policy.Hash == hash)
            : policies.Last();
    }

    private static async Task<CommandResult> AdoptAsync(IResolveFieldContext context, AdoptPolicyInput input, Address actor)
    {
        if (!await context.IsManagerAsync(actor, input.ProgramId))
            return new Forbidden("Only a program manager adopts policies.");
        var (policy, problems) = PolicyText.Read(input.Policy);
        if (policy is null)
            return new InvalidValue("policy", string.Join('\n', problems));
        var session = context.Service<IQuerySession>();
        if (await session.LoadAsync<FundingProgram>(input.ProgramId, context.CancellationToken) is not { } program)
            return new NotFound("program");
        if (await UnlistedPairAsync(context, policy, program.Terms.Token) is { } unlisted)
            return unlisted;
        if (policy.OtherChain is { ChainId: var other } && (other == program.Terms.ChainId
            || await context.Service<ChainView>().HeadsAsync(other, context.CancellationToken) is null))
            return new InvalidValue("policy", $"otherChain.chainId: {other} is the chain that pays, or none that this service follows.");
        AdoptingVote? vote = null;
        if (input.ProposalId is { } proposalId)
        {
            var proposal = await session.LoadAsync<Proposal>(Proposal.StreamId(proposalId), context.CancellationToken);
            if (proposal is null || proposal.ProgramId != program.Id)
                return new NotFound("proposal");
            vote = new AdoptingVote(proposalId, proposal.State == ProposalState.Approved, proposal.Content.Body);
        }

        var at = context.Service<TimeProvider>().GetUtcNow();
        return await context.Service<IMessageBus>().InvokeAsync<CommandResult>(
            new AdoptPolicy(program.Id, policy, program.Terms.Policy, actor, vote, at), context.CancellationToken);
    }

    // Of a pool that does not answer nothing is known yet: what is in it counts for nothing until it does.
    private static async Task<InvalidValue?> UnlistedPairAsync(IResolveFieldContext context, ReinvestmentPolicy policy, Address token)
    {
        if (policy.Pools is not { PairTokens: { Count: > 0 } listed })
            return null;
        foreach (var (index, venue) in policy.Venues.Index().Where(one => one.Item.Kind is VenueKind.Pool or VenueKind.Range))
        {
            var pair = await context.Service<PoolReader>().PairTokenAsync(venue.Address, token, context.CancellationToken);
            if (pair is { } other && !listed.Contains(other))
                return new InvalidValue("policy", $"venues[{index}]: {venue.Address} pairs with {other}, which pools.pairTokens lacks.");
        }

        return null;
    }

    private static Task<AdoptedPolicies?> LoadAsync(IResolveFieldContext context, string programId) =>
        context.Service<IQuerySession>().LoadAsync<AdoptedPolicies>(AdoptedPolicies.StreamId(programId), context.CancellationToken);
}

public sealed class PolicyProblemGraphType : ObjectGraphType<PolicyProblem>
{
    public PolicyProblemGraphType()
    {
        Name = "PolicyProblem";
        Field("path", problem => problem.Path).Description("As rules[0].window.seconds; empty for the whole.");
        Field("line", problem => problem.Line).Description("From 1.");
        Field("problem", problem => problem.Problem);
    }
}

public sealed class PolicyReadingGraphType : ObjectGraphType<(ReinvestmentPolicy? Policy, IReadOnlyList<PolicyProblem> Problems)>
{
    public PolicyReadingGraphType()
    {
        Name = "PolicyReading";
        Field<Bytes32Scalar>("policyHash").Description("Null where something is wrong.").Resolve(context => context.Source.Policy?.Hash);
        Field<NonNullGraphType<ListGraphType<NonNullGraphType<PolicyProblemGraphType>>>>("problems")
            .Resolve(context => context.Source.Problems);
    }
}
