using Grants.Domain;
using Grants.Domain.Programs;
using Grants.Primitives;
using Grants.Service.Ingestion;

namespace Grants.Service.Programs;

/// <summary>What a program's contracts do on chain must be seen from the day it opens.</summary>
public static class ProgramsReactions
{
    public static async Task Handle(ProgramOpened program, ChainWatches watches, CancellationToken cancellation)
    {
        Address[] contracts =
        [
            program.Token,
            program.Vault,
            .. PowerContracts(program.VotingRules),
            .. program.Policy.Venues.Select(venue => venue.Address),
            .. program.Policy.Labels.Select(label => label.Address),
        ];
        foreach (var contract in contracts.Distinct())
            await watches.WatchAsync(program.ChainId, contract, program.WatchFromBlock, cancellation);
    }

    private static IEnumerable<Address> PowerContracts(VotingRules rules) =>
        [.. rules.Power.Contracts(), .. rules.Revote?.Power.Contracts() ?? []];
}
