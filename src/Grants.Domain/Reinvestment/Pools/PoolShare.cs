using System.Text.Json.Serialization;
using Grants.Primitives;

namespace Grants.Domain.Reinvestment.Pools;

/// <summary>A pool in which an award has a position, as the final logs up to a block leave it.</summary>
/// <param name="PairToken">The token that is not the incentive token; null where the contract is no pool of the incentive token.</param>
/// <param name="Whole">
/// Of a Uniswap v2 pair all shares that there are; of a pool between prices the liquidity at its price.
/// </param>
/// <param name="Price">The square root of the price, times 2^96; null for a pair, whose liquidity is at every price.</param>
/// <param name="OthersLeast">
/// The fewest shares of a pair that others than the award's wallets had since the last checkpoint; null where that is not known.
/// </param>
public sealed record PoolDepth(Address Pool, Address? PairToken, UInt256 Whole, UInt256? Price = null, UInt256? OthersLeast = null);

/// <summary>How much of a pool's liquidity the award's wallets hold at a checkpoint, and what of it counts from there on.</summary>
/// <param name="Whole">
/// All of it: of a pair, the wallets' shares and the fewest that others had since the checkpoint before; between prices, what others have
/// at the price and the wallets where they have most.
/// </param>
/// <param name="Held">The wallets'.</param>
/// <param name="Counting">
/// The most shares of the position that count: shares of a pair, base units of principal between prices. Null where all do.
/// </param>
/// <param name="AtPrice">All that the pool itself says: of a pair its shares, between prices the liquidity at the price.</param>
/// <param name="Block">Up to which final logs are counted.</param>
public sealed record PoolShare(
    Address Pool,
    Address? PairToken,
    UInt256 Whole,
    UInt256 Held,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] UInt256? Counting,
    UInt256 AtPrice,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] UInt256? Price,
    BlockRef Block)
{
    /// <summary>⌊held·10,000/whole⌋.</summary>
    [JsonIgnore]
    public BasisPoints OwnShare => BasisPoints.Of(Held, Whole);
}
