using Grants.Domain;
using Grants.Domain.Proposals;
using Grants.Primitives;
using Grants.Service.Hosting;
using Marten;

namespace Grants.Service.Proposals.Autosave;

/// <summary>
/// What an applicant has typed so far, as the client keeps it, half-filled fields and all. It is no event: a save replaces the one
/// before, it can be discarded, and nobody but its owner ever sees it.
/// </summary>
/// <param name="Id">Owner and key.</param>
/// <param name="DraftKey">Chosen by the client.</param>
/// <param name="Content">The client's own form; not read here.</param>
/// <param name="Revision">From 1.</param>
public sealed record AutosavedDraft(
    string Id, Address Owner, string DraftKey, string ProgramId, string Content, int Revision, DateTimeOffset SavedAt)
{
    /// <summary>The longest content, in UTF-16 units.</summary>
    public const int ContentLengthMax = 60_000;

    public const int DraftsMax = 20;

    public static string IdOf(Address owner, string draftKey) => $"{PrefixOf(owner)}{draftKey}";

    public static string PrefixOf(Address owner) => $"{owner}/";
}

/// <param name="Content">Null discards the draft.</param>
/// <param name="ExpectedRevision">What this is a change of; 0 for a first save.</param>
public sealed record AutosaveDraft(Address Owner, string DraftKey, string ProgramId, string? Content, int ExpectedRevision);

public sealed record TooManyDrafts(int Most)
    : Rejection("TOO_MANY_DRAFTS", $"There are {Most} autosaved drafts; discard one before you begin another.");

public static class AutosaveHandlers
{
    /// <summary>Two saves of one revision meet at the document's version: one is stored, the other is decided again and refused.</summary>
    public static async Task<CommandResult> Handle(
        AutosaveDraft command, IDocumentSession session, TimeProvider clock, CancellationToken cancellation)
    {
        if (command.Content is { } text && (text.Length > AutosavedDraft.ContentLengthMax || text.Contains('\0', StringComparison.Ordinal)))
            return new InvalidValue("content", $"At most {AutosavedDraft.ContentLengthMax} characters, without the null character.");
        if (command.DraftKey.Length is 0 or > 64 || command.DraftKey.Any(char.IsControl))
            return new InvalidValue("draftKey", "Must have 1 to 64 characters on one line.");
        var saved = await session.LoadAsync<AutosavedDraft>(AutosavedDraft.IdOf(command.Owner, command.DraftKey), cancellation);
        if (saved?.Content == command.Content && (saved is null || saved.ProgramId == command.ProgramId))
            return CommandResult.Done;
        if (command.ExpectedRevision != (saved?.Revision ?? 0))
            return new StaleRevision(command.ExpectedRevision, saved?.Revision ?? 0);
        if (command.Content is null)
        {
            session.Delete(saved!);
            return CommandResult.Done;
        }

        var prefix = AutosavedDraft.PrefixOf(command.Owner);
        if (saved is null && await session.Query<AutosavedDraft>()
            .CountAsync(draft => draft.Id.StartsWith(prefix), cancellation) >= AutosavedDraft.DraftsMax)
            return new TooManyDrafts(AutosavedDraft.DraftsMax);
        session.Store(new AutosavedDraft(
            AutosavedDraft.IdOf(command.Owner, command.DraftKey),
            command.Owner,
            command.DraftKey,
            command.ProgramId,
            command.Content,
            command.ExpectedRevision + 1,
            clock.GetUtcNow()));
        return CommandResult.Done;
    }
}
