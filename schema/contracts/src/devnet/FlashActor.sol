// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

interface ILendingPool {
    function flashLoanSimple(address receiver, address asset, uint256 amount, bytes calldata params, uint16 referralCode) external;
}

/// @title Borrows for one transaction what it acts with, from a lending pool by Aave v3, on a local chain. The premium is its own.
contract FlashActor {
    struct Call {
        address to;
        bytes data;
    }

    /// @notice Borrows the amount, makes the calls in their order, and pays back. All of it fails where one of them does.
    function act(ILendingPool pool, address asset, uint256 amount, Call[] calldata calls) external {
        pool.flashLoanSimple(address(this), asset, amount, abi.encode(calls), 0);
    }

    /// @notice What the pool calls once it has lent.
    function executeOperation(address asset, uint256 amount, uint256 premium, address, bytes calldata params) external returns (bool) {
        Call[] memory calls = abi.decode(params, (Call[]));
        for (uint256 i = 0; i < calls.length; i++) {
            (bool done, bytes memory reason) = calls[i].to.call(calls[i].data);
            if (!done) {
                assembly {
                    revert(add(reason, 32), mload(reason))
                }
            }
        }
        return IERC20(asset).approve(msg.sender, amount + premium);
    }
}
