using Grants.Ethereum.Abi;

namespace Grants.Ethereum.Contracts;

/// <summary>
/// What some governors of OpenZeppelin Contracts 5.x have besides: GovernorCountingOverridable, GovernorVotesSuperQuorumFraction,
/// GovernorTimelockAccess.
/// </summary>
public static class OzGovernorModules
{
    /// <summary>A holder voted for itself, whatever its delegate did.</summary>
    public static readonly AbiEvent OverrideVoteCast = AbiEvent.Parse(
        "event OverrideVoteCast(address indexed voter, uint256 proposalId, uint8 support, uint256 weight, string reason)");

    /// <summary>A delegate's vote lost what a holder voted for itself.</summary>
    public static readonly AbiEvent VoteReduced =
        AbiEvent.Parse("event VoteReduced(address indexed delegate, uint256 proposalId, uint8 support, uint256 weight)");

    /// <summary>The super quorum's share of the supply.</summary>
    public static readonly AbiEvent SuperQuorumNumeratorUpdated =
        AbiEvent.Parse("event SuperQuorumNumeratorUpdated(uint256 oldSuperQuorumNumerator, uint256 newSuperQuorumNumerator)");

    /// <summary>Votes for oneself, whatever the delegate does.</summary>
    public static readonly AbiFunction CastOverrideVote =
        AbiFunction.Parse("function castOverrideVote(uint256 proposalId, uint8 support, string reason) returns (uint256)");

    /// <summary>The super quorum's share of the supply now.</summary>
    public static readonly AbiFunction SuperQuorumNumerator = AbiFunction.Parse("function superQuorumNumerator() view returns (uint256)");

    /// <summary>The super quorum's share of the supply at a timepoint.</summary>
    public static readonly AbiFunction PastSuperQuorumNumerator =
        AbiFunction.Parse("function superQuorumNumerator(uint256 timepoint) view returns (uint256)");

    /// <summary>The votes for that end the vote of a proposal with this snapshot at once.</summary>
    public static readonly AbiFunction SuperQuorum = AbiFunction.Parse("function superQuorum(uint256 timepoint) view returns (uint256)");

    /// <summary>The access manager that delays each function on its own.</summary>
    public static readonly AbiFunction AccessManager = AbiFunction.Parse("function accessManager() view returns (address)");
}
