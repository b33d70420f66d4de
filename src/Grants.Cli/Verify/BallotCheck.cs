using Grants.Domain.Ballots;
using Grants.Domain.Ballots.Export;
using Grants.Domain.VotingPower;
using Grants.Primitives;

namespace Grants.Cli.Verify;

/// <summary>A line with what was found wrong in it alone.</summary>
/// <param name="Record">Of a line that is a ballot.</param>
/// <param name="Leaf">Of a line that is a ballot.</param>
/// <param name="Counts">Whether it can be counted: its choice is one.</param>
internal sealed record CheckedLine(
    FileLine At, ExportLine Line, IReadOnlyList<Finding> Findings, BallotRecord? Record = null, Hash32 Leaf = default, bool Counts = false);

/// <summary>Checks a line by itself, so that many can be checked at once.</summary>
internal static class BallotCheck
{
    /// <exception cref="FormatException">It is no line of an export.</exception>
    public static CheckedLine Check(FileLine at, VoteFacts facts)
    {
        try
        {
            var line = ExportFormat.ReadLine(at.Bytes);
            var findings = new List<Finding>();
            if (!ExportFormat.Write(line).AsSpan().SequenceEqual(at.Bytes))
                findings.Add(new Finding(at.Number, "NOT_CANONICAL", "The line is not written as an export writes it."));
            return line is ExportedBallot ballot
                ? Check(at, ballot, facts, findings)
                : new CheckedLine(at, line, findings);
        }
        catch (Exception wrong) when (wrong is FormatException or ArgumentOutOfRangeException)
        {
            throw new FormatException($"Line {at.Number}: {wrong.Message}", wrong);
        }
    }

    private static CheckedLine Check(FileLine at, ExportedBallot line, VoteFacts facts, List<Finding> findings)
    {
        void Require(bool condition, string code, string message)
        {
            if (!condition)
                findings.Add(new Finding(at.Number, code, message));
        }

        var ballot = line.Ballot;
        var acceptedAt = DateTimeOffset.FromUnixTimeMilliseconds(line.AcceptedAt);
        if (line.Index < 0 || ballot.ExpiresAt < 0)
            throw new FormatException("A ballot has a negative number where there can be none.");
        var kind = line.Kind == BallotLog.NameOf(SignatureKind.Ecdsa) ? SignatureKind.Ecdsa : SignatureKind.Erc1271;
        Require(line.Kind == BallotLog.NameOf(kind), "KIND", "The signature is of no known kind.");
        var refusal = BallotBox.Refuse(ballot, facts.Window, line.Power, acceptedAt);
        Require(refusal is null, refusal?.Code ?? "", $"The ballot of {ballot.Voter} should have been refused: {refusal?.Message}");
        var digest = TypedSignature.Digest(ballot.ToTyped(), facts.Terms.ChainId);

        // A contract is asked only about what is no signature of the account's own key.
        Require(
            TypedSignature.IsOf(ballot.Voter, digest, line.Signature) == (kind == SignatureKind.Ecdsa),
            "SIGNATURE",
            kind == SignatureKind.Ecdsa
                ? $"The ballot is not signed by {ballot.Voter}."
                : $"The ballot is signed by {ballot.Voter} itself; no contract was asked.");
        Require(
            PowerTree.Verify(new AccountPower(ballot.Voter, line.Power), line.PowerProof, facts.Terms.Snapshot.Root),
            "POWER_PROOF",
            $"{ballot.Voter} had no power of {line.Power} in the snapshot.");
        var record = new BallotRecord(line.Index, ballot, line.Power, line.Signature, kind, digest, acceptedAt);
        return new CheckedLine(at, line, findings, record, BallotLog.Leaf(record), refusal is not InvalidChoice);
    }
}
