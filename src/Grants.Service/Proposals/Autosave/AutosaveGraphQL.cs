using System.ComponentModel;
using Grants.Primitives;
using Grants.Service.Api;
using GraphQL.Types;
using Marten;

namespace Grants.Service.Proposals.Autosave;

public sealed record AutosaveDraftInput(
    [property: Description("Idempotency key, chosen by the client.")] string ClientMutationId,
    [property: Description("Names the draft among one's own; 1 to 64 characters.")] string DraftKey,
    string ProgramId,
    [property: Description("The client's own form, at most 60,000 characters; kept as it is. Absent to discard the draft.")]
    string? Content,
    [property: Description("Of what this is a change, 0 for a first save: refused where the draft has another revision by now.")]
    int ExpectedRevision) : IMutationInput;

public sealed class AutosavedDraftGraphType : ObjectGraphType<AutosavedDraft>
{
    public AutosavedDraftGraphType()
    {
        Name = "AutosavedDraft";
        Description = "What an applicant has typed so far. Only its owner sees it.";
        Field("draftKey", draft => draft.DraftKey);
        Field("programId", draft => draft.ProgramId);
        Field("content", draft => draft.Content);
        Field("revision", draft => draft.Revision).Description("From 1.");
        Field("savedAt", draft => draft.SavedAt);
    }
}

public static class AutosaveGraphQL
{
    public static void Extend(ObjectGraphType query, ObjectGraphType mutation)
    {
        query.AddConnection<AutosavedDraft, AutosavedDraftGraphType>(
            "autosavedDrafts",
            "One's own autosaved drafts, by their keys; none for nobody.",
            [],
            draft => draft.Id,
            (context, drafts, after) =>
            {
                var prefix = AutosavedDraft.PrefixOf(context.ActorOrNull() ?? Address.Zero);
                var own = drafts.Where(draft => draft.Id.StartsWith(prefix));
                return (after is null ? own : own.Where(draft => draft.Id.CompareTo(after) > 0)).OrderBy(draft => draft.Id);
            });
        mutation.AddCommand<AutosaveDraftInput, AutosavedDraftGraphType>(
            "autosaveDraft",
            "draft",
            "Keeps what one has typed so far, or discards it. A save of an older revision is refused, and what is saved stays.",
            (context, input, actor) => ProposalsGraphQL.SendAsync(
                context, new AutosaveDraft(actor, input.DraftKey, input.ProgramId, input.Content, input.ExpectedRevision)),
            async (context, input, actor) => await context.Service<IQuerySession>()
                .LoadAsync<AutosavedDraft>(AutosavedDraft.IdOf(actor, input.DraftKey), context.CancellationToken));
    }
}
