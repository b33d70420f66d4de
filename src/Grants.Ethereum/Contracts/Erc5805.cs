using Grants.Ethereum.Abi;

namespace Grants.Ethereum.Contracts;

/// <summary>
/// A token whose votes are delegated, by ERC-5805. OpenZeppelin 4.x names the last two values of DelegateVotesChanged balances and
/// 5.x names them votes; the signature is one.
/// </summary>
public static class Erc5805
{
    /// <summary>An account's delegate changed; the zero address is none.</summary>
    public static readonly AbiEvent DelegateChanged = AbiEvent.Parse(
        "event DelegateChanged(address indexed delegator, address indexed fromDelegate, address indexed toDelegate)");

    /// <summary>A delegate's votes changed, by a delegation or by a transfer.</summary>
    public static readonly AbiEvent DelegateVotesChanged =
        AbiEvent.Parse("event DelegateVotesChanged(address indexed delegate, uint256 previousVotes, uint256 newVotes)");

    /// <summary>Whom an account delegates to.</summary>
    public static readonly AbiFunction Delegates = AbiFunction.Parse("function delegates(address account) view returns (address)");

    /// <summary>A delegate's votes now.</summary>
    public static readonly AbiFunction GetVotes = AbiFunction.Parse("function getVotes(address account) view returns (uint256)");

    /// <summary>A delegate's votes at the end of a timepoint of the token's clock, which must be over.</summary>
    public static readonly AbiFunction GetPastVotes =
        AbiFunction.Parse("function getPastVotes(address account, uint256 timepoint) view returns (uint256)");

    /// <summary>The supply at the end of a timepoint of the token's clock, which must be over.</summary>
    public static readonly AbiFunction GetPastTotalSupply =
        AbiFunction.Parse("function getPastTotalSupply(uint256 timepoint) view returns (uint256)");

    /// <summary>Delegates the sender's votes.</summary>
    public static readonly AbiFunction Delegate = AbiFunction.Parse("function delegate(address delegatee)");
}
