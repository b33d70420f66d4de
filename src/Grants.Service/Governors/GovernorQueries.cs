using Grants.Domain.Governors;
using Grants.Primitives;
using Grants.Service.Api;
using Grants.Service.Api.Lists;
using Grants.Service.Governors.Following;
using GraphQL;
using GraphQL.DataLoader;
using Marten;
using Marten.Events;
using Npgsql;

namespace Grants.Service.Governors;

/// <summary>Reads of governors and their proposals.</summary>
internal static class GovernorQueries
{
    /// <summary>The final block up to which everything about a governor is known; null while its past is still being read.</summary>
    public static async Task<BlockRef?> AsOfAsync(
        NpgsqlDataSource database, string space, Governor governor, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        return await GovernorStore.ProgressAsync(
            connection, space, governor.Terms.ChainId, governor.Terms.Governor, cancellation) is { IsReady: true } progress
                ? progress.Followed
                : null;
    }

    /// <summary>As <see cref="AsOfAsync"/>, for all governors of a page together.</summary>
    public static IDataLoaderResult AsOf(IResolveFieldContext context, Governor governor)
    {
        var (database, space, cancellation) = (context.Service<NpgsqlDataSource>(), context.Space(), context.CancellationToken);
        var key = (governor.Terms.ChainId, governor.Terms.Governor);
        return context.Batch<(long ChainId, Address Governor), GovernorProgress>(space, async governors =>
        {
            await using var connection = await database.OpenConnectionAsync(cancellation);
            return await GovernorStore.ProgressAsync(connection, space, governors, cancellation);
        }).Ask([key], found => found.GetValueOrDefault(key) is { IsReady: true } progress ? progress.Followed : null);
    }

    /// <summary>Proposals, the newest first.</summary>
    /// <param name="before">The place of the proposal before which to begin; null for the newest.</param>
    public static async Task<IReadOnlyList<GovernorProposalView>> ProposalsAsync(
        IQuerySession session, NpgsqlDataSource database, string governorId, int count, string? before, CancellationToken cancellation)
    {
        if (await session.LoadAsync<Governor>(governorId, cancellation) is not { } governor)
            return [];
        var all = session.Query<GovernorProposal>().Where(proposal => proposal.GovernorId == governorId);
        var rows = await (before is null ? all : all.Where(proposal => proposal.Place.CompareTo(before) < 0))
            .OrderByDescending(proposal => proposal.Place).Take(count).ToListAsync(cancellation);
        var asOf = await AsOfAsync(database, session.TenantId, governor, cancellation);
        return [.. rows.Select(proposal => new GovernorProposalView(proposal, governor, asOf))];
    }

    /// <summary>One proposal, or null.</summary>
    public static async Task<GovernorProposalView?> ProposalAsync(
        IQuerySession session, NpgsqlDataSource database, GovernorProposalKey key, CancellationToken cancellation) =>
        await session.LoadAsync<Governor>(Governor.StreamId(key.ChainId, key.Governor), cancellation) is { } governor
        && await session.LoadAsync<GovernorProposal>(key.StreamId(), cancellation) is { } proposal
            ? new GovernorProposalView(proposal, governor, await AsOfAsync(database, session.TenantId, governor, cancellation))
            : null;

    /// <summary>Votes in the order in which they were cast.</summary>
    /// <param name="after">The version in the proposal's stream behind which to begin.</param>
    public static async Task<IReadOnlyList<GovernorVoteView>> VotesAsync(
        IQuerySession session, GovernorProposalKey key, int count, long after, CancellationToken cancellation)
    {
        var streamId = key.StreamId();
        var events = await session.Events.QueryAllRawEvents()
            .Where(e => e.StreamKey == streamId && e.Version > after && e.EventTypesAre(typeof(GovernorVoteCast)))
            .OrderBy(e => e.Version).Take(count).ToListAsync(cancellation);
        return [.. events.Select(e => new GovernorVoteView(e.Version, (GovernorVoteCast)e.Data))];
    }

    /// <summary>An account's votes at the snapshot of a proposal, which must be over; for all of a page together.</summary>
    public static IDataLoaderResult VotesOf(IResolveFieldContext context, GovernorProposalView view, Address account)
    {
        var (database, cancellation) = (context.Service<NpgsqlDataSource>(), context.CancellationToken);
        var key = (view.Governor.Terms, account, view.Proposal.Created.Snapshot);
        return context.Batch<(GovernorRegistered Terms, Address Account, long Timepoint), UInt256>(context.Space(), async asked =>
        {
            await using var connection = await database.OpenConnectionAsync(cancellation);
            var votes = new Dictionary<(GovernorRegistered, Address, long), UInt256>();
            foreach (var governor in asked.GroupBy(one => one.Terms))
            {
                var found = await VotesToken.VotesAtAsync(
                    connection, governor.Key, [.. governor.Select(one => (one.Account, one.Timepoint))], cancellation);
                foreach (var ((account, timepoint), power) in found)
                    votes[(governor.Key, account, timepoint)] = power;
            }

            return votes;
        }).Ask([key], found => found.TryGetValue(key, out var power) ? power : (UInt256?)null);
    }
}
