using Grants.Primitives;

namespace Grants.Domain.VotingPower.Strategies;

/// <summary>
/// Strategy <c>lp-underlying</c> (Uniswap V2, v2-core 1.0.1): an account's power is its part of the pair's reserve of the token,
/// ⌊liquidity · reserve / totalSupply⌋, the reserve being that of the last <c>Sync</c> up to the block. The MINIMUM_LIQUIDITY that
/// the zero address holds is in the total supply and nobody's. Protocol fees that are not minted yet are not counted. The supply is
/// the reserve.
/// </summary>
public static class PooledTokens
{
    /// <summary>Values the liquidity.</summary>
    /// <param name="liquidity">Balances of the pair's own token.</param>
    /// <param name="reserve">Base units of the token that counts.</param>
    public static StrategyPower Of(StrategyPower liquidity, UInt256 reserve) => liquidity.SharesOf(reserve);
}
