using Grants.Ethereum.Abi;
using Grants.Ethereum.Contracts.Adapters;
using Grants.Primitives;

namespace Grants.Ethereum.Contracts;

/// <summary>
/// The lock of sequencers, as Metis has it (github.com/MetisProtocol/metis-sequencer-contracts, LockingInfo). What Relocked
/// adds may be compounded reward; from UnlockInit on, the lock is on its way out, and the amount of that event is the reward
/// paid at that moment.
/// </summary>
public static class LockingInfo
{
    /// <summary>
    /// Metis LockingInfo: a sequencer was made by locking an amount of METIS, in base units; total is what all have locked.
    /// </summary>
    public static readonly AbiEvent Locked = AbiEvent.Parse(
        "event Locked(address indexed signer, uint256 indexed sequencerId, uint256 nonce, uint256 indexed activationBatch, "
        + "uint256 amount, uint256 total, bytes signerPubkey)");

    /// <summary>
    /// Metis LockingInfo: a lock grew by an amount, in base units, which may be compounded reward; total is what all have
    /// locked.
    /// </summary>
    public static readonly AbiEvent Relocked = AbiEvent.Parse("event Relocked(uint256 indexed sequencerId, uint256 amount, uint256 total)");

    /// <summary>Metis LockingInfo: a lock is now of the new amount, in base units; it follows every change of one.</summary>
    public static readonly AbiEvent LockUpdate =
        AbiEvent.Parse("event LockUpdate(uint256 indexed sequencerId, uint256 indexed nonce, uint256 indexed newAmount)");

    /// <summary>Metis LockingInfo: a part of a lock was taken out, in base units.</summary>
    public static readonly AbiEvent Withdraw = AbiEvent.Parse("event Withdraw(uint256 indexed sequencerId, uint256 amount)");

    /// <summary>
    /// Metis LockingInfo: the exit of a lock began. The times are Unix seconds; the amount is the reward paid now, in base
    /// units.
    /// </summary>
    public static readonly AbiEvent UnlockInit = AbiEvent.Parse(
        "event UnlockInit(address indexed user, uint256 indexed sequencerId, uint256 nonce, uint256 deactivationBatch, "
        + "uint256 deactivationTime, uint256 unlockClaimTime, uint256 indexed amount)");

    /// <summary>
    /// Metis LockingInfo: the whole lock was paid to the user, in base units; total is what all others have locked.
    /// </summary>
    public static readonly AbiEvent Unlocked =
        AbiEvent.Parse("event Unlocked(address indexed user, uint256 indexed sequencerId, uint256 amount, uint256 total)");

    /// <summary>Metis LockingInfo: a lock has another signer from here on.</summary>
    public static readonly AbiEvent SignerChange = AbiEvent.Parse(
        "event SignerChange(uint256 indexed sequencerId, uint256 nonce, address indexed oldSigner, address indexed newSigner, "
        + "bytes signerPubkey)");

    /// <summary>
    /// Metis LockingInfo: the reward of a sequencer went over the bridge to a recipient on L2, in base units; totalAmount is what all
    /// have claimed.
    /// </summary>
    public static readonly AbiEvent ClaimRewards = AbiEvent.Parse(
        "event ClaimRewards(uint256 indexed sequencerId, address recipient, uint256 indexed amount, "
        + "uint256 indexed totalAmount)");

    /// <summary>Metis LockingInfo: the rewards of a batch of epochs were entered; LockingPool tells how much.</summary>
    public static readonly AbiEvent BatchSubmitReward = AbiEvent.Parse("event BatchSubmitReward(uint256 newBatchId)");

    /// <summary>Metis LockingInfo: the smallest lock from here on, in base units.</summary>
    public static readonly AbiEvent SetMinLock = AbiEvent.Parse("event SetMinLock(uint256 newMinLock)");

    /// <summary>Metis LockingInfo: the largest lock from here on, in base units.</summary>
    public static readonly AbiEvent SetMaxLock = AbiEvent.Parse("event SetMaxLock(uint256 newMaxLock)");

    /// <summary>Metis LockingInfo: who pays the rewards from here on.</summary>
    public static readonly AbiEvent SetRewardPayer = AbiEvent.Parse("event SetRewardPayer(address payer)");

