using System.Globalization;
using CsvHelper;
using CsvHelper.Configuration;
using Grants.Domain.Proposals;

namespace Grants.Service.Reports;

/// <summary>
/// A program's proposals and awards as CSV (RFC 4180, UTF-8). Amounts are base units in digits; instants are ISO 8601 in UTC. A
/// text that a spreadsheet would take for a formula is escaped with an apostrophe.
/// </summary>
public static class ProgramSheets
{
    private static readonly CsvConfiguration Format = new(CultureInfo.InvariantCulture)
    {
        NewLine = "\r\n",
        InjectionOptions = InjectionOptions.Escape,
    };

    public static Task WriteProposalsAsync(ProgramRecords records, Stream body, CancellationToken cancellation) => WriteAsync(
        body,
        ["proposal_id", "title", "state", "applicant", "recipient", "requested_amount", "labels", "discussion", "submitted_at"],
        records.Proposals,
        proposal =>
        [
            proposal.ProposalId.ToString(),
            ProgramRecords.TitleOf(proposal),
            NameOf(proposal.State),
            proposal.Applicant.ToString(),
            proposal.Content.Recipient.ToString(),
            proposal.Content.RequestedAmount.ToString(),
            proposal.HiddenBecause is null ? string.Join(' ', proposal.Content.Labels) : string.Empty,
            proposal.HiddenBecause is null ? proposal.Content.Discussion ?? string.Empty : string.Empty,
            proposal.SubmittedAt?.ToString("O", CultureInfo.InvariantCulture) ?? string.Empty,
        ],
        cancellation);

    public static Task WriteAwardsAsync(ProgramRecords records, Stream body, CancellationToken cancellation)
    {
        var titles = records.Proposals.ToDictionary(proposal => proposal.ProposalId, ProgramRecords.TitleOf);
        return WriteAsync(
            body,
            [
                "award_id", "proposal_id", "title", "recipient", "token", "amount", "released", "clawed_back", "remaining", "starts_at",
                "ends_at", "next_due_at", "held_tranche", "refusal_to_pay",
            ],
            records.Awards,
            award =>
            [
                award.Terms.AwardId.ToString(),
                award.Terms.ProposalId.ToString(),
                titles.GetValueOrDefault(award.Terms.ProposalId, string.Empty),
                award.Recipient.ToString(),
                award.Terms.Token.ToString(),
                award.Terms.Amount.ToString(),
                award.Released.ToString(),
                award.ClawedBack.ToString(),
                award.Remaining.ToString(),
                Instant(award.Terms.StartAt),
                Instant(award.Position.EndsAt),
                award.NextDueAt is { } due ? Instant(due) : string.Empty,
                award.HeldTranche == 0 ? string.Empty : award.HeldTranche.ToString(CultureInfo.InvariantCulture),
                award.RefusalToPay?.Code ?? string.Empty,
            ],
            cancellation);
    }

    private static async Task WriteAsync<TRow>(
        Stream body, string[] head, IReadOnlyList<TRow> rows, Func<TRow, string[]> cells, CancellationToken cancellation)
    {
        await using var text = new StreamWriter(body, leaveOpen: true);
        await using var csv = new CsvWriter(text, Format, leaveOpen: true);
        foreach (var line in rows.Select(cells).Prepend(head))
        {
            foreach (var cell in line)
                csv.WriteField(cell);
            await csv.NextRecordAsync();
            cancellation.ThrowIfCancellationRequested();
        }
    }

    private static string NameOf(ProposalState state) => state.ToString();

    private static string Instant(long seconds) =>
        DateTimeOffset.FromUnixTimeSeconds(seconds).ToString("O", CultureInfo.InvariantCulture);
}
