using Grants.Domain.Reinvestment;
using Grants.Domain.Reinvestment.Watching;
using Grants.Service.Ingestion.Retention;
using Marten;

namespace Grants.Service.Reinvestment.Watching;

/// <summary>What was read again to tell flows by what is listed since is not let go before they are told.</summary>
public sealed class RerunLogs(IDocumentStore store, Spaces spaces, ChainIdentity chain) : IKeepsLogs
{
    public async Task<KeptLogs> KeptAsync(long chainId, CancellationToken cancellation)
    {
        foreach (var space in chainId == chain.ChainId ? spaces.All : [])
        {
            await using var session = store.QuerySession(space.Id);
            if (await session.LoadAsync<WatchList>(WatchList.StreamId, cancellation) is { } list
                && (await session.Query<ReinvestmentMonitor>().ToListAsync(cancellation)).Any(one => one.ListVersion < list.Version))
                return new KeptLogs([], $"Flows are told again by what the space {space.Id} has listed.");
        }

        return new KeptLogs([]);
    }
}
