using System.Numerics;
using Grants.Primitives;

namespace Grants.Domain.Governors;

/// <summary>What a token answered for its supply at a timepoint, base units. All other supplies follow from it and the logs.</summary>
public sealed record KnownSupply(long Timepoint, UInt256 Supply);

/// <summary>Tokens were made or destroyed.</summary>
/// <param name="Timepoint">By the governor's clock.</param>
/// <param name="Minted">Base units, negative where they were burned.</param>
public sealed record SupplyChange(long Timepoint, BigInteger Minted);

/// <summary>The votes that a proposal needs, fixed by its snapshot. Base units.</summary>
/// <param name="Supply">The token's at the snapshot.</param>
/// <param name="Numerator">The quorum's share of it at the snapshot.</param>
/// <param name="Denominator">What the share is counted in.</param>
/// <param name="Needed">The quorum.</param>
/// <param name="SuperNeeded">The votes for that end the vote at once; null where the governor knows no such thing.</param>
public sealed record SnapshotQuorum(UInt256 Supply, UInt256 Numerator, UInt256 Denominator, UInt256 Needed, UInt256? SuperNeeded)
{
    /// <summary>
    /// GovernorVotesQuorumFraction and GovernorVotesSuperQuorumFraction of OpenZeppelin Contracts 5.7:
    /// <c>getPastTotalSupply(snapshot) * numerator(snapshot) / denominator</c>, rounded down. Both change over time, and only what
    /// held at the snapshot counts; until the snapshot is over, there is no quorum.
    /// </summary>
    public static SnapshotQuorum Of(UInt256 supply, UInt256 numerator, UInt256 denominator, UInt256? superNumerator) => new(
        supply,
        numerator,
        denominator,
        Share(supply, numerator, denominator),
        superNumerator is { } share ? Share(supply, share, denominator) : null);

    /// <summary>
    /// The supply at the end of a timepoint: the known one, with every mint and burn in between added or taken back.
    /// </summary>
    /// <param name="changes">At least all between the two timepoints; others are left out here.</param>
    public static UInt256 SupplyAt(long timepoint, KnownSupply known, IEnumerable<SupplyChange> changes)
    {
        var (from, to) = (Math.Min(timepoint, known.Timepoint), Math.Max(timepoint, known.Timepoint));
        var minted = changes.Where(change => from < change.Timepoint && change.Timepoint <= to)
            .Aggregate(BigInteger.Zero, (sum, change) => sum + change.Minted);
        var supply = known.Supply.ToBigInteger() + (timepoint < known.Timepoint ? -minted : minted);
        return new UInt256(BigInteger.Clamp(supply, BigInteger.Zero, UInt256.MaxValue.ToBigInteger()));
    }

    // The share is the whole at most, so that the product divided fits; a contract that claims more needs all there is.
    private static UInt256 Share(UInt256 supply, UInt256 numerator, UInt256 denominator) =>
        UInt256.MulDiv(supply, UInt256.Min(numerator, denominator), denominator);
}
