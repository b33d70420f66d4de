using System.ComponentModel;
using System.Diagnostics;

namespace Grants.Service.Hosting.Embedded.Processes;

/// <summary>What a program that ran to its end said. The output is both streams, in no promised order.</summary>
internal sealed record Command(int ExitCode, string Output)
{
    public bool Succeeded => ExitCode == 0;

    /// <summary>The last lines, for an error message.</summary>
    public string Tail => string.Join('\n', Output.TrimEnd().Split('\n').TakeLast(12));

    /// <summary>Runs a program to its end; cancellation kills it and all it started.</summary>
    /// <exception cref="Win32Exception">There is no such program.</exception>
    public static async Task<Command> RunAsync(IReadOnlyList<string> line, string? workingDirectory, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo(line[0], line.Skip(1))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = workingDirectory ?? "",
        };
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(cancellation);
            var errors = process.StandardError.ReadToEndAsync(cancellation);
            await process.WaitForExitAsync(cancellation);
            return new Command(process.ExitCode, await output + await errors);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }
}
