using System.Text.Json;
using Grants.Domain.Awards;
using Grants.Domain.Disbursements;
using Grants.Domain.Governors;
using Grants.Domain.Programs;
using Grants.Domain.Proposals;
using Grants.Domain.Reinvestment;
using Grants.Domain.Reinvestment.Policies;
using Grants.Ethereum.JsonRpc;
using Grants.Primitives;
using Marten;

namespace Grants.Service.Audit;

/// <summary>I7 and I8: the read models, and the evidence behind money and penalties.</summary>
public static class EvidenceAudit
{
    public static async Task<AuditLine> ReadModelsAsync(AuditFacts facts, CancellationToken cancellation)
    {
        var violations = new List<string>();
        var count = await CompareAsync<FundingProgram>(facts, FundingProgram.Evolve, state => state.Id, violations, cancellation)
            + await CompareAsync<Proposal>(facts, Proposal.Evolve, state => state.Id, violations, cancellation)
            + await CompareAsync<Award>(facts, Award.Evolve, state => state.Id, violations, cancellation)
            + await CompareAsync<Disbursement>(facts, Disbursement.Evolve, state => state.Id, violations, cancellation)
            + await CompareAsync<SafeProposal>(facts, SafeProposal.Evolve, state => state.Id, violations, cancellation)
            + await CompareAsync<ReinvestmentMonitor>(facts, ReinvestmentMonitor.Evolve, state => state.Id, violations, cancellation)
            + await CompareAsync<AdoptedPolicies>(facts, AdoptedPolicies.Evolve, state => state.Id, violations, cancellation)
            + await CompareAsync<Governor>(facts, Governor.Evolve, state => state.Id, violations, cancellation)
            + await CompareAsync<GovernorProposal>(facts, GovernorProposal.Evolve, state => state.Id, violations, cancellation)
            + await CompareAsync<ProgramApprover>(facts, ProgramApprover.Evolve, state => state.Id, violations, cancellation);
        return new("I7", "each read model, rebuilt from the events, is equal to the live one", count, violations);
    }

    /// <summary>I7 of what is of no space.</summary>
    public static async Task<AuditLine> TreasuryModelsAsync(AuditFacts facts, CancellationToken cancellation)
    {
        var violations = new List<string>();
        var count = await CompareAsync<TreasuryTransaction>(
                facts, TreasuryTransaction.Evolve, state => state.Id, violations, cancellation)
            + await CompareAsync<Incident>(facts, Incident.Evolve, state => state.Id, violations, cancellation)
            + await CompareAsync<TreasuryControl>(facts, TreasuryControl.Evolve, state => state.Id, violations, cancellation)
            + await CompareAsync<NonceLedger>(facts, NonceLedger.Evolve, state => state.Id, violations, cancellation);
        return new("I7", "each read model, rebuilt from the events, is equal to the live one", count, violations);
    }

    public static async Task<AuditLine> FinalityAsync(AuditFacts facts, CancellationToken cancellation)
    {
        var evidence = facts.Of<AwardReserved>().Select(e => e.Evidence)
            .Concat(facts.Of<TrancheReleased>().Select(e => e.Evidence))
            .Concat(facts.Of<AwardClawedBack>().Select(e => e.Evidence))
            .Concat(facts.Of<AwardRecipientChanged>().Select(e => e.Evidence))
            .Concat(facts.Of<DisbursementFinalized>().Select(e => e.Evidence))
            .Concat(facts.Of<DisbursementVoided>().Select(e => e.Evidence))
            .Concat(facts.Of<FlowClassified>().Select(e => e.Flow.Evidence))
            .Concat(facts.Of<ProposalApprovedOnChain>().Select(e => e.Evidence))
            .Distinct()
            .ToList();
        var violations = new List<string>();
        foreach (var chain in evidence.GroupBy(key => key.ChainId))
            violations.AddRange(await NotFinalAsync(facts, chain.Key, chain, cancellation));
        var flows = facts.Of<FlowClassified>().Select(e => e.Flow.Id).ToHashSet();
        violations.AddRange(facts.Of<BreachConfirmed>()
            .Where(breach => !breach.EvidenceIds.All(flows.Contains))
            .Select(breach => $"Breach {breach.BreachId} rests on flows that are not recorded."));
        return new("I8", "no release and no breach rests on a log that is not on the finalized chain", evidence.Count, violations);
    }

    private static async Task<IReadOnlyList<string>> NotFinalAsync(
        AuditFacts facts, long chainId, IEnumerable<EventKey> evidence, CancellationToken cancellation)
    {
        var isOwn = chainId == facts.ChainId;
        var node = isOwn ? facts.Node : await facts.Chains.NodeAsync(chainId, cancellation);
        if (node is null || (isOwn ? facts.Finalized : await node.BlockAsync(BlockTag.Finalized, cancellation)) is not { } finalized)
            return [$"Chain {chainId} is not followed, or its node knows no finalized block."];
        var violations = new List<string>();
        foreach (var block in evidence.GroupBy(key => (key.BlockNumber, key.BlockHash)))
        {
            var canonical = await node.BlockAsync(BlockTag.At(block.Key.BlockNumber), cancellation);
            if (block.Key.BlockNumber > finalized.Number || canonical?.Hash != block.Key.BlockHash)
            {
                violations.Add($"Block {block.Key.BlockNumber} {block.Key.BlockHash} is not on the finalized chain {chainId}.");
                continue;
            }

            var logs = await node.LogsAsync(block.Key.BlockHash, cancellation: cancellation);
            violations.AddRange(block
                // Below zero is the place of what the block's state says, and no log.
                .Where(key => key.LogIndex >= 0
                    && !logs.Any(log => log.LogIndex == key.LogIndex && log.TransactionHash == key.TransactionHash))
                .Select(key => $"There is no log {key.LogIndex} of {key.TransactionHash} in block {key.BlockNumber} of chain {chainId}."));
        }

        return violations;
    }

    private static async Task<int> CompareAsync<TState>(
        AuditFacts facts,
        Func<TState?, object, TState?> evolve,
        Func<TState, string> id,
        List<string> violations,
        CancellationToken cancellation)
        where TState : class
    {
        var rebuilt = facts.Fold(evolve).ToDictionary(id, state => JsonSerializer.Serialize(state));
        var live = (await facts.Session.Query<TState>().ToListAsync(cancellation))
            .ToDictionary(id, state => JsonSerializer.Serialize(state));
        violations.AddRange(rebuilt.Keys.Union(live.Keys)
            .Where(key => rebuilt.GetValueOrDefault(key) != live.GetValueOrDefault(key))
            .Select(key => $"{key}: the live state is not the fold of its events."));
        return rebuilt.Count;
    }
}
