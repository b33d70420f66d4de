using System.ComponentModel;
using Grants.Domain;
using Grants.Domain.Proposals;
using Grants.Primitives;
using Grants.Service.Access;
using Grants.Service.Api;
using GraphQL;
using GraphQL.Types;
using Marten;

namespace Grants.Service.Proposals.Deposits;

public sealed record TransferInput(
    Hash32 TransactionHash, [property: Description("Of the transfer's log, within its block.")] int LogIndex)
{
    public TransferId ToId() => new(TransactionHash, LogIndex);
}

public sealed record RecordDepositReturnedInput(
    [property: Description("Idempotency key, chosen by the client.")] string ClientMutationId,
    Hash32 ProposalId,
    [property: Description("Of the deposit's token, from its holder to the applicant, on the finalized chain.")]
    TransferInput Transfer) : IMutationInput;

public sealed class ProposalDepositGraphType : ObjectGraphType<ProposalDeposit>
{
    public ProposalDepositGraphType()
    {
        Name = "ProposalDeposit";
        Description = "What the applicant paid to submit, and what became of it.";
        Field("token", deposit => deposit.Placed.Token);
        Field("amount", deposit => deposit.Placed.Amount).Description("Base units.");
        Field("holder", deposit => deposit.Placed.Holder).Description("Who keeps it, and gives it back.");
        Field("isForfeitedAsSpam", deposit => deposit.Placed.IsForfeitedAsSpam).Description("As the program said then.");
        Field("evidence", deposit => deposit.Placed.Evidence);
        Field<StringGraphType>("forfeitedBecause")
            .Description("Null where it is not forfeited.")
            .Resolve(context => context.Source.Forfeited?.Reason);
        Field<EvidenceGraphType>("returned")
            .Description("The transfer that gave it back; null until then.")
            .Resolve(context => context.Source.Returned?.Evidence);
    }
}

/// <summary>Deposits that have to be given back, and the record that they were.</summary>
public static class DepositsGraphQL
{
    public static void Extend(ObjectGraphType query, ObjectGraphType mutation)
    {
        query.AddKeysetConnection<Proposal, ProposalGraphType>(
            "depositsToReturn",
            "Ended proposals whose deposit is to be given back to the applicant, by their ids.",
            [new QueryArgument<StringGraphType> { Name = "programId" }],
            proposal => proposal.Id,
            DueAsync);
        mutation.AddCommand<RecordDepositReturnedInput, ProposalGraphType>(
            "recordDepositReturned",
            "proposal",
            "Records the transfer that gave a deposit back. For program managers.",
            async (context, input, actor) =>
                await ProposalsGraphQL.LoadAsync(context, input.ProposalId) is { } proposal
                && await context.IsManagerAsync(actor, proposal.ProgramId)
                    ? await ProposalsGraphQL.SendAsync(context, new TakeDepositReturn(input.ProposalId, input.Transfer.ToId(), actor))
                    : new Forbidden("Only a program manager records returns."),
            async (context, input, _) => await ProposalsGraphQL.LoadAsync(context, input.ProposalId));
    }

    private static async Task<IReadOnlyList<Proposal>> DueAsync(IResolveFieldContext context, int count, string? after)
    {
        var due = context.Service<IQuerySession>().Query<Proposal>().Where(proposal => proposal.IsDepositDue);
        if (context.GetArgument<string?>("programId") is { } programId)
            due = due.Where(proposal => proposal.ProgramId == programId);
        if (after is not null)
            due = due.Where(proposal => proposal.Id.CompareTo(after) > 0);
        return await due.OrderBy(proposal => proposal.Id).Take(count).ToListAsync(context.CancellationToken);
    }
}
