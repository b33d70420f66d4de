using Grants.Domain.Ballots;
using Grants.Domain.Ballots.Log;
using Grants.Primitives;

namespace Grants.Cli.Verify;

/// <summary>Holds the receipts of voters against the export: what was acknowledged must be in it, at its place.</summary>
internal sealed class ReceiptCheck(IReadOnlyList<Receipt> receipts, VoteFacts facts, Findings findings)
{
    private readonly Dictionary<long, (BallotRecord Record, Hash32 Leaf)> found = [];
    private readonly Dictionary<long, Hash32> roots = [];
    private readonly HashSet<long> places = [.. receipts.Select(receipt => receipt.LogIndex)];
    private readonly HashSet<long> sizes = [.. receipts.Select(receipt => receipt.Signed.Head.Size)];

    /// <summary>What this export cannot tell, a sentence each.</summary>
    public List<string> Notes { get; } = [];

    /// <summary>Sees every ballot of the export, and the log as it stands after it.</summary>
    public void See(BallotRecord? record, Hash32 leaf, LogFrontier log)
    {
        if (record is not null && places.Contains(record.Index))
            found[record.Index] = (record, leaf);
        if (sizes.Contains(log.Size))
            roots[log.Size] = log.Root;
    }

    public void Finish()
    {
        foreach (var receipt in receipts)
            Check(receipt);
    }

    private void Check(Receipt receipt)
    {
        void Require(bool condition, string message) => findings.Require(condition, 0, "RECEIPT", $"Receipt {receipt.Name}: {message}");

        var head = receipt.Signed.Head;
        Require(
            head.Space == facts.Terms.Space
                && TypedSignature.IsOfLog(facts.Manifest.LogAddress, head.ToTyped(), facts.Terms.ChainId, receipt.Signed.Signature),
            $"its head is not signed by {facts.Manifest.LogAddress}, or of another space.");
        Require(receipt.Vote is null || receipt.Vote == facts.Terms.Vote, "it is of another vote.");
        Require(receipt.LogIndex >= 0 && receipt.LogIndex < head.Size, "its head does not reach to its ballot.");
        if (!found.TryGetValue(receipt.LogIndex, out var at))
        {
            Require(false, $"the ballot that was acknowledged at place {receipt.LogIndex} of the log is not in the export.");
            return;
        }

        Require(
            at.Record.Ballot.Voter == receipt.Voter && at.Record.Ballot.Nonce == receipt.Nonce
                && (receipt.Digest is null || receipt.Digest == at.Record.Digest),
            $"at place {receipt.LogIndex} of the log there is another ballot.");
        if (receipt.Path is { } path)
        {
            Require(
                BallotLog.Verify(at.Leaf, receipt.LogIndex, head.Size, path, head.Root),
                "its path does not lead from the ballot to its head.");
        }

        if (roots.TryGetValue(head.Size, out var root))
            Require(root == head.Root, $"its head says that the log of {head.Size} leaves had another root.");
        else
        {
            Notes.Add(
                $"Receipt {receipt.Name}: its head ends between other votes' ballots; the service's logConsistency({head.Size}, "
                + $"{facts.Certificate.LogSize}) shows whether it is of the same log.");
        }
    }
}
