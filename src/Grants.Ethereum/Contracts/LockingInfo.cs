using Grants.Ethereum.Abi;

namespace Grants.Ethereum.Contracts;

/// <summary>
/// The lock of sequencers, as Metis has it. What Relocked adds may be compounded reward; from UnlockInit on, the lock is on
/// its way out, and the amount of that event is the reward paid at that moment.
/// </summary>
public static class LockingInfo
{
    public static readonly AbiEvent Locked = AbiEvent.Parse(
        "event Locked(address indexed signer, uint256 indexed sequencerId, uint256 nonce, uint256 indexed activationBatch, "
        + "uint256 amount, uint256 total, bytes signerPubkey)");
    public static readonly AbiEvent Relocked = AbiEvent.Parse("event Relocked(uint256 indexed sequencerId, uint256 amount, uint256 total)");
    public static readonly AbiEvent LockUpdate =
        AbiEvent.Parse("event LockUpdate(uint256 indexed sequencerId, uint256 indexed nonce, uint256 indexed newAmount)");
    public static readonly AbiEvent Withdraw = AbiEvent.Parse("event Withdraw(uint256 indexed sequencerId, uint256 amount)");
    public static readonly AbiEvent UnlockInit = AbiEvent.Parse(
        "event UnlockInit(address indexed user, uint256 indexed sequencerId, uint256 nonce, uint256 deactivationBatch, "
        + "uint256 deactivationTime, uint256 unlockClaimTime, uint256 indexed amount)");
    public static readonly AbiEvent Unlocked =
        AbiEvent.Parse("event Unlocked(address indexed user, uint256 indexed sequencerId, uint256 amount, uint256 total)");
}
