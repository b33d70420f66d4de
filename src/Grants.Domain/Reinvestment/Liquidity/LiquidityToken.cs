using System.Text.Json.Serialization;
using Grants.Primitives;

namespace Grants.Domain.Reinvestment.Liquidity;

// --- What logs say ---

/// <summary>ERC-721 <c>Transfer</c> of a position of a Uniswap v3 or Algebra pool.</summary>
public sealed record PositionTransferred(EventKey Key, Address Manager, Address From, Address To, UInt256 TokenId) : Observation(Key);

/// <summary>The position manager's <c>IncreaseLiquidity</c>.</summary>
public sealed record PositionIncreased(
    EventKey Key, Address Manager, UInt256 TokenId, UInt256 Liquidity, UInt256 Amount0, UInt256 Amount1) : Observation(Key);

/// <summary>The position manager's <c>DecreaseLiquidity</c>: the tokens wait in the pool.</summary>
public sealed record PositionDecreased(
    EventKey Key, Address Manager, UInt256 TokenId, UInt256 Liquidity, UInt256 Amount0, UInt256 Amount1) : Observation(Key);

/// <summary>The position manager's <c>Collect</c>: what waited, and fees.</summary>
public sealed record PositionCollected(
    EventKey Key, Address Manager, UInt256 TokenId, Address Recipient, UInt256 Amount0, UInt256 Amount1) : Observation(Key);

/// <summary>The pool's <c>Mint</c>, which tells between which ticks a position is.</summary>
public sealed record RangeMinted(
    EventKey Key, Address Pool, Address Owner, int LowerTick, int UpperTick, UInt256 Liquidity, UInt256 Amount0, UInt256 Amount1)
    : Observation(Key);

// --- State ---

/// <summary>
/// A position of the award's wallets. Its principal is counted as shares of the pool's venue, one for one: liquidity of other
/// ticks is not of the same worth.
/// </summary>
/// <param name="IsToken0">Whether the incentive token is the one with the lower address.</param>
/// <param name="Liquidity">As the logs say that came and went while it was the award's.</param>
/// <param name="Principal">Base units of the incentive token that were put in and are not taken out.</param>
/// <param name="Owed">Base units of the incentive token that were taken out and not collected.</param>
public sealed record LiquidityToken(
    Address Manager,
    UInt256 TokenId,
    Address Pool,
    int LowerTick,
    int UpperTick,
    bool IsToken0,
    UInt256 Liquidity,
    UInt256 Principal,
    UInt256 Owed)
{
    /// <summary>Beyond so many ticks on both sides a position is of the full range: it is never out of it.</summary>
    private const int NearlyAllTicks = 800_000;

    [JsonIgnore]
    public bool IsOfFullRange => LowerTick <= -NearlyAllTicks && UpperTick >= NearlyAllTicks;

    internal bool Is(Address manager, UInt256 tokenId) => Manager == manager && TokenId == tokenId;
}

// --- Events ---

/// <summary>A position of the award's wallets was made, grew, shrank or was collected, and is now so.</summary>
/// <param name="IsGone">It went to somebody else.</param>
public sealed record LiquidityTokenChanged(Hash32 AwardId, LiquidityToken Token, bool IsGone, EventKey Evidence, BlockRef Block);

/// <summary>
/// At a checkpoint, positions hold less of the incentive token than was put in, though nothing was taken out: the price has moved, and
/// the pool has sold for them. It goes when the price comes back.
/// </summary>
/// <param name="Price">The square root of the price at the last swap, times 2^96.</param>
/// <param name="Shortfall">Base units, own and granted together; zero when it is gone.</param>
public sealed record LpDrift(Hash32 AwardId, Address Pool, UInt256 Price, UInt256 Principal, UInt256 Shortfall, BlockRef Block);
