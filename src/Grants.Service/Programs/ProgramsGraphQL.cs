using System.ComponentModel;
using Grants.Domain;
using Grants.Domain.Programs;
using Grants.Primitives;
using Grants.Service.Access;
using Grants.Service.Api;
using Grants.Service.Api.Nodes;
using Grants.Service.Hosting;
using Grants.Service.Programs.Names;
using Grants.Service.Programs.Vaults;
using GraphQL;
using GraphQL.Types;
using Marten;
using Wolverine;

namespace Grants.Service.Programs;

public sealed record OpenProgramInput(
    [property: Description("Idempotency key, chosen by the client.")] string ClientMutationId,
    [property: Description("3 to 48 characters: a to z, digits and hyphens.")] string ProgramId,
    string Name,
    [property: Description("The token that is paid.")] Address Token,
    [property: Description("The vault contract that holds the budget.")] Address Vault,
    [property: Description("Base units of the token.")] UInt256 Budget,
    VotingRulesInput VotingRules,
    VestingInput Vesting,
    ReinvestmentPolicyInput ReinvestmentPolicy,
    [property: Description("The block from which the contracts' logs are read: the deployment of the oldest.")]
    long WatchFromBlock,
    [property: Description("The text that every recipient signs before the first release; absent where there is nothing to sign.")]
    string? Agreement,
    [property: Description("GRANT where absent; the others cannot be opened yet.")] ProgramKind? Kind,
    [property: Description("What is asked of proposals; anything is taken where absent.")] IntakeInput? Intake,
    [property: Description("How proposals are reviewed; not at all where absent.")] ReviewRulesInput? Review) : IMutationInput;

public sealed class ProgramGraphType : ObjectGraphType<FundingProgram>
{
    public ProgramGraphType()
    {
        Name = "Program";
        Description = "A funded incentive program with its rules.";
        this.IsNode(program => program.Id, GlobalIds.DocumentsAsync<FundingProgram>);
        Field("programId", program => program.Id);
        Field("name", program => program.Terms.Name);
        Field("space", program => program.Terms.Space);
        Field("chainId", program => program.Terms.ChainId);
        Field("token", program => program.Terms.Token);
        Field("vault", program => program.Terms.Vault);
        Field("budget", program => program.Terms.Budget).Description("Base units.");
        Field("budgetLeft", program => program.BudgetLeft).Description("Base units not yet committed to an award.");
        Field<NonNullGraphType<VotingRulesGraphType>>("votingRules").Resolve(context => context.Source.Terms.VotingRules);
        Field<NonNullGraphType<VestingTemplateGraphType>>("vesting").Resolve(context => context.Source.Terms.Vesting);
        Field("policyHash", program => program.Terms.Policy.Hash).Description("Binds every rule of the reinvestment policy.");
        Field("agreement", program => program.Terms.Agreement, nullable: true).Description("The text that recipients sign.");
        Field("agreementHash", program => program.Terms.AgreementHash).Description("Keccak-256 of the text; zero where there is none.");
        Field<NonNullGraphType<EnumerationGraphType<ProgramKind>>>("kind").Resolve(context => context.Source.Terms.Kind);
        Field<IntakeGraphType>("intake")
            .Description("Null where anything is taken, at any time.")
            .Resolve(context => context.Source.Terms.Intake);
        Field<ReviewRulesGraphType>("review")
            .Description("Null where proposals are not reviewed.")
            .Resolve(context => context.Source.Terms.Review);
        Field("version", program => program.Version).Description("Of the terms, from 1.");
        Field<NonNullGraphType<ListGraphType<NonNullGraphType<ProgramAmendmentGraphType>>>>("amendments")
            .Resolve(context => context.Source.Amendments);
        Field<ProgramTermsGraphType>("terms")
            .Description("Of a version; null where there is no such version.")
            .Argument<NonNullGraphType<IntGraphType>>("version")
            .Resolve(context => context.GetArgument<int>("version") is var version && version >= 1 && version <= context.Source.Version
                ? context.Source.TermsOf(version)
                : null);
        Field("openedBy", program => program.Terms.OpenedBy);
        Field("openedAt", program => program.Terms.OpenedAt);
    }
}

public static class ProgramsGraphQL
{
    public static void Extend(ObjectGraphType query, ObjectGraphType mutation)
    {
        ProgramQueries.Extend(query);
        AmendProgramGraphQL.Extend(mutation);
        mutation.AddCommand<OpenProgramInput, ProgramGraphType>(
            "openProgram",
            "program",
            "Opens a program whose budget the vault already holds. For program managers.",
            OpenAsync,
            async (context, input, _) => await context.Service<IQuerySession>()
                .LoadAsync<FundingProgram>(input.ProgramId, context.CancellationToken));
    }

    private static async Task<CommandResult> OpenAsync(IResolveFieldContext context, OpenProgramInput input, Address actor)
    {
        if (!await context.IsManagerAsync(actor))
            return new Forbidden("Only a program manager opens programs.");
        var chain = context.Service<ChainIdentity>();
        if (ApplicationForm.Refuse(input.Intake?.Form) is { } problem)
            return problem;
        if (await context.Service<DistinctNames>().RefuseChoicesAsync(input.VotingRules.Choices, context.CancellationToken) is { } alike)
            return alike;
        var funds = await VaultFunds.ReadAsync(context, chain.ChainId, input.Vault, input.Token);
        var program = new ProgramOpened(
            input.ProgramId,
            context.Space(),
            input.Name,
            chain.ChainId,
            input.Token,
            input.Vault,
            input.Budget,
            input.VotingRules.ToRules(),
            input.Vesting.ToTemplate(),
            input.ReinvestmentPolicy.ToPolicy(),
            input.WatchFromBlock,
            actor,
            context.Service<TimeProvider>().GetUtcNow(),
            input.Agreement,
            input.Kind ?? ProgramKind.Grant,
            input.Intake?.ToRules(),
            input.Review?.ToRules());
        return await context.Service<IMessageBus>()
            .InvokeAsync<CommandResult>(new OpenProgram(program, funds.Balance), context.CancellationToken);
    }
}
