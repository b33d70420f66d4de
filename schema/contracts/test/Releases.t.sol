// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ReentrancyGuard} from "@openzeppelin/contracts/utils/ReentrancyGuard.sol";
import {IncentiveVault} from "../src/IncentiveVault.sol";
import {FeeToken, GreedyToken, ReentrantToken, RefusingToken, SilentToken} from "./Tokens.sol";
import {VaultFixture} from "./VaultFixture.sol";

contract ReleasesTest is VaultFixture {
    function test_a_release_pays_the_recipient_and_is_announced() public {
        grant(AWARD, 1000, immediate());
        bytes32 id = vault.releaseIdOf(AWARD, 1, 400);
        vm.expectEmit(address(vault));
        emit IncentiveVault.Released(id, AWARD, ADA, address(token), 1, 400);
        vm.assertEq(release(AWARD, 1, 400), id);

        vm.assertEq(token.balanceOf(ADA), 400);
        vm.assertEq(token.balanceOf(address(vault)), FUNDS - 400);
        vm.assertEq(vault.reserved(address(token)), 600);
        vm.assertTrue(vault.settled(id));
        vm.assertFalse(vault.voided(id));
    }

    function test_the_release_id_is_the_documented_hash() public {
        vm.chainId(1088);
        grant(AWARD, 1000, immediate());
        bytes32 expected = keccak256(
            abi.encode(keccak256("Release(v1)"), uint256(1088), address(vault), AWARD, uint256(7), address(token), ADA, uint256(400))
        );
        vm.assertEq(vault.releaseIdOf(AWARD, 7, 400), expected);
        vm.assertEq(release(AWARD, 7, 400), expected);
    }

    function test_the_same_duty_is_paid_once() public {
        grant(AWARD, 1000, immediate());
        bytes32 id = release(AWARD, 1, 400);
        vm.expectRevert(abi.encodeWithSelector(IncentiveVault.AlreadySettled.selector, id));
        release(AWARD, 1, 400);
        release(AWARD, 2, 400);
        vm.assertEq(token.balanceOf(ADA), 800);
    }

    function test_a_voided_release_can_not_pay() public {
        grant(AWARD, 1000, immediate());
        bytes32 id = vault.releaseIdOf(AWARD, 1, 400);
        vm.expectEmit(address(vault));
        emit IncentiveVault.Voided(id);
        void(id);
        vm.assertTrue(vault.voided(id));
        vm.assertFalse(vault.settled(id));
        vm.expectRevert(abi.encodeWithSelector(IncentiveVault.AlreadyVoided.selector, id));
        release(AWARD, 1, 400);
        release(AWARD, 2, 400);
    }

    function test_voiding_is_final_and_comes_before_settlement_only() public {
        grant(AWARD, 1000, immediate());
        bytes32 paid = release(AWARD, 1, 400);
        vm.expectRevert(abi.encodeWithSelector(IncentiveVault.AlreadySettled.selector, paid));
        void(paid);
        void("never asked for");
        vm.expectRevert(abi.encodeWithSelector(IncentiveVault.AlreadyVoided.selector, bytes32("never asked for")));
        void("never asked for");
    }

    function test_nothing_is_released_before_the_cliff() public {
        grant(AWARD, 1000, quarters());
        vm.warp(START + 100 * DAY - 1);
        vm.expectRevert(abi.encodeWithSelector(IncentiveVault.VestedExceeded.selector, AWARD, 0, 0, 1));
        release(AWARD, 1, 1);
        vm.warp(START + 100 * DAY);
        release(AWARD, 1, 250);
    }

    function test_a_release_stays_within_what_has_vested() public {
        grant(AWARD, 1000, quarters());
        vm.warp(START + 200 * DAY);
        release(AWARD, 1, 300);
        vm.expectRevert(abi.encodeWithSelector(IncentiveVault.VestedExceeded.selector, AWARD, 500, 300, 201));
        release(AWARD, 2, 201);
        release(AWARD, 2, 200);
    }

    function test_an_absurd_amount_is_refused_not_wrapped() public {
        grant(AWARD, 1000, immediate());
        release(AWARD, 1, 1);
        vm.expectRevert(abi.encodeWithSelector(IncentiveVault.VestedExceeded.selector, AWARD, 1000, 1, type(uint256).max));
        release(AWARD, 2, type(uint256).max);
    }

    function test_the_deadline_is_the_last_second_and_no_part_of_the_id() public {
        grant(AWARD, 1000, immediate());
        vm.startPrank(OPERATOR);
        vm.warp(START + 11);
        vm.expectRevert(abi.encodeWithSelector(IncentiveVault.DeadlinePassed.selector, START + 10, START + 11));
        vault.release(AWARD, 1, 400, START + 10);
        vm.warp(START + 10);
        bytes32 id = vault.release(AWARD, 1, 400, START + 10);
        vm.expectRevert(abi.encodeWithSelector(IncentiveVault.AlreadySettled.selector, id));
        vault.release(AWARD, 1, 400, NEVER);
        vm.stopPrank();
    }

    function test_zero_amounts_and_unknown_awards_are_refused() public {
        vm.expectRevert(abi.encodeWithSelector(IncentiveVault.AwardUnknown.selector, AWARD));
        release(AWARD, 1, 1);
        vm.expectRevert(abi.encodeWithSelector(IncentiveVault.AwardUnknown.selector, AWARD));
        vault.releaseIdOf(AWARD, 1, 1);
        grant(AWARD, 1000, immediate());
        vm.expectRevert(abi.encodeWithSelector(IncentiveVault.InvalidAmount.selector));
        release(AWARD, 1, 0);
    }

    function test_a_batch_skips_what_fails_and_pays_the_rest() public {
        grant("first", 100, immediate());
        grant("second", 100, quarters());
        grant("third", 100, immediate());
        IncentiveVault.Release[] memory batch = new IncentiveVault.Release[](4);
        batch[0] = IncentiveVault.Release("first", 1, 100, NEVER);
        batch[1] = IncentiveVault.Release("second", 1, 100, NEVER);
        batch[2] = IncentiveVault.Release("third", 1, 40, NEVER);
        batch[3] = IncentiveVault.Release("third", 1, 40, NEVER);

        bytes32 repeated = vault.releaseIdOf("third", 1, 40);
        vm.expectEmit(address(vault));
        emit IncentiveVault.ReleaseSkipped(
            "second", 1, abi.encodeWithSelector(IncentiveVault.VestedExceeded.selector, bytes32("second"), 0, 0, 100)
        );
        vm.expectEmit(address(vault));
        emit IncentiveVault.ReleaseSkipped("third", 1, abi.encodeWithSelector(IncentiveVault.AlreadySettled.selector, repeated));
        vm.prank(OPERATOR);
        vault.releaseBatch(batch);
        vm.assertEq(token.balanceOf(ADA), 140);
        vm.assertEq(vault.reserved(address(token)), 160);
    }

    /// @dev A call is given at most 63 of 64 parts of the gas (EIP-150): with the rest of enough gas, the next element is paid.
    function test_a_batch_skips_what_uses_up_its_gas_and_pays_the_rest() public {
        (IncentiveVault.Release[] memory batch, bytes32 id) = _greedyAndPlain();
        vm.expectEmit(address(vault));
        emit IncentiveVault.ReleaseSkipped(AWARD, 1, "");
        vm.prank(OPERATOR);
        vault.releaseBatch{gas: 20_000_000}(batch);
        vm.assertTrue(vault.settled(id));
        vm.assertEq(token.balanceOf(ADA), 100);
        vm.assertEq(remaining(AWARD), 1000);
    }

    /// @dev Where what is left pays nothing more, nothing is half done, whatever the gas: each id can be paid later.
    function testFuzz_a_batch_that_runs_out_of_gas_leaves_what_it_does_not_pay(uint256 gas) public {
        (IncentiveVault.Release[] memory batch, bytes32 id) = _greedyAndPlain();
        vm.prank(OPERATOR);
        (bool success,) = address(vault).call{gas: 30_000 + gas % 10_000_000}(abi.encodeCall(vault.releaseBatch, (batch)));
        bool isPaid = vault.settled(id);
        vm.assertTrue(success || !isPaid);
        vm.assertEq(token.balanceOf(ADA), isPaid ? 100 : 0);
        vm.assertEq(remaining("plain"), isPaid ? 0 : 100);
        if (!isPaid) release("plain", 1, 100);
        vm.assertEq(token.balanceOf(ADA), 100);
    }

    function test_a_token_that_takes_a_fee_is_refused() public {
        FeeToken fee = new FeeToken(address(vault), 1000);
        _grantAndLift(address(fee), 1000);
        vm.expectRevert(abi.encodeWithSelector(IncentiveVault.TransferMismatch.selector, address(fee), 400, 0, 399));
        release(AWARD, 1, 400);
        vm.expectRevert(abi.encodeWithSelector(IncentiveVault.TransferMismatch.selector, address(fee), 400, 0, 399));
        clawback(AWARD, 1, 400);
        vm.assertEq(remaining(AWARD), 1000);
    }

    function test_a_token_that_refuses_to_move_settles_nothing() public {
        RefusingToken refusing = new RefusingToken(address(vault), 1000);
        _grantAndLift(address(refusing), 1000);
        bytes32 id = vault.releaseIdOf(AWARD, 1, 400);
        vm.expectRevert(abi.encodeWithSelector(SafeERC20.SafeERC20FailedOperation.selector, address(refusing)));
        release(AWARD, 1, 400);
        vm.assertFalse(vault.settled(id));
    }

    function test_a_token_that_returns_nothing_is_paid() public {
        SilentToken silent = new SilentToken(address(vault), 1000);
        _grantAndLift(address(silent), 1000);
        release(AWARD, 1, 400);
        vm.assertEq(silent.balanceOf(ADA), 400);
    }

    function test_a_token_can_not_call_back_into_a_payment() public {
        ReentrantToken reentrant = new ReentrantToken(address(vault), 1000);
        _grantAndLift(address(reentrant), 1000);
        vm.startPrank(ADMIN);
        vault.grantRole(vault.OPERATOR_ROLE(), address(reentrant));
        vm.stopPrank();
        bytes[3] memory calls = [
            abi.encodeCall(vault.release, (AWARD, 2, 400, NEVER)),
            abi.encodeCall(vault.clawback, (AWARD, 2, 400)),
            abi.encodeCall(vault.grant, ("other", address(reentrant), BO, 1, immediate()))
        ];
        for (uint256 i = 0; i < calls.length; i++) {
            reentrant.arm(calls[i]);
            vm.expectRevert(abi.encodeWithSelector(ReentrancyGuard.ReentrancyGuardReentrantCall.selector));
            release(AWARD, 1, 400);
        }
    }

    function _greedyAndPlain() private returns (IncentiveVault.Release[] memory batch, bytes32 plain) {
        _grantAndLift(address(new GreedyToken(address(vault), 1000)), 1000);
        grant("plain", 100, immediate());
        batch = new IncentiveVault.Release[](2);
        batch[0] = IncentiveVault.Release(AWARD, 1, 400, NEVER);
        batch[1] = IncentiveVault.Release("plain", 1, 100, NEVER);
        plain = vault.releaseIdOf("plain", 1, 100);
    }

    function _grantAndLift(address paid, uint256 amount) private {
        vm.prank(MANAGER);
        vault.grant(AWARD, paid, ADA, amount, immediate());
        vm.prank(ADMIN);
        vault.setPeriodLimit(paid, type(uint256).max, DAY);
    }
}
