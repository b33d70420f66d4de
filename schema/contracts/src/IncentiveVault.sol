// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessControl} from "@openzeppelin/contracts/access/AccessControl.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {Pausable} from "@openzeppelin/contracts/utils/Pausable.sol";
import {ReentrancyGuard} from "@openzeppelin/contracts/utils/ReentrancyGuard.sol";
import {Checkpoints} from "@openzeppelin/contracts/utils/structs/Checkpoints.sol";
import {Schedule, Vesting} from "./vesting/Vesting.sol";

/// @title Vault of vesting awards that releases and claws back every duty at most once.
/// @notice Amounts are base units of the award's token, times are seconds (instants: Unix time), every division rounds down.
/// Whoever holds the operator's key can pay only an award's own recipient, only what has vested, only up to the token's limit
/// for a rolling period; and can create awards only within the budget that the admin has set.
/// @dev A duty is named by an id computed here, so that asking twice never pays twice. Pausing stops payments, not the schedules.
/// Tokens whose balances change without a transfer, or that charge the sender on top of the amount, are not supported.
contract IncentiveVault is AccessControl, Pausable, ReentrancyGuard {
    using SafeERC20 for IERC20;
    using Checkpoints for Checkpoints.Trace208;
    using Vesting for Schedule;

    /// @dev One element of a batch; the fields are the arguments of `release`.
    struct Release {
        bytes32 awardId;
        uint64 seq;
        uint256 amount;
        uint64 deadline;
    }

    /// @dev Ceiling on what may be released of a token within any `periodSeconds` on end.
    struct PeriodLimit {
        uint256 limit;
        uint64 periodSeconds;
    }

    struct Award {
        address token;
        address recipient;
        uint256 amount;
        uint256 released;
        uint256 clawedBack;
        Schedule schedule;
        address proposedRecipient;
        address[] formerRecipients;
    }

    enum Outcome {
        Open,
        Settled,
        Voided
    }

    bytes32 public constant OPERATOR_ROLE = keccak256("OPERATOR_ROLE");
    bytes32 public constant MANAGER_ROLE = keccak256("MANAGER_ROLE");
    bytes32 public constant GUARDIAN_ROLE = keccak256("GUARDIAN_ROLE");

    bytes32 public constant RELEASE_TYPE_HASH = keccak256("Release(v1)");
    bytes32 public constant CLAWBACK_TYPE_HASH = keccak256("Clawback(v1)");

    /// @notice How often an award's recipient may change; bounds the gas of a release.
    uint256 public constant MAX_RECIPIENT_CHANGES = 8;

    /// @notice How many tranches a schedule may list.
    uint256 public constant MAX_TRANCHES = Vesting.MAX_TRANCHES;

    /// @notice The only address that a clawback can pay.
    address public immutable treasury;

    /// @notice Ceiling on the sum of all awards that operators may ever grant of a token. Managers are bound by the balance alone.
    mapping(address token => uint256) public budget;
    /// @notice Sum of all awards that operators have granted of a token.
    mapping(address token => uint256) public budgetSpent;
    /// @notice What the vault still owes of a token: the sum over its awards of amount - released - clawedBack.
    mapping(address token => uint256) public reserved;
    /// @notice A token without a limit can not be released.
    mapping(address token => PeriodLimit) public periodLimit;
    /// @notice The most that one release may pay of a token. Zero: what the period's limit allows.
    mapping(address token => uint256) public orderLimit;

    mapping(bytes32 awardId => Award) private _awards;
    mapping(bytes32 id => Outcome) private _outcomes;
    /// @dev Cumulative releases of a token by block time, base units; the difference of two readings is the sum of a period.
    mapping(address token => Checkpoints.Trace208) private _releases;

    event Granted(bytes32 indexed awardId, address indexed token, address indexed recipient, uint256 amount, Schedule schedule);
    event Released(
        bytes32 indexed releaseId, bytes32 indexed awardId, address indexed recipient, address token, uint64 seq, uint256 amount
    );
    event ReleaseSkipped(bytes32 indexed awardId, uint64 seq, bytes reason);
    event ClawedBack(
        bytes32 indexed clawbackId, bytes32 indexed awardId, address indexed treasury, address token, uint64 seq, uint256 amount
    );
    event Voided(bytes32 indexed releaseId);
    event BudgetSet(address indexed token, uint256 amount);
    event OrderLimitSet(address indexed token, uint256 limit);
    event PeriodLimitSet(address indexed token, uint256 limit, uint64 periodSeconds);
    event RecipientProposed(bytes32 indexed awardId, address indexed from, address indexed to);
    event RecipientChanged(bytes32 indexed awardId, address indexed from, address indexed to);

    error InvalidAddress(address value);
    error InvalidAmount();
    error InvalidSchedule();
    error InvalidPeriod();
    error AwardExists(bytes32 awardId);
    error AwardUnknown(bytes32 awardId);
    error BudgetExceeded(address token, uint256 budget, uint256 spent, uint256 amount);
    error BalanceExceeded(address token, uint256 unreserved, uint256 amount);
    error DeadlinePassed(uint64 deadline, uint256 blockTimestamp);
    error AlreadySettled(bytes32 id);
    error AlreadyVoided(bytes32 id);
    error VestedExceeded(bytes32 awardId, uint256 ceiling, uint256 released, uint256 amount);
    error OrderLimitExceeded(address token, uint256 limit, uint256 amount);
    error PeriodLimitExceeded(address token, uint256 limit, uint256 releasedInPeriod, uint256 amount);
    error RemainingExceeded(bytes32 awardId, uint256 remaining, uint256 amount);
    error TransferMismatch(address token, uint256 amount, uint256 balanceBefore, uint256 balanceAfter);
    error NotRecipient(bytes32 awardId, address recipient, address caller);
    error NotProposedRecipient(bytes32 awardId, address proposed, address caller);
    error RecipientChangesExhausted(bytes32 awardId, uint256 changes);

    /// @param admin Receives DEFAULT_ADMIN_ROLE: grants the other roles, sets budgets and limits, unpauses.
    /// @param treasury_ Where clawbacks go, for the life of the contract.
    constructor(address admin, address treasury_) {
        if (admin == address(0)) revert InvalidAddress(admin);
        if (treasury_ == address(0) || treasury_ == address(this)) revert InvalidAddress(treasury_);
        treasury = treasury_;
        _grantRole(DEFAULT_ADMIN_ROLE, admin);
    }

    /// @notice Creates an award and reserves its amount out of the vault's balance.
    /// @dev By a manager, or by an operator within the token's budget.
    function grant(bytes32 awardId, address token, address recipient, uint256 amount, Schedule calldata schedule)
        external
        whenNotPaused
        nonReentrant
    {
        bool byManager = hasRole(MANAGER_ROLE, msg.sender);
        if (!byManager) _checkRole(OPERATOR_ROLE);
        if (token == address(0)) revert InvalidAddress(token);
        if (recipient == address(0) || recipient == address(this)) revert InvalidAddress(recipient);
        if (amount == 0) revert InvalidAmount();
        if (!schedule.isValid(amount)) revert InvalidSchedule();
        Award storage granted = _awards[awardId];
        if (granted.token != address(0)) revert AwardExists(awardId);
        if (!byManager) _spendBudget(token, amount);
        _reserve(token, amount);

        granted.token = token;
        granted.recipient = recipient;
        granted.amount = amount;
        granted.schedule.store(schedule);
        emit Granted(awardId, token, recipient, amount, schedule);
    }

    /// @notice Pays vested tokens to the award's recipient.
    /// @param seq Names the duty together with the award and the amount.
    /// @param deadline Last second, Unix time, at which this attempt may be mined. It is no part of the id.
    /// @return releaseId See `releaseIdOf`.
    function release(bytes32 awardId, uint64 seq, uint256 amount, uint64 deadline)
        external
        onlyRole(OPERATOR_ROLE)
        whenNotPaused
        nonReentrant
        returns (bytes32 releaseId)
    {
        if (block.timestamp > deadline) revert DeadlinePassed(deadline, block.timestamp);
        Award storage owed = _existing(awardId);
        if (amount == 0) revert InvalidAmount();
        releaseId = _openReleaseId(owed, awardId, seq, amount);
        // Both bounds are at least what was released: vesting is monotone and a clawback takes only what remains.
        uint256 ceiling = Math.min(owed.schedule.vestedAmount(owed.amount, block.timestamp), owed.amount - owed.clawedBack);
        if (amount > ceiling - owed.released) revert VestedExceeded(awardId, ceiling, owed.released, amount);
        _countRelease(owed.token, amount);

        _outcomes[releaseId] = Outcome.Settled;
        owed.released += amount;
        reserved[owed.token] -= amount;
        emit Released(releaseId, awardId, owed.recipient, owed.token, seq, amount);
        _pay(owed.token, owed.recipient, amount);
    }

    /// @notice Releases what can be released; an element that fails changes nothing but leaves a ReleaseSkipped event.
    function releaseBatch(Release[] calldata releases) external onlyRole(OPERATOR_ROLE) whenNotPaused {
        for (uint256 i = 0; i < releases.length; i++) {
            Release calldata item = releases[i];
            // A delegate call to itself keeps the caller and undoes a failing element alone.
            (bool success, bytes memory reason) =
                address(this).delegatecall(abi.encodeCall(this.release, (item.awardId, item.seq, item.amount, item.deadline)));
            if (!success) emit ReleaseSkipped(item.awardId, item.seq, reason);
        }
    }

    /// @notice Returns tokens that have not been released, vested or not, to the treasury; they can never be released afterwards.
    /// @return clawbackId See `clawbackIdOf`.
    function clawback(bytes32 awardId, uint64 seq, uint256 amount)
        external
        onlyRole(OPERATOR_ROLE)
        whenNotPaused
        nonReentrant
        returns (bytes32 clawbackId)
    {
        Award storage owed = _existing(awardId);
        if (amount == 0) revert InvalidAmount();
        clawbackId = _idOf(CLAWBACK_TYPE_HASH, awardId, seq, owed.token, treasury, amount);
        _checkOpen(clawbackId);
        uint256 remaining = owed.amount - owed.released - owed.clawedBack;
        if (amount > remaining) revert RemainingExceeded(awardId, remaining, amount);

        _outcomes[clawbackId] = Outcome.Settled;
        owed.clawedBack += amount;
        reserved[owed.token] -= amount;
        emit ClawedBack(clawbackId, awardId, treasury, owed.token, seq, amount);
        _pay(owed.token, treasury, amount);
    }

    /// @notice Ends a duty for good: no transaction signed before or after can settle this id, also not for a later recipient.
    /// @param releaseId A release id or a clawback id that has not settled. Works while paused.
    function void(bytes32 releaseId) external onlyRole(GUARDIAN_ROLE) {
        _checkOpen(releaseId);
        _outcomes[releaseId] = Outcome.Voided;
        emit Voided(releaseId);
    }

    /// @notice First step of a change of recipient, by the recipient; a later proposal replaces it, the zero address withdraws it.
    function proposeRecipient(bytes32 awardId, address to) external {
        Award storage owed = _existing(awardId);
        if (msg.sender != owed.recipient) revert NotRecipient(awardId, owed.recipient, msg.sender);
        if (to == address(this)) revert InvalidAddress(to);
        owed.proposedRecipient = to;
        emit RecipientProposed(awardId, msg.sender, to);
    }

    /// @notice Second step, by the proposed recipient.
    function acceptRecipient(bytes32 awardId) external whenNotPaused {
        Award storage owed = _existing(awardId);
        if (msg.sender != owed.proposedRecipient) revert NotProposedRecipient(awardId, owed.proposedRecipient, msg.sender);
        if (owed.formerRecipients.length >= MAX_RECIPIENT_CHANGES) revert RecipientChangesExhausted(awardId, MAX_RECIPIENT_CHANGES);
        address from = owed.recipient;
        owed.formerRecipients.push(from);
        owed.recipient = msg.sender;
        delete owed.proposedRecipient;
        emit RecipientChanged(awardId, from, msg.sender);
    }

    /// @notice Sets the ceiling on the sum of all awards, past ones included, that operators may grant of a token.
    function setBudget(address token, uint256 amount) external onlyRole(DEFAULT_ADMIN_ROLE) {
        budget[token] = amount;
        emit BudgetSet(token, amount);
    }

    /// @notice Limits what one release may pay of a token; zero lifts it.
    function setOrderLimit(address token, uint256 limit) external onlyRole(DEFAULT_ADMIN_ROLE) {
        orderLimit[token] = limit;
        emit OrderLimitSet(token, limit);
    }

    /// @notice Limits what may be released of a token within any `periodSeconds` on end; what was released before counts.
    /// @dev The window is rolling and exact: a release at `t` counts in [t, t + periodSeconds).
    function setPeriodLimit(address token, uint256 limit, uint64 periodSeconds) external onlyRole(DEFAULT_ADMIN_ROLE) {
        if (periodSeconds == 0) revert InvalidPeriod();
        periodLimit[token] = PeriodLimit(limit, periodSeconds);
        emit PeriodLimitSet(token, limit, periodSeconds);
    }

    function pause() external onlyRole(GUARDIAN_ROLE) {
        _pause();
    }

    function unpause() external onlyRole(DEFAULT_ADMIN_ROLE) {
        _unpause();
    }

    /// @notice An award as it stands; all zero if there is none.
    function award(bytes32 awardId)
        external
        view
        returns (address token, address recipient, uint256 amount, uint256 released, uint256 clawedBack, Schedule memory schedule)
    {
        Award storage found = _awards[awardId];
        return (found.token, found.recipient, found.amount, found.released, found.clawedBack, found.schedule);
    }

    /// @notice What the schedule alone has vested at `t`, clawbacks not deducted; zero if there is no such award.
    function vestedAmount(bytes32 awardId, uint64 t) external view returns (uint256) {
        Award storage found = _awards[awardId];
        return found.schedule.vestedAmount(found.amount, t);
    }

    /// @notice What counts against the token's limit in the current block.
    function releasedInPeriod(address token) public view returns (uint256) {
        uint256 periodSeconds = periodLimit[token].periodSeconds;
        uint48 before = block.timestamp > periodSeconds ? SafeCast.toUint48(block.timestamp - periodSeconds) : 0;
        Checkpoints.Trace208 storage releases = _releases[token];
        return releases.latest() - releases.upperLookupRecent(before);
    }

    /// @notice keccak256(abi.encode(keccak256("Release(v1)"), chain id, vault, award, seq, token, current recipient, amount)).
    function releaseIdOf(bytes32 awardId, uint64 seq, uint256 amount) external view returns (bytes32) {
        Award storage owed = _existing(awardId);
        return _idOf(RELEASE_TYPE_HASH, awardId, seq, owed.token, owed.recipient, amount);
    }

    /// @notice keccak256(abi.encode(keccak256("Clawback(v1)"), chain id, vault, award, seq, token, treasury, amount)).
    function clawbackIdOf(bytes32 awardId, uint64 seq, uint256 amount) external view returns (bytes32) {
        return _idOf(CLAWBACK_TYPE_HASH, awardId, seq, _existing(awardId).token, treasury, amount);
    }

    function proposedRecipient(bytes32 awardId) external view returns (address) {
        return _awards[awardId].proposedRecipient;
    }

    function settled(bytes32 id) external view returns (bool) {
        return _outcomes[id] == Outcome.Settled;
    }

    function voided(bytes32 id) external view returns (bool) {
        return _outcomes[id] == Outcome.Voided;
    }

    function _spendBudget(address token, uint256 amount) private {
        uint256 spent = budgetSpent[token];
        uint256 ceiling = budget[token];
        if (spent > ceiling || amount > ceiling - spent) revert BudgetExceeded(token, ceiling, spent, amount);
        budgetSpent[token] = spent + amount;
    }

    function _reserve(address token, uint256 amount) private {
        (, uint256 unreserved) = Math.trySub(IERC20(token).balanceOf(address(this)), reserved[token]);
        if (amount > unreserved) revert BalanceExceeded(token, unreserved, amount);
        reserved[token] += amount;
    }

    function _countRelease(address token, uint256 amount) private {
        uint256 most = orderLimit[token];
        if (most > 0 && amount > most) revert OrderLimitExceeded(token, most, amount);
        uint256 limit = periodLimit[token].limit;
        uint256 used = releasedInPeriod(token);
        if (used > limit || amount > limit - used) revert PeriodLimitExceeded(token, limit, used, amount);
        Checkpoints.Trace208 storage releases = _releases[token];
        releases.push(SafeCast.toUint48(block.timestamp), SafeCast.toUint208(releases.latest() + amount));
    }

    function _pay(address token, address to, uint256 amount) private {
        uint256 balanceBefore = IERC20(token).balanceOf(to);
        IERC20(token).safeTransfer(to, amount);
        uint256 balanceAfter = IERC20(token).balanceOf(to);
        if (balanceAfter != balanceBefore + amount) revert TransferMismatch(token, amount, balanceBefore, balanceAfter);
    }

    function _existing(bytes32 awardId) private view returns (Award storage found) {
        found = _awards[awardId];
        if (found.token == address(0)) revert AwardUnknown(awardId);
    }

    /// @dev An id contains the recipient; a duty that was settled or voided for a former one is over for the current one as well.
    function _openReleaseId(Award storage owed, bytes32 awardId, uint64 seq, uint256 amount) private view returns (bytes32 releaseId) {
        address token = owed.token;
        for (uint256 i = 0; i < owed.formerRecipients.length; i++) {
            _checkOpen(_idOf(RELEASE_TYPE_HASH, awardId, seq, token, owed.formerRecipients[i], amount));
        }
        releaseId = _idOf(RELEASE_TYPE_HASH, awardId, seq, token, owed.recipient, amount);
        _checkOpen(releaseId);
    }

    function _checkOpen(bytes32 id) private view {
        Outcome outcome = _outcomes[id];
        if (outcome == Outcome.Settled) revert AlreadySettled(id);
        if (outcome == Outcome.Voided) revert AlreadyVoided(id);
    }

    function _idOf(bytes32 typeHash, bytes32 awardId, uint64 seq, address token, address to, uint256 amount)
        private
        view
        returns (bytes32)
    {
        return keccak256(abi.encode(typeHash, block.chainid, address(this), awardId, seq, token, to, amount));
    }
}
