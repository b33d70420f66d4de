// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IncentiveVault} from "../src/IncentiveVault.sol";
import {CliffMode, Schedule, Tranche} from "../src/vesting/Vesting.sol";
import {CliffWallet} from "../src/devnet/CliffWallet.sol";
import {DrawnLine} from "./Forge.sol";
import {VaultFixture} from "./VaultFixture.sol";

contract VestingMathTest is VaultFixture {
    function test_tranches_vest_at_their_own_second() public {
        token.mint(address(vault), 1003);
        grant(AWARD, 1003, quarters());
        uint64[9] memory times = [
            START,
            START + 100 * DAY - 1,
            START + 100 * DAY,
            START + 200 * DAY - 1,
            START + 200 * DAY,
            START + 300 * DAY,
            START + 400 * DAY - 1,
            START + 400 * DAY,
            NEVER
        ];
        uint16[9] memory expected = [0, 0, 250, 250, 501, 752, 752, 1003, 1003];
        for (uint256 i = 0; i < times.length; i++) {
            vm.assertEq(vault.vestedAmount(AWARD, times[i]), expected[i]);
        }
    }

    function test_a_cliff_between_two_tranches_holds_the_first_back() public {
        grant(AWARD, 1000, steps(START, 150 * DAY, 400 * DAY, 100 * DAY));
        vm.assertEq(vault.vestedAmount(AWARD, START + 150 * DAY - 1), 0);
        vm.assertEq(vault.vestedAmount(AWARD, START + 150 * DAY), 250);
    }

    function test_the_last_instant_does_not_overflow() public {
        grant(AWARD, 1000, steps(type(uint40).max - 1, 1, 1, 1));
        vm.assertEq(vault.vestedAmount(AWARD, type(uint40).max - 1), 0);
        vm.assertEq(vault.vestedAmount(AWARD, NEVER), 1000);
    }

    function test_unlocks_and_a_line_from_the_cliff_in_steps() public {
        Schedule memory schedule = steps(START, 100, 401, 50);
        schedule.mode = CliffMode.FromCliff;
        schedule.startUnlock = 100;
        schedule.cliffUnlock = 200;
        grant(AWARD, 1003, schedule);
        // The line holds 703 and is 301 seconds long; its last step, of a second, takes the rest.
        uint16[10] memory times = [0, 99, 100, 149, 150, 200, 399, 400, 401, 999];
        uint16[10] memory expected = [100, 100, 300, 300, 416, 533, 883, 1000, 1003, 1003];
        vm.assertEq(vault.vestedAmount(AWARD, START - 1), 0);
        for (uint256 i = 0; i < times.length; i++) {
            vm.assertEq(vault.vestedAmount(AWARD, START + times[i]), expected[i]);
        }
    }

    function test_tranches_that_are_listed_vest_at_their_second() public {
        Schedule memory schedule;
        schedule.tranches = new Tranche[](3);
        schedule.tranches[0] = Tranche(uint40(START), 1);
        schedule.tranches[1] = Tranche(uint40(START) + 10, 2);
        schedule.tranches[2] = Tranche(uint40(START) + 10, 4);
        grant(AWARD, 7, schedule);
        vm.assertEq(vault.vestedAmount(AWARD, START - 1), 0);
        vm.assertEq(vault.vestedAmount(AWARD, START + 9), 1);
        vm.assertEq(vault.vestedAmount(AWARD, START + 10), 7);
    }

    function testFuzz_vested_is_bounded_and_never_falls(uint256 amount, DrawnLine memory drawn, uint64 earlier, uint64 later) public {
        amount = within(amount, 1, type(uint256).max - FUNDS);
        Schedule memory schedule = _granted(amount, drawn);
        earlier = _near(schedule, earlier);
        later = _near(schedule, later);
        if (earlier > later) (earlier, later) = (later, earlier);
        vm.assertLe(vault.vestedAmount(AWARD, earlier), vault.vestedAmount(AWARD, later));
        vm.assertLe(vault.vestedAmount(AWARD, later), amount);
    }

    function testFuzz_nothing_before_the_start_its_unlock_before_the_cliff_everything_at_the_end(uint256 amount, DrawnLine memory drawn)
        public
    {
        amount = within(amount, 1, type(uint256).max - FUNDS);
        Schedule memory schedule = _granted(amount, drawn);
        if (schedule.start > 0) vm.assertEq(vault.vestedAmount(AWARD, schedule.start - 1), 0);
        uint64 cliffAt = uint64(schedule.start) + schedule.cliff;
        if (schedule.cliff > 0) vm.assertEq(vault.vestedAmount(AWARD, cliffAt - 1), schedule.startUnlock);
        if (schedule.mode == CliffMode.FromCliff) {
            vm.assertEq(vault.vestedAmount(AWARD, cliffAt), schedule.startUnlock + schedule.cliffUnlock);
        }
        vm.assertEq(vault.vestedAmount(AWARD, uint64(schedule.start) + schedule.duration), amount);
    }

    function testFuzz_a_line_without_steps_equals_the_vesting_wallet_of_openzeppelin(
        uint128 amount,
        uint32 start,
        uint32 duration,
        uint32 cliff,
        uint64 t
    ) public {
        if (amount == 0) amount = 1;
        if (duration == 0) duration = 1;
        cliff = uint32(within(cliff, 0, duration));
        Schedule memory schedule = steps(start, cliff, duration, 1);
        token.mint(address(vault), amount);
        grant(AWARD, amount, schedule);
        CliffWallet wallet = new CliffWallet(ADA, start, duration, cliff);
        vm.deal(address(wallet), amount);

        uint64 end = uint64(start) + duration;
        uint64[6] memory times = [_near(schedule, t), uint64(start), uint64(start) + cliff, end - 1, end, end + 1];
        for (uint256 i = 0; i < times.length; i++) {
            vm.assertEq(vault.vestedAmount(AWARD, times[i]), wallet.vestedAmount(times[i]));
        }
    }

    /// @dev Grants an award of the amount along the given line, made valid.
    function _granted(uint256 amount, DrawnLine memory drawn) private returns (Schedule memory schedule) {
        schedule.start = uint40(within(drawn.start, 0, type(uint40).max / 2));
        schedule.duration = uint40(within(drawn.duration, 1, type(uint40).max / 2));
        schedule.cliff = uint40(within(drawn.cliff, 0, drawn.retro ? schedule.duration : schedule.duration - 1));
        uint256 length = drawn.retro ? schedule.duration : schedule.duration - schedule.cliff;
        schedule.mode = drawn.retro ? CliffMode.Retro : CliffMode.FromCliff;
        schedule.granularity = uint40(within(drawn.granularity, 1, length));
        schedule.startUnlock = within(drawn.startUnlock, 0, amount);
        schedule.cliffUnlock = schedule.cliff == 0 ? 0 : within(drawn.cliffUnlock, 0, amount - schedule.startUnlock);
        token.mint(address(vault), amount);
        grant(AWARD, amount, schedule);
    }

    /// @dev An instant between just before the start and just after the end.
    function _near(Schedule memory schedule, uint64 t) private pure returns (uint64) {
        uint64 start = schedule.start;
        return uint64(within(t, start > 0 ? start - 1 : 0, start + schedule.duration + 1));
    }
}
