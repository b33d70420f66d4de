// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

/// @title Bare transfers, many in a transaction: what paying costs without a vault, a schedule, an id or a limit.
contract BatchTransfer {
    using SafeERC20 for IERC20;

    /// @param amount Base units, to each; the caller has allowed this contract to take all of them.
    function transferBatch(IERC20 token, address[] calldata to, uint256 amount) external {
        for (uint256 i = 0; i < to.length; i++) {
            token.safeTransferFrom(msg.sender, to[i], amount);
        }
    }
}
