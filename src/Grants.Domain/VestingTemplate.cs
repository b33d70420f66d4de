namespace Grants.Domain;

/// <summary>A vesting schedule without its start: what a program promises before anybody is awarded.</summary>
/// <param name="CliffSeconds">After the start; before it nothing is vested.</param>
/// <param name="DurationSeconds">From the start until everything is vested.</param>
/// <param name="Tranches">Into how many slices the duration is cut.</param>
public sealed record VestingTemplate(long CliffSeconds, long DurationSeconds, int Tranches)
{
    /// <summary>The schedule that starts at <paramref name="startAt"/>, seconds since 1970.</summary>
    public VestingSchedule StartingAt(long startAt) => new(startAt, CliffSeconds, DurationSeconds, Tranches);
}
