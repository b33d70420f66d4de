// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";
import {ERC20Votes} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Votes.sol";
import {Nonces} from "@openzeppelin/contracts/utils/Nonces.sol";

/// @title Token with votes for a local chain: 18 decimals, a fixed supply, ERC-6372 clock in block numbers.
contract GrantToken is ERC20, ERC20Permit, ERC20Votes {
    /// @param supply Base units, all of them minted to `holder`.
    constructor(string memory name_, string memory symbol_, address holder, uint256 supply) ERC20(name_, symbol_) ERC20Permit(name_) {
        _mint(holder, supply);
    }

    function nonces(address owner) public view override(ERC20Permit, Nonces) returns (uint256) {
        return super.nonces(owner);
    }

    function _update(address from, address to, uint256 value) internal override(ERC20, ERC20Votes) {
        super._update(from, to, value);
    }
}
