using System.Globalization;
using Grants.Domain.Proposals;

namespace Grants.Service.Reports;

/// <summary>A program's proposals, awards and payments to come as tables.</summary>
public static class ProgramSheets
{
    public static Sheet Proposals(ProgramRecords records) => Of(
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
        ]);

    public static Sheet Awards(ProgramRecords records)
    {
        var titles = records.Proposals.ToDictionary(proposal => proposal.ProposalId, ProgramRecords.TitleOf);
        return Of(
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
            ]);
    }

    public static Sheet Payouts(PayoutPreview preview) => Of(
        ["award_id", "tranche", "recipient", "token", "amount", "due_at", "order_id", "state", "held", "simulation", "block"],
        preview.Rows,
        row =>
        [
            row.Release.AwardId.ToString(),
            row.Release.Tranche.ToString(CultureInfo.InvariantCulture),
            row.Release.Recipient.ToString(),
            row.Terms.Token.ToString(),
            row.Release.Amount?.ToString() ?? string.Empty,
            row.Release.DueAt is { } due ? Instant(due) : string.Empty,
            row.Release.ReleaseId?.ToString() ?? string.Empty,
            row.State?.ToString() ?? string.Empty,
            row.Held ?? string.Empty,
            row.Simulation ?? string.Empty,
            preview.At.Number.ToString(CultureInfo.InvariantCulture),
        ]);

    private static Sheet Of<TRow>(string[] head, IReadOnlyList<TRow> rows, Func<TRow, string[]> cells) =>
        new(head, [.. rows.Select(cells)]);

    private static string NameOf(ProposalState state) => state.ToString();

    private static string Instant(long seconds) =>
        DateTimeOffset.FromUnixTimeSeconds(seconds).ToString("O", CultureInfo.InvariantCulture);
}
