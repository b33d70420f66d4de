using System.Diagnostics;
using Grants.Service.Hosting.Embedded.Processes;

namespace Grants.Service.Tests.Embedded;

internal static class Killing
{
    /// <summary>Kills one process and none of its children.</summary>
    public static void One(ServerProcess victim)
    {
        using var process = Process.GetProcessById(victim.Id);
        process.Kill(entireProcessTree: false);
    }
}
