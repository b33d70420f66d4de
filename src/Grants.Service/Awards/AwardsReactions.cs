using Grants.Domain;
using Grants.Domain.Awards;
using Grants.Domain.Programs;
using Grants.Domain.Proposals;
using Grants.Domain.Reinvestment;
using Grants.Domain.Reinvestment.Policies;
using Grants.Ethereum.Contracts;
using Grants.Ethereum.JsonRpc;
using Grants.Primitives;
using Grants.Service.Hosting;
using Grants.Service.Ingestion;
using Grants.Service.Reinvestment;
using Marten;
using Wolverine;

namespace Grants.Service.Awards;

public static class AwardsReactions
{
    /// <summary>
    /// An approval becomes an award. Budget and award are committed in one transaction, so that the sum of the awards never
    /// exceeds the budget, however many approvals meet.
    /// </summary>
    public static async Task<CommandResult> Handle(
        ProposalApproved approved, IDocumentSession session, ChainView chain, EthereumRpc node, ILogger<Award> log,
        CancellationToken cancellation)
    {
        var program = (await session.LoadAsync<FundingProgram>(approved.ProgramId, cancellation))!.TermsOf(approved.ProgramVersion);
        var start = (await chain.HeadsAsync(program.ChainId, cancellation))!.Promoted;
        var treasury = await node.CallAsync(
            program.Vault, IncentiveVault.Treasury.Encode(), start.Hash, cancellation: cancellation);
        var proposal = await session.LoadAsync<Proposal>(Proposal.StreamId(approved.ProposalId), cancellation);
        var milestones = proposal!.Content.Milestones;
        var adopted = await session.LoadAsync<AdoptedPolicies>(AdoptedPolicies.StreamId(program.ProgramId), cancellation);
        var terms = new AwardTerms(
            Award.IdOf(approved.ProposalId),
            approved.ProposalId,
            program.ProgramId,
            program.ChainId,
            program.Token,
            program.Vault,
            (Address)IncentiveVault.Treasury.DecodeOutput(treasury)[0],
            approved.Recipient,
            approved.Amount,
            program.Vesting.CurveOf(approved.Amount, start.TimestampSeconds, milestones),
            adopted?.Adopted[^1].Policy ?? program.Policy,
            program.Vesting.ReleasePeriodSeconds,
            program.Vesting.PauseBudgetSeconds,
            milestones,
            program.AgreementHash,
            start.TimestampSeconds);

        var monitors = await session.Query<ReinvestmentMonitor>().ToListAsync(cancellation);
        if (monitors.Any(monitor => monitor.Bars(approved.Recipient, program.ProgramId)))
        {
            var barred = new RecipientBarred(approved.Recipient, program.ProgramId);
            log.LogError("Proposal {ProposalId} is approved but cannot be awarded: {Reason}", approved.ProposalId, barred.Message);
            return barred;
        }

        // Approvals of one program meet here: they take turns, which costs less than deciding again.
        var budget = await session.Events.FetchForExclusiveWriting<FundingProgram>(program.ProgramId, cancellation);
        var committed = FundingProgram.Decide(new CommitBudget(terms.AwardId, terms.Amount), budget.Aggregate);
        if ((terms.Validate() ?? committed.Rejection) is { } refusal)
        {
            log.LogError("Proposal {ProposalId} is approved but cannot be awarded: {Reason}", approved.ProposalId, refusal.Message);
            return refusal;
        }

        budget.AppendMany(committed.Events);
        return await session.DecideAsync<Award>(
            Award.StreamId(terms.AwardId), award => Award.Decide(new GrantAward(terms, approved.At), award), cancellation);
    }

    /// <summary>The next recipient is watched as the present one is, and long before the first payment to it.</summary>
    public static LinkProvenWallet Handle(RecipientChangeAgreed agreed) => new(agreed.AwardId, agreed.To, agreed.From);

    /// <summary>What follows from a confirmed breach, where it is an order to the award.</summary>
    public static OutgoingMessages Handle(SanctionApplied sanction) => sanction.Kind switch
    {
        SanctionKind.Pause => [new PauseVesting(sanction.AwardId, sanction.Reason, sanction.Block)],
        SanctionKind.ClawBackUnreleased => [new OrderClawback(sanction.AwardId, sanction.BreachId, sanction.Share, sanction.Block)],
        _ => [],
    };

    /// <summary>A confirmed breach was cured after all: vesting goes on.</summary>
    public static ResumeVesting Handle(SanctionLifted lifted) => new(lifted.AwardId, lifted.Reason, lifted.Block);
}
