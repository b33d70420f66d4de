using System.ComponentModel;
using System.Diagnostics;

namespace Grants.Service.Hosting.Embedded.Processes;

/// <param name="Program">What runs.</param>
/// <param name="Line">The program's file, what comes before it, and its arguments.</param>
/// <param name="Directory">Where it runs, and nothing else of this program may: see <see cref="ServerProcesses"/>.</param>
/// <param name="Log">Takes both output streams.</param>
internal sealed record ServerCommand(ServerProgram Program, IReadOnlyList<string> Line, string Directory, string Log);

/// <summary>
/// A server that ends, in order, when this process does, however that ends. A shell between us holds the other end of a
/// pipe whose only writer is this process; when the pipe closes, the shell sends the stop signal.
/// </summary>
internal sealed class SupervisedProcess : IAsyncDisposable
{
    // The watcher is a process of its own, so the server ends with us even when the shell was killed before.
    // A session of its own keeps the terminal's interrupt away from the servers: the service stops first, then they.
    private const string Script = """
        trap '' INT HUP TERM
        log=$1 stop=$2 last=$3 patience=$4
        shift 4
        exec 3<&0 </dev/null >>"$log" 2>&1
        "$@" 3<&- &
        server=$!
        (
          read -r _ <&3
          kill -s "$stop" $server
          while [ $patience -gt 0 ] && kill -0 $server 2>/dev/null; do sleep 1; patience=$((patience - 1)); done
          kill -s "$last" $server 2>/dev/null
        ) &
        watcher=$!
        exec 3<&-
        wait $server
        code=$?
        kill -s KILL $watcher
        exit $code
        """;

    private const long LargestLog = 1 << 20;

    private readonly ServerCommand command;
    private readonly Process shell;

    private SupervisedProcess(ServerCommand command, Process shell)
    {
        this.command = command;
        this.shell = shell;
        Ended = EndAsync();
    }

    /// <summary>Completes with a sentence when the server has ended, by itself or because it was stopped.</summary>
    public Task<string> Ended { get; }

    public static SupervisedProcess Start(ServerCommand command)
    {
        if (File.Exists(command.Log) && new FileInfo(command.Log).Length > LargestLog)
            File.Delete(command.Log);
        IEnumerable<string> line =
        [
            "-c", Script, "supervisor", command.Log, command.Program.StopSignal, command.Program.LastSignal,
            $"{(long)command.Program.Patience.TotalSeconds}", .. command.Line,
        ];
        return new SupervisedProcess(command, StartShell(command.Directory, line));
    }

    /// <summary>The error of a server that did not come up, with the last lines of its log.</summary>
    public EmbeddedServerException Failure(string problem)
    {
        var tail = File.Exists(command.Log) ? string.Join('\n', File.ReadLines(command.Log).TakeLast(12)) : "";
        return new EmbeddedServerException($"{command.Program.Name} {problem}. The end of {command.Log}:\n{tail}");
    }

    /// <summary>Stops the server in order and waits for its end, even when somebody has killed the shell or its watcher.</summary>
    public async ValueTask DisposeAsync()
    {
        shell.StandardInput.Close();
        await Task.WhenAny(Ended, Task.Delay(command.Program.Patience + TimeSpan.FromSeconds(5)));
        await ServerProcesses.EndAsync(command.Program, command.Directory, CancellationToken.None);
        await Ended;
        shell.Dispose();
    }

    private static Process StartShell(string directory, IEnumerable<string> line)
    {
        try
        {
            return Start("setsid", ["/bin/sh", .. line]);
        }
        catch (Win32Exception)
        {
            return Start("/bin/sh", line);
        }

        Process Start(string program, IEnumerable<string> arguments) =>
            Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, WorkingDirectory = directory })!;
    }

    private async Task<string> EndAsync()
    {
        await shell.WaitForExitAsync();
        return $"{command.Program.Name} ended with code {shell.ExitCode}; its log is {command.Log}.";
    }
}
