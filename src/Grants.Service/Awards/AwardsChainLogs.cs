using Grants.Domain;
using Grants.Domain.Awards;
using Grants.Ethereum.Contracts;
using Grants.Ethereum.JsonRpc;
using Grants.Primitives;
using Grants.Service.Hosting;
using Grants.Service.Ingestion;
using Marten;

namespace Grants.Service.Awards;

/// <summary>What the vault did on the finalized chain, told to the awards; and which tranches its time makes due.</summary>
public sealed class AwardsChainLogs : IPromotion
{
    public async Task<IReadOnlyList<object>> PromoteAsync(
        FinalizedBlock block, IDocumentSession session, CancellationToken cancellation)
    {
        var facts = block.Logs.Select(log => FactOf(log, block.KeyOf(log))).OfType<VaultFact>();
        foreach (var award in facts.GroupBy(fact => (fact.AwardId, fact.Vault)))
        {
            // A vault may hold awards of another deployment, and on another chain its address is another contract: those are not ours.
            var streamId = Award.StreamId(award.Key.AwardId);
            if (await session.LoadAsync<Award>(streamId, cancellation) is { Terms: var terms }
                && terms.Vault == award.Key.Vault && terms.ChainId == block.ChainId)
                await session.DecideOnEvidenceAsync(
                    streamId, Award.Evolve, [.. award.Select(fact => (fact.Evidence, fact.Decide))], cancellation);
        }

        return await DueAsync(block, session, cancellation);
    }

    private sealed record VaultFact(Hash32 AwardId, Address Vault, EventKey Evidence, Func<Award?, Decision> Decide);

    private static VaultFact? FactOf(RpcLog log, EventKey evidence)
    {
        if (IncentiveVault.Granted.TryDecode(log, out var granted))
        {
            var awardId = (Hash32)granted![0];
            return new(awardId, log.Address, evidence, award => Award.Decide(new ConfirmReservation(awardId, evidence), award));
        }

        if (IncentiveVault.Released.TryDecode(log, out var released))
        {
            var (id, awardId, seq, amount) = ((Hash32)released![0], (Hash32)released[1], (UInt256)released[4], (UInt256)released[5]);
            return new(awardId, log.Address, evidence, award => Award.Decide(
                new ConfirmRelease(awardId, award?.OrderIdOf(id, seq, amount) ?? id, evidence), award));
        }

        if (IncentiveVault.ClawedBack.TryDecode(log, out var clawedBack))
        {
            var (clawbackId, awardId) = ((Hash32)clawedBack![0], (Hash32)clawedBack[1]);
            return new(awardId, log.Address, evidence, award => Award.Decide(new ConfirmClawback(awardId, clawbackId, evidence), award));
        }

        if (IncentiveVault.RecipientChanged.TryDecode(log, out var changed))
        {
            var (awardId, from, to) = ((Hash32)changed![0], (Address)changed[1], (Address)changed[2]);
            return new(awardId, log.Address, evidence, award => Award.Decide(
                new RecordRecipientChange(awardId, from, to, evidence), award));
        }

        return null;
    }

    private static async Task<IReadOnlyList<object>> DueAsync(
        FinalizedBlock block, IDocumentSession session, CancellationToken cancellation)
    {
        if (block.Late)
            return [];
        var waiting = await session.Query<Award>()
            .Where(award => award.Terms.ChainId == block.ChainId && award.NextDueAt <= block.Block.TimestampSeconds)
            .ToListAsync(cancellation);
        return [.. waiting.Select(award => new ReleaseNextTranche(award.Terms.AwardId, award.NextTranche!.Value, block.Block))];
    }
}
