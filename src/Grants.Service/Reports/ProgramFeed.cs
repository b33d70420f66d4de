using System.ServiceModel.Syndication;
using System.Xml;
using Grants.Domain.Proposals;

namespace Grants.Service.Reports;

/// <summary>What is new in a program, as a feed to subscribe to (Atom, RFC 4287): proposals, votes and awards.</summary>
public static class ProgramFeed
{
    /// <summary>The most entries; older ones are in the other reports.</summary>
    public const int EntriesMax = 100;

    public static async Task WriteAsync(ProgramRecords records, DaoAddresses addresses, Stream body, CancellationToken cancellation)
    {
        var titles = records.Proposals.ToDictionary(proposal => proposal.ProposalId, ProgramRecords.TitleOf);
        var entries = records.Proposals.SelectMany(EntriesOf)
            .Concat(records.Awards.Select(award => Entry(
                $"{award.Terms.AwardId}",
                $"Awarded: {titles.GetValueOrDefault(award.Terms.ProposalId, "a proposal")}",
                DateTimeOffset.FromUnixTimeSeconds(award.Terms.StartAt))))
            .OrderByDescending(entry => entry.LastUpdatedTime).ThenBy(entry => entry.Id, StringComparer.Ordinal)
            .Take(EntriesMax)
            .ToList();
        var feed = new SyndicationFeed(entries)
        {
            Id = $"urn:grants:{addresses.Space.Id}:{records.Program.Id}",
            Title = new TextSyndicationContent(records.Program.Terms.Name),
            LastUpdatedTime = entries.Count > 0 ? entries[0].LastUpdatedTime : records.Program.Terms.OpenedAt,
        };
        feed.Authors.Add(new SyndicationPerson { Name = addresses.Space.Name });
        using var file = new MemoryStream();
        await using (var xml = XmlWriter.Create(file, new XmlWriterSettings { Async = true, CheckCharacters = true }))
            feed.GetAtom10Formatter().WriteTo(xml);
        await body.WriteAsync(file.GetBuffer().AsMemory(0, (int)file.Length), cancellation);

        IEnumerable<SyndicationItem> EntriesOf(Proposal proposal)
        {
            var title = ProgramRecords.TitleOf(proposal);
            yield return Entry($"{proposal.ProposalId}", $"Proposed: {title}", proposal.SubmittedAt ?? proposal.DraftedAt);
            foreach (var round in proposal.Rounds)
                yield return Entry($"{round.Opened.VoteId}:vote", $"To be voted on: {title}", round.Opened.OpensAt);
        }

        SyndicationItem Entry(string id, string title, DateTimeOffset at) => new()
        {
            Id = $"urn:grants:{addresses.Space.Id}:{id}",
            Title = new TextSyndicationContent(Printable(title)),
            LastUpdatedTime = at,
            PublishDate = at,
        };
    }

    // XML has no way to write some characters, not even escaped.
    private static string Printable(string text) => string.Concat(text.EnumerateRunes()
        .Select(rune => rune.Value < 0x20 || rune.Value is 0xFFFE or 0xFFFF ? "\uFFFD" : rune.ToString()));
}
