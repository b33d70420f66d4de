// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Governor} from "@openzeppelin/contracts/governance/Governor.sol";
import {GovernorCountingOverridable} from "@openzeppelin/contracts/governance/extensions/GovernorCountingOverridable.sol";
import {GovernorSettings} from "@openzeppelin/contracts/governance/extensions/GovernorSettings.sol";
import {GovernorVotes} from "@openzeppelin/contracts/governance/extensions/GovernorVotes.sol";
import {GovernorVotesQuorumFraction} from "@openzeppelin/contracts/governance/extensions/GovernorVotesQuorumFraction.sol";
import {VotesExtended} from "@openzeppelin/contracts/governance/utils/VotesExtended.sol";

/// @title Governor for a local chain: OpenZeppelin's, where holders override the vote of their delegate, without a timelock.
contract OverridableGovernor is GovernorSettings, GovernorCountingOverridable, GovernorVotesQuorumFraction {
    /// @param delay From the proposal to its snapshot, in units of the token's clock, as is `period`.
    constructor(VotesExtended token_, uint48 delay, uint32 period, uint256 quorumPercent)
        Governor("Overridable DAO")
        GovernorSettings(delay, period, 0)
        GovernorVotes(token_)
        GovernorVotesQuorumFraction(quorumPercent)
    {}

    function proposalThreshold() public view override(Governor, GovernorSettings) returns (uint256) {
        return super.proposalThreshold();
    }
}
