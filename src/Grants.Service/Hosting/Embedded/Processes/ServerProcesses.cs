using System.Globalization;
using System.Runtime.InteropServices;

namespace Grants.Service.Hosting.Embedded.Processes;

/// <param name="Name">For messages.</param>
/// <param name="FileName">Of the program.</param>
/// <param name="StopSignal">Asks it to end in order.</param>
/// <param name="LastSignal">Sent by its supervisor when the patience has passed.</param>
/// <param name="Patience">How long it may take to end in order.</param>
internal sealed record ServerProgram(string Name, string FileName, string StopSignal, string LastSignal, TimeSpan Patience)
{
    /// <summary>Ends with a fast shutdown; at last without one, and recovers at the next start.</summary>
    public static readonly ServerProgram Postgres = new("PostgreSQL", "postgres", "INT", "QUIT", TimeSpan.FromSeconds(60));

    /// <summary>Writes its state before it ends.</summary>
    public static readonly ServerProgram Anvil = new("anvil", "anvil", "TERM", "KILL", TimeSpan.FromSeconds(30));

    internal int StopSignalNumber => StopSignal == "INT" ? 2 : 15;
}

/// <summary>A process of an embedded server, as the kernel lists it.</summary>
internal readonly record struct ServerProcess(int Id, int ParentId);

/// <summary>
/// The servers of a folder. They are known by the program's name and the folder they work in, so a process id that went
/// to somebody else is never taken for ours. To end those that an earlier service left behind, hold the data directory.
/// </summary>
internal static class ServerProcesses
{
    private const int Kill = 9;
    private const string Listening = "0A";
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(50);

    /// <summary>The processes of a program that work in a folder.</summary>
    public static IReadOnlyList<ServerProcess> In(string directory, ServerProgram program)
    {
        var found = new List<ServerProcess>();
        foreach (var entry in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(entry), CultureInfo.InvariantCulture, out var id)
                && LinkOf(entry, "cwd") == directory
                && Path.GetFileName(LinkOf(entry, "exe")) == program.FileName
                && ParentOf(entry) is { } parent)
                found.Add(new ServerProcess(id, parent));
        }

        return found;
    }

    /// <summary>The port of this machine that a process listens on, or null.</summary>
    public static int? ListeningPort(int process)
    {
        try
        {
            var sockets = Directory.EnumerateFiles($"/proc/{process}/fd")
                .Select(file => new FileInfo(file).LinkTarget ?? "")
                .Where(target => target.StartsWith("socket:[", StringComparison.Ordinal))
                .Select(target => target[8..^1])
                .ToHashSet();
            foreach (var line in File.ReadLines($"/proc/{process}/net/tcp").Skip(1))
            {
                var fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
                if (fields[3] == Listening && sockets.Contains(fields[9]))
                    return int.Parse(fields[1].Split(':')[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            }
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return null;
        }

        return null;
    }

    /// <summary>Ends what runs of a program in a folder, in order if it can.</summary>
    public static async Task EndAsync(ServerProgram program, string directory, CancellationToken cancellation)
    {
        foreach (var (sent, wait) in new[] { (program.StopSignalNumber, program.Patience), (Kill, TimeSpan.FromSeconds(10)) })
        {
            var processes = In(directory, program);
            var ids = processes.Select(process => process.Id).ToHashSet();
            foreach (var process in processes.Where(process => sent == Kill || !ids.Contains(process.ParentId)))
                _ = SendSignal(process.Id, sent);
            for (var deadline = Environment.TickCount64 + (long)wait.TotalMilliseconds; Environment.TickCount64 < deadline;)
            {
                if (In(directory, program).Count == 0)
                    return;
                await Task.Delay(LookAgain, cancellation);
            }
        }

        throw new EmbeddedServerException(
            $"{program.Name} of an earlier run still works in {directory} and can't be ended: process "
            + $"{string.Join(", ", In(directory, program).Select(process => process.Id))}. End it by hand and start again.");
    }

    // Processes come and go, and those of others do not show where they work: both mean "not ours".
    // The program may have been restored anew while the server ran; the kernel then marks its file as deleted.
    private static string? LinkOf(string process, string name)
    {
        try
        {
            return new FileInfo(Path.Combine(process, name)).LinkTarget?.Replace(" (deleted)", "", StringComparison.Ordinal);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static int? ParentOf(string process)
    {
        try
        {
            var status = File.ReadAllText(Path.Combine(process, "stat"));
            var fields = status[(status.LastIndexOf(')') + 2)..].Split(' ');
            return fields[0] == "Z" ? null : int.Parse(fields[1], CultureInfo.InvariantCulture);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SendSignal(int process, int signal);
}
