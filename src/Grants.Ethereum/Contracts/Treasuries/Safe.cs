using System.Collections.Immutable;
using Grants.Ethereum.Abi;
using Grants.Ethereum.Contracts.Adapters;
using Grants.Primitives;

namespace Grants.Ethereum.Contracts.Treasuries;

/// <summary>
/// A wallet of several owners, by Safe (github.com/safe-global/safe-smart-account). Until 1.3 nothing is indexed that is since 1.4:
/// the number of topics tells.
/// </summary>
public static class Safe
{
    /// <summary>Safe: a wallet was made with its first owners, of whom so many must sign.</summary>
    public static readonly AbiEvent SafeSetup = AbiEvent.Parse(
        "event SafeSetup(address indexed initiator, address[] owners, uint256 threshold, address initializer, "
        + "address fallbackHandler)");

    /// <inheritdoc cref="SafeSetup"/>
    public sealed record SafeSetupLog(Address Initiator, ImmutableArray<Address> Owners, UInt256 Threshold) : ContractLog;

    /// <summary>Safe: an account is an owner from here on.</summary>
    public static readonly AbiEvent AddedOwner = AbiEvent.Parse("event AddedOwner(address indexed owner)");

    /// <inheritdoc cref="AddedOwner"/>
    public sealed record AddedOwnerLog(Address Owner) : ContractLog;

    /// <summary>Safe until 1.3: an account is an owner from here on.</summary>
    public static readonly AbiEvent AddedOwnerV3 = AbiEvent.Parse("event AddedOwner(address owner)");

    /// <inheritdoc cref="AddedOwnerV3"/>
    public sealed record AddedOwnerV3Log(Address Owner) : ContractLog;

    /// <summary>Safe: an account is no owner any more.</summary>
    public static readonly AbiEvent RemovedOwner = AbiEvent.Parse("event RemovedOwner(address indexed owner)");

    /// <inheritdoc cref="RemovedOwner"/>
    public sealed record RemovedOwnerLog(Address Owner) : ContractLog;

    /// <summary>Safe until 1.3: an account is no owner any more.</summary>
    public static readonly AbiEvent RemovedOwnerV3 = AbiEvent.Parse("event RemovedOwner(address owner)");

    /// <inheritdoc cref="RemovedOwnerV3"/>
    public sealed record RemovedOwnerV3Log(Address Owner) : ContractLog;

    /// <summary>Safe: so many owners must sign from here on.</summary>
    public static readonly AbiEvent ChangedThreshold = AbiEvent.Parse("event ChangedThreshold(uint256 threshold)");

    /// <inheritdoc cref="ChangedThreshold"/>
    public sealed record ChangedThresholdLog(UInt256 Threshold) : ContractLog;

    /// <summary>Safe: a contract may send from the wallet without signatures from here on.</summary>
    public static readonly AbiEvent EnabledModule = AbiEvent.Parse("event EnabledModule(address indexed module)");

    /// <inheritdoc cref="EnabledModule"/>
    public sealed record EnabledModuleLog(Address Module) : ContractLog;

    /// <summary>Safe until 1.3: a contract may send from the wallet without signatures from here on.</summary>
    public static readonly AbiEvent EnabledModuleV3 = AbiEvent.Parse("event EnabledModule(address module)");

    /// <inheritdoc cref="EnabledModuleV3"/>
    public sealed record EnabledModuleV3Log(Address Module) : ContractLog;

    /// <summary>Safe: a contract may no longer send from the wallet without signatures.</summary>
    public static readonly AbiEvent DisabledModule = AbiEvent.Parse("event DisabledModule(address indexed module)");

    /// <inheritdoc cref="DisabledModule"/>
    public sealed record DisabledModuleLog(Address Module) : ContractLog;

    /// <summary>Safe until 1.3: a contract may no longer send from the wallet without signatures.</summary>
    public static readonly AbiEvent DisabledModuleV3 = AbiEvent.Parse("event DisabledModule(address module)");

