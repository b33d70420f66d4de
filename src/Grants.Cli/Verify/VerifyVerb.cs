using System.CommandLine;
using System.Diagnostics;
using Grants.Primitives;

namespace Grants.Cli.Verify;

/// <summary>Whether the export of a vote holds: everything computed again from the file alone.</summary>
internal static class VerifyVerb
{
    private const int DoesNotHold = 1;

    private const int Portion = 2_048;

    private static readonly TimeSpan ProgressEvery = TimeSpan.FromSeconds(5);

    public static Command Create()
    {
        var file = new Argument<string>("FILE.ndjson") { Description = "The export of a closed vote: GET /votes/{id}/export.ndjson." };
        var logAddress = new Option<string?>("--log-address")
        {
            Description = "The address that the space's log is known by (GraphQL: ballotLog { address }); without it the file's own is "
                + "taken.",
            HelpName = "0x..",
        };
        var receipt = new Option<string[]>("--receipt")
        {
            Description = $"A voter's receipt, which must be honoured: {Receipt.Shape}. Can be given several times.",
            HelpName = "RECEIPT.json",
            AllowMultipleArgumentsPerToken = false,
        };
        var json = new Option<bool>("--json") { Description = "Print the report as one JSON object." };
        var command = new Command(
            "verify",
            "Check a vote from its export alone: signatures, voting power, the log and its signed head, completeness, the count and the "
            + "outcome, and the certificate. Exit code 0 where everything holds, 1 where something does not, 2 where the file is no "
            + "export.")
        {
            file,
            logAddress,
            receipt,
            json,
        };
        command.SetAction(parsed => Run(
            parsed.GetRequiredValue(file),
            parsed.GetValue(logAddress) is { } address ? Address.Parse(address) : null,
            [.. (parsed.GetValue(receipt) ?? []).Select(Receipt.Read)],
            parsed.GetValue(json),
            parsed.InvocationConfiguration));
        return command;
    }

    private static int Run(
        string path, Address? knownLog, IReadOnlyList<Receipt> receipts, bool asJson, InvocationConfiguration streams)
    {
        using var file = File.OpenRead(path);
        var report = Verify(file, knownLog, receipts, streams.Error);
        streams.Output.Write(asJson ? VerifyReport.Json(report) : VerifyReport.Text(report));
        return report.Findings.Count == 0 ? 0 : DoesNotHold;
    }

    private static VerifyReport Verify(Stream file, Address? knownLog, IReadOnlyList<Receipt> receipts, TextWriter progress)
    {
        var (findings, clock) = (new Findings(), Stopwatch.StartNew());
        using var lines = new ExportFile(file).Lines().GetEnumerator();
        if (!lines.MoveNext())
            throw new FormatException("The file is empty.");
        var facts = ManifestCheck.Read(lines.Current, findings);
        ManifestCheck.Check(facts, knownLog, findings);
        findings.Require(lines.Current.Before is null, 1, "TRUNCATED", "There is nothing behind the manifest.");
        var receiptCheck = new ReceiptCheck(receipts, facts, findings);
        var vote = new VoteCheck(facts, receiptCheck, findings);
        foreach (var portion in Rest(lines).Chunk(Portion))
        {
            foreach (var line in CheckAll(portion, facts))
                vote.Add(line);
            if (clock.Elapsed < ProgressEvery)
                continue;
            progress.WriteLine($"{vote.Ballots} of {facts.Certificate.Ballots} ballots checked");
            clock.Restart();
        }

        vote.Finish();
        return new VerifyReport(facts, vote, findings, knownLog is not null, receipts.Count, receiptCheck.Notes);
    }

    private static IEnumerable<FileLine> Rest(IEnumerator<FileLine> lines)
    {
        while (lines.MoveNext())
            yield return lines.Current;
    }

    // Signatures are nearly all of the work, and each stands alone.
    private static CheckedLine[] CheckAll(FileLine[] lines, VoteFacts facts)
    {
        var all = new CheckedLine[lines.Length];
        try
        {
            Parallel.For(0, lines.Length, i => all[i] = BallotCheck.Check(lines[i], facts));
        }
        catch (AggregateException wrong) when (wrong.InnerExceptions.OfType<FormatException>().FirstOrDefault() is { } unreadable)
        {
            throw new FormatException(unreadable.Message, unreadable);
        }

        return all;
    }
}
