using Grants.Domain;
using Grants.Domain.Awards;
using Grants.Domain.Proposals;
using Ical.Net;
using Ical.Net.CalendarComponents;
using Ical.Net.DataTypes;
using Ical.Net.Serialization;

namespace Grants.Service.Reports;

/// <summary>
/// A program's dates as a calendar to subscribe to (RFC 5545): rounds, vote windows, deadlines of milestones, and releases as they
/// stand, which a breach, a verdict or a pause moves.
/// </summary>
public static class ProgramCalendar
{
    /// <summary>The most releases that are shown of an award.</summary>
    public const int ReleasesMax = 64;

    /// <param name="records">Of the program.</param>
    /// <param name="space">Makes the events' ids unique among calendars.</param>
    public static string Write(ProgramRecords records, string space)
    {
        var calendar = new Calendar { ProductId = "-//Grants//Program calendar//EN", Method = "PUBLISH" };
        calendar.AddProperty("X-WR-CALNAME", records.Program.Terms.Name);
        var titles = records.Proposals.ToDictionary(proposal => proposal.ProposalId, ProgramRecords.TitleOf);
        calendar.Events.AddRange(
        [
            .. RoundsOf(records, space),
            .. records.Proposals.SelectMany(proposal => VotesOf(proposal, space)),
            .. records.Awards.SelectMany(award => DatesOf(award, titles.GetValueOrDefault(award.Terms.ProposalId, "an award"), space)),
        ]);
        return new CalendarSerializer().SerializeToString(calendar)!;
    }

    private static IEnumerable<CalendarEvent> RoundsOf(ProgramRecords records, string space) =>
        (records.Program.Terms.Intake?.Rounds ?? []).Select((round, index) => Event(
            $"{records.Program.Id}-round-{index + 1}@{space}",
            $"Round {round.Name}: proposals are taken",
            round.OpensAt,
            round.ClosesAt));

    private static IEnumerable<CalendarEvent> VotesOf(Proposal proposal, string space) => proposal.Rounds.Select(round => Event(
        $"{round.Opened.VoteId}@{space}", $"Vote: {ProgramRecords.TitleOf(proposal)}", round.Opened.OpensAt, round.ClosesAt));

    private static IEnumerable<CalendarEvent> DatesOf(Award award, string title, string space)
    {
        foreach (var milestone in award.Milestones.Where(milestone => !milestone.IsClosed))
        {
            var at = DateTimeOffset.FromUnixTimeSeconds(milestone.Terms.DueAt);
            yield return Event(
                $"{award.Terms.AwardId}-milestone-{milestone.Number}@{space}", $"Due: {milestone.Terms.Title} ({title})", at, at);
        }

        foreach (var (number, release) in ReleasesOf(award).Take(ReleasesMax).Index())
        {
            var at = DateTimeOffset.FromUnixTimeSeconds(release.At);
            yield return Event(
                $"{award.Terms.AwardId}-release-{award.Orders.Count + number + 1}@{space}",
                $"Release of {release.Amount} base units ({title})",
                at,
                at);
        }
    }

    private static IEnumerable<VestingTranche> ReleasesOf(Award award)
    {
        var (ordered, position) = (award.Committed, award.Position);
        while (position.NextRelease(ordered, award.Terms.ReleasePeriodSeconds) is { } next)
        {
            yield return next;
            ordered += next.Amount;
        }
    }

    private static CalendarEvent Event(string uid, string summary, DateTimeOffset from, DateTimeOffset to) => new()
    {
        Uid = uid,
        Summary = summary,
        DtStamp = new CalDateTime(from.UtcDateTime, CalDateTime.UtcTzId),
        Start = new CalDateTime(from.UtcDateTime, CalDateTime.UtcTzId),
        End = from == to ? null : new CalDateTime(to.UtcDateTime, CalDateTime.UtcTzId),
    };
}
