using System.Diagnostics;

namespace Grants.Service.Ingestion.Following;

/// <summary>Growing, jittered pauses while something fails, and whether that is news.</summary>
internal sealed class Backoff(int firstMilliseconds)
{
    private const int LongestMilliseconds = 30_000;

    private int failures;
    private int doublings;
    private long until;

    /// <summary>The pause after the last failure.</summary>
    public TimeSpan Pause { get; private set; }

    /// <summary>Whether the pause has passed.</summary>
    public bool IsOver => Stopwatch.GetTimestamp() >= until;

    /// <summary>Notes a failure; true for the first in a row.</summary>
    /// <param name="gotSomewhere">Whether something was done before it failed: then the pause is a short one again.</param>
    public bool Failed(bool gotSomewhere = false)
    {
        doublings = gotSomewhere ? 0 : Math.Min(doublings + (failures > 0 ? 1 : 0), 16);
        var longest = Math.Min(LongestMilliseconds, (long)firstMilliseconds << doublings);
        Pause = TimeSpan.FromMilliseconds((longest / 2) + Random.Shared.NextInt64((longest / 2) + 1));
        until = Stopwatch.GetTimestamp() + (long)(Pause.TotalSeconds * Stopwatch.Frequency);
        return failures++ == 0;
    }

    /// <summary>Notes a success; true where it ends a row of failures.</summary>
    public bool Succeeded()
    {
        var recovered = failures > 0;
        (failures, doublings) = (0, 0);
        Pause = TimeSpan.Zero;
        until = 0;
        return recovered;
    }
}
