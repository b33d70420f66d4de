using System.Diagnostics;
using System.Globalization;

namespace Grants.Benchmarks.Ballots;

/// <summary>What processes have spent of the processor, from Linux's /proc.</summary>
internal static class ProcessorTime
{
    private const double TicksPerSecond = 100;

    /// <summary>Of one process.</summary>
    public static TimeSpan Of(int process) => Seconds(Stat(process)[13..15]);

    /// <summary>Of a PostgreSQL server: the postmaster, those whom it started, and those of them who have ended.</summary>
    public static TimeSpan OfServer(int postmaster)
    {
        var children = Process.GetProcesses().Select(process => Stat(process.Id))
            .Where(stat => stat.Length > 15 && stat[3] == postmaster.ToString(CultureInfo.InvariantCulture));
        return children.Aggregate(Seconds(Stat(postmaster)[13..17]), (sum, stat) => sum + Seconds(stat[13..15]));
    }

    private static TimeSpan Seconds(string[] ticks) =>
        TimeSpan.FromSeconds(ticks.Sum(count => long.Parse(count, CultureInfo.InvariantCulture)) / TicksPerSecond);

    private static string[] Stat(int process)
    {
        try
        {
            // The name is in parentheses and may hold anything.
            var stat = File.ReadAllText($"/proc/{process}/stat");
            return ["", "", .. stat[(stat.LastIndexOf(')') + 2)..].Split(' ')];
        }
        catch (IOException)
        {
            return [];
        }
    }
}
