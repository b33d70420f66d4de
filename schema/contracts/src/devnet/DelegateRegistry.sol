// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title Delegate registry for a local chain, with the calls and events of the one of Gnosis (v1.0.0) that Snapshot reads.
contract DelegateRegistry {
    mapping(address delegator => mapping(bytes32 id => address)) public delegation;

    event SetDelegate(address indexed delegator, bytes32 indexed id, address indexed delegate);
    event ClearDelegate(address indexed delegator, bytes32 indexed id, address indexed delegate);

    error InvalidDelegate(address delegate);
    error NoDelegate(address delegator, bytes32 id);

    /// @param id For which space; zero for all of them.
    function setDelegate(bytes32 id, address delegate) external {
        address current = delegation[msg.sender][id];
        if (delegate == msg.sender || delegate == address(0) || delegate == current) revert InvalidDelegate(delegate);
        delegation[msg.sender][id] = delegate;
        if (current != address(0)) emit ClearDelegate(msg.sender, id, current);
        emit SetDelegate(msg.sender, id, delegate);
    }

    function clearDelegate(bytes32 id) external {
        address current = delegation[msg.sender][id];
        if (current == address(0)) revert NoDelegate(msg.sender, id);
        delegation[msg.sender][id] = address(0);
        emit ClearDelegate(msg.sender, id, current);
    }
}
