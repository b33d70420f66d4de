using Grants.Primitives;

namespace Grants.Service.Disbursements;

/// <summary>
/// What is offered for a unit of gas, in wei (EIP-1559): twice the base fee and the tip that the node suggests, but no more than
/// the treasury allows. A node may say anything, and whoever sent it may earn what is overpaid.
/// </summary>
/// <param name="MaxFee">The maxFeePerGas.</param>
/// <param name="Tip">The maxPriorityFeePerGas, at most the other.</param>
/// <param name="IsCapped">Whether the node asks for more.</param>
public readonly record struct FeeOffer(UInt256 MaxFee, UInt256 Tip, bool IsCapped)
{
    private const long MostGas = 10_000_000;
    private const ulong WeiOfGwei = 1_000_000_000;
    private const ulong BumpDivisor = 8;

    /// <param name="baseFee">Of the newest block, in wei; null on a chain without EIP-1559.</param>
    /// <param name="tip">What the node suggests, in wei.</param>
    /// <param name="mostGwei">The most for both, in gwei.</param>
    public static FeeOffer Of(UInt256? baseFee, UInt256 tip, int mostGwei)
    {
        var most = (UInt256)(ulong)mostGwei * WeiOfGwei;
        var expected = baseFee ?? UInt256.Zero;
        var fits = expected <= most / 2 && tip <= most - (expected * 2);
        return fits ? new FeeOffer((expected * 2) + tip, tip, false) : new FeeOffer(most, UInt256.Min(tip, most), true);
    }

    /// <summary>
    /// The offer of a replacement, for both fees: an eighth more than before, above the tenth that nodes ask for, or the market's
    /// where that is more. Null where the treasury does not allow it.
    /// </summary>
    /// <param name="maxFee">What the attempt to replace offers, in wei.</param>
    /// <param name="tip">Its tip, in wei.</param>
    /// <param name="market">What a new transaction would offer.</param>
    /// <param name="mostGwei">The most for both, in gwei.</param>
    public static FeeOffer? Above(UInt256 maxFee, UInt256 tip, FeeOffer market, int mostGwei)
    {
        var most = (UInt256)(ulong)mostGwei * WeiOfGwei;
        var (fee, more) = (UInt256.Max(Bumped(maxFee), market.MaxFee), UInt256.Max(Bumped(tip), market.Tip));
        return fee > most ? null : new FeeOffer(fee, UInt256.Min(more, fee), false);

        static UInt256 Bumped(UInt256 price) => price + ((price + (BumpDivisor - 1)) / BumpDivisor) + UInt256.One;
    }

    /// <summary>A quarter more gas than the node reckons with; none of the vault's calls needs more than ten million.</summary>
    public static long GasLimit(long estimate) => Math.Min(estimate, MostGas) * 5 / 4;
}
