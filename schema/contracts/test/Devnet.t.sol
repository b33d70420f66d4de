// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";
import {ContractWallet} from "../src/devnet/ContractWallet.sol";
import {GrantToken} from "../src/devnet/GrantToken.sol";
import {SequencerLock} from "../src/devnet/SequencerLock.sol";
import {StakingVault} from "../src/devnet/StakingVault.sol";
import {StandardBridge} from "../src/devnet/StandardBridge.sol";
import {Forge} from "./Forge.sol";

contract DevnetTest is Forge {
    uint256 private constant SUPPLY = 1_000_000e18;
    uint256 private constant KEY = 0xA11CE;
    uint256 private constant SECP256K1_ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141;
    address private constant ADA = address(0xADA);
    address private constant BO = address(0xB0);
    address private constant L1_TOKEN = address(0x11);

    GrantToken private _token;

    function setUp() public {
        _token = GrantToken(deploy("GrantToken", abi.encode("Grant", "GRT", ADA, SUPPLY)));
    }

    function test_votes_are_read_at_a_past_block() public {
        vm.roll(10);
        vm.prank(ADA);
        _token.delegate(ADA);
        vm.roll(11);
        vm.prank(ADA);
        _token.transfer(BO, 1);
        vm.roll(12);
        vm.assertEq(_token.getPastVotes(ADA, 10), SUPPLY);
        vm.assertEq(_token.getPastVotes(ADA, 11), SUPPLY - 1);
    }

    function test_a_staking_vault_credits_yield_to_its_shareholders() public {
        StakingVault staking = StakingVault(deploy("StakingVault", abi.encode(address(_token), "Staked", "sGRT")));
        vm.startPrank(ADA);
        _token.approve(address(staking), 1000);
        uint256 shares = staking.deposit(1000, ADA);
        _token.transfer(address(staking), 500);
        vm.stopPrank();
        vm.assertEq(shares, 1000);
        // OpenZeppelin's virtual share keeps a base unit.
        vm.assertEq(staking.convertToAssets(shares), 1499);
    }

    function test_a_lock_grows_shrinks_and_leaves_after_its_delay() public {
        SequencerLock lock = SequencerLock(deploy("SequencerLock", abi.encode(address(_token), 100)));
        vm.startPrank(ADA);
        _token.approve(address(lock), 1000);
        vm.expectEmit(address(lock));
        emit SequencerLock.Locked(BO, 1, 1, 1, 600, 600, hex"04");
        lock.lockFor(BO, 600, hex"04");
        vm.expectEmit(address(lock));
        emit SequencerLock.Relocked(1, 400, 1000);
        lock.relock(1, 400);
        vm.expectEmit(address(lock));
        emit SequencerLock.Withdraw(1, 100);
        lock.withdraw(1, 100);

        vm.warp(1000);
        vm.expectEmit(address(lock));
        emit SequencerLock.UnlockInit(BO, 1, 4, 1, 1000, 1100, 0);
        lock.unlock(1);
        vm.expectRevert(abi.encodeWithSelector(SequencerLock.Exiting.selector, 1, 1100));
        lock.relock(1, 1);
        vm.warp(1099);
        vm.expectRevert(abi.encodeWithSelector(SequencerLock.NotClaimable.selector, 1, 1100, 1099));
        lock.unlockClaim(1);
        vm.warp(1100);
        vm.expectEmit(address(lock));
        emit SequencerLock.Unlocked(ADA, 1, 900, 0);
        lock.unlockClaim(1);
        vm.stopPrank();
        vm.assertEq(_token.balanceOf(ADA), SUPPLY);
    }

    function test_a_lock_obeys_its_owner_alone() public {
        SequencerLock lock = SequencerLock(deploy("SequencerLock", abi.encode(address(_token), 100)));
        vm.startPrank(ADA);
        _token.approve(address(lock), 600);
        lock.lockFor(BO, 600, "");
        vm.stopPrank();
        vm.expectRevert(abi.encodeWithSelector(SequencerLock.NotOwner.selector, 1, ADA, BO));
        vm.prank(BO);
        lock.unlock(1);
    }

    function test_a_bridge_takes_its_token_and_announces_the_withdrawal() public {
        StandardBridge bridge = StandardBridge(deploy("StandardBridge", abi.encode(address(_token), L1_TOKEN)));
        vm.startPrank(ADA);
        _token.approve(address(bridge), 500);
        vm.expectEmit(address(bridge));
        emit StandardBridge.WithdrawalInitiated(L1_TOKEN, address(_token), ADA, ADA, 300, hex"01");
        bridge.withdraw(address(_token), 300, 0, hex"01");
        vm.expectEmit(address(bridge));
        emit StandardBridge.WithdrawalInitiated(L1_TOKEN, address(_token), ADA, BO, 200, "");
        bridge.withdrawTo(address(_token), BO, 200, 0, "");
        vm.expectRevert(abi.encodeWithSelector(StandardBridge.TokenUnknown.selector, BO));
        bridge.withdraw(BO, 1, 0, "");
        vm.stopPrank();
        vm.assertEq(_token.balanceOf(address(bridge)), 500);
    }

    function test_the_topics_are_those_of_the_real_contracts() public pure {
        vm.assertEq(SequencerLock.Locked.selector, 0xe6f1eb1f1d0ca344d03cf47b9e6ece8a7d3b196e38dd7dd2307cca75e26682a8);
        vm.assertEq(SequencerLock.Relocked.selector, 0x33a87ba488658b3d1319098cd49c6d65b72a79c0f3530fec611e7afffed04395);
        vm.assertEq(SequencerLock.LockUpdate.selector, 0xd716c027b3dd610e4534df756848128bbb159a757724c17d89fcc4d0151b1f30);
        vm.assertEq(SequencerLock.Withdraw.selector, 0x56ca301a9219608c91e7bcee90e083c19671d2cdcc96752c7af291cee5f9c8c8);
        vm.assertEq(SequencerLock.UnlockInit.selector, 0x06d9e13438f0daf13a71d63f3f8579db8bdeb299e4b651942313c73224d7af69);
        vm.assertEq(SequencerLock.Unlocked.selector, 0x5245d528087a96a64f4589a764f00061e4671eab90cb1e019b1a5b24b2e4c2a8);
        vm.assertEq(StandardBridge.WithdrawalInitiated.selector, 0x73d170910aba9e6d50b102db522b1dbcd796216f5128b445aa2135272886497e);
    }

    function test_a_contract_wallet_signs_with_its_owners_key_alone() public {
        ContractWallet wallet = ContractWallet(payable(deploy("ContractWallet", abi.encode(vm.addr(KEY)))));
        bytes32 digest = keccak256("ballot");
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(KEY, digest);
        bytes4 magic = IERC1271.isValidSignature.selector;
        vm.assertTrue(wallet.isValidSignature(digest, abi.encodePacked(r, s, v)) == magic);
        vm.assertTrue(wallet.isValidSignature(keccak256("other"), abi.encodePacked(r, s, v)) != magic);
        vm.assertTrue(wallet.isValidSignature(digest, abi.encodePacked(r, s)) != magic);
        bytes32 highS = bytes32(SECP256K1_ORDER - uint256(s));
        vm.assertTrue(wallet.isValidSignature(digest, abi.encodePacked(r, highS, v == 27 ? uint8(28) : uint8(27))) != magic);
        (v, r, s) = vm.sign(KEY + 1, digest);
        vm.assertTrue(wallet.isValidSignature(digest, abi.encodePacked(r, s, v)) != magic);
    }

    function test_a_contract_wallet_acts_for_its_owner_alone() public {
        ContractWallet wallet = ContractWallet(payable(deploy("ContractWallet", abi.encode(ADA))));
        vm.prank(ADA);
        _token.transfer(address(wallet), 10);
        vm.deal(address(wallet), 5);
        vm.expectRevert(abi.encodeWithSelector(ContractWallet.NotOwner.selector, ADA, BO));
        vm.prank(BO);
        wallet.execute(address(_token), 0, abi.encodeCall(_token.transfer, (BO, 10)));
        vm.startPrank(ADA);
        wallet.execute(address(_token), 0, abi.encodeCall(_token.transfer, (BO, 10)));
        wallet.execute(BO, 5, "");
        vm.stopPrank();
        vm.assertEq(_token.balanceOf(BO), 10);
        vm.assertEq(BO.balance, 5);
    }
}
