using Grants.Domain;
using Grants.Domain.Programs;
using Grants.Domain.Proposals;
using Grants.Primitives;
using Grants.Service.Hosting;
using Grants.Service.Programs;
using Marten;

namespace Grants.Service.Proposals;

/// <summary>Submits a draft under the terms of its program as they are now.</summary>
public sealed record TakeSubmission(Hash32 ProposalId, Address Actor);

public static class SubmissionHandlers
{
    /// <summary>The proposal and its place among the open ones of the program are one transaction.</summary>
    public static async Task<CommandResult> Handle(
        TakeSubmission command, IDocumentSession session, ChainIdentity chain, ApplicantPower powers, TimeProvider clock,
        CancellationToken cancellation)
    {
        var streamId = Proposal.StreamId(command.ProposalId);
        if (await session.LoadAsync<Proposal>(streamId, cancellation) is not { } drafted || drafted.Applicant != command.Actor)
            return new NotFound("proposal");
        var program = (await session.LoadAsync<FundingProgram>(drafted.ProgramId, cancellation))!;
        var version = drafted.State == ProposalState.Draft ? program.Version : drafted.ProgramVersion;
        var terms = program.TermsOf(version);
        var intake = terms.Intake ?? IntakeRules.Anything;
        var (power, missing) = await powers.AtLastFinalBlockAsync(terms, intake.PowerToPropose, command.Actor, cancellation);
        if (missing is not null)
            return missing;
        var at = clock.GetUtcNow();
        var submit = new SubmitProposal(
            command.ProposalId,
            command.Actor,
            new SubmissionFacts(
                version,
                intake,
                terms.Review,
                program.BudgetLeft,
                power,
                ApplicationForm.Refuse(intake.Form, drafted.Content.Answers),
                terms.ChainId == chain.ChainId),
            at);

        // Submissions to one program meet here and take turns: no two can take the last place.
        var register = await session.Events.FetchForExclusiveWriting<SubmissionRegister>(
            SubmissionRegister.StreamId(program.Id), cancellation);
        var proposal = await session.Events.FetchForWriting<Proposal>(streamId, cancellation);
        var submitted = Proposal.Decide(submit, proposal.Aggregate);
        if (submitted.Rejection is not null || submitted.Events.Count == 0)
            return new CommandResult(submitted.Rejection);
        var admitted = SubmissionRegister.Decide(
            new AdmitSubmission(program.Id, command.ProposalId, command.Actor, intake.OpenProposalsMax, at), register.Aggregate);
        if (admitted.Rejection is { } refusal)
            return refusal;
        register.AppendMany(admitted.Events);
        proposal.AppendMany(submitted.Events);
        return CommandResult.Done;
    }
}
