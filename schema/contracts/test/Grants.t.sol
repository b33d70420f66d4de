// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IncentiveVault} from "../src/IncentiveVault.sol";
import {VaultFixture} from "./VaultFixture.sol";

contract GrantsTest is VaultFixture {
    function test_a_grant_reserves_its_amount_and_is_announced() public {
        vm.expectEmit(address(vault));
        emit IncentiveVault.Granted(AWARD, address(token), ADA, 1000, START, 100 * DAY, 400 * DAY, 4);
        grant(AWARD, 1000, quarters());

        (
            address awardToken,
            address recipient,
            uint256 amount,
            uint256 released,
            uint256 clawedBack,
            IncentiveVault.Schedule memory schedule
        ) = vault.award(AWARD);
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

    function test_a_schedule_needs_a_tranche_and_a_cliff_within_its_duration() public {
        IncentiveVault.Schedule memory schedule = IncentiveVault.Schedule(START, 1, 1, 0);
        _expectRefusal(abi.encodeWithSelector(IncentiveVault.InvalidSchedule.selector, 1, 1, 0));
        grant(AWARD, 1000, schedule);
        schedule = IncentiveVault.Schedule(START, 2, 1, 1);
        _expectRefusal(abi.encodeWithSelector(IncentiveVault.InvalidSchedule.selector, 2, 1, 1));
        grant(AWARD, 1000, schedule);
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

    function _grantAsOperator(bytes32 awardId, uint256 amount) private {
        vm.prank(OPERATOR);
        vault.grant(awardId, address(token), ADA, amount, immediate());
    }

    function _expectRefusal(bytes memory reason) private {
        vm.expectRevert(reason);
    }
}
