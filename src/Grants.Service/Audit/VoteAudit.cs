using Grants.Domain.Ballots;
using Grants.Domain.Proposals;
using Grants.Domain.VotingPower;
using Grants.Ethereum.Contracts;
using Grants.Ethereum.Signing;
using Grants.Primitives;
using Grants.Service.Ballots;
using Grants.Service.VotingPower;

namespace Grants.Service.Audit;

/// <summary>I4 and I5: the votes, recomputed from the ballots, the signatures and the node's own transfer logs.</summary>
public static class VoteAudit
{
    public static async Task<AuditLine> TalliesAsync(AuditFacts facts, CancellationToken cancellation)
    {
        var violations = new List<string>();
        var closed = facts.Of<VotingClosed>().ToList();
        foreach (var vote in closed)
        {
            var opened = facts.Of<VotingOpened>().Single(e => e.VoteId == vote.VoteId);
            var ballots = BallotsOn(facts, vote.VoteId);
            if (vote.Result.Outcome != Tally.Fold(opened.Rules, ballots).Outcome(opened.Rules, opened.Supply))
                violations.Add($"Vote {vote.VoteId}: the certified outcome does not follow from its ballots and its rules.");
            if (vote.Result.BallotCount != ballots.Count || vote.Result.BallotRoot != BallotLog.Root([.. ballots.Select(BallotLog.Leaf)]))
                violations.Add($"Vote {vote.VoteId}: the root of its ballots is another.");
            await CheckPowerAsync(facts, opened, ballots, violations, cancellation);
        }

        return new(
            "I4", "a tally is the fold of the ballots, each voter once, with the power of the snapshot block", closed.Count, violations);
    }

    public static async Task<AuditLine> DoorAsync(AuditFacts facts, CancellationToken cancellation)
    {
        var violations = new List<string>();
        var count = 0;
        foreach (var opened in facts.Of<VotingOpened>())
        {
            var closesAt = facts.Of<VotingExtended>().SingleOrDefault(e => e.VoteId == opened.VoteId)?.ClosesAt ?? opened.ClosesAt;
            foreach (var record in BallotsOn(facts, opened.VoteId))
            {
                count++;
                if (record.AcceptedAt < opened.OpensAt || record.AcceptedAt >= closesAt)
                    violations.Add($"Ballot {record.Index} of {opened.VoteId} was accepted outside the window.");
                if (!await IsSignedAsync(facts, record, opened.SnapshotBlock.Hash, cancellation))
                    violations.Add($"Ballot {record.Index} of {opened.VoteId} is not signed by {record.Ballot.Voter}.");
            }
        }

        return new("I5", "no ballot outside its window or without a valid signature of its voter", count, violations);
    }

    private static List<BallotRecord> BallotsOn(AuditFacts facts, Hash32 vote) =>
        [.. facts.Of<BallotsRecorded>().Where(e => e.Proposal == vote).SelectMany(e => e.Ballots).OrderBy(record => record.Index)];

    private static async Task CheckPowerAsync(
        AuditFacts facts, VotingOpened opened, List<BallotRecord> ballots, List<string> violations, CancellationToken cancellation)
    {
        var evidence = facts.Of<PowerEvidenceRecorded>().Where(e => e.VoteId == opened.VoteId).SelectMany(e => e.Readings).ToList();
        var (power, problem) = await PowerAudit.RecomputeAsync(
            opened.Rules.Power,
            opened.SnapshotBlock,
            evidence,
            (contract, topic0, toBlock) => facts.LogsAsync(contract, topic0, toBlock, cancellation),
            NodeAnswers.At(facts.Node, Multicall3.Canonical, opened.SnapshotBlock.Hash, cancellation));
        if (power is null || power.Snapshot.Root != opened.PowerRoot || power.Supply != opened.Supply)
        {
            violations.Add(
                $"Vote {opened.VoteId}: the voting power at block {opened.SnapshotBlock.Number} is another. {problem}".TrimEnd());
            return;
        }

        var powers = power.Snapshot.Accounts.ToDictionary(account => account.Account, account => account.Power);
        violations.AddRange(ballots.Where(record => powers.GetValueOrDefault(record.Ballot.Voter) != record.Power)
            .Select(record => $"Ballot {record.Index} of {opened.VoteId} counts with another power than its voter had."));
    }

    private static async Task<bool> IsSignedAsync(
        AuditFacts facts, BallotRecord record, Hash32 snapshotHash, CancellationToken cancellation)
    {
        var digest = BallotTypedData.Digest(record.Ballot, facts.ChainId);
        if (digest != record.Digest)
            return false;
        return record.SignatureKind == SignatureKind.Ecdsa
            ? Signature.TryParse(record.Signature, out var signature, out _)
                && Secp256k1.TryRecover(digest, signature, out var signer) && signer == record.Ballot.Voter
            : await ContractSignature.IsValidAsync(
                facts.Node, record.Ballot.Voter, digest, Hex.Parse(record.Signature), snapshotHash, cancellation);
    }
}
