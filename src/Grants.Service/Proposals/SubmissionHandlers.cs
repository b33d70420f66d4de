using Grants.Domain;
using Grants.Domain.Programs;
using Grants.Domain.Proposals;
using Grants.Primitives;
using Grants.Service.Hosting;
using Grants.Service.Proposals.Deposits;
using Marten;

namespace Grants.Service.Proposals;

/// <summary>Submits a draft under the terms of its program as they are now.</summary>
/// <param name="Deposit">The transfer of the deposit; null where none is named.</param>
public sealed record TakeSubmission(Hash32 ProposalId, Address Actor, TransferId? Deposit = null);

public static class SubmissionHandlers
{
    /// <summary>The proposal and its place among the open ones of the program are one transaction.</summary>
    public static async Task<CommandResult> Handle(
        TakeSubmission command, IDocumentSession session, SubmissionReader reader, TimeProvider clock, CancellationToken cancellation)
    {
        var streamId = Proposal.StreamId(command.ProposalId);
        if (await session.LoadAsync<Proposal>(streamId, cancellation) is not { } drafted || drafted.Applicant != command.Actor)
            return new NotFound("proposal");
        var program = (await session.LoadAsync<FundingProgram>(drafted.ProgramId, cancellation))!;
        var (facts, missing) = await reader.ReadAsync(drafted, program, command.Deposit, cancellation);
        if (facts is null)
            return missing!;
        var submit = new SubmitProposal(command.ProposalId, command.Actor, facts, clock.GetUtcNow());

        // Submissions to one program meet here and take turns: no two can take the last place.
        var register = await session.Events.FetchForExclusiveWriting<SubmissionRegister>(
            SubmissionRegister.StreamId(program.Id), cancellation);
        var proposal = await session.Events.FetchForWriting<Proposal>(streamId, cancellation);
        var submitted = Proposal.Decide(submit, proposal.Aggregate);
        if (submitted.Rejection is not null || submitted.Events.Count == 0)
            return new CommandResult(submitted.Rejection);
        var admitted = SubmissionRegister.Decide(
            new AdmitSubmission(
                program.Id,
                command.ProposalId,
                command.Actor,
                facts.Intake.OpenProposalsMax,
                register.Aggregate?.IsComplete == true ? [] : await OpenAsync(session, program.Id, cancellation),
                submit.At),
            register.Aggregate);
        if (admitted.Rejection is { } refusal)
            return refusal;
        if (submitted.Events.OfType<DepositPlaced>().FirstOrDefault() is { Evidence: var paid }
            && !await TransferEvidence.TakeAsync(session, paid, $"deposit/{command.ProposalId}", cancellation))
            return new DepositUsed();
        register.AppendMany(admitted.Events);
        proposal.AppendMany(submitted.Events);
        return CommandResult.Done;
    }

    private static async Task<ValueList<OpenSubmission>> OpenAsync(
        IDocumentSession session, string programId, CancellationToken cancellation)
    {
        ProposalState[] open =
        [
            ProposalState.Submitted, ProposalState.InReview, ProposalState.ChangesRequested, ProposalState.Voting, ProposalState.Appealed,
        ];
        var proposals = await session.Query<Proposal>()
            .Where(proposal => proposal.ProgramId == programId && proposal.State.IsOneOf(open))
            .OrderBy(proposal => proposal.Id)
            .ToListAsync(cancellation);
        return [.. proposals.Select(proposal => new OpenSubmission(proposal.ProposalId, proposal.Applicant))];
    }
}
