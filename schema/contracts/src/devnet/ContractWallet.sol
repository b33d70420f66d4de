// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";
import {Address} from "@openzeppelin/contracts/utils/Address.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";

/// @title Wallet with one owner for a local chain: signs by ERC-1271 with the owner's 65-byte signature, acts by `execute`.
contract ContractWallet is IERC1271 {
    bytes4 private constant INVALID = 0xffffffff;

    address public immutable owner;

    error NotOwner(address owner, address caller);

    constructor(address owner_) {
        owner = owner_;
    }

    receive() external payable {}

    /// @param value Wei sent along.
    function execute(address to, uint256 value, bytes calldata data) external returns (bytes memory) {
        if (msg.sender != owner) revert NotOwner(owner, msg.sender);
        (bool success, bytes memory result) = to.call{value: value}(data);
        return Address.verifyCallResult(success, result);
    }

    function isValidSignature(bytes32 hash, bytes calldata signature) external view returns (bytes4) {
        (address signer, ECDSA.RecoverError failure,) = ECDSA.tryRecover(hash, signature);
        return failure == ECDSA.RecoverError.NoError && signer == owner ? IERC1271.isValidSignature.selector : INVALID;
    }
}
