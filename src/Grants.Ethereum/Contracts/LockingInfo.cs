using Grants.Ethereum.Abi;

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
}
