// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Governor} from "@openzeppelin/contracts/governance/Governor.sol";
import {GovernorCountingFractional} from "@openzeppelin/contracts/governance/extensions/GovernorCountingFractional.sol";
import {GovernorSequentialProposalId} from "@openzeppelin/contracts/governance/extensions/GovernorSequentialProposalId.sol";
import {GovernorSettings} from "@openzeppelin/contracts/governance/extensions/GovernorSettings.sol";
import {GovernorSuperQuorum} from "@openzeppelin/contracts/governance/extensions/GovernorSuperQuorum.sol";
import {GovernorVotes} from "@openzeppelin/contracts/governance/extensions/GovernorVotes.sol";
import {GovernorVotesSuperQuorumFraction} from "@openzeppelin/contracts/governance/extensions/GovernorVotesSuperQuorumFraction.sol";
import {GovernorVotesQuorumFraction} from "@openzeppelin/contracts/governance/extensions/GovernorVotesQuorumFraction.sol";
import {IVotes} from "@openzeppelin/contracts/governance/utils/IVotes.sol";

/// @title Governor for a local chain: OpenZeppelin's, with fractional votes, a super quorum and sequential ids, without a timelock.
contract FractionalGovernor is
    GovernorSettings,
    GovernorCountingFractional,
    GovernorSequentialProposalId,
    GovernorVotesSuperQuorumFraction
{
    /// @param delay From the proposal to its snapshot, in units of the token's clock, as is `period`.
    constructor(IVotes token_, uint48 delay, uint32 period, uint256 quorumPercent, uint256 superQuorumPercent)
        Governor("Fractional DAO")
        GovernorSettings(delay, period, 0)
        GovernorVotes(token_)
        GovernorVotesQuorumFraction(quorumPercent)
        GovernorVotesSuperQuorumFraction(superQuorumPercent)
    {}

    function getProposalId(address[] memory targets, uint256[] memory values, bytes[] memory calldatas, bytes32 descriptionHash)
        public
        view
        override(Governor, GovernorSequentialProposalId)
        returns (uint256)
    {
        return super.getProposalId(targets, values, calldatas, descriptionHash);
    }

    function proposalThreshold() public view override(Governor, GovernorSettings) returns (uint256) {
        return super.proposalThreshold();
    }

    function proposalVotes(uint256 id)
        public
        view
        override(GovernorCountingFractional, GovernorSuperQuorum)
        returns (uint256 againstVotes, uint256 forVotes, uint256 abstainVotes)
    {
        return super.proposalVotes(id);
    }

    function state(uint256 id) public view override(Governor, GovernorVotesSuperQuorumFraction) returns (ProposalState) {
        return super.state(id);
    }

    function _propose(
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        string memory description,
        address proposer
    ) internal override(Governor, GovernorSequentialProposalId) returns (uint256) {
        return super._propose(targets, values, calldatas, description, proposer);
    }
}
