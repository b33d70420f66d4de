using System.ComponentModel;
using Grants.Domain;
using Grants.Domain.Programs;
using Grants.Primitives;
using Grants.Service.Access;
using Grants.Service.Api;
using Grants.Service.Hosting;
using Grants.Service.Programs.Names;
using Grants.Service.Programs.Vaults;
using GraphQL;
using GraphQL.Types;
using Marten;
using Wolverine;

namespace Grants.Service.Programs;

public sealed record AmendProgramInput(
    [property: Description("Idempotency key, chosen by the client.")] string ClientMutationId,
    string ProgramId,
    [property: Description("Of the terms that this changes: refused where the program has another version by now.")] int ExpectedVersion,
    [property: Description("Public; 1 to 2,000 characters.")] string Reason,
    string? Name,
    [property: Description("Base units: not below what is committed to awards, not above what the vault holds for it.")] UInt256? Budget,
    VotingRulesInput? VotingRules,
    VestingInput? Vesting,
    ReinvestmentPolicyInput? ReinvestmentPolicy,
    [property: Description("The text that every recipient of a later proposal signs before the first release.")] string? Agreement,
    IntakeInput? Intake,
    ReviewRulesInput? Review,
    [property: Description("There is to be no review any more.")] bool? WithoutReview) : IMutationInput;

public static class AmendProgramGraphQL
{
    public static void Extend(ObjectGraphType mutation) => mutation.AddCommand<AmendProgramInput, ProgramGraphType>(
        "amendProgram",
        "program",
        "Gives a program new terms; what is absent stays. Proposals that are submitted and awards keep those they have. "
            + "For program managers.",
        AmendAsync,
        async (context, input, _) => await context.Service<IQuerySession>()
            .LoadAsync<FundingProgram>(input.ProgramId, context.CancellationToken));

    private static async Task<CommandResult> AmendAsync(IResolveFieldContext context, AmendProgramInput input, Address actor)
    {
        if (!await context.IsManagerAsync(actor, input.ProgramId))
            return new Forbidden("Only a program manager amends programs.");
        if (await context.Service<IQuerySession>().LoadAsync<FundingProgram>(input.ProgramId, context.CancellationToken)
            is not { Terms: var terms })
            return new NotFound("program");
        if (ApplicationForm.Refuse(input.Intake?.Form) is { } problem)
            return problem;
        if (await context.Service<DistinctNames>().RefuseChoicesAsync(input.VotingRules?.Choices, context.CancellationToken) is { } alike)
            return alike;
        var funds = await VaultFunds.ReadAsync(context, terms.ChainId, terms.Vault, terms.Token);
        return await context.Service<IMessageBus>().InvokeAsync<CommandResult>(
            new AmendProgram(
                input.ProgramId,
                input.ExpectedVersion,
                new ProgramChanges(
                    input.Name,
                    input.Budget,
                    input.VotingRules?.ToRules(),
                    input.Vesting?.ToTemplate(),
                    input.ReinvestmentPolicy?.ToPolicy(),
                    input.Agreement,
                    input.Intake?.ToRules(),
                    input.Review?.ToRules(),
                    input.WithoutReview ?? false),
                funds.Free,
                actor,
                input.Reason,
                context.Service<TimeProvider>().GetUtcNow()),
            context.CancellationToken);
    }
}
