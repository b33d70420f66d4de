// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IncentiveVault} from "../src/IncentiveVault.sol";
import {CliffWallet} from "../src/devnet/CliffWallet.sol";
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
        grant(AWARD, 1000, IncentiveVault.Schedule(START, 150 * DAY, 400 * DAY, 4));
        vm.assertEq(vault.vestedAmount(AWARD, START + 150 * DAY - 1), 0);
        vm.assertEq(vault.vestedAmount(AWARD, START + 150 * DAY), 250);
    }

    function test_a_schedule_at_the_end_of_time_does_not_overflow() public {
        grant(AWARD, 1000, IncentiveVault.Schedule(NEVER, NEVER, NEVER, type(uint32).max));
        vm.assertEq(vault.vestedAmount(AWARD, NEVER), 0);
    }

    function testFuzz_vested_is_bounded_and_never_falls(
        uint256 amount,
        IncentiveVault.Schedule memory schedule,
        uint64 earlier,
        uint64 later
    ) public {
        amount = within(amount, 1, type(uint256).max - FUNDS);
        schedule = _granted(amount, schedule);
        earlier = _near(schedule, earlier);
        later = _near(schedule, later);
        if (earlier > later) (earlier, later) = (later, earlier);
        vm.assertLe(vault.vestedAmount(AWARD, earlier), vault.vestedAmount(AWARD, later));
        vm.assertLe(vault.vestedAmount(AWARD, later), amount);
    }

    function testFuzz_nothing_before_the_cliff_everything_at_the_end(uint256 amount, IncentiveVault.Schedule memory schedule) public {
        amount = within(amount, 1, type(uint256).max - FUNDS);
        schedule = _granted(amount, schedule);
        uint64 cliffEnd = schedule.start + schedule.cliff;
        if (cliffEnd > 0) vm.assertEq(vault.vestedAmount(AWARD, cliffEnd - 1), 0);
        vm.assertEq(vault.vestedAmount(AWARD, schedule.start + schedule.duration), amount);
    }

    function testFuzz_vested_is_a_whole_number_of_tranches_rounded_down(uint128 amount, IncentiveVault.Schedule memory schedule, uint64 t)
        public
    {
        if (amount == 0) amount = 1;
        schedule = _granted(amount, schedule);
        t = _near(schedule, t);
        if (t < schedule.start + schedule.cliff) return;
        // The number of whole tranches is counted from the other side: tranche k is due when k * duration <= elapsed * tranches.
        uint256 vested = vault.vestedAmount(AWARD, t);
        uint256 elapsed = t >= schedule.start + schedule.duration ? schedule.duration : t - schedule.start;
        uint256 k = schedule.duration == 0 ? schedule.tranches : elapsed * schedule.tranches / schedule.duration;
        vm.assertLe(k * schedule.duration, elapsed * schedule.tranches);
        if (schedule.duration > 0) vm.assertGt((k + 1) * schedule.duration, elapsed * schedule.tranches);
        vm.assertLe(vested * schedule.tranches, amount * k);
        vm.assertGt((vested + 1) * schedule.tranches, amount * k);
    }

    function testFuzz_a_tranche_every_second_equals_the_vesting_wallet_of_openzeppelin(
        uint128 amount,
        uint32 start,
        uint32 duration,
        uint32 cliff,
        uint64 t
    ) public {
        if (amount == 0) amount = 1;
        if (duration == 0) duration = 1;
        cliff = uint32(within(cliff, 0, duration));
        IncentiveVault.Schedule memory schedule =
            _granted(amount, IncentiveVault.Schedule(uint64(start), uint64(cliff), uint64(duration), duration));
        CliffWallet wallet = new CliffWallet(ADA, start, duration, cliff);
        vm.deal(address(wallet), amount);

        uint64 end = uint64(start) + duration;
        uint64[6] memory times = [_near(schedule, t), uint64(start), uint64(start) + cliff, end - 1, end, end + 1];
        for (uint256 i = 0; i < times.length; i++) {
            vm.assertEq(vault.vestedAmount(AWARD, times[i]), wallet.vestedAmount(times[i]));
        }
    }

    /// @dev Grants an award of the amount on the given schedule, made valid.
    function _granted(uint256 amount, IncentiveVault.Schedule memory schedule) private returns (IncentiveVault.Schedule memory) {
        schedule.start = uint64(within(schedule.start, 0, type(uint64).max / 4));
        schedule.duration = uint64(within(schedule.duration, 0, type(uint64).max / 4));
        schedule.cliff = uint64(within(schedule.cliff, 0, schedule.duration));
        if (schedule.tranches == 0) schedule.tranches = 1;
        token.mint(address(vault), amount);
        grant(AWARD, amount, schedule);
        return schedule;
    }

    /// @dev An instant between just before the start and just after the end.
    function _near(IncentiveVault.Schedule memory schedule, uint64 t) private pure returns (uint64) {
        return uint64(within(t, schedule.start > 0 ? schedule.start - 1 : 0, schedule.start + schedule.duration + 1));
    }
}
