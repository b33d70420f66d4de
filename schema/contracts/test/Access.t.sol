// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IAccessControl} from "@openzeppelin/contracts/access/IAccessControl.sol";
import {Pausable} from "@openzeppelin/contracts/utils/Pausable.sol";
import {IncentiveVault} from "../src/IncentiveVault.sol";
import {VaultFixture} from "./VaultFixture.sol";

contract AccessTest is VaultFixture {
    address[6] private _everybody = [ADMIN, OPERATOR, MANAGER, GUARDIAN, ADA, STRANGER];

    function test_each_call_belongs_to_its_role() public {
        grant(AWARD, 1000, immediate());
        bytes32 operator = vault.OPERATOR_ROLE();
        bytes32 guardian = vault.GUARDIAN_ROLE();
        bytes32 admin = vault.DEFAULT_ADMIN_ROLE();
        _onlyFor(OPERATOR, operator, abi.encodeCall(vault.release, (AWARD, 1, 1, NEVER)));
        _onlyFor(OPERATOR, operator, abi.encodeCall(vault.releaseBatch, (new IncentiveVault.Release[](0))));
        _onlyFor(OPERATOR, operator, abi.encodeCall(vault.clawback, (AWARD, 1, 1)));
        _onlyFor(GUARDIAN, guardian, abi.encodeCall(vault.void, ("id")));
        _onlyFor(GUARDIAN, guardian, abi.encodeCall(vault.pause, ()));
        _onlyFor(ADMIN, admin, abi.encodeCall(vault.unpause, ()));
        _onlyFor(ADMIN, admin, abi.encodeCall(vault.setBudget, (address(token), 1)));
        _onlyFor(ADMIN, admin, abi.encodeCall(vault.setPeriodLimit, (address(token), 1, 1)));
        _onlyFor(ADMIN, admin, abi.encodeCall(vault.grantRole, (operator, BO)));
    }

    function test_operators_and_managers_alone_grant() public {
        vm.prank(ADMIN);
        vault.setBudget(address(token), 1);
        bytes32 operator = vault.OPERATOR_ROLE();
        for (uint256 i = 0; i < _everybody.length; i++) {
            address caller = _everybody[i];
            if (caller != OPERATOR && caller != MANAGER) vm.expectRevert(_unauthorized(caller, operator));
            vm.prank(caller);
            vault.grant(bytes32(i), address(token), ADA, 1, immediate());
        }
    }

    function test_a_pause_stops_grants_releases_clawbacks_and_changes_of_recipient() public {
        grant(AWARD, 1000, immediate());
        vm.prank(ADA);
        vault.proposeRecipient(AWARD, BO);
        vm.prank(GUARDIAN);
        vault.pause();

        bytes memory paused = abi.encodeWithSelector(Pausable.EnforcedPause.selector);
        vm.expectRevert(paused);
        grant("other", 1, immediate());
        vm.expectRevert(paused);
        release(AWARD, 1, 1);
        vm.expectRevert(paused);
        clawback(AWARD, 1, 1);
        vm.expectRevert(paused);
        vm.prank(OPERATOR);
        vault.releaseBatch(new IncentiveVault.Release[](0));
        vm.expectRevert(paused);
        vm.prank(BO);
        vault.acceptRecipient(AWARD);
    }

    function test_a_pause_does_not_stop_voiding_or_vesting() public {
        grant(AWARD, 1000, quarters());
        vm.prank(GUARDIAN);
        vault.pause();
        void("id");
        vm.warp(START + 400 * DAY);
        vm.prank(ADMIN);
        vault.unpause();
        release(AWARD, 1, 1000);
    }

    function test_creation_refuses_missing_addresses_and_itself() public {
        vm.expectRevert(abi.encodeWithSelector(IncentiveVault.InvalidAddress.selector, address(0)));
        new IncentiveVault(address(0), TREASURY);
        vm.expectRevert(abi.encodeWithSelector(IncentiveVault.InvalidAddress.selector, address(0)));
        new IncentiveVault(ADMIN, address(0));
        IncentiveVault other = new IncentiveVault(ADMIN, TREASURY);
        vm.assertEq(other.treasury(), TREASURY);
        vm.assertTrue(other.hasRole(other.DEFAULT_ADMIN_ROLE(), ADMIN));
        vm.assertFalse(other.hasRole(other.DEFAULT_ADMIN_ROLE(), address(this)));
    }

    function _onlyFor(address entitled, bytes32 role, bytes memory call_) private {
        for (uint256 i = 0; i < _everybody.length; i++) {
            if (_everybody[i] == entitled) continue;
            vm.prank(_everybody[i]);
            (bool success, bytes memory reason) = address(vault).call(call_);
            vm.assertFalse(success);
            vm.assertEq(reason, _unauthorized(_everybody[i], role));
        }
        vm.prank(entitled);
        (bool allowed,) = address(vault).call(call_);
        vm.assertTrue(allowed);
    }

    function _unauthorized(address caller, bytes32 role) private pure returns (bytes memory) {
        return abi.encodeWithSelector(IAccessControl.AccessControlUnauthorizedAccount.selector, caller, role);
    }
}
