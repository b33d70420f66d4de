using Grants.Domain;
using Grants.Domain.VotingPower;
using Grants.Ethereum.Contracts;
using Grants.Ethereum.JsonRpc;
using Grants.Primitives;

namespace Grants.Service.VotingPower.Delegates;

/// <summary>The delegations that the strategies of a program read, from the logs of their tokens and registries.</summary>
internal static class DelegationLogs
{
    /// <summary>All changes up to a block, of each source in chain order.</summary>
    public static async Task<IReadOnlyList<DelegateChange>> ReadAsync(long chainId, PowerRules rules, LogSource logs, long toBlock)
    {
        var changes = new List<DelegateChange>();
        foreach (var token in Of(rules, PowerStrategyKind.Erc20Votes).Select(strategy => strategy.Contract).Distinct())
        {
            foreach (var log in await logs(token, Erc5805.DelegateChanged.Topic0, toBlock))
            {
                if (Erc5805.DelegateChanged.TryDecode(log, out var v))
                    changes.Add(Change(chainId, log, Hash32.Zero, (Address)v[0], (Address)v[2]));
            }
        }

        foreach (var source in Of(rules, PowerStrategyKind.DelegatedBalance).GroupBy(strategy => strategy.Registry))
        {
            var ids = source.Select(strategy => strategy.RegistryId).Append(Hash32.Zero).ToHashSet();
            changes.AddRange((await RegistryAsync(chainId, source.Key, logs, toBlock)).Where(change => ids.Contains(change.Id)));
        }

        return changes;
    }

    private static async Task<IEnumerable<DelegateChange>> RegistryAsync(long chainId, Address registry, LogSource logs, long toBlock)
    {
        var found = new List<DelegateChange>();
        foreach (var log in await logs(registry, DelegateRegistry.SetDelegate.Topic0, toBlock))
        {
            if (DelegateRegistry.SetDelegate.TryDecode(log, out var v))
                found.Add(Change(chainId, log, (Hash32)v[1], (Address)v[0], (Address)v[2]));
        }

        foreach (var log in await logs(registry, DelegateRegistry.ClearDelegate.Topic0, toBlock))
        {
            if (DelegateRegistry.ClearDelegate.TryDecode(log, out var v))
                found.Add(Change(chainId, log, (Hash32)v[1], (Address)v[0], null));
        }

        return found.OrderBy(change => change.At.BlockNumber).ThenBy(change => change.At.LogIndex);
    }

    private static IEnumerable<PowerStrategy> Of(PowerRules rules, PowerStrategyKind kind) =>
        rules.Strategies.Where(strategy => strategy.Kind == kind);

    private static DelegateChange Change(long chainId, RpcLog log, Hash32 id, Address delegator, Address? named) => new(
        log.Address, id, delegator, named, new EventKey(chainId, log.BlockNumber, log.BlockHash, log.TransactionHash, log.LogIndex));
}
