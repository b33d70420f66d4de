using Grants.Ethereum.Abi;
using Grants.Ethereum.Contracts.Adapters;
using Grants.Primitives;

namespace Grants.Ethereum.Contracts.Rollups;

/// <summary>
/// What L1 holds of a rollup before Bedrock, as Metis has it (github.com/MetisProtocol/mvm, MVM_StateCommitmentChain): a state for
/// each block of L2, in batches. One contract may hold several chains.
/// </summary>
public static class StateCommitmentChain
{
    /// <summary>Metis StateCommitmentChain: a batch of so many states was added after the total before it.</summary>
    public static readonly AbiEvent StateBatchAppended = AbiEvent.Parse(
        "event StateBatchAppended(uint256 chainId, uint256 indexed batchIndex, bytes32 batchRoot, uint256 batchSize, "
        + "uint256 prevTotalElements, bytes extraData)");

    /// <inheritdoc cref="StateBatchAppended"/>
    public sealed record StateBatchAppendedLog(
        UInt256 ChainId, UInt256 BatchIndex, Hash32 BatchRoot, UInt256 BatchSize, UInt256 PrevTotalElements, byte[] ExtraData)
        : ContractLog;

    /// <summary>Metis StateCommitmentChain: a batch and all after it were taken back.</summary>
    public static readonly AbiEvent StateBatchDeleted =
        AbiEvent.Parse("event StateBatchDeleted(uint256 chainId, uint256 indexed batchIndex, bytes32 batchRoot)");

    /// <inheritdoc cref="StateBatchDeleted"/>
    public sealed record StateBatchDeletedLog(UInt256 ChainId, UInt256 BatchIndex, Hash32 BatchRoot) : ContractLog;

    /// <summary>How its logs are read.</summary>
    public static ContractAdapter Logs { get; } = new(
        LogType.Of(
            StateBatchAppended,
            v => new StateBatchAppendedLog(v.Amount(0), v.Amount(1), v.Word(2), v.Amount(3), v.Amount(4), v.Bytes(5))),
        LogType.Of(StateBatchDeleted, v => new StateBatchDeletedLog(v.Amount(0), v.Amount(1), v.Word(2))));
}
