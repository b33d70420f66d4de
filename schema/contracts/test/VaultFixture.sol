// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IncentiveVault} from "../src/IncentiveVault.sol";
import {CliffMode, Schedule} from "../src/vesting/Vesting.sol";
import {Forge} from "./Forge.sol";
import {PlainToken} from "./Tokens.sol";

/// @dev A funded vault with one holder a role. The clock starts at START; DAY is in seconds.
abstract contract VaultFixture is Forge {
    uint64 internal constant START = 1_700_000_000;
    uint64 internal constant DAY = 86_400;
    uint64 internal constant NEVER = type(uint64).max;
    uint256 internal constant FUNDS = 1_000_000e18;
    bytes32 internal constant AWARD = keccak256("award");

    address internal constant ADMIN = address(0xAD);
    address internal constant TREASURY = address(0x7EA);
    address internal constant OPERATOR = address(0x09E);
    address internal constant MANAGER = address(0x3A);
    address internal constant GUARDIAN = address(0x6A);
    address internal constant ADA = address(0xADA);
    address internal constant BO = address(0xB0);
    address internal constant STRANGER = address(0x57);

    IncentiveVault internal vault;
    PlainToken internal token;

    function setUp() public virtual {
        vm.warp(START);
        vault = IncentiveVault(deploy("IncentiveVault", abi.encode(ADMIN, TREASURY)));
        token = new PlainToken();
        token.mint(address(vault), FUNDS);
        vm.startPrank(ADMIN);
        vault.grantRole(vault.OPERATOR_ROLE(), OPERATOR);
        vault.grantRole(vault.MANAGER_ROLE(), MANAGER);
        vault.grantRole(vault.GUARDIAN_ROLE(), GUARDIAN);
        vault.setPeriodLimit(address(token), type(uint256).max, DAY);
        vm.stopPrank();
    }

    /// @dev Four tranches in 400 days, the first of them after a cliff of 100 days.
    function quarters() internal pure returns (Schedule memory) {
        return steps(START, 100 * DAY, 400 * DAY, 100 * DAY);
    }

    /// @dev Everything is vested from START on.
    function immediate() internal pure returns (Schedule memory) {
        return steps(START - 1, 0, 1, 1);
    }

    /// @dev Equal steps; at the cliff all of those before it vest at once.
    function steps(uint64 start, uint64 cliff, uint64 duration, uint64 granularity) internal pure returns (Schedule memory schedule) {
        schedule.start = uint40(start);
        schedule.cliff = uint40(cliff);
        schedule.duration = uint40(duration);
        schedule.granularity = uint40(granularity);
        schedule.mode = CliffMode.Retro;
    }

    function grant(bytes32 awardId, uint256 amount, Schedule memory schedule) internal {
        vm.prank(MANAGER);
        vault.grant(awardId, address(token), ADA, amount, schedule);
    }

    function release(bytes32 awardId, uint64 seq, uint256 amount) internal returns (bytes32) {
        vm.prank(OPERATOR);
        return vault.release(awardId, seq, amount, NEVER);
    }

    function clawback(bytes32 awardId, uint64 seq, uint256 amount) internal returns (bytes32) {
        vm.prank(OPERATOR);
        return vault.clawback(awardId, seq, amount);
    }

    function void(bytes32 id) internal {
        vm.prank(GUARDIAN);
        vault.void(id);
    }

    function handOver(bytes32 awardId, address from, address to) internal {
        vm.prank(from);
        vault.proposeRecipient(awardId, to);
        vm.prank(to);
        vault.acceptRecipient(awardId);
    }

    function remaining(bytes32 awardId) internal view returns (uint256) {
        (,, uint256 amount, uint256 released, uint256 clawedBack,) = vault.award(awardId);
        return amount - released - clawedBack;
    }
}
