using Grants.Primitives;

namespace Grants.Domain.Governors;

/// <summary>From this timepoint on, the value holds.</summary>
public sealed record Checkpoint(long Timepoint, UInt256 Value);

/// <summary>
/// A value over time, as Checkpoints of OpenZeppelin Contracts keeps it: what holds at a timepoint is what was last written at or
/// before it, and the last of several writes at one timepoint wins.
/// </summary>
/// <param name="Initial">What holds before the first checkpoint.</param>
/// <param name="Changes">In order of their timepoints, each once.</param>
public sealed record Checkpoints(UInt256 Initial, ValueList<Checkpoint> Changes)
{
    /// <summary>What holds after all changes.</summary>
    public UInt256 Latest => Changes.Count == 0 ? Initial : Changes[^1].Value;

    /// <summary>What holds at a timepoint (<c>upperLookup</c>).</summary>
    public UInt256 At(long timepoint) => Changes.LastOrDefault(change => change.Timepoint <= timepoint)?.Value ?? Initial;

    /// <summary>Writes a value. The first write also says what held before it.</summary>
    public Checkpoints With(long timepoint, UInt256 before, UInt256 value) => new(
        Changes.Count == 0 ? before : Initial,
        [.. Changes.Where(change => change.Timepoint != timepoint), new Checkpoint(timepoint, value)]);
}
