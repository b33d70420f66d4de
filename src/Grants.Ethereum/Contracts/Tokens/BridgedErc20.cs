using Grants.Ethereum.Abi;
using Grants.Ethereum.Contracts.Adapters;
using Grants.Primitives;

namespace Grants.Ethereum.Contracts.Tokens;

/// <summary>
/// A token of L1 on L2 that the bridge mints and burns: L2StandardERC20 of Metis and of the OP stack
/// (github.com/ethereum-optimism/optimism). Staking contracts have the same two events and mean something else.
/// </summary>
public static class BridgedErc20
{
    /// <summary>L2StandardERC20: base units were minted to an account.</summary>
    public static readonly AbiEvent Mint = AbiEvent.Parse("event Mint(address indexed account, uint256 amount)");

    /// <inheritdoc cref="Mint"/>
    public sealed record MintLog(Address Account, UInt256 Amount) : ContractLog;

    /// <summary>L2StandardERC20: base units of an account were burned.</summary>
    public static readonly AbiEvent Burn = AbiEvent.Parse("event Burn(address indexed account, uint256 amount)");

    /// <inheritdoc cref="Burn"/>
    public sealed record BurnLog(Address Account, UInt256 Amount) : ContractLog;

    /// <summary>How its logs are read.</summary>
    public static ContractAdapter Logs { get; } = new(
        LogType.Of(Mint, v => new MintLog(v.Address(0), v.Amount(1))),
        LogType.Of(Burn, v => new BurnLog(v.Address(0), v.Amount(1))));
}
