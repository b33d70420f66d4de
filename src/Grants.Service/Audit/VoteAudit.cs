using Grants.Domain.Ballots;
using Grants.Domain.Proposals;
using Grants.Domain.VotingPower;
using Grants.Ethereum.Contracts;
using Grants.Ethereum.Signing;
using Grants.Primitives;
using Grants.Service.Ballots;

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
            var opened = facts.Of<VotingOpened>().Single(e => e.ProposalId == vote.ProposalId);
            var ballots = BallotsOn(facts, vote.ProposalId);
            var tally = Tally.Fold(ballots);
            if ((vote.Result.For, vote.Result.Against, vote.Result.Abstain, vote.Result.Voters)
                != (tally.For, tally.Against, tally.Abstain, tally.Voters))
                violations.Add($"Proposal {vote.ProposalId}: the certified result is not the fold of its ballots.");
            if (vote.Result.QuorumMet != tally.QuorumMet(opened.Rules) || vote.Result.ThresholdMet != tally.ThresholdMet(opened.Rules))
                violations.Add($"Proposal {vote.ProposalId}: the outcome does not follow from the tally and the rules.");
            if (BallotLog.Root([.. ballots.Select(BallotLog.Leaf)]) != vote.Result.BallotLogRoot)
                violations.Add($"Proposal {vote.ProposalId}: the root of the ballot log is another.");
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
            foreach (var record in BallotsOn(facts, opened.ProposalId))
            {
                count++;
                if (record.AcceptedAt < opened.OpensAt || record.AcceptedAt >= opened.ClosesAt)
                    violations.Add($"Ballot {record.Index} on {opened.ProposalId} was accepted outside the window.");
                if (!await IsSignedAsync(facts, record, opened.SnapshotBlock.Hash, cancellation))
                    violations.Add($"Ballot {record.Index} on {opened.ProposalId} is not signed by {record.Ballot.Voter}.");
            }
        }

        return new("I5", "no ballot outside its window or without a valid signature of its voter", count, violations);
    }

    private static List<BallotRecord> BallotsOn(AuditFacts facts, Hash32 proposal) =>
        [.. facts.Of<BallotsRecorded>().Where(e => e.Proposal == proposal).SelectMany(e => e.Ballots).OrderBy(record => record.Index)];

    private static async Task CheckPowerAsync(
        AuditFacts facts, VotingOpened opened, List<BallotRecord> ballots, List<string> violations, CancellationToken cancellation)
    {
        var logs = await facts.LogsAsync(
            opened.Rules.PowerToken, Erc20.Transfer.Topic0, opened.SnapshotBlock.Number, cancellation);
        var snapshot = PowerSnapshot.OfBalances(logs.Select(log => Erc20.Transfer.TryDecode(log, out var values)
            ? new PowerTransfer((Address)values![0], (Address)values[1], (UInt256)values[2])
            : throw new InvalidDataException($"A transfer log of {opened.Rules.PowerToken} cannot be read.")));
        if (snapshot.Root != opened.PowerRoot)
            violations.Add($"Proposal {opened.ProposalId}: the voting power at block {opened.SnapshotBlock.Number} has another root.");
        var powers = snapshot.Accounts.ToDictionary(account => account.Account, account => account.Power);
        violations.AddRange(ballots.Where(record => powers.GetValueOrDefault(record.Ballot.Voter) != record.Power)
            .Select(record => $"Ballot {record.Index} on {opened.ProposalId} counts with another power than its voter had."));
    }

    private static async Task<bool> IsSignedAsync(
        AuditFacts facts, BallotRecord record, Hash32 snapshotHash, CancellationToken cancellation)
    {
        var digest = BallotTypedData.Of(record.Ballot, facts.ChainId).Digest();
        if (digest != record.Digest)
            return false;
        return record.SignatureKind == SignatureKind.Ecdsa
            ? Signature.TryParse(record.Signature, out var signature, out _)
                && Secp256k1.TryRecover(digest, signature, out var signer) && signer == record.Ballot.Voter
            : await ContractSignature.IsValidAsync(
                facts.Node, record.Ballot.Voter, digest, Hex.Parse(record.Signature), snapshotHash, cancellation);
    }
}
