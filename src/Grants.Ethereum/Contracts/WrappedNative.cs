using Grants.Ethereum.Abi;

namespace Grants.Ethereum.Contracts;

/// <summary>
/// A token that wraps the native one, as WETH9 does: these events stand where others log transfers from and to the zero address.
/// </summary>
public static class WrappedNative
{
    /// <summary>Native tokens came in for an account.</summary>
    public static readonly AbiEvent Deposit = AbiEvent.Parse("event Deposit(address indexed dst, uint256 wad)");

    /// <summary>Native tokens went out to an account.</summary>
    public static readonly AbiEvent Withdrawal = AbiEvent.Parse("event Withdrawal(address indexed src, uint256 wad)");
}
