using Grants.Domain.VotingPower.Strategies;
using Grants.Ethereum.Abi;
using Grants.Ethereum.Contracts;
using Grants.Ethereum.JsonRpc;
using Grants.Primitives;

namespace Grants.Service.VotingPower.Reading;

/// <summary>The logs up to the snapshot block as the typed facts that the strategies fold, in chain order.</summary>
internal sealed class PowerLogs(LogSource source, long toBlock)
{
    public async Task<IReadOnlyList<PowerTransfer>> TransfersAsync(Address token) =>
        [.. (await ReadAsync(token, Erc20.Transfer)).Select(v => new PowerTransfer((Address)v[0], (Address)v[1], (UInt256)v[2]))];

    /// <summary>Everybody who wrapped or unwrapped native tokens: WETH9 logs no transfer then.</summary>
    public async Task<IReadOnlyList<Address>> WrappersAsync(Address token) =>
        [.. (await ReadAsync(token, WrappedNative.Deposit, WrappedNative.Withdrawal)).Select(v => (Address)v[0]).Distinct()];

    public async Task<IReadOnlyList<VotesChange>> VotesAsync(Address token) =>
    [
        .. from v in await ReadAsync(token, Erc5805.DelegateVotesChanged)
           select new VotesChange((Address)v[0], (UInt256)v[1], (UInt256)v[2]),
    ];

    public async Task<IReadOnlyList<RegistryChange>> RegistryAsync(Address registry) =>
    [
        .. from log in await OrderedAsync(registry, DelegateRegistry.SetDelegate, DelegateRegistry.ClearDelegate)
           select new RegistryChange(
               (Address)log.Values[0], (Hash32)log.Values[1], log.Event == DelegateRegistry.SetDelegate ? (Address)log.Values[2] : null),
    ];

    public async Task<IReadOnlyList<LockChange>> LocksAsync(Address venue) =>
    [
        .. from log in await OrderedAsync(
               venue,
               LockingInfo.Locked,
               LockingInfo.LockUpdate,
               LockingInfo.SignerChange,
               LockingInfo.UnlockInit,
               LockingInfo.Unlocked)
           select LockOf(log.Event, log.Values),
    ];

    /// <summary>The reserves after the last <c>Sync</c>; null where there was none.</summary>
    public async Task<(UInt256 Reserve0, UInt256 Reserve1)?> ReservesAsync(Address pair) =>
        await ReadAsync(pair, UniswapV2Pair.Sync) is [.., var last] ? ((UInt256)last[0], (UInt256)last[1]) : null;

    private static LockChange LockOf(AbiEvent kind, object[] values)
    {
        if (kind == LockingInfo.Locked)
            return new LockOpened((UInt256)values[1], (Address)values[0], (UInt256)values[4]);
        if (kind == LockingInfo.LockUpdate)
            return new LockResized((UInt256)values[0], (UInt256)values[2]);
        if (kind == LockingInfo.SignerChange)
            return new LockHandedOver((UInt256)values[0], (Address)values[3]);
        return new LockEnded((UInt256)values[1]);
    }

    private async Task<IReadOnlyList<object[]>> ReadAsync(Address contract, params AbiEvent[] kinds) =>
        [.. (await OrderedAsync(contract, kinds)).Select(log => log.Values)];

    // What has the topic and another layout is another event.
    private async Task<IEnumerable<(AbiEvent Event, object[] Values)>> OrderedAsync(Address contract, params AbiEvent[] kinds)
    {
        var found = new List<(RpcLog Log, AbiEvent Event, object[] Values)>();
        foreach (var kind in kinds)
        {
            foreach (var log in await source(contract, kind.Topic0, toBlock))
            {
                if (kind.TryDecode(log, out var values))
                    found.Add((log, kind, values));
            }
        }

        return found.OrderBy(one => one.Log.BlockNumber).ThenBy(one => one.Log.LogIndex).Select(one => (one.Event, one.Values));
    }
}
