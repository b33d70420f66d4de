// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IncentiveVault} from "../src/IncentiveVault.sol";
import {VaultFixture} from "./VaultFixture.sol";

contract RecipientsTest is VaultFixture {
    function setUp() public override {
        super.setUp();
        grant(AWARD, 1000, immediate());
    }

    function test_a_recipient_hands_the_award_over_in_two_steps() public {
        vm.expectEmit(address(vault));
        emit IncentiveVault.RecipientProposed(AWARD, ADA, BO);
        vm.prank(ADA);
        vault.proposeRecipient(AWARD, BO);
        vm.assertEq(vault.proposedRecipient(AWARD), BO);
        release(AWARD, 1, 100);

        vm.expectEmit(address(vault));
        emit IncentiveVault.RecipientChanged(AWARD, ADA, BO);
        vm.prank(BO);
        vault.acceptRecipient(AWARD);
        release(AWARD, 2, 100);
        vm.assertEq(token.balanceOf(ADA), 100);
        vm.assertEq(token.balanceOf(BO), 100);
        vm.assertEq(vault.proposedRecipient(AWARD), address(0));
    }

    function test_nobody_but_the_recipient_proposes() public {
        address[5] memory others = [ADMIN, OPERATOR, MANAGER, GUARDIAN, BO];
        for (uint256 i = 0; i < others.length; i++) {
            vm.expectRevert(abi.encodeWithSelector(IncentiveVault.NotRecipient.selector, AWARD, ADA, others[i]));
            vm.prank(others[i]);
            vault.proposeRecipient(AWARD, BO);
        }
    }

    function test_nobody_but_the_proposed_accepts() public {
        vm.expectRevert(abi.encodeWithSelector(IncentiveVault.NotProposedRecipient.selector, AWARD, address(0), BO));
        vm.prank(BO);
        vault.acceptRecipient(AWARD);
        vm.prank(ADA);
        vault.proposeRecipient(AWARD, BO);
        vm.expectRevert(abi.encodeWithSelector(IncentiveVault.NotProposedRecipient.selector, AWARD, BO, STRANGER));
        vm.prank(STRANGER);
        vault.acceptRecipient(AWARD);
    }

    function test_a_proposal_can_be_withdrawn() public {
        vm.startPrank(ADA);
        vault.proposeRecipient(AWARD, BO);
        vault.proposeRecipient(AWARD, address(0));
        vm.stopPrank();
        vm.expectRevert(abi.encodeWithSelector(IncentiveVault.NotProposedRecipient.selector, AWARD, address(0), BO));
        vm.prank(BO);
        vault.acceptRecipient(AWARD);
    }

    function test_the_vault_can_not_become_a_recipient() public {
        vm.expectRevert(abi.encodeWithSelector(IncentiveVault.InvalidAddress.selector, address(vault)));
        vm.prank(ADA);
        vault.proposeRecipient(AWARD, address(vault));
    }

    function test_an_unknown_award_has_no_recipient_to_change() public {
        vm.expectRevert(abi.encodeWithSelector(IncentiveVault.AwardUnknown.selector, bytes32("none")));
        vault.proposeRecipient("none", BO);
        vm.expectRevert(abi.encodeWithSelector(IncentiveVault.AwardUnknown.selector, bytes32("none")));
        vault.acceptRecipient("none");
    }

    function test_a_duty_settled_for_a_former_recipient_is_not_paid_again() public {
        bytes32 paid = release(AWARD, 1, 100);
        handOver(AWARD, ADA, BO);
        handOver(AWARD, BO, STRANGER);
        vm.assertTrue(vault.releaseIdOf(AWARD, 1, 100) != paid);
        vm.expectRevert(abi.encodeWithSelector(IncentiveVault.AlreadySettled.selector, paid));
        release(AWARD, 1, 100);
    }

    function test_a_duty_voided_for_a_former_recipient_is_not_paid_to_the_next() public {
        bytes32 ended = vault.releaseIdOf(AWARD, 1, 100);
        void(ended);
        handOver(AWARD, ADA, BO);
        vm.expectRevert(abi.encodeWithSelector(IncentiveVault.AlreadyVoided.selector, ended));
        release(AWARD, 1, 100);
    }

    function test_an_award_returns_to_a_former_recipient() public {
        handOver(AWARD, ADA, BO);
        handOver(AWARD, BO, ADA);
        release(AWARD, 1, 100);
        vm.assertEq(token.balanceOf(ADA), 100);
    }

    function test_the_number_of_changes_is_bounded() public {
        address holder = ADA;
        for (uint160 i = 1; i <= vault.MAX_RECIPIENT_CHANGES(); i++) {
            handOver(AWARD, holder, address(i));
            holder = address(i);
        }
        vm.prank(holder);
        vault.proposeRecipient(AWARD, BO);
        vm.expectRevert(abi.encodeWithSelector(IncentiveVault.RecipientChangesExhausted.selector, AWARD, 8));
        vm.prank(BO);
        vault.acceptRecipient(AWARD);
        release(AWARD, 1, 100);
        vm.assertEq(token.balanceOf(holder), 100);
    }
}
