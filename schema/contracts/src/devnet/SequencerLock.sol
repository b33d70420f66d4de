// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

/// @title Sequencer lock for a local chain, with the events of Metis LockingInfo.
/// @dev There are no rewards, batches or bounds on the locked amount: batch numbers are always 1, and the `amount` of UnlockInit,
/// which on Metis is the reward paid out at the start of the exit, is always 0. The locked amount leaves with Unlocked.
contract SequencerLock {
    using SafeERC20 for IERC20;

    struct Sequencer {
        address owner;
        address signer;
        uint256 locked;
        uint256 nonce;
        uint256 unlockClaimTime;
    }

    uint256 private constant BATCH = 1;

    IERC20 public immutable token;
    /// @notice Seconds between `unlock` and `unlockClaim`.
    uint256 public immutable exitDelaySeconds;
    /// @notice Base units locked by all sequencers, exiting ones included.
    uint256 public totalLocked;
    uint256 public sequencerCount;
    mapping(uint256 sequencerId => Sequencer) public sequencers;

    event Locked(
        address indexed signer,
        uint256 indexed sequencerId,
        uint256 nonce,
        uint256 indexed activationBatch,
        uint256 amount,
        uint256 total,
        bytes signerPubkey
    );
    event Relocked(uint256 indexed sequencerId, uint256 amount, uint256 total);
    event LockUpdate(uint256 indexed sequencerId, uint256 indexed nonce, uint256 indexed newAmount);
    event Withdraw(uint256 indexed sequencerId, uint256 amount);
    event UnlockInit(
        address indexed user,
        uint256 indexed sequencerId,
        uint256 nonce,
        uint256 deactivationBatch,
        uint256 deactivationTime,
        uint256 unlockClaimTime,
        uint256 indexed amount
    );
    event Unlocked(address indexed user, uint256 indexed sequencerId, uint256 amount, uint256 total);
    event SignerChange(
        uint256 indexed sequencerId, uint256 nonce, address indexed oldSigner, address indexed newSigner, bytes signerPubkey
    );

    error NotOwner(uint256 sequencerId, address owner, address caller);
    error InvalidAmount(uint256 locked, uint256 amount);
    error Exiting(uint256 sequencerId, uint256 unlockClaimTime);
    error NotClaimable(uint256 sequencerId, uint256 unlockClaimTime, uint256 blockTimestamp);

    modifier onlyOwner(uint256 sequencerId) {
        address owner = sequencers[sequencerId].owner;
        if (msg.sender != owner) revert NotOwner(sequencerId, owner, msg.sender);
        _;
    }

    modifier whenActive(uint256 sequencerId) {
        uint256 unlockClaimTime = sequencers[sequencerId].unlockClaimTime;
        if (unlockClaimTime != 0) revert Exiting(sequencerId, unlockClaimTime);
        _;
    }

    constructor(IERC20 token_, uint256 exitDelaySeconds_) {
        token = token_;
        exitDelaySeconds = exitDelaySeconds_;
    }

    function lockFor(address signer, uint256 amount, bytes calldata signerPubkey) external returns (uint256 sequencerId) {
        if (amount == 0) revert InvalidAmount(0, amount);
        sequencerId = ++sequencerCount;
        sequencers[sequencerId] = Sequencer(msg.sender, signer, amount, 1, 0);
        totalLocked += amount;
        token.safeTransferFrom(msg.sender, address(this), amount);
        emit Locked(signer, sequencerId, 1, BATCH, amount, totalLocked, signerPubkey);
    }

    function relock(uint256 sequencerId, uint256 amount) external onlyOwner(sequencerId) whenActive(sequencerId) {
        Sequencer storage sequencer = sequencers[sequencerId];
        if (amount == 0) revert InvalidAmount(sequencer.locked, amount);
        sequencer.locked += amount;
        totalLocked += amount;
        token.safeTransferFrom(msg.sender, address(this), amount);
        emit Relocked(sequencerId, amount, totalLocked);
        emit LockUpdate(sequencerId, ++sequencer.nonce, sequencer.locked);
    }

    /// @notice Takes out a part; the whole leaves through `unlock` and `unlockClaim`.
    function withdraw(uint256 sequencerId, uint256 amount) external onlyOwner(sequencerId) whenActive(sequencerId) {
        Sequencer storage sequencer = sequencers[sequencerId];
        if (amount == 0 || amount >= sequencer.locked) revert InvalidAmount(sequencer.locked, amount);
        sequencer.locked -= amount;
        totalLocked -= amount;
        token.safeTransfer(msg.sender, amount);
        emit Withdraw(sequencerId, amount);
        emit LockUpdate(sequencerId, ++sequencer.nonce, sequencer.locked);
    }

    function updateSigner(uint256 sequencerId, address newSigner, bytes calldata signerPubkey)
        external
        onlyOwner(sequencerId)
        whenActive(sequencerId)
    {
        Sequencer storage sequencer = sequencers[sequencerId];
        emit SignerChange(sequencerId, ++sequencer.nonce, sequencer.signer, newSigner, signerPubkey);
        sequencer.signer = newSigner;
    }

    function unlock(uint256 sequencerId) external onlyOwner(sequencerId) whenActive(sequencerId) {
        Sequencer storage sequencer = sequencers[sequencerId];
        uint256 unlockClaimTime = block.timestamp + exitDelaySeconds;
        sequencer.unlockClaimTime = unlockClaimTime;
        emit UnlockInit(sequencer.signer, sequencerId, ++sequencer.nonce, BATCH, block.timestamp, unlockClaimTime, 0);
    }

    function unlockClaim(uint256 sequencerId) external onlyOwner(sequencerId) {
        Sequencer memory sequencer = sequencers[sequencerId];
        if (sequencer.unlockClaimTime == 0 || block.timestamp < sequencer.unlockClaimTime) {
            revert NotClaimable(sequencerId, sequencer.unlockClaimTime, block.timestamp);
        }
        delete sequencers[sequencerId];
        totalLocked -= sequencer.locked;
        token.safeTransfer(msg.sender, sequencer.locked);
        emit Unlocked(msg.sender, sequencerId, sequencer.locked, totalLocked);
    }
}
