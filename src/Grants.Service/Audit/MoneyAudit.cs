using Grants.Domain;
using Grants.Domain.Awards;
using Grants.Domain.Disbursements;
using Grants.Domain.Programs;
using Grants.Ethereum.Contracts;
using Grants.Primitives;

namespace Grants.Service.Audit;

/// <summary>I1, I2, I3 and I6: the money.</summary>
public static class MoneyAudit
{
    public static async Task<AuditLine> ConservationAsync(AuditFacts facts, CancellationToken cancellation)
    {
        var violations = new List<string>();
        var grants = facts.Of<AwardGranted>().ToList();
        foreach (var terms in grants.Select(granted => granted.Terms))
        {
            var released = Sum(facts.Of<TrancheReleased>().Where(e => e.AwardId == terms.AwardId).Select(e => e.Amount));
            var clawedBack = Sum(facts.Of<AwardClawedBack>().Where(e => e.AwardId == terms.AwardId).Select(e => e.Amount));
            if (released + clawedBack > terms.Amount)
                violations.Add($"Award {terms.AwardId}: released {released} and clawed back {clawedBack} exceed {terms.Amount}.");
            if (!facts.Of<AwardReserved>().Any(e => e.AwardId == terms.AwardId))
                continue;
            var chain = await facts.OnChainAsync(terms.Vault, terms.AwardId, cancellation);
            if (chain.Released < released || chain.ClawedBack < clawedBack)
                violations.Add($"Award {terms.AwardId}: the vault says {chain}, the ledger ({released}, {clawedBack}).");
        }

        return new("I1", "granted = released + clawed back + remaining, and the vault agrees", grants.Count, violations);
    }

    public static async Task<AuditLine> VestedBoundAsync(AuditFacts facts, CancellationToken cancellation)
    {
        var violations = new List<string>();
        var releases = facts.Of<TrancheReleased>().ToList();
        var awards = facts.Fold<Award>(Award.Evolve).ToDictionary(award => award.Terms.AwardId);
        foreach (var award in releases.GroupBy(released => released.AwardId))
        {
            var terms = awards[award.Key].Terms;
            var sum = UInt256.Zero;
            foreach (var released in award)
            {
                sum += released.Amount;
                var block = await facts.Node.BlockAsync(released.Evidence.BlockHash, cancellation);
                if (block is null || sum > Payable(awards[award.Key].Position, block.TimestampSeconds))
                    violations.Add($"Award {award.Key}: {sum} released by block {released.Evidence.BlockNumber}, more than was vested.");
            }

            var ordered = Sum(facts.Of<ReleaseOrdered>().Where(e => e.AwardId == award.Key).Select(e => e.Amount));
            if ((await facts.OnChainAsync(terms.Vault, award.Key, cancellation)).Released > ordered)
                violations.Add($"Award {award.Key}: the vault has released more than was ever ordered.");
        }

        return new(
            "I2", "released <= vested at the block of the release; never more on chain than in the ledger", releases.Count, violations);
    }

    public static async Task<AuditLine> OnceAsync(AuditFacts facts, CancellationToken cancellation)
    {
        var violations = new List<string>();
        var orders = facts.Of<DisbursementOrdered>().Select(ordered => ordered.Order).ToList();
        var known = orders.Select(order => order.OrderId).Concat(facts.Fold<Award>(Award.Evolve).SelectMany(IdsOf)).ToHashSet();
        var settled = 0;
        foreach (var vault in orders.Select(order => order.Vault).Distinct())
        {
            foreach (var topic in new[] { IncentiveVault.Released.Topic0, IncentiveVault.ClawedBack.Topic0 })
            {
                var logs = await facts.LogsAsync(vault, topic, facts.Finalized.Number, cancellation);
                settled += logs.Count;
                violations.AddRange(logs.GroupBy(log => log.Topics[1]).Where(id => id.Count() > 1)
                    .Select(id => $"Order {id.Key} settled {id.Count()} times in vault {vault}."));
                violations.AddRange(logs.Where(log => !known.Contains(log.Topics[1]))
                    .Select(log => $"Order {log.Topics[1]} settled in vault {vault}, but nobody ordered it."));
            }
        }

        return new("I3", "each release id settles at most once on chain", settled, violations);
    }

    /// <summary>I3 of what is of no space: the nonces of the treasury's key.</summary>
    public static AuditLine Nonces(AuditFacts facts)
    {
        var violations = new List<string>();
        var signed = facts.Of<TransactionSigned>().ToList();
        violations.AddRange(facts.Of<NonceReserved>().GroupBy(reserved => (reserved.ChainId, reserved.Signer, reserved.Nonce))
            .Where(nonce => nonce.Count() > 1)
            .Select(nonce => $"Nonce {nonce.Key.Nonce} of {nonce.Key.Signer} was given out {nonce.Count()} times."));
        violations.AddRange(signed
            .GroupBy(signed => (signed.ChainId, signed.Attempt.Signer, signed.Attempt.Nonce))
            .Where(nonce => nonce.Select(signed => signed.Orders).Distinct().Count() > 1)
            .Select(nonce => $"Attempts with nonce {nonce.Key.Nonce} of {nonce.Key.Signer} do different things."));
        return new(
            "I3", "a nonce is given out once, and every attempt with it does the same", signed.Count, violations);
    }

    public static AuditLine Budgets(AuditFacts facts)
    {
        var programs = facts.Of<ProgramOpened>().ToList();
        var violations = programs
            .Select(program => (Program: program, Sum: Sum(facts.Of<AwardGranted>()
                .Where(granted => granted.Terms.ProgramId == program.ProgramId).Select(granted => granted.Terms.Amount))))
            .Where(pair => pair.Sum > pair.Program.Budget)
            .Select(pair => $"Program {pair.Program.ProgramId}: awards of {pair.Sum} exceed the budget of {pair.Program.Budget}.")
            .ToList();
        return new("I6", "sum of awards of a program <= its budget", programs.Count, violations);
    }

    // Pauses and verdicts that came later never lower what a release rested on.
    private static UInt256 Payable(VestingPosition position, long at) =>
        UInt256.Min(position.VestedAmount(at), position.MilestoneCap(at));

    // A payment that was in flight while the recipient changed has the id of the new one.
    private static IEnumerable<Hash32> IdsOf(Award award) => award.Recipients.SelectMany(recipient => award.Orders.Select(order =>
        VaultOrderId.Release(award.Terms with { Recipient = recipient }, order.Tranche, order.Amount)));

    private static UInt256 Sum(IEnumerable<UInt256> amounts) => amounts.Aggregate(UInt256.Zero, (sum, amount) => sum + amount);
}
