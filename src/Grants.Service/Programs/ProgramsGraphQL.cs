using System.ComponentModel;
using Grants.Domain;
using Grants.Domain.Programs;
using Grants.Ethereum.Contracts;
using Grants.Ethereum.JsonRpc;
using Grants.Primitives;
using Grants.Service.Access;
using Grants.Service.Api;
using Grants.Service.Hosting;
using Grants.Service.Ingestion;
using GraphQL;
using GraphQL.Types;
using Marten;
using Microsoft.Extensions.Options;
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
    string? Agreement) : IMutationInput;

public sealed class ProgramGraphType : ObjectGraphType<FundingProgram>
{
    public ProgramGraphType()
    {
        Name = "Program";
        Description = "A funded incentive program with its rules.";
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
        Field("openedBy", program => program.Terms.OpenedBy);
        Field("openedAt", program => program.Terms.OpenedAt);
    }
}

public static class ProgramsGraphQL
{
    public static void Extend(ObjectGraphType query, ObjectGraphType mutation)
    {
        query.Field<ProgramGraphType>("program")
            .Description("One program.")
            .Argument<NonNullGraphType<StringGraphType>>("programId")
            .ResolveAsync(async context => await context.Service<IQuerySession>()
                .LoadAsync<FundingProgram>(context.GetArgument<string>("programId"), context.CancellationToken));
        query.AddConnection<FundingProgram, ProgramGraphType>(
            "programs",
            "All programs, by their id.",
            [],
            program => program.Id,
            (_, programs, after) => (after is null ? programs : programs.Where(program => program.Id.CompareTo(after) > 0))
                .OrderBy(program => program.Id));
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
        if (!context.Service<IOptions<AccessOptions>>().Value.IsProgramManager(actor))
            return new Forbidden("Only a program manager opens programs.");
        var chain = context.Service<ChainIdentity>();
        var balance = await VaultBalanceAsync(context, input, chain.ChainId);
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
            input.Agreement);
        return await context.Service<IMessageBus>()
            .InvokeAsync<CommandResult>(new OpenProgram(program, balance), context.CancellationToken);
    }

    // Read at the finalized head: money is promised on nothing younger.
    private static async Task<UInt256> VaultBalanceAsync(IResolveFieldContext context, OpenProgramInput input, long chainId)
    {
        var heads = await context.Service<ChainView>().HeadsAsync(chainId, context.CancellationToken);
        if (heads is null)
            return UInt256.Zero;
        try
        {
            var answer = await context.Service<EthereumRpc>().CallAsync(
                input.Token, Erc20.BalanceOf.Encode(input.Vault), heads.Finalized.Hash, cancellation: context.CancellationToken);
            return (UInt256)Erc20.BalanceOf.DecodeOutput(answer)[0];
        }
        catch (Exception notAToken) when (notAToken is RpcErrorException or Ethereum.Abi.AbiException)
        {
            return UInt256.Zero;
        }
    }
}
