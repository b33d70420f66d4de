// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IncentiveVault} from "../src/IncentiveVault.sol";
import {CliffMode, Schedule, Tranche} from "../src/vesting/Vesting.sol";
import {DrawnLine, Forge} from "./Forge.sol";
import {PlainToken} from "./Tokens.sol";

/// @dev Acts in every role at random and keeps books of its own: each attempt must succeed exactly when the books allow it.
contract VaultActor is Forge {
    struct Books {
        address recipient;
        uint256 amount;
        uint256 released;
        uint256 clawedBack;
        uint256 changes;
    }

    struct Payment {
        uint256 time;
        uint256 amount;
    }

    uint256 public constant AWARDS = 5;
    uint256 public constant HOLDERS = 3;
    uint256 public constant LIMIT = 5000;
    uint64 public constant PERIOD = 1 days;

    uint256 public totalReleased;
    uint256 public totalClawedBack;
    bytes32[] public closedIds;
    mapping(uint256 index => Books) public books;
    mapping(address holder => uint256) public paid;

    IncentiveVault private immutable _vault;
    PlainToken private immutable _token;
    address private immutable _operator;
    address private immutable _guardian;
    address private immutable _admin;
    uint256 private _now;
    bool private _paused;
    Payment[] private _payments;
    /// @dev Duties that were settled or voided, whoever was the recipient.
    mapping(bytes32 duty => bool) private _over;

    constructor(IncentiveVault vault, PlainToken token, address operator, address guardian, address admin) {
        _vault = vault;
        _token = token;
        _operator = operator;
        _guardian = guardian;
        _admin = admin;
        _now = block.timestamp;
    }

    function grant(uint256 index, uint256 amount, DrawnLine calldata drawn, bool inTranches) external {
        index %= AWARDS;
        amount = within(amount, 0, 20_000);
        Schedule memory schedule = inTranches ? _tranches(amount, drawn) : _line(amount, drawn);
        Books storage entry = books[index];
        uint256 free = _token.balanceOf(address(_vault)) - _owed();
        bool allowed = !_paused && entry.amount == 0 && amount > 0 && amount <= free && (inTranches || _isLine(amount, schedule));
        address recipient = holderAt(index % HOLDERS);
        _attempt(_operator, abi.encodeCall(_vault.grant, (bytes32(index), address(_token), recipient, amount, schedule)), allowed);
        if (allowed) books[index] = Books(recipient, amount, 0, 0, 0);
    }

    function release(uint256 index, uint64 seq, uint256 amount, bool late) external {
        index %= AWARDS;
        seq %= 3;
        amount = _amountFor(index, amount);
        bool allowed = _mayRelease(index, seq, amount) && !late;
        uint64 deadline = uint64(late ? _now - 1 : _now);
        _attempt(_operator, abi.encodeCall(_vault.release, (bytes32(index), seq, amount, deadline)), allowed);
        if (allowed) _bookRelease(index, seq, amount);
    }

    function releaseBatch(uint256[3] calldata indexes, uint64[3] calldata seqs, uint256[3] calldata amounts) external {
        IncentiveVault.Release[] memory batch = new IncentiveVault.Release[](3);
        uint256 before = _token.balanceOf(address(_vault));
        uint256 expected = 0;
        for (uint256 i = 0; i < 3; i++) {
            uint256 index = indexes[i] % AWARDS;
            uint64 seq = seqs[i] % 3;
            uint256 amount = _amountFor(index, amounts[i]);
            batch[i] = IncentiveVault.Release(bytes32(index), seq, amount, uint64(_now));
            if (_mayRelease(index, seq, amount)) {
                _bookRelease(index, seq, amount);
                expected += amount;
            }
        }
        _attempt(_operator, abi.encodeCall(_vault.releaseBatch, (batch)), !_paused);
        vm.assertEq(before - _token.balanceOf(address(_vault)), expected);
    }

    function clawback(uint256 index, uint64 seq, uint256 amount) external {
        index %= AWARDS;
        seq %= 3;
        Books storage entry = books[index];
        uint256 remaining = entry.amount - entry.released - entry.clawedBack;
        amount = within(amount, 0, remaining / 2 + 1);
        bytes32 duty = keccak256(abi.encode("clawback", index, seq, amount));
        bool allowed = !_paused && !_over[duty] && amount > 0 && amount <= remaining;
        bytes32 id = entry.amount > 0 ? _vault.clawbackIdOf(bytes32(index), seq, amount) : bytes32(0);
        _attempt(_operator, abi.encodeCall(_vault.clawback, (bytes32(index), seq, amount)), allowed);
        if (!allowed) return;
        _over[duty] = true;
        closedIds.push(id);
        entry.clawedBack += amount;
        totalClawedBack += amount;
    }

    function void(uint256 index, uint64 seq, uint256 amount) external {
        index %= AWARDS;
        seq %= 3;
        if (books[index].amount == 0) return;
        amount = _amountFor(index, amount);
        bytes32 id = _vault.releaseIdOf(bytes32(index), seq, amount);
        bool allowed = !_vault.settled(id) && !_vault.voided(id);
        _attempt(_guardian, abi.encodeCall(_vault.void, (id)), allowed);
        if (!allowed) return;
        _over[_releaseDuty(index, seq, amount)] = true;
        closedIds.push(id);
    }

    function changeRecipient(uint256 index, uint256 to) external {
        index %= AWARDS;
        address next = holderAt(to % HOLDERS);
        Books storage entry = books[index];
        if (entry.amount == 0) return;
        _attempt(entry.recipient, abi.encodeCall(_vault.proposeRecipient, (bytes32(index), next)), true);
        bool allowed = !_paused && entry.changes < _vault.MAX_RECIPIENT_CHANGES();
        _attempt(next, abi.encodeCall(_vault.acceptRecipient, (bytes32(index))), allowed);
        if (!allowed) return;
        entry.recipient = next;
        entry.changes++;
    }

    function wait(uint256 elapsed) external {
        _now += within(elapsed, 1, 12 hours);
        vm.warp(_now);
    }

    function pause() external {
        _attempt(_guardian, abi.encodeCall(_vault.pause, ()), !_paused);
        _paused = true;
        // Most runs should not stand still: the admin comes back soon.
        if (_now % 4 != 0) unpause();
    }

    function unpause() public {
        _attempt(_admin, abi.encodeCall(_vault.unpause, ()), _paused);
        _paused = false;
    }

    function holderAt(uint256 index) public pure returns (address) {
        return address(uint160(0x1000 + index));
    }

    function closedCount() external view returns (uint256) {
        return closedIds.length;
    }

    /// @dev The largest sum that was released within any period on end.
    function busiestPeriod() external view returns (uint256 busiest) {
        for (uint256 i = 0; i < _payments.length; i++) {
            uint256 sum = _releasedSince(_payments[i].time, i);
            if (sum > busiest) busiest = sum;
        }
    }

    function _mayRelease(uint256 index, uint64 seq, uint256 amount) private view returns (bool) {
        Books storage entry = books[index];
        uint256 vested = _vault.vestedAmount(bytes32(index), uint64(_now));
        uint256 ceiling = entry.amount - entry.clawedBack;
        if (vested < ceiling) ceiling = vested;
        uint256 since = _now - PERIOD + 1;
        return !_paused && !_over[_releaseDuty(index, seq, amount)] && amount > 0 && entry.released + amount <= ceiling
            && _releasedSince(since, 0) + amount <= LIMIT;
    }

    function _bookRelease(uint256 index, uint64 seq, uint256 amount) private {
        Books storage entry = books[index];
        _over[_releaseDuty(index, seq, amount)] = true;
        closedIds.push(_vault.releaseIdOf(bytes32(index), seq, amount));
        entry.released += amount;
        totalReleased += amount;
        paid[entry.recipient] += amount;
        _payments.push(Payment(_now, amount));
    }

    /// @dev From now on for some days; sometimes a little out of its bounds.
    function _line(uint256 amount, DrawnLine calldata drawn) private view returns (Schedule memory schedule) {
        schedule.start = uint40(_now);
        schedule.mode = drawn.retro ? CliffMode.Retro : CliffMode.FromCliff;
        schedule.duration = uint40(within(drawn.duration, 0, 5 days));
        schedule.cliff = uint40(within(drawn.cliff, 0, schedule.duration + 1));
        schedule.granularity = uint40(within(drawn.granularity, 0, 1 days));
        schedule.startUnlock = drawn.startUnlock % 3 == 0 ? within(drawn.startUnlock, 0, amount + 1) : 0;
        schedule.cliffUnlock = drawn.cliffUnlock % 3 == 0 ? within(drawn.cliffUnlock, 0, amount / 2) : 0;
    }

    function _isLine(uint256 amount, Schedule memory schedule) private pure returns (bool) {
        if (schedule.duration == 0 || schedule.cliff > schedule.duration) return false;
        if (schedule.startUnlock + schedule.cliffUnlock > amount) return false;
        if (schedule.cliff == 0 && schedule.cliffUnlock > 0) return false;
        bool fromCliff = schedule.mode == CliffMode.FromCliff;
        uint256 length = fromCliff ? schedule.duration - schedule.cliff : schedule.duration;
        return schedule.granularity > 0 && schedule.granularity <= length;
    }

    /// @dev One tranche now, one in some days.
    function _tranches(uint256 amount, DrawnLine calldata drawn) private view returns (Schedule memory schedule) {
        uint256 first = within(drawn.startUnlock, 0, amount);
        schedule.tranches = new Tranche[](2);
        schedule.tranches[0] = Tranche(uint40(_now), uint208(first));
        schedule.tranches[1] = Tranche(uint40(_now + drawn.duration % 5 days), uint208(amount - first));
    }

    /// @dev Sum of the payments from the given one on in [since, since + PERIOD).
    function _releasedSince(uint256 since, uint256 first) private view returns (uint256 sum) {
        for (uint256 i = first; i < _payments.length; i++) {
            if (_payments[i].time >= since && _payments[i].time < since + PERIOD) sum += _payments[i].amount;
        }
    }

    /// @dev Often a round amount, so that duties are asked for again; otherwise about what can be released.
    function _amountFor(uint256 index, uint256 seed) private view returns (uint256) {
        if (seed % 2 == 0) return 250 * (seed / 2 % 4);
        Books storage entry = books[index];
        uint256 vested = _vault.vestedAmount(bytes32(index), uint64(_now));
        return vested > entry.released ? within(seed, 0, vested - entry.released + 1) : 1;
    }

    function _owed() private view returns (uint256 sum) {
        for (uint256 i = 0; i < AWARDS; i++) {
            sum += books[i].amount - books[i].released - books[i].clawedBack;
        }
    }

    function _releaseDuty(uint256 index, uint64 seq, uint256 amount) private pure returns (bytes32) {
        return keccak256(abi.encode("release", index, seq, amount));
    }

    function _attempt(address caller, bytes memory call_, bool allowed) private {
        vm.prank(caller);
        (bool success, bytes memory reason) = address(_vault).call(call_);
        if (success != allowed) vm.assertEq(reason, "the books allow it");
    }
}
