// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IncentiveVault} from "../src/IncentiveVault.sol";
import {CliffMode, Schedule, Tranche} from "../src/vesting/Vesting.sol";
import {VaultFixture} from "./VaultFixture.sol";

contract GrantsTest is VaultFixture {
    function test_a_grant_reserves_its_amount_and_is_announced() public {
        vm.expectEmit(address(vault));
        emit IncentiveVault.Granted(AWARD, address(token), ADA, 1000, quarters());
        grant(AWARD, 1000, quarters());

        (address awardToken, address recipient, uint256 amount, uint256 released, uint256 clawedBack, Schedule memory schedule) =
            vault.award(AWARD);
        vm.assertEq(awardToken, address(token));
        vm.assertEq(recipient, ADA);
        vm.assertEq(amount, 1000);
        vm.assertEq(released, 0);
        vm.assertEq(clawedBack, 0);
        vm.assertEq(abi.encode(schedule), abi.encode(quarters()));
        vm.assertEq(vault.reserved(address(token)), 1000);
    }

    function test_an_unknown_award_is_all_zero() public view {
        (address awardToken,, uint256 amount,,,) = vault.award(AWARD);
        vm.assertEq(awardToken, address(0));
        vm.assertEq(amount, 0);
        vm.assertEq(vault.vestedAmount(AWARD, NEVER), 0);
    }

    function test_an_award_can_not_be_granted_twice() public {
        grant(AWARD, 1000, quarters());
        _expectRefusal(abi.encodeWithSelector(IncentiveVault.AwardExists.selector, AWARD));
        grant(AWARD, 1000, quarters());
    }

    function test_an_award_that_is_over_can_not_be_granted_again() public {
        grant(AWARD, 1000, immediate());
        release(AWARD, 1, 1000);
        _expectRefusal(abi.encodeWithSelector(IncentiveVault.AwardExists.selector, AWARD));
        grant(AWARD, 1000, immediate());
    }

    function test_the_balance_that_is_not_reserved_bounds_a_grant() public {
        grant(AWARD, FUNDS - 5, quarters());
        _expectRefusal(abi.encodeWithSelector(IncentiveVault.BalanceExceeded.selector, address(token), 5, 6));
        grant("second", 6, quarters());
        grant("second", 5, quarters());
        vm.assertEq(vault.reserved(address(token)), FUNDS);
    }

    function test_an_operator_grants_within_the_budget_only() public {
        vm.expectEmit(address(vault));
        emit IncentiveVault.BudgetSet(address(token), 100);
        vm.prank(ADMIN);
        vault.setBudget(address(token), 100);

        _grantAsOperator("first", 60);
        vm.assertEq(vault.budgetSpent(address(token)), 60);
        _expectRefusal(abi.encodeWithSelector(IncentiveVault.BudgetExceeded.selector, address(token), 100, 60, 41));
        _grantAsOperator("second", 41);
        _grantAsOperator("second", 40);
    }

    function test_an_operator_without_a_budget_grants_nothing() public {
        _expectRefusal(abi.encodeWithSelector(IncentiveVault.BudgetExceeded.selector, address(token), 0, 0, 1));
        _grantAsOperator(AWARD, 1);
    }

    function test_a_lowered_budget_refuses_what_is_already_spent() public {
        vm.prank(ADMIN);
        vault.setBudget(address(token), 100);
        _grantAsOperator("first", 60);
        vm.prank(ADMIN);
        vault.setBudget(address(token), 50);
        _expectRefusal(abi.encodeWithSelector(IncentiveVault.BudgetExceeded.selector, address(token), 50, 60, 1));
        _grantAsOperator("second", 1);
    }

    function test_a_manager_needs_no_budget_and_spends_none() public {
        grant(AWARD, 1000, quarters());
        vm.assertEq(vault.budgetSpent(address(token)), 0);
    }

    function test_a_line_has_a_length_and_a_cliff_and_steps_within_it() public {
        _refuseSchedule(steps(START, 0, 0, 1));
        _refuseSchedule(steps(type(uint40).max, 0, 1, 1));
        _refuseSchedule(steps(START, 11, 10, 1));
        _refuseSchedule(steps(START, 0, 10, 0));
        _refuseSchedule(steps(START, 0, 10, 11));
        grant("at the end", 10, steps(START, 10, 10, 10));
        Schedule memory fromCliff = steps(START, 10, 10, 1);
        fromCliff.mode = CliffMode.FromCliff;
        _refuseSchedule(fromCliff);
        fromCliff.cliff = 8;
        fromCliff.granularity = 3;
        _refuseSchedule(fromCliff);
        fromCliff.granularity = 2;
        grant("from the cliff", 10, fromCliff);
    }

    function test_unlocks_are_within_the_amount_and_nothing_unlocks_at_a_cliff_that_is_not_there() public {
        Schedule memory schedule = quarters();
        schedule.startUnlock = 1001;
        _refuseSchedule(schedule);
        schedule.startUnlock = 600;
        schedule.cliffUnlock = 401;
        _refuseSchedule(schedule);
        schedule.cliffUnlock = 400;
        grant("unlocks", 1000, schedule);
        schedule.cliff = 0;
        _refuseSchedule(schedule);
    }

    function test_tranches_are_in_order_sum_to_the_amount_and_stand_alone() public {
        Schedule memory schedule;
        schedule.tranches = new Tranche[](2);
        schedule.tranches[0] = Tranche(uint40(START), 400);
        schedule.tranches[1] = Tranche(uint40(START) - 1, 600);
        _refuseSchedule(schedule);
        schedule.tranches[1] = Tranche(uint40(START), 599);
        _refuseSchedule(schedule);
        schedule.tranches[1].amount = 600;
        schedule.granularity = 1;
        _refuseSchedule(schedule);
        schedule.granularity = 0;
        grant("tranches", 1000, schedule);
    }

    function test_a_schedule_lists_so_many_tranches_and_no_more() public {
        Schedule memory schedule;
        schedule.tranches = new Tranche[](vault.MAX_TRANCHES() + 1);
        schedule.tranches[0].amount = 1000;
        _refuseSchedule(schedule);
        schedule.tranches = new Tranche[](vault.MAX_TRANCHES());
        schedule.tranches[0].amount = 1000;
        grant("many", 1000, schedule);
    }

    function test_nothing_nobody_and_the_vault_itself_are_refused() public {
        vm.startPrank(MANAGER);
        vm.expectRevert(abi.encodeWithSelector(IncentiveVault.InvalidAmount.selector));
        vault.grant(AWARD, address(token), ADA, 0, quarters());
        vm.expectRevert(abi.encodeWithSelector(IncentiveVault.InvalidAddress.selector, address(0)));
        vault.grant(AWARD, address(token), address(0), 1, quarters());
        vm.expectRevert(abi.encodeWithSelector(IncentiveVault.InvalidAddress.selector, address(vault)));
        vault.grant(AWARD, address(token), address(vault), 1, quarters());
        vm.expectRevert(abi.encodeWithSelector(IncentiveVault.InvalidAddress.selector, address(0)));
        vault.grant(AWARD, address(0), ADA, 1, quarters());
        vm.stopPrank();
    }

    function _refuseSchedule(Schedule memory schedule) private {
        _expectRefusal(abi.encodeWithSelector(IncentiveVault.InvalidSchedule.selector));
        grant(AWARD, 1000, schedule);
    }

    function _grantAsOperator(bytes32 awardId, uint256 amount) private {
        vm.prank(OPERATOR);
        vault.grant(awardId, address(token), ADA, amount, immediate());
    }

    function _expectRefusal(bytes memory reason) private {
        vm.expectRevert(reason);
    }
}
