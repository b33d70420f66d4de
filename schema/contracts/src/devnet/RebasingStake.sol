// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

/// @title Staked token for a local chain whose balances follow the stake, with the shares and events of Lido's stETH.
/// Stakes are of an ERC-20 token and come back at once; Lido's withdrawal queue is left out.
contract RebasingStake {
    IERC20 public immutable asset;
    uint256 public totalShares;
    uint256 public totalPooled;
    mapping(address account => uint256 shares) public sharesOf;
    mapping(address owner => mapping(address spender => uint256 amount)) public allowance;

    event Transfer(address indexed from, address indexed to, uint256 value);
    event Approval(address indexed owner, address indexed spender, uint256 value);
    event TransferShares(address indexed from, address indexed to, uint256 sharesValue);
    event Submitted(address indexed sender, uint256 amount, address referral);
    event SharesBurnt(address indexed account, uint256 preRebaseTokenAmount, uint256 postRebaseTokenAmount, uint256 sharesAmount);
    event TokenRebased(
        uint256 indexed reportTimestamp,
        uint256 timeElapsed,
        uint256 preTotalShares,
        uint256 preTotalEther,
        uint256 postTotalShares,
        uint256 postTotalEther,
        uint256 sharesMintedAsFees
    );

    constructor(IERC20 asset_) {
        asset = asset_;
    }

    function submit(uint256 amount) external returns (uint256 shares) {
        require(asset.transferFrom(msg.sender, address(this), amount));
        shares = totalShares == 0 ? amount : amount * totalShares / totalPooled;
        totalShares += shares;
        totalPooled += amount;
        sharesOf[msg.sender] += shares;
        emit Submitted(msg.sender, amount, address(0));
        emit Transfer(address(0), msg.sender, pooledBy(shares));
        emit TransferShares(address(0), msg.sender, shares);
    }

    /// @notice Gives back what so many shares stand for. As with Lido, no Transfer tells of shares that are burnt.
    function redeem(uint256 shares) external returns (uint256 amount) {
        amount = pooledBy(shares);
        sharesOf[msg.sender] -= shares;
        totalShares -= shares;
        totalPooled -= amount;
        emit SharesBurnt(msg.sender, amount, totalShares == 0 ? 0 : pooledBy(shares), shares);
        require(asset.transfer(msg.sender, amount));
    }

    /// @notice What the oracle reports: all that is staked is worth so much. More is taken from the caller, less is burnt.
    function report(uint256 pooled) external {
        uint256 before = totalPooled;
        totalPooled = pooled;
        if (pooled > before) require(asset.transferFrom(msg.sender, address(this), pooled - before));
        else require(asset.transfer(address(0xdead), before - pooled));
        emit TokenRebased(block.timestamp, 86_400, totalShares, before, totalShares, pooled, 0);
    }

    function transfer(address to, uint256 amount) external returns (bool) {
        return _transfer(msg.sender, to, amount);
    }

    function transferFrom(address from, address to, uint256 amount) external returns (bool) {
        allowance[from][msg.sender] -= amount;
        return _transfer(from, to, amount);
    }

    function approve(address spender, uint256 amount) external returns (bool) {
        allowance[msg.sender][spender] = amount;
        emit Approval(msg.sender, spender, amount);
        return true;
    }

    function balanceOf(address account) external view returns (uint256) {
        return pooledBy(sharesOf[account]);
    }

    function pooledBy(uint256 shares) public view returns (uint256) {
        return totalShares == 0 ? 0 : shares * totalPooled / totalShares;
    }

    function _transfer(address from, address to, uint256 amount) private returns (bool) {
        uint256 shares = amount * totalShares / totalPooled;
        sharesOf[from] -= shares;
        sharesOf[to] += shares;
        emit Transfer(from, to, amount);
        emit TransferShares(from, to, shares);
        return true;
    }
}
