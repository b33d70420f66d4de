using Grants.Ethereum.Abi;
using Grants.Ethereum.Contracts.Adapters;
using Grants.Primitives;

namespace Grants.Ethereum.Contracts.Staking;

/// <summary>
/// Who makes the blocks of L2 when, as Metis has it (github.com/MetisProtocol/metis-sequencer-contracts, MetisSequencerSet). It has
/// the address of LockingInfo, on the other chain.
/// </summary>
public static class SequencerSet
{
    /// <summary>Metis SequencerSet: a signer makes the blocks of an epoch, both ends included.</summary>
    public static readonly AbiEvent NewEpoch =
        AbiEvent.Parse("event NewEpoch(uint256 indexed epochId, uint256 startBlock, uint256 endBlock, address signer)");

    /// <inheritdoc cref="NewEpoch"/>
    public sealed record NewEpochLog(UInt256 EpochId, UInt256 StartBlock, UInt256 EndBlock, Address Signer) : ContractLog;

    /// <summary>Metis SequencerSet: another signer makes the rest of an epoch: blocks above the start may be replaced.</summary>
    public static readonly AbiEvent ReCommitEpoch = AbiEvent.Parse(
        "event ReCommitEpoch(uint256 indexed oldEpochId, uint256 indexed newEpochId, uint256 curEpochId, uint256 startBlock, "
        + "uint256 endBlock, address newSigner)");

    /// <inheritdoc cref="ReCommitEpoch"/>
    public sealed record ReCommitEpochLog(
        UInt256 OldEpochId, UInt256 NewEpochId, UInt256 CurEpochId, UInt256 StartBlock, UInt256 EndBlock, Address NewSigner) : ContractLog;

    /// <summary>Metis SequencerSet: the last block of the last epoch that is over.</summary>
    public static readonly AbiFunction FinalizedBlock = AbiFunction.Parse("function finalizedBlock() view returns (uint256)");

    /// <summary>How its logs are read.</summary>
    public static ContractAdapter Logs { get; } = new(
        LogType.Of(NewEpoch, v => new NewEpochLog(v.Amount(0), v.Amount(1), v.Amount(2), v.Address(3))),
        LogType.Of(
            ReCommitEpoch,
            v => new ReCommitEpochLog(v.Amount(0), v.Amount(1), v.Amount(2), v.Amount(3), v.Amount(4), v.Address(5))));
}