    /// <inheritdoc cref="Locked"/>
    public sealed record LockedLog(
        Address Signer, UInt256 SequencerId, UInt256 Nonce, UInt256 ActivationBatch, UInt256 Amount, UInt256 Total,
        byte[] SignerPubkey) : ContractLog;

    /// <inheritdoc cref="Relocked"/>
    public sealed record RelockedLog(UInt256 SequencerId, UInt256 Amount, UInt256 Total) : ContractLog;

    /// <inheritdoc cref="LockUpdate"/>
    public sealed record LockUpdateLog(UInt256 SequencerId, UInt256 Nonce, UInt256 NewAmount) : ContractLog;

    /// <inheritdoc cref="Withdraw"/>
    public sealed record WithdrawLog(UInt256 SequencerId, UInt256 Amount) : ContractLog;

    /// <inheritdoc cref="UnlockInit"/>
    public sealed record UnlockInitLog(
        Address User, UInt256 SequencerId, UInt256 Nonce, UInt256 DeactivationBatch, UInt256 DeactivationTime, UInt256 UnlockClaimTime,
        UInt256 Amount) : ContractLog;

    /// <inheritdoc cref="Unlocked"/>
    public sealed record UnlockedLog(Address User, UInt256 SequencerId, UInt256 Amount, UInt256 Total) : ContractLog;

    /// <inheritdoc cref="SignerChange"/>
    public sealed record SignerChangeLog(
        UInt256 SequencerId, UInt256 Nonce, Address OldSigner, Address NewSigner, byte[] SignerPubkey) : ContractLog;

    /// <inheritdoc cref="ClaimRewards"/>
    public sealed record ClaimRewardsLog(UInt256 SequencerId, Address Recipient, UInt256 Amount, UInt256 TotalAmount) : ContractLog;

    /// <inheritdoc cref="BatchSubmitReward"/>
    public sealed record BatchSubmitRewardLog(UInt256 NewBatchId) : ContractLog;

    /// <inheritdoc cref="SetMinLock"/>
    public sealed record SetMinLockLog(UInt256 NewMinLock) : ContractLog;

    /// <inheritdoc cref="SetMaxLock"/>
    public sealed record SetMaxLockLog(UInt256 NewMaxLock) : ContractLog;

    /// <inheritdoc cref="SetRewardPayer"/>
    public sealed record SetRewardPayerLog(Address Payer) : ContractLog;

    /// <summary>How its logs are read.</summary>
    public static ContractAdapter Logs { get; } = new(
        LogType.Of(Locked, v => new LockedLog(v.Address(0), v.Amount(1), v.Amount(2), v.Amount(3), v.Amount(4), v.Amount(5), v.Bytes(6))),
        LogType.Of(Relocked, v => new RelockedLog(v.Amount(0), v.Amount(1), v.Amount(2))),
        LogType.Of(LockUpdate, v => new LockUpdateLog(v.Amount(0), v.Amount(1), v.Amount(2))),
        LogType.Of(Withdraw, v => new WithdrawLog(v.Amount(0), v.Amount(1))),
        LogType.Of(
            UnlockInit,
            v => new UnlockInitLog(v.Address(0), v.Amount(1), v.Amount(2), v.Amount(3), v.Amount(4), v.Amount(5), v.Amount(6))),
        LogType.Of(Unlocked, v => new UnlockedLog(v.Address(0), v.Amount(1), v.Amount(2), v.Amount(3))),
        LogType.Of(SignerChange, v => new SignerChangeLog(v.Amount(0), v.Amount(1), v.Address(2), v.Address(3), v.Bytes(4))),
        LogType.Of(ClaimRewards, v => new ClaimRewardsLog(v.Amount(0), v.Address(1), v.Amount(2), v.Amount(3))),
        LogType.Of(BatchSubmitReward, v => new BatchSubmitRewardLog(v.Amount(0))),
        LogType.Of(SetMinLock, v => new SetMinLockLog(v.Amount(0))),
        LogType.Of(SetMaxLock, v => new SetMaxLockLog(v.Amount(0))),
        LogType.Of(SetRewardPayer, v => new SetRewardPayerLog(v.Address(0))));
}
