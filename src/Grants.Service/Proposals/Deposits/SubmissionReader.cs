using Grants.Domain;
using Grants.Domain.Programs;
using Grants.Domain.Proposals;
using Grants.Primitives;
using Grants.Service.Programs;

namespace Grants.Service.Proposals.Deposits;

/// <summary>What a proposal's program, its form and the chain say of it when it is submitted.</summary>
public sealed class SubmissionReader(ChainIdentity chain, ApplicantPower powers, TransferEvidence transfers)
{
    /// <param name="named">The transfer that the applicant names as the deposit; null where none.</param>
    /// <returns>The facts, or why they cannot be told.</returns>
    public async Task<(SubmissionFacts? Facts, Rejection? Missing)> ReadAsync(
        Proposal proposal, FundingProgram program, TransferId? named, CancellationToken cancellation)
    {
        var version = proposal.State == ProposalState.Draft ? program.Version : proposal.ProgramVersion;
        var terms = program.TermsOf(version);
        var intake = terms.Intake ?? IntakeRules.Anything;
        TokenTransfer? deposit = null;
        if (named is not null)
        {
            if (intake.Deposit is not { Token: var token })
                return (null, new InvalidValue("deposit", "The program takes no deposit."));
            deposit = await transfers.FindAsync(terms.ChainId, token, named, cancellation);
            if (deposit is null)
                return (null, new DepositNotFound());
        }

        // With a deposit, power is not asked for.
        var needed = deposit is null && proposal.Deposit is null ? intake.PowerToPropose : UInt256.Zero;
        var (power, missing) = await powers.AtLastFinalBlockAsync(terms, needed, proposal.Applicant, cancellation);
        if (missing is not null)
            return (null, missing);
        return (
            new SubmissionFacts(
                version,
                intake,
                terms.Review,
                program.BudgetLeft,
                power,
                ApplicationForm.Refuse(intake.Form, proposal.Content.Answers),
                terms.ChainId == chain.ChainId,
                terms.Vesting,
                deposit),
            null);
    }
}
