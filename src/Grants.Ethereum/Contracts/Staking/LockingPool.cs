using Grants.Ethereum.Abi;
using Grants.Ethereum.Contracts.Adapters;
using Grants.Primitives;

namespace Grants.Ethereum.Contracts.Staking;

/// <summary>
/// What sequencers are paid, as Metis has it (github.com/MetisProtocol/metis-sequencer-contracts, LockingPool). The share of each is
/// in no event, only in the call that made it: <see cref="SharesOf"/>.
/// </summary>
public static class LockingPool
{
    /// <summary>
    /// Metis LockingPool: the reward of a batch of epochs, of all sequencers together; rpb is the reward of one block. Base units of
    /// METIS.
    /// </summary>
    public static readonly AbiEvent DistributeReward = AbiEvent.Parse(
        "event DistributeReward(uint256 indexed batchId, uint256 startEpoch, uint256 endEpoch, uint256 amount, uint256 rpb)");

    /// <inheritdoc cref="DistributeReward"/>
    public sealed record DistributeRewardLog(UInt256 BatchId, UInt256 StartEpoch, UInt256 EndEpoch, UInt256 Amount, UInt256 Rpb)
        : ContractLog;

    /// <summary>Metis LockingPool: enters the rewards of a batch of epochs; how many blocks each sequencer made.</summary>
    public static readonly AbiFunction BatchSubmitRewards = AbiFunction.Parse(
        "function batchSubmitRewards(uint256 batchId, uint256 startEpoch, uint256 endEpoch, address[] seqs, uint256[] blocks)");

    /// <summary>Metis LockingPool: what one sequencer has of a batch.</summary>
    /// <param name="Sequencer">The signer.</param>
    /// <param name="Blocks">How many of the batch it made.</param>
    /// <param name="Amount">Its reward, in base units of METIS.</param>
    public sealed record RewardShare(Address Sequencer, UInt256 Blocks, UInt256 Amount);

    /// <summary>Metis LockingPool: the reward of one block from here on, in base units.</summary>
    public static readonly AbiEvent RewardUpdate = AbiEvent.Parse("event RewardUpdate(uint256 newReward, uint256 oldReward)");

    /// <inheritdoc cref="RewardUpdate"/>
    public sealed record RewardUpdateLog(UInt256 NewReward, UInt256 OldReward) : ContractLog;

    /// <summary>Metis LockingPool: the delay of an exit from here on, in seconds. The name is spelled as the contract has it.</summary>
    public static readonly AbiEvent WithrawDelayTimeChange = AbiEvent.Parse("event WithrawDelayTimeChange(uint256 cur, uint256 prev)");

    /// <inheritdoc cref="WithrawDelayTimeChange"/>
    public sealed record WithrawDelayTimeChangeLog(UInt256 Cur, UInt256 Prev) : ContractLog;

    /// <summary>Metis LockingPool: a sequencer has another owner from here on.</summary>
    public static readonly AbiEvent SequencerOwnerChanged = AbiEvent.Parse("event SequencerOwnerChanged(uint256 seqId, address owner)");

    /// <inheritdoc cref="SequencerOwnerChanged"/>
    public sealed record SequencerOwnerChangedLog(UInt256 SeqId, Address Owner) : ContractLog;

    /// <summary>Metis LockingPool: the rewards of a sequencer go to another account from here on.</summary>
    public static readonly AbiEvent SequencerRewardRecipientChanged =
        AbiEvent.Parse("event SequencerRewardRecipientChanged(uint256 seqId, address recipient)");

    /// <inheritdoc cref="SequencerRewardRecipientChanged"/>
    public sealed record SequencerRewardRecipientChangedLog(UInt256 SeqId, Address Recipient) : ContractLog;

    /// <summary>Metis LockingPool: an account may become a sequencer, or may not any more.</summary>
    public static readonly AbiEvent SetWhitelist = AbiEvent.Parse("event SetWhitelist(address user, bool yes)");

    /// <inheritdoc cref="SetWhitelist"/>
    public sealed record SetWhitelistLog(Address User, bool Yes) : ContractLog;

    /// <summary>
    /// The share of each sequencer in a batch, by the call that entered it. Null where the call is not of that batch, or its shares do not
    /// add up to what the contract says it has paid: so a call within another, whose data is not that of the transaction, tells nothing.
    /// </summary>
    public static IReadOnlyList<RewardShare>? SharesOf(DistributeRewardLog paid, ReadOnlySpan<byte> call)
    {
        try
        {
            if (BatchSubmitRewards.DecodeInput(call)
                is not [UInt256 batch, UInt256 start, UInt256 end, object[] sequencers, object[] blocks]
                || (batch, start, end) != (paid.BatchId, paid.StartEpoch, paid.EndEpoch)
                || sequencers.Length != blocks.Length)
                return null;
            List<RewardShare> shares =
            [
                .. sequencers.Zip(blocks, (one, made) => new RewardShare((Address)one, (UInt256)made, (UInt256)made * paid.Rpb)),
            ];
            return shares.Aggregate(UInt256.Zero, (sum, share) => sum + share.Amount) == paid.Amount ? shares : null;
        }
        catch (Exception foreign) when (foreign is AbiException or OverflowException)
        {
            return null;
        }
    }

    /// <summary>How its logs are read.</summary>
    public static ContractAdapter Logs { get; } = new(
        LogType.Of(DistributeReward, v => new DistributeRewardLog(v.Amount(0), v.Amount(1), v.Amount(2), v.Amount(3), v.Amount(4))),
        LogType.Of(RewardUpdate, v => new RewardUpdateLog(v.Amount(0), v.Amount(1))),
        LogType.Of(WithrawDelayTimeChange, v => new WithrawDelayTimeChangeLog(v.Amount(0), v.Amount(1))),
        LogType.Of(SequencerOwnerChanged, v => new SequencerOwnerChangedLog(v.Amount(0), v.Address(1))),
        LogType.Of(SequencerRewardRecipientChanged, v => new SequencerRewardRecipientChangedLog(v.Amount(0), v.Address(1))),
        LogType.Of(SetWhitelist, v => new SetWhitelistLog(v.Address(0), v.Flag(1))));
}
