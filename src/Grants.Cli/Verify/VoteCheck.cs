using Grants.Domain;
using Grants.Domain.Ballots;
using Grants.Domain.Ballots.Export;
using Grants.Domain.Ballots.Log;
using Grants.Primitives;

namespace Grants.Cli.Verify;

/// <summary>Puts the lines together in their order: the log, the vote's own tree, the ballots that count, the outcome.</summary>
internal sealed class VoteCheck(VoteFacts facts, ReceiptCheck receipts, Findings findings)
{
    private const int LevelMax = 40;

    private readonly LogFrontier log = new();
    private readonly LogFrontier vote = new();
    private readonly Dictionary<Address, CountedBallot> last = [];
    private readonly Dictionary<string, string> choices = new(StringComparer.Ordinal);
    private long next;
    private bool isInPlace = true;
    private bool isSealed;

    private readonly record struct CountedBallot(UInt256 Nonce, string Choice, UInt256 Power, bool ByContract, bool Counts);

    public long Ballots => vote.Size;

    public int Voters => last.Count;

    /// <summary>The ballots that count for which only a contract vouches, and their power.</summary>
    public (int Ballots, System.Numerics.BigInteger Power) ByContract => last.Values.Where(ballot => ballot.ByContract)
        .Aggregate((0, System.Numerics.BigInteger.Zero), (sum, ballot) => (sum.Item1 + 1, sum.Item2 + ballot.Power.ToBigInteger()));

    /// <summary>What the ballots come to; null where they cannot be counted.</summary>
    public VotingOutcome? Outcome { get; private set; }

    public void Add(CheckedLine line)
    {
        foreach (var finding in line.Findings)
            findings.Add(finding);
        findings.Require(line.At.IsEnded, line.At.Number, "TRUNCATED", "The line is cut off.");
        findings.Require(!isSealed, line.At.Number, "AFTER_THE_SEAL", "There is a line after the last one.");
        switch (line.Line)
        {
            case ExportedBallot:
                AddBallot(line.At.Number, line);
                break;
            case OtherLeaves others:
                AddOthers(line.At.Number, others);
                break;
            case ExportSeal seal:
                isSealed = true;
                findings.Require(
                    seal.Sha256 == line.At.Before, line.At.Number, "SEAL", "The seal is not the hash of what stands before it.");
                break;
            default:
                findings.Add(line.At.Number, "SECOND_MANIFEST", "There is a second manifest.");
                break;
        }
    }

    public void Finish()
    {
        var certificate = facts.Certificate;
        findings.Require(isSealed, 0, "TRUNCATED", "The export has no last line: it was cut off.");
        findings.Require(
            log.Size == certificate.LogSize && log.Root == certificate.LogRoot,
            1,
            "LOG_ROOT",
            $"The leaves do not make the log of {certificate.LogSize} that was signed: a ballot was changed, added, left out or moved.");
        findings.Require(
            vote.Size == certificate.Ballots && vote.Root == certificate.VoteRoot,
            1,
            "VOTE_ROOT",
            $"The ballots are not the {certificate.Ballots} that were certified: one was changed, added, left out or moved.");
        Count();
        receipts.Finish();
    }

    private void AddBallot(long number, CheckedLine line)
    {
        var record = line.Record!;
        CheckPlace(number, record.Index);
        next = record.Index + 1;
        if (isInPlace)
            log.Append(line.Leaf);
        vote.Append(line.Leaf);
        receipts.See(record, line.Leaf, log);
        var ballot = record.Ballot;
        if (last.TryGetValue(ballot.Voter, out var earlier))
        {
            findings.Require(
                ballot.Nonce > earlier.Nonce, number, "NONCE", $"{ballot.Voter} has an earlier ballot with a nonce that is not lower.");
            if (ballot.Nonce <= earlier.Nonce)
                return;
        }

        last[ballot.Voter] = new CountedBallot(
            ballot.Nonce, OneText(ballot.Choice), record.Power, record.SignatureKind == SignatureKind.Erc1271, line.Counts);
    }

    private void AddOthers(long number, OtherLeaves others)
    {
        CheckPlace(number, others.First);
        if (others.Level is < 0 or > LevelMax || others.First % (1L << others.Level) != 0)
            throw new FormatException($"Line {number}: no subtree of level {others.Level} begins at leaf {others.First}.");
        next = others.First + (1L << others.Level);
        if (!isInPlace)
            return;
        log.AppendSubtree(others.Level, others.Root);
        receipts.See(null, default, log);
    }

    // Behind a line that is out of its place the log is another, and only that is told again.
    private void CheckPlace(long number, long place)
    {
        isInPlace &= place == next;
        findings.Require(
            place == next, number, "PLACE", $"Here place {next} of the log is due, not {place}: a line was added, left out or moved.");
    }

    private void Count()
    {
        try
        {
            var tally = Tally.Of(facts.Rules, last.Values.Where(ballot => ballot.Counts).Select(ballot => (ballot.Choice, ballot.Power)));
            findings.Require(
                tally.Power <= facts.Terms.Snapshot.Total && tally.Voters <= facts.Terms.Snapshot.Accounts,
                1,
                "TOTAL_POWER",
                "More power or more accounts have voted than the snapshot has.");
            Outcome = tally.Outcome(facts.Rules, facts.Terms.Snapshot.Supply);
            findings.Require(
                WithoutSentences(Outcome) == WithoutSentences(facts.Outcome),
                1,
                "OUTCOME",
                $"The ballots come to another outcome than the certified one: {(Outcome.IsApproved ? "approved" : "rejected")}. "
                + Outcome.Reason);
        }
        catch (OverflowException)
        {
            findings.Add(1, "TOTAL_POWER", "The power of all ballots is more than 2^256 - 1.");
        }
    }

    // Numbers are recomputed; sentences may be worded in another way by another version, and are signed anyway.
    private static VotingOutcome WithoutSentences(VotingOutcome outcome) => outcome with
    {
        Reason = "",
        Count = outcome.Count with { Derivation = outcome.Count.Derivation with { Explanation = "" } },
    };

    // Most voters choose what others chose: one text for all of them.
    private string OneText(string choice)
    {
        if (choices.TryGetValue(choice, out var known))
            return known;
        if (choices.Count < 10_000)
            choices.Add(choice, choice);
        return choice;
    }
}
