using Grants.Domain.Programs;
using Grants.Primitives;
using Grants.Service.Ingestion.Retention;
using Marten;

namespace Grants.Service.Programs;

/// <summary>
/// Votes are counted from all that the contracts of their power ever logged, and deposits are found by their transfers: these logs are
/// never let go, whichever version of a program's terms names the contracts.
/// </summary>
public sealed class ProgramLogs(IDocumentStore store, Spaces spaces) : IKeepsLogs
{
    public async Task<KeptLogs> KeptAsync(long chainId, CancellationToken cancellation)
    {
        var contracts = new HashSet<Address>();
        foreach (var space in spaces.All)
        {
            await using var session = store.QuerySession(space.Id);
            var programs = await session.Query<FundingProgram>().ToListAsync(cancellation);
            var terms = programs.SelectMany(program => program.Superseded.Append(program.Terms)).Where(one => one.ChainId == chainId);
            contracts.UnionWith(terms.SelectMany(ProgramsReactions.ContractsOfRecord));
        }

        return new KeptLogs(contracts);
    }
}
