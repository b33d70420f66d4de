// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IncentiveVault} from "../src/IncentiveVault.sol";
import {VaultFixture} from "./VaultFixture.sol";

contract ClawbacksTest is VaultFixture {
    function test_a_clawback_pays_the_treasury_and_is_announced() public {
        grant(AWARD, 1000, quarters());
        bytes32 id = vault.clawbackIdOf(AWARD, 1, 400);
        vm.expectEmit(address(vault));
        emit IncentiveVault.ClawedBack(id, AWARD, TREASURY, address(token), 1, 400);
        vm.assertEq(clawback(AWARD, 1, 400), id);
        vm.assertEq(token.balanceOf(TREASURY), 400);
        vm.assertEq(vault.reserved(address(token)), 600);
        vm.assertTrue(vault.settled(id));
    }

    function test_the_clawback_id_is_the_documented_hash() public {
        vm.chainId(1088);
        grant(AWARD, 1000, quarters());
        bytes32 expected = keccak256(
            abi.encode(keccak256("Clawback(v1)"), uint256(1088), address(vault), AWARD, uint256(7), address(token), TREASURY, uint256(400))
        );
        vm.assertEq(vault.clawbackIdOf(AWARD, 7, 400), expected);
    }

    function test_only_what_was_not_released_is_taken_back() public {
        grant(AWARD, 1000, immediate());
        release(AWARD, 1, 300);
        clawback(AWARD, 1, 200);
        vm.expectRevert(abi.encodeWithSelector(IncentiveVault.RemainingExceeded.selector, AWARD, 500, 501));
        clawback(AWARD, 2, 501);
        clawback(AWARD, 2, 500);
        vm.assertEq(token.balanceOf(ADA), 300);
        vm.assertEq(token.balanceOf(TREASURY), 700);
        vm.assertEq(vault.reserved(address(token)), 0);
    }

    function test_the_same_clawback_is_done_once() public {
        grant(AWARD, 1000, quarters());
        bytes32 id = clawback(AWARD, 1, 400);
        vm.expectRevert(abi.encodeWithSelector(IncentiveVault.AlreadySettled.selector, id));
        clawback(AWARD, 1, 400);
    }

    function test_a_voided_clawback_can_not_be_done() public {
        grant(AWARD, 1000, quarters());
        bytes32 id = vault.clawbackIdOf(AWARD, 1, 400);
        void(id);
        vm.expectRevert(abi.encodeWithSelector(IncentiveVault.AlreadyVoided.selector, id));
        clawback(AWARD, 1, 400);
    }

    function test_a_release_and_a_clawback_of_the_same_number_are_two_duties() public {
        grant(AWARD, 1000, immediate());
        vm.assertTrue(release(AWARD, 1, 400) != clawback(AWARD, 1, 400));
    }

    function test_after_a_clawback_vesting_ends_at_what_is_left() public {
        grant(AWARD, 1000, quarters());
        clawback(AWARD, 1, 400);
        vm.warp(START + 100 * DAY);
        release(AWARD, 1, 250);
        vm.warp(START + 400 * DAY);
        vm.assertEq(vault.vestedAmount(AWARD, START + 400 * DAY), 1000);
        vm.expectRevert(abi.encodeWithSelector(IncentiveVault.VestedExceeded.selector, AWARD, 600, 250, 351));
        release(AWARD, 2, 351);
        release(AWARD, 2, 350);
        vm.assertEq(remaining(AWARD), 0);
    }

    function test_zero_amounts_and_unknown_awards_are_refused() public {
        vm.expectRevert(abi.encodeWithSelector(IncentiveVault.AwardUnknown.selector, AWARD));
        clawback(AWARD, 1, 1);
        vm.expectRevert(abi.encodeWithSelector(IncentiveVault.AwardUnknown.selector, AWARD));
        vault.clawbackIdOf(AWARD, 1, 1);
        grant(AWARD, 1000, quarters());
        vm.expectRevert(abi.encodeWithSelector(IncentiveVault.InvalidAmount.selector));
        clawback(AWARD, 1, 0);
    }
}
