// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

/// @title The way out of a local L2, with the calls and the event of the L2StandardBridge of Metis and the OP stack.
/// @dev It keeps the tokens (needs an allowance) where the real one burns them, and nothing arrives on another chain.
contract StandardBridge {
    using SafeERC20 for IERC20;

    address public immutable l2Token;
    address public immutable l1Token;

    event WithdrawalInitiated(
        address indexed l1Token, address indexed l2Token, address indexed from, address to, uint256 amount, bytes data
    );

    error TokenUnknown(address token);

    constructor(address l2Token_, address l1Token_) {
        l2Token = l2Token_;
        l1Token = l1Token_;
    }

    function withdraw(address l2Token_, uint256 amount, uint32 l1Gas, bytes calldata data) external {
        _withdraw(l2Token_, msg.sender, amount, l1Gas, data);
    }

    function withdrawTo(address l2Token_, address to, uint256 amount, uint32 l1Gas, bytes calldata data) external {
        _withdraw(l2Token_, to, amount, l1Gas, data);
    }

    function _withdraw(address l2Token_, address to, uint256 amount, uint32, bytes calldata data) private {
        if (l2Token_ != l2Token) revert TokenUnknown(l2Token_);
        IERC20(l2Token).safeTransferFrom(msg.sender, address(this), amount);
        emit WithdrawalInitiated(l1Token, l2Token, msg.sender, to, amount, data);
    }
}
