using Grants.Primitives;

namespace Grants.Domain.VotingPower.Strategies;

/// <summary>
/// Strategy <c>vault-shares</c> (ERC-4626): an account's power is its part of what all shares are worth,
/// ⌊shares · <c>convertToAssets(totalSupply())</c> / totalSupply⌋. It is at most one base unit below <c>convertToAssets(shares)</c>
/// and never above it, wherever the vault's conversion is proportional; one call tells it for everybody. The supply is what all shares
/// are worth.
/// </summary>
public static class VaultShares
{
    /// <summary>Values the shares.</summary>
    /// <param name="shares">Balances of the vault's share token.</param>
    /// <param name="worth">What the vault converts all shares to, base units of the underlying token.</param>
    public static StrategyPower Of(StrategyPower shares, UInt256 worth) => shares.SharesOf(worth);

    /// <summary>Whether the power of these shares agrees with what the vault converts them to: it may be one base unit less.</summary>
    public static bool Agrees(UInt256 power, UInt256 converted) =>
        power <= converted && converted - power <= UInt256.One;
}
