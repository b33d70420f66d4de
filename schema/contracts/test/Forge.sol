// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @dev The cheat codes of forge that these tests use.
interface Cheats {
    function addr(uint256 key) external pure returns (address);
    function assertEq(address left, address right) external pure;
    function assertEq(bool left, bool right) external pure;
    function assertEq(bytes calldata left, bytes calldata right) external pure;
    function assertEq(bytes32 left, bytes32 right) external pure;
    function assertEq(uint256 left, uint256 right) external pure;
    function assertEq(uint256 left, uint256 right, string calldata message) external pure;
    function assertFalse(bool condition) external pure;
    function assertGe(uint256 left, uint256 right) external pure;
    function assertGt(uint256 left, uint256 right) external pure;
    function assertLe(uint256 left, uint256 right) external pure;
    function assertLe(uint256 left, uint256 right, string calldata message) external pure;
    function assertTrue(bool condition) external pure;
    function assertTrue(bool condition, string calldata message) external pure;
    function chainId(uint256 value) external;
    function deal(address account, uint256 balance) external;
    function expectEmit(address emitter) external;
    function expectRevert(bytes calldata data) external;
    function parseBytes(string calldata text) external pure returns (bytes memory);
    function prank(address caller) external;
    function readFile(string calldata path) external view returns (string memory);
    function roll(uint256 blockNumber) external;
    function sign(uint256 key, bytes32 digest) external pure returns (uint8 v, bytes32 r, bytes32 s);
    function startPrank(address caller) external;
    function stopPrank() external;
    function trim(string calldata text) external pure returns (string memory);
    function warp(uint256 timestamp) external;
}

/// @dev A line as forge draws it: it draws enums out of their range.
struct DrawnLine {
    uint40 start;
    uint40 cliff;
    uint40 duration;
    uint40 granularity;
    bool retro;
    uint256 startUnlock;
    uint256 cliffUnlock;
}

abstract contract Forge {
    Cheats internal constant vm = Cheats(address(uint160(uint256(keccak256("hevm cheat code")))));

    /// @dev Maps any value into [low, high].
    function within(uint256 value, uint256 low, uint256 high) internal pure returns (uint256) {
        if (value >= low && value <= high) return value;
        uint256 size = high - low;
        return size == type(uint256).max ? value : low + value % (size + 1);
    }

    /// @dev Creates a contract from its committed creation code, so that the tests speak about the bytes that are deployed.
    function deploy(string memory name, bytes memory arguments) internal returns (address created) {
        bytes memory code = bytes.concat(vm.parseBytes(vm.trim(vm.readFile(string.concat("bytecode/", name, ".hex")))), arguments);
        assembly ("memory-safe") {
            created := create(0, add(code, 0x20), mload(code))
        }
        vm.assertTrue(created != address(0), "creation failed");
    }
}
