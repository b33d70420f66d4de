// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IncentiveVault} from "../src/IncentiveVault.sol";
import {VaultFixture} from "./VaultFixture.sol";

contract PeriodLimitTest is VaultFixture {
    function setUp() public override {
        super.setUp();
        grant(AWARD, 10_000, immediate());
        _limit(1000, DAY);
    }

    function test_a_limit_is_announced() public {
        vm.expectEmit(address(vault));
        emit IncentiveVault.PeriodLimitSet(address(token), 5, 7);
        _limit(5, 7);
    }

    function test_releases_of_a_period_sum_up_to_the_limit() public {
        release(AWARD, 1, 600);
        vm.assertEq(vault.releasedInPeriod(address(token)), 600);
        _expectExceeded(1000, 600, 401);
        release(AWARD, 2, 401);
        release(AWARD, 2, 400);
    }

    function test_one_release_pays_no_more_than_the_order_limit() public {
        vm.expectEmit(address(vault));
        emit IncentiveVault.OrderLimitSet(address(token), 300);
        vm.prank(ADMIN);
        vault.setOrderLimit(address(token), 300);
        vm.expectRevert(abi.encodeWithSelector(IncentiveVault.OrderLimitExceeded.selector, address(token), 300, 301));
        release(AWARD, 1, 301);
        release(AWARD, 1, 300);
        release(AWARD, 2, 300);
        vm.prank(ADMIN);
        vault.setOrderLimit(address(token), 0);
        release(AWARD, 3, 400);
    }

    function test_the_window_rolls_with_every_second() public {
        release(AWARD, 1, 600);
        vm.warp(START + DAY / 2);
        release(AWARD, 2, 400);
        vm.warp(START + DAY - 1);
        _expectExceeded(1000, 1000, 1);
        release(AWARD, 3, 1);
        vm.warp(START + DAY);
        vm.assertEq(vault.releasedInPeriod(address(token)), 400);
        release(AWARD, 3, 600);
        vm.warp(START + DAY + DAY / 2);
        vm.assertEq(vault.releasedInPeriod(address(token)), 600);
    }

    function test_two_full_limits_can_not_meet_at_a_boundary() public {
        vm.warp(START + DAY - 1);
        release(AWARD, 1, 1000);
        vm.warp(START + DAY);
        _expectExceeded(1000, 1000, 1000);
        release(AWARD, 2, 1000);
    }

    function test_a_new_limit_counts_what_was_released_before() public {
        release(AWARD, 1, 600);
        vm.warp(START + 2 * DAY);
        _limit(700, 3 * DAY);
        _expectExceeded(700, 600, 101);
        release(AWARD, 2, 101);
        _limit(500, 3 * DAY);
        _expectExceeded(500, 600, 1);
        release(AWARD, 2, 1);
    }

    function test_a_token_without_a_limit_is_not_released() public {
        _limit(0, DAY);
        _expectExceeded(0, 0, 1);
        release(AWARD, 1, 1);
    }

    function test_a_period_has_a_length() public {
        vm.expectRevert(abi.encodeWithSelector(IncentiveVault.InvalidPeriod.selector));
        _limit(1, 0);
    }

    function test_a_clawback_is_not_limited() public {
        clawback(AWARD, 1, 10_000);
        vm.assertEq(token.balanceOf(TREASURY), 10_000);
        vm.assertEq(vault.releasedInPeriod(address(token)), 0);
    }

    function _limit(uint256 limit, uint64 periodSeconds) private {
        vm.prank(ADMIN);
        vault.setPeriodLimit(address(token), limit, periodSeconds);
    }

    function _expectExceeded(uint256 limit, uint256 used, uint256 amount) private {
        vm.expectRevert(abi.encodeWithSelector(IncentiveVault.PeriodLimitExceeded.selector, address(token), limit, used, amount));
    }
}
