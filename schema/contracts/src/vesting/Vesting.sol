// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

/// @dev Where a line begins: at the cliff, as Sablier Lockup, or back at the start, as OpenZeppelin's VestingWalletCliff.
enum CliffMode {
    FromCliff,
    Retro
}

/// @param time Vested from this second on, Unix time.
struct Tranche {
    uint40 time;
    uint208 amount;
}

/// @dev Vesting of an award: along a line in steps or, where there are `tranches`, by those alone; then all else is zero.
/// @param start First second of the line, Unix time.
/// @param cliff Seconds after `start`; zero means that there is none.
/// @param duration Seconds from `start` to the end, at least 1.
/// @param granularity Seconds of a step, from 1 to the length of the line.
/// @param startUnlock Vested at `start`.
/// @param cliffUnlock Vested at the cliff beside the line.
/// @param tranches In order of time; they sum to the amount.
struct Schedule {
    uint40 start;
    uint40 cliff;
    uint40 duration;
    uint40 granularity;
    CliffMode mode;
    uint256 startUnlock;
    uint256 cliffUnlock;
    Tranche[] tranches;
}

/// @notice What of an amount is vested when: the formula of the service, to the base unit.
library Vesting {
    /// @notice How many tranches a schedule may list; bounds the gas of a grant and of a release.
    uint256 internal constant MAX_TRANCHES = 64;

    /// @dev The same schedules that the service accepts.
    function isValid(Schedule calldata schedule, uint256 amount) internal pure returns (bool) {
        if (schedule.tranches.length > 0) return _isValidInTranches(schedule, amount);
        uint256 cliff = schedule.cliff;
        uint256 duration = schedule.duration;
        if (duration == 0 || schedule.start + duration > type(uint40).max) return false;
        if (cliff > duration || (cliff == duration && schedule.mode == CliffMode.FromCliff)) return false;
        if (cliff == 0 && schedule.cliffUnlock > 0) return false;
        if (schedule.startUnlock > amount || schedule.cliffUnlock > amount - schedule.startUnlock) return false;
        uint256 length = schedule.mode == CliffMode.FromCliff ? duration - cliff : duration;
        return schedule.granularity > 0 && schedule.granularity <= length;
    }

    function _isValidInTranches(Schedule calldata schedule, uint256 amount) private pure returns (bool) {
        if (schedule.tranches.length > MAX_TRANCHES) return false;
        if (schedule.start > 0 || schedule.cliff > 0 || schedule.duration > 0 || schedule.granularity > 0) return false;
        if (schedule.mode != CliffMode.FromCliff || schedule.startUnlock > 0 || schedule.cliffUnlock > 0) return false;
        uint256 sum = 0;
        uint256 last = 0;
        for (uint256 i = 0; i < schedule.tranches.length; i++) {
            Tranche calldata tranche = schedule.tranches[i];
            if (tranche.time < last) return false;
            last = tranche.time;
            sum += tranche.amount;
        }
        return sum == amount;
    }

    function store(Schedule storage stored, Schedule calldata schedule) internal {
        stored.start = schedule.start;
        stored.cliff = schedule.cliff;
        stored.duration = schedule.duration;
        stored.granularity = schedule.granularity;
        stored.mode = schedule.mode;
        stored.startUnlock = schedule.startUnlock;
        stored.cliffUnlock = schedule.cliffUnlock;
        for (uint256 i = 0; i < schedule.tranches.length; i++) {
            stored.tranches.push(schedule.tranches[i]);
        }
    }

    /// @dev With u and c the unlocks, g the granularity, e the end and b where the line begins (the cliff, or the start with Retro):
    /// 0 before the start, u before the cliff, amount from e on, else u + c + floor(floor((t - b) / g) * g * (amount - u - c) / (e - b)).
    function vestedAmount(Schedule storage schedule, uint256 amount, uint256 t) internal view returns (uint256) {
        if (schedule.tranches.length > 0) return _vestedInTranches(schedule.tranches, t);
        uint256 start = schedule.start;
        uint256 cliffAt = start + schedule.cliff;
        uint256 endAt = start + schedule.duration;
        if (t < start) return 0;
        if (t < cliffAt) return schedule.startUnlock;
        if (t >= endAt) return amount;
        uint256 lineAt = schedule.mode == CliffMode.FromCliff ? cliffAt : start;
        uint256 elapsed = t - lineAt;
        uint256 unlocked = schedule.startUnlock + schedule.cliffUnlock;
        return unlocked + Math.mulDiv(amount - unlocked, elapsed - elapsed % schedule.granularity, endAt - lineAt);
    }

    function _vestedInTranches(Tranche[] storage tranches, uint256 t) private view returns (uint256 vested) {
        for (uint256 i = 0; i < tranches.length; i++) {
            Tranche storage tranche = tranches[i];
            if (tranche.time > t) break;
            vested += tranche.amount;
        }
    }
}
