// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Address} from "@openzeppelin/contracts/utils/Address.sol";

/// @title Timelock with the interface of Compound's for a local chain: whoever queued a call may execute it until it expires.
contract CompoundTimelock {
    uint256 public immutable delay;
    uint256 public immutable GRACE_PERIOD; // solhint-disable-line var-name-mixedcase
    mapping(bytes32 transaction => bool) public queuedTransactions;

    error NotQueued(bytes32 transaction);
    error NotExecutable(uint256 eta, uint256 blockTimestamp);

    /// @param delay_ Seconds from the queuing to the first execution.
    /// @param gracePeriod Seconds from then on until it expires.
    constructor(uint256 delay_, uint256 gracePeriod) {
        delay = delay_;
        GRACE_PERIOD = gracePeriod;
    }

    receive() external payable {}

    function queueTransaction(address target, uint256 value, string calldata signature, bytes calldata data, uint256 eta)
        external
        returns (bytes32 transaction)
    {
        transaction = _id(target, value, signature, data, eta);
        queuedTransactions[transaction] = true;
    }

    function cancelTransaction(address target, uint256 value, string calldata signature, bytes calldata data, uint256 eta) external {
        queuedTransactions[_id(target, value, signature, data, eta)] = false;
    }

    function executeTransaction(address target, uint256 value, string calldata signature, bytes calldata data, uint256 eta)
        external
        payable
        returns (bytes memory)
    {
        bytes32 transaction = _id(target, value, signature, data, eta);
        if (!queuedTransactions[transaction]) revert NotQueued(transaction);
        if (block.timestamp < eta || block.timestamp > eta + GRACE_PERIOD) revert NotExecutable(eta, block.timestamp);
        queuedTransactions[transaction] = false;
        return Address.functionCallWithValue(target, data, value);
    }

    function _id(address target, uint256 value, string calldata signature, bytes calldata data, uint256 eta)
        private
        pure
        returns (bytes32)
    {
        return keccak256(abi.encode(target, value, signature, data, eta));
    }
}
