using System.Text.Json.Serialization;
using Grants.Primitives;

namespace Grants.Domain.Reinvestment.Watching;

/// <summary>What changed in who may move a wallet's tokens.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ControlChange>))]
public enum ControlChange
{
    OwnerAdded,
    OwnerRemoved,

    /// <summary>How many owners must sign.</summary>
    ThresholdChanged,

    /// <summary>A contract may send without signatures.</summary>
    ModuleEnabled,
    ModuleDisabled,
}

/// <summary>A wallet of several owners says that who controls it has changed.</summary>
/// <param name="Account">The owner or module; null for a threshold.</param>
/// <param name="Threshold">How many must sign from here on; null for the others.</param>
public sealed record ControlObserved(EventKey Key, Address Wallet, ControlChange Change, Address? Account, UInt256? Threshold)
    : Observation(Key);

/// <summary>
/// Somebody else may control a wallet of the award: its tokens did not move, and yet it may have been sold. It proves nothing and
/// costs nothing; people look at it.
/// </summary>
public sealed record ControlChanged(
    Hash32 AwardId, Address Wallet, ControlChange Change, Address? Account, UInt256? Threshold, EventKey Evidence, BlockRef Block)
{
    /// <summary>What a person of the program does next.</summary>
    public static string NextStep(ControlChange change) => change == ControlChange.ModuleEnabled
        ? "Ask the grantee what the module is for: it sends without signatures. Where nobody answers, pauseVesting stops the award's clock."
        : "Ask the grantee who holds the wallet now. Where it was sold or nobody answers, pauseVesting stops the award's clock.";
}

internal static class Control
{
    /// <summary>Of the wallets that are watched already, each log once.</summary>
    public static IEnumerable<ControlChanged> Of(RecordTransaction command, ReinvestmentMonitor state, AwardScope scope) =>
        command.Observations
        .OfType<ControlObserved>()
        .Where(seen => scope.Owns(seen.Wallet))
        .Where(seen => !state.ControlSeen.Contains(seen.Key.EventId("control").ToString()))
        .Select(seen => new ControlChanged(
            command.AwardId, seen.Wallet, seen.Change, seen.Account, seen.Threshold, seen.Key, command.ToldAt));
}
