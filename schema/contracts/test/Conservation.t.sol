// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {VaultActor} from "./VaultActor.sol";
import {VaultFixture} from "./VaultFixture.sol";

contract ConservationTest is VaultFixture {
    uint256 private constant SUPPLY = 60_000;

    VaultActor private _actor;

    function setUp() public override {
        super.setUp();
        _actor = new VaultActor(vault, token, OPERATOR, GUARDIAN, ADMIN);
        vm.startPrank(address(vault));
        token.transfer(address(0xDEAD), FUNDS - SUPPLY);
        vm.stopPrank();
        vm.startPrank(ADMIN);
        vault.setBudget(address(token), type(uint256).max);
        vault.setPeriodLimit(address(token), _actor.LIMIT(), _actor.PERIOD());
        vm.stopPrank();
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(_actor);
    }

    function invariant_every_token_is_in_the_vault_at_a_recipient_or_in_the_treasury() external view {
        uint256 held = token.balanceOf(address(vault));
        vm.assertEq(held, SUPPLY - _actor.totalReleased() - _actor.totalClawedBack());
        vm.assertEq(token.balanceOf(TREASURY), _actor.totalClawedBack());
        for (uint256 i = 0; i < _actor.HOLDERS(); i++) {
            address holder = _actor.holderAt(i);
            vm.assertEq(token.balanceOf(holder), _actor.paid(holder));
        }
    }

    function invariant_what_is_reserved_is_what_is_owed_and_is_there() external view {
        uint256 owed = 0;
        for (uint256 i = 0; i < _actor.AWARDS(); i++) {
            owed += remaining(bytes32(i));
        }
        vm.assertEq(vault.reserved(address(token)), owed);
        vm.assertLe(owed, token.balanceOf(address(vault)));
    }

    function invariant_awards_are_as_the_books_have_them() external view {
        for (uint256 i = 0; i < _actor.AWARDS(); i++) {
            (, address recipient, uint256 amount, uint256 released, uint256 clawedBack,) = vault.award(bytes32(i));
            (address bookedTo, uint256 booked, uint256 bookedReleased, uint256 bookedBack,) = _actor.books(i);
            vm.assertEq(recipient, bookedTo);
            vm.assertEq(amount, booked);
            vm.assertEq(released, bookedReleased);
            vm.assertEq(clawedBack, bookedBack);
        }
    }

    function invariant_released_is_within_vested_and_with_clawed_back_within_the_amount() external view {
        for (uint256 i = 0; i < _actor.AWARDS(); i++) {
            (,, uint256 amount, uint256 released, uint256 clawedBack,) = vault.award(bytes32(i));
            vm.assertLe(released, vault.vestedAmount(bytes32(i), uint64(block.timestamp)));
            vm.assertLe(released + clawedBack, amount);
        }
    }

    function invariant_no_period_exceeds_the_limit() external view {
        vm.assertLe(_actor.busiestPeriod(), _actor.LIMIT());
    }

    function invariant_an_id_is_either_settled_or_voided_and_stays_so() external view {
        for (uint256 i = 0; i < _actor.closedCount(); i++) {
            bytes32 id = _actor.closedIds(i);
            vm.assertTrue(vault.settled(id) != vault.voided(id));
        }
    }
}
