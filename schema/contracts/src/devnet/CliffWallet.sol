// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {VestingWallet} from "@openzeppelin/contracts/finance/VestingWallet.sol";
import {VestingWalletCliff} from "@openzeppelin/contracts/finance/VestingWalletCliff.sol";

/// @title OpenZeppelin's vesting wallet with a cliff, as it is: what vesting here is compared with.
contract CliffWallet is VestingWalletCliff {
    /// @param start Unix time.
    /// @param duration Seconds after `start`.
    /// @param cliff Seconds after `start`, at most `duration`.
    constructor(address beneficiary, uint64 start, uint64 duration, uint64 cliff)
        payable
        VestingWallet(beneficiary, start, duration)
        VestingWalletCliff(cliff)
    {}
}
