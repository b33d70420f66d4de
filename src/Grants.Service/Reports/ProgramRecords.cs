using Grants.Domain.Awards;
using Grants.Domain.Programs;
using Grants.Domain.Proposals;
using Marten;

namespace Grants.Service.Reports;

/// <summary>Everything public of a program at one moment: no drafts, and no text that a guardian hid.</summary>
/// <param name="Proposals">By their id.</param>
/// <param name="Awards">By their id.</param>
public sealed record ProgramRecords(FundingProgram Program, IReadOnlyList<Proposal> Proposals, IReadOnlyList<Award> Awards)
{
    /// <summary>Of the session's space; null where it has no such program.</summary>
    public static async Task<ProgramRecords?> ReadAsync(IQuerySession session, string programId, CancellationToken cancellation)
    {
        if (await session.LoadAsync<FundingProgram>(programId, cancellation) is not { } program)
            return null;
        var proposals = await session.Query<Proposal>()
            .Where(proposal => proposal.ProgramId == programId && proposal.State != ProposalState.Draft)
            .OrderBy(proposal => proposal.Id)
            .ToListAsync(cancellation);
        var awards = await session.Query<Award>()
            .Where(award => award.Terms.ProgramId == programId)
            .OrderBy(award => award.Id)
            .ToListAsync(cancellation);
        return new ProgramRecords(program, proposals, awards);
    }

    /// <summary>The title as anybody may see it.</summary>
    public static string TitleOf(Proposal proposal) => proposal.HiddenBecause is null ? proposal.Content.Title : "(hidden)";
}
