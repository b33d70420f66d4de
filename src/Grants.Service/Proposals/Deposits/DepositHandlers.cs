using Grants.Domain.Programs;
using Grants.Domain.Proposals;
using Grants.Primitives;
using Grants.Service.Hosting;
using Marten;

namespace Grants.Service.Proposals.Deposits;

/// <summary>Records that a deposit was given back, on the evidence of a transfer.</summary>
public sealed record TakeDepositReturn(Hash32 ProposalId, TransferId Transfer, Address Actor);

public static class DepositHandlers
{
    public static async Task<CommandResult> Handle(
        TakeDepositReturn command, IDocumentSession session, TransferEvidence transfers, TimeProvider clock, CancellationToken cancellation)
    {
        var streamId = Proposal.StreamId(command.ProposalId);
        if (await session.LoadAsync<Proposal>(streamId, cancellation) is not { Deposit.Placed: var placed } proposal)
            return new Domain.NotFound("deposit");
        var program = (await session.LoadAsync<FundingProgram>(proposal.ProgramId, cancellation))!;
        if (await transfers.FindAsync(program.Terms.ChainId, placed.Token, command.Transfer, cancellation) is not { } transfer)
            return new DepositNotFound();
        var result = await session.DecideAsync<Proposal>(
            streamId,
            state => Proposal.Decide(
                new RecordDepositReturned(command.ProposalId, transfer, command.Actor, clock.GetUtcNow()), state),
            cancellation);
        return result.IsAccepted && !await TransferEvidence.TakeAsync(
            session, transfer.Evidence, $"return/{command.ProposalId}", cancellation)
                ? new DepositUsed()
                : result;
    }
}