    /// <inheritdoc cref="DisabledModuleV3"/>
    public sealed record DisabledModuleV3Log(Address Module) : ContractLog;

    /// <summary>Safe: what the owners signed was done.</summary>
    public static readonly AbiEvent ExecutionSuccess = AbiEvent.Parse("event ExecutionSuccess(bytes32 indexed txHash, uint256 payment)");

    /// <inheritdoc cref="ExecutionSuccess"/>
    public sealed record ExecutionSuccessLog(Hash32 TxHash, UInt256 Payment) : ContractLog;

    /// <summary>Safe until 1.3: what the owners signed was done.</summary>
    public static readonly AbiEvent ExecutionSuccessV3 = AbiEvent.Parse("event ExecutionSuccess(bytes32 txHash, uint256 payment)");

    /// <inheritdoc cref="ExecutionSuccessV3"/>
    public sealed record ExecutionSuccessV3Log(Hash32 TxHash, UInt256 Payment) : ContractLog;

    /// <summary>Safe: what the owners signed reverted.</summary>
    public static readonly AbiEvent ExecutionFailure = AbiEvent.Parse("event ExecutionFailure(bytes32 indexed txHash, uint256 payment)");

    /// <inheritdoc cref="ExecutionFailure"/>
    public sealed record ExecutionFailureLog(Hash32 TxHash, UInt256 Payment) : ContractLog;

    /// <summary>Safe until 1.3: what the owners signed reverted.</summary>
    public static readonly AbiEvent ExecutionFailureV3 = AbiEvent.Parse("event ExecutionFailure(bytes32 txHash, uint256 payment)");

    /// <inheritdoc cref="ExecutionFailureV3"/>
    public sealed record ExecutionFailureV3Log(Hash32 TxHash, UInt256 Payment) : ContractLog;

    /// <summary>Safe: its owners.</summary>
    public static readonly AbiFunction GetOwners = AbiFunction.Parse("function getOwners() view returns (address[])");

    /// <summary>Safe: how many of them must sign.</summary>
    public static readonly AbiFunction GetThreshold = AbiFunction.Parse("function getThreshold() view returns (uint256)");

    /// <summary>How its logs are read.</summary>
    public static ContractAdapter Logs { get; } = new(
        LogType.Of(SafeSetup, v => new SafeSetupLog(v.Address(0), v.Addresses(1), v.Amount(2))),
        LogType.Of(AddedOwner, v => new AddedOwnerLog(v.Address(0))),
        LogType.Of(AddedOwnerV3, v => new AddedOwnerV3Log(v.Address(0))),
        LogType.Of(RemovedOwner, v => new RemovedOwnerLog(v.Address(0))),
        LogType.Of(RemovedOwnerV3, v => new RemovedOwnerV3Log(v.Address(0))),
        LogType.Of(ChangedThreshold, v => new ChangedThresholdLog(v.Amount(0))),
        LogType.Of(EnabledModule, v => new EnabledModuleLog(v.Address(0))),
        LogType.Of(EnabledModuleV3, v => new EnabledModuleV3Log(v.Address(0))),
        LogType.Of(DisabledModule, v => new DisabledModuleLog(v.Address(0))),
        LogType.Of(DisabledModuleV3, v => new DisabledModuleV3Log(v.Address(0))),
        LogType.Of(ExecutionSuccess, v => new ExecutionSuccessLog(v.Word(0), v.Amount(1))),
        LogType.Of(ExecutionSuccessV3, v => new ExecutionSuccessV3Log(v.Word(0), v.Amount(1))),
        LogType.Of(ExecutionFailure, v => new ExecutionFailureLog(v.Word(0), v.Amount(1))),
        LogType.Of(ExecutionFailureV3, v => new ExecutionFailureV3Log(v.Word(0), v.Amount(1))));
}
