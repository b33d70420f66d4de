using Grants.Primitives;

namespace Grants.Domain.Governors;

/// <summary>What a governor's timepoints count (ERC-6372).</summary>
public enum GovernorClock
{
    /// <summary>Block numbers.</summary>
    BlockNumber,

    /// <summary>Seconds since 1970.</summary>
    Timestamp,
}

/// <summary>The clocks that a governor of OpenZeppelin Contracts can have.</summary>
public static class GovernorClocks
{
    /// <summary>
    /// Reads <c>CLOCK_MODE()</c> (ERC-6372). A governor that has none is older than the standard and counts blocks.
    /// </summary>
    /// <param name="mode">The contract's words; null where it does not answer.</param>
    /// <returns>Null for another clock, such as the blocks of another chain.</returns>
    public static GovernorClock? Parse(string? mode) => mode switch
    {
        null or "mode=blocknumber&from=default" => GovernorClock.BlockNumber,
        "mode=timestamp" => GovernorClock.Timestamp,
        _ => null,
    };

    /// <summary>What <c>clock()</c> answers in a block.</summary>
    public static long At(this GovernorClock clock, BlockRef block) =>
        clock == GovernorClock.BlockNumber ? block.Number : block.TimestampSeconds;
}
