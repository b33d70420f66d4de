using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Grants.Domain;

namespace Grants.Cli.Verify;

/// <summary>What a person, or a program, is told of a check.</summary>
/// <param name="IsLogKnown">The log's address was given, not taken from the file.</param>
internal sealed record VerifyReport(
    VoteFacts Facts, VoteCheck Vote, Findings Findings, bool IsLogKnown, int Receipts, IReadOnlyList<string> ReceiptNotes)
{
    private static readonly JsonSerializerOptions Plain = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>What was not checked, because a file alone cannot tell it.</summary>
    private List<string> Notes
    {
        get
        {
            var notes = new List<string>();
            if (Vote.ByContract is { Ballots: > 0 } contracts)
            {
                notes.Add(
                    $"{contracts.Ballots} counted ballots with {contracts.Power} of power are vouched for by contracts (ERC-1271) at block "
                    + $"{Facts.Terms.Snapshot.Block.Hash}, not checkable offline: call isValidSignature at that block.");
            }

            if (!IsLogKnown)
            {
                notes.Add(
                    $"The log's address {Facts.Manifest.LogAddress} is the file's own word: compare it with the one that the service "
                    + "publishes, or give --log-address.");
            }

            notes.Add(
                $"That the snapshot of block {Facts.Terms.Snapshot.Block.Number} is the chain's, with its total and its supply, is for an "
                + "archive node to tell.");
            notes.AddRange(ReceiptNotes);
            return notes;
        }
    }

    public static string Text(VerifyReport report)
    {
        var (terms, certificate) = (report.Facts.Terms, report.Facts.Certificate);
        var contracts = report.Vote.ByContract.Ballots;
        var text = new StringBuilder();
        void Row(string name, string value) => text.AppendLine($"{name,-12}{Clean(value)}");
        Row("vote", $"{terms.Vote} (round {terms.Round}), space {terms.Space}, chain {terms.ChainId}");
        Row("rules", $"{terms.Rules.System}: {string.Join(", ", terms.Rules.Choices)}");
        Row("ballots", $"{report.Vote.Ballots}, of {report.Vote.Voters} voters");
        Row("signatures", $"{report.Vote.Voters - contracts} of the voters' keys, {contracts} vouched by contract, not checkable offline");
        Row("power", $"snapshot of block {terms.Snapshot.Block.Number}, root {terms.Snapshot.Root}");
        Row("log", $"{certificate.LogSize} leaves, root {certificate.LogRoot}, signed by {report.Facts.Manifest.LogAddress}");
        if (report.Receipts > 0)
            Row("receipts", $"{report.Receipts}");
        if (report.Vote.Outcome is { } outcome)
        {
            Row("outcome", $"{(outcome.IsApproved ? "approved" : "rejected")}: {outcome.Reason}");
            Row("", outcome.Count.Derivation.Explanation);
        }

        foreach (var note in report.Notes)
            Row("note", note);
        foreach (var finding in report.Findings.First)
            Row("FOUND", $"{(finding.Line == 0 ? "" : $"line {finding.Line}: ")}{finding.Code}: {finding.Message}");
        if (report.Findings.Count > report.Findings.First.Count)
            Row("FOUND", $"and {report.Findings.Count - report.Findings.First.Count} more");
        Row("result", report.Findings.Count == 0 ? "everything holds" : $"{report.Findings.Count} findings: THE EXPORT DOES NOT HOLD");
        return text.ToString();
    }

    public static string Json(VerifyReport report) => JsonSerializer.Serialize(
        new
        {
            Holds = report.Findings.Count == 0,
            report.Facts.Terms.Space,
            report.Facts.Terms.ChainId,
            report.Facts.Terms.Vote,
            report.Vote.Ballots,
            report.Vote.Voters,
            VouchedByContract = new { report.Vote.ByContract.Ballots, Power = report.Vote.ByContract.Power.ToString() },
            Outcome = OutcomeOf(report.Vote.Outcome),
            report.Facts.Certificate.LogSize,
            report.Facts.Certificate.LogRoot,
            report.Facts.Manifest.LogAddress,
            report.IsLogKnown,
            report.Receipts,
            report.Notes,
            FindingsCount = report.Findings.Count,
            Findings = report.Findings.First,
        },
        Plain) + Environment.NewLine;

    private static object? OutcomeOf(VotingOutcome? outcome) => outcome is null
        ? null
        : new { Approved = outcome.IsApproved, outcome.Count.Scores, outcome.Count.Power, outcome.Count.Winner, outcome.Reason };

    /// <summary>Control characters of an input must not reach a terminal.</summary>
    private static string Clean(string text) => string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c));
}
