using Grants.Ethereum.Abi;
using Grants.Primitives;

namespace Grants.Ethereum.Contracts;

/// <summary>
/// Who delegates to whom for which space: the registry of Gnosis (github.com/gnosis/delegate-registry, v1.0.0), as it is deployed
/// and as Snapshot reads it. An entry under the zero id is for everything.
/// </summary>
public static class DelegateRegistry
{
    /// <summary>An entry was set. One that replaced another comes after the ClearDelegate of that.</summary>
    public static readonly AbiEvent SetDelegate =
        AbiEvent.Parse("event SetDelegate(address indexed delegator, bytes32 indexed id, address indexed delegate)");

    /// <summary>An entry was cleared; it names whom.</summary>
    public static readonly AbiEvent ClearDelegate =
        AbiEvent.Parse("event ClearDelegate(address indexed delegator, bytes32 indexed id, address indexed delegate)");

    /// <summary>Whom the sender delegates to under an id.</summary>
    public static readonly AbiFunction SetDelegateCall = AbiFunction.Parse("function setDelegate(bytes32 id, address delegate)");

    /// <summary>Clears the sender's entry under an id.</summary>
    public static readonly AbiFunction ClearDelegateCall = AbiFunction.Parse("function clearDelegate(bytes32 id)");

    /// <summary>The entry of an account under an id; the zero address where there is none.</summary>
    public static readonly AbiFunction Delegation =
        AbiFunction.Parse("function delegation(address delegator, bytes32 id) view returns (address)");

    /// <summary>Where the contract is on most chains; a chain of one's own may have it elsewhere.</summary>
    public static Address Canonical { get; } = Address.Parse("0x469788fE6E9E9681C6ebF3bF78e7Fd26Fc015446");
}
