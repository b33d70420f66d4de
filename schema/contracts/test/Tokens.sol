// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

contract PlainToken is ERC20("Plain", "PLN") {
    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }
}

/// @dev One base unit of every transfer is burnt.
contract FeeToken is ERC20("Fee", "FEE") {
    constructor(address holder, uint256 supply) {
        _mint(holder, supply);
    }

    function _update(address from, address to, uint256 value) internal override {
        super._update(from, to, value);
        if (from != address(0) && to != address(0)) super._update(to, address(0), 1);
    }
}

/// @dev Moves nothing and says so: `transfer` returns false.
contract RefusingToken is ERC20("Refusing", "REF") {
    constructor(address holder, uint256 supply) {
        _mint(holder, supply);
    }

    function transfer(address, uint256) public pure override returns (bool) {
        return false;
    }
}

/// @dev `transfer` uses up all the gas that it is given.
contract GreedyToken is ERC20("Greedy", "GRD") {
    constructor(address holder, uint256 supply) {
        _mint(holder, supply);
    }

    function transfer(address, uint256) public pure override returns (bool) {
        assembly ("memory-safe") {
            invalid()
        }
    }
}

/// @dev `transfer` returns nothing, as some widely held tokens do.
contract SilentToken {
    mapping(address => uint256) public balanceOf;

    constructor(address holder, uint256 supply) {
        balanceOf[holder] = supply;
    }

    function transfer(address to, uint256 amount) external {
        balanceOf[msg.sender] -= amount;
        balanceOf[to] += amount;
    }
}

/// @dev Calls its own caller back, once, in the middle of a transfer, and passes on why that failed.
contract ReentrantToken is ERC20("Reentrant", "RNT") {
    bytes private _call;

    constructor(address holder, uint256 supply) {
        _mint(holder, supply);
    }

    function arm(bytes calldata call_) external {
        _call = call_;
    }

    function transfer(address to, uint256 amount) public override returns (bool) {
        bytes memory call_ = _call;
        delete _call;
        if (call_.length > 0) {
            (bool success, bytes memory reason) = msg.sender.call(call_);
            if (!success) {
                assembly ("memory-safe") {
                    revert(add(reason, 0x20), mload(reason))
                }
            }
        }
        return super.transfer(to, amount);
    }
}
