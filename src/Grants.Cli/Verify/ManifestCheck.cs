using Grants.Domain;
using Grants.Domain.Ballots;
using Grants.Domain.Ballots.Export;
using Grants.Domain.Proposals;
using Grants.Primitives;

namespace Grants.Cli.Verify;

/// <summary>What the first line says of a vote, once it is read.</summary>
internal sealed record VoteFacts(ExportManifest Manifest, VoteTerms Terms, VotingOutcome Outcome)
{
    public VoteCertificate Certificate => Manifest.Certificate.Certificate;

    public VotingRules Rules => Terms.Rules;

    public VotingWindow Window { get; } = new(
        Terms.Space,
        Terms.Vote,
        Terms.ProposalHash,
        Terms.Rules,
        DateTimeOffset.FromUnixTimeMilliseconds(Terms.OpensAt),
        DateTimeOffset.FromUnixTimeMilliseconds(Terms.ClosesAt));
}

/// <summary>Checks the first line: that its parts agree, and who signed them.</summary>
internal static class ManifestCheck
{
    private const int Line = 1;

    /// <exception cref="FormatException">It is no manifest, or of another format.</exception>
    public static VoteFacts Read(FileLine line, Findings findings)
    {
        if (ExportFormat.ReadLine(line.Bytes) is not ExportManifest manifest)
            throw new FormatException("The first line is no manifest.");
        if (manifest.Format != ExportFormat.Version)
            throw new FormatException($"The format is {manifest.Format}; this program reads {ExportFormat.Version}.");
        if (manifest.Certificate.Certificate is { Ballots: < 0 } or { LogSize: < 0 }
            || manifest.TreeHead?.Head is { Size: < 0 } or { Timestamp: < 0 })
            throw new FormatException("The manifest has a negative number where there can be none.");
        var facts = FactsOf(manifest);
        findings.Require(
            ExportFormat.Write(manifest).AsSpan().SequenceEqual(line.Bytes)
                && ExportFormat.Write(facts.Terms) == manifest.Terms && ExportFormat.Write(facts.Outcome) == manifest.Outcome,
            Line,
            "NOT_CANONICAL",
            "The manifest is not written as an export writes it.");
        return facts;
    }

    public static void Check(VoteFacts facts, Address? knownLog, Findings findings)
    {
        var (manifest, terms, certificate) = (facts.Manifest, facts.Terms, facts.Certificate);
        findings.Require(
            knownLog is null || knownLog == manifest.LogAddress,
            Line,
            "LOG_ADDRESS",
            $"The log is signed by {manifest.LogAddress}, not by {knownLog}.");
        findings.Require(
            TypedSignature.IsOfLog(manifest.LogAddress, certificate.ToTyped(), terms.ChainId, manifest.Certificate.Signature),
            Line,
            "CERTIFICATE_SIGNATURE",
            $"The certificate is not signed by {manifest.LogAddress}.");
        findings.Require(
            certificate.Terms == manifest.Terms.Hash() && certificate.Outcome == manifest.Outcome.Hash()
                && (certificate.Space, certificate.Vote, certificate.PowerRoot) == (terms.Space, terms.Vote, terms.Snapshot.Root)
                && certificate.Approved == facts.Outcome.IsApproved && certificate.Ballots <= certificate.LogSize,
            Line,
            "CERTIFICATE",
            "The certificate is of other terms or of another outcome.");
        CheckHead(facts, findings);
        CheckTerms(terms, findings);
    }

    private static void CheckHead(VoteFacts facts, Findings findings)
    {
        var (certificate, signed) = (facts.Certificate, facts.Manifest.TreeHead);
        if (certificate.LogSize == 0)
        {
            findings.Require(
                signed is null && certificate.LogRoot == BallotLog.EmptyRoot, Line, "TREE_HEAD", "An empty log has no head and one root.");
            return;
        }

        findings.Require(
            signed?.Head is { } head
                && (head.Space, head.Size, head.Root) == (certificate.Space, certificate.LogSize, certificate.LogRoot),
            Line,
            "TREE_HEAD",
            "The head of the log is of another log than the certificate.");
        findings.Require(
            signed is not null && TypedSignature.IsOfLog(
                facts.Manifest.LogAddress, signed.Head.ToTyped(), facts.Terms.ChainId, signed.Signature),
            Line,
            "TREE_HEAD_SIGNATURE",
            $"The head of the log is not signed by {facts.Manifest.LogAddress}.");
    }

    private static void CheckTerms(VoteTerms terms, Findings findings)
    {
        findings.Require(
            terms.Round is 1 or 2 && Proposal.VoteIdOf(terms.Proposal, terms.Round) == terms.Vote,
            Line,
            "VOTE_ID",
            "The vote's id is not the one of the proposal and the round.");

        // The ends are rounded to milliseconds, outwards. A vote is extended by no more than its rules say.
        var planned = terms.OpensAt + (terms.Rules.VotingPeriodSeconds * 1_000);
        findings.Require(
            terms.ClosesAt >= planned && terms.ClosesAt <= planned + (terms.Rules.LateQuorumExtensionSeconds * 1_000) + 1,
            Line,
            "WINDOW",
            "The vote was not open for as long as its rules say.");
    }

    private static VoteFacts FactsOf(ExportManifest manifest)
    {
        var (terms, outcome) = (ExportFormat.ReadTerms(manifest.Terms), ExportFormat.ReadOutcome(manifest.Outcome));
        try
        {
            return new VoteFacts(manifest, terms, outcome);
        }
        catch (ArgumentOutOfRangeException wrong)
        {
            throw new FormatException("The window is in no calendar.", wrong);
        }
    }
}
