using Grants.Primitives;

namespace Grants.Domain.Proposals;

/// <summary>A proposal's content at a time, read from its events.</summary>
/// <param name="Number">From 1: the draft as it began.</param>
/// <param name="IsPublic">It was submitted, or came after what was.</param>
/// <param name="Changed">The fields that differ from the revision before, as the API names them; empty for the first.</param>
/// <param name="Body">How the body came about from the one before, by lines; empty for the first.</param>
public sealed record ProposalRevision(
    int Number,
    Address Actor,
    DateTimeOffset At,
    ProposalContent Content,
    bool IsPublic,
    ValueList<string> Changed,
    ValueList<DiffLine> Body)
{
    /// <summary>All revisions, oldest first.</summary>
    /// <param name="events">Of the proposal's stream, in their order.</param>
    public static IReadOnlyList<ProposalRevision> Of(IEnumerable<object> events)
    {
        var revisions = new List<ProposalRevision>();
        foreach (var @event in events)
        {
            _ = @event switch
            {
                ProposalDrafted e => Add(revisions, e.Applicant, e.At, e.Content),
                ProposalRevised e => Add(revisions, e.Actor, e.At, e.Content),
                ProposalSubmitted when revisions.Count > 0 => Publish(revisions),
                _ => false,
            };
        }

        return revisions;
    }

    /// <summary>Those that everybody may see: what lies before the first submission is the applicant's alone, and so is its diff.</summary>
    public static IReadOnlyList<ProposalRevision> PublicOf(IReadOnlyList<ProposalRevision> all)
    {
        var shown = all.Where(revision => revision.IsPublic).ToList();
        if (shown is [{ Number: > 1 } first, ..])
            shown[0] = first with { Changed = [], Body = [] };
        return shown;
    }

    private static bool Add(List<ProposalRevision> revisions, Address actor, DateTimeOffset at, ProposalContent content)
    {
        var last = revisions.Count == 0 ? null : revisions[^1];
        revisions.Add(new ProposalRevision(
            revisions.Count + 1,
            actor,
            at,
            content,
            last is { IsPublic: true },
            last is null ? [] : Differing(last.Content, content),
            last is null ? [] : LineDiff.Between(last.Content.Body, content.Body)));
        return true;
    }

    private static bool Publish(List<ProposalRevision> revisions)
    {
        revisions[^1] = revisions[^1] with { IsPublic = true };
        return true;
    }

    private static ValueList<string> Differing(ProposalContent a, ProposalContent b)
    {
        (string Field, bool Differs)[] fields =
        [
            ("title", a.Title != b.Title),
            ("body", a.Body != b.Body),
            ("requestedAmount", a.RequestedAmount != b.RequestedAmount),
            ("recipient", a.Recipient != b.Recipient),
            ("budget", !a.Budget.Equals(b.Budget)),
            ("milestones", !a.Milestones.Equals(b.Milestones)),
            ("labels", !a.Labels.Equals(b.Labels)),
            ("discussion", a.Discussion != b.Discussion),
            ("conflicts", !a.Conflicts.Equals(b.Conflicts)),
            ("answers", a.Answers != b.Answers),
        ];
        return [.. fields.Where(field => field.Differs).Select(field => field.Field)];
    }
}
