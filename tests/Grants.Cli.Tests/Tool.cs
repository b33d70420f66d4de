using System.Diagnostics;
using System.Text.Json;
using Xunit;

namespace Grants.Cli.Tests;

/// <summary>Runs a verb and keeps what it prints.</summary>
internal sealed record Tool(int ExitCode, string Output, string Error)
{
    public static Tool Run(params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = GrantsTool.Run(arguments, output, error);
        return new Tool(code, output.ToString(), error.ToString());
    }

    /// <summary>As a process of its own, as a user runs it.</summary>
    public static async Task<Tool> RunProcessAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in arguments.Prepend(typeof(GrantsTool).Assembly.Location))
            start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return new Tool(process.ExitCode, await output, await error);
    }

    /// <summary>The line that it printed, having said nothing else.</summary>
    public string Line()
    {
        Assert.Equal((0, ""), (ExitCode, Error));
        return Assert.Single(Output.Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries));
    }

    /// <summary>The lines that it printed, having said nothing else.</summary>
    public string[] Lines()
    {
        Assert.Equal((0, ""), (ExitCode, Error));
        return Output.Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>The one line that says what is wrong with the input.</summary>
    public string Refusal()
    {
        Assert.Equal((2, ""), (ExitCode, Output));
        Assert.EndsWith(Environment.NewLine, Error, StringComparison.Ordinal);
        var line = Error[..^Environment.NewLine.Length];
        Assert.NotEmpty(line);
        Assert.DoesNotContain(line, char.IsControl);
        return line;
    }

    public static JsonElement[] Cases(string file)
    {
        using var json = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Vectors", file)));
        var cases = json.RootElement.GetProperty("cases").EnumerateArray().Select(one => one.Clone()).ToArray();
        return cases.Length > 0 ? cases : throw new InvalidDataException($"{file} holds no cases.");
    }
}
