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

    /// <summary>A quarter more gas than the node reckons with; none of the vault's calls needs more than ten million.</summary>
    public static long GasLimit(long estimate) => Math.Min(estimate, MostGas) * 5 / 4;
}
