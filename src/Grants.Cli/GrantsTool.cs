using System.CommandLine;
using Grants.Cli.Flows;
using Grants.Cli.Verify;

namespace Grants.Cli;

/// <summary>Offline tools: no server, no database, no node. What they print can be checked with any other implementation.</summary>
internal static class GrantsTool
{
    internal const int BadInput = 2;

    private const int LongestLine = 300;

    public static int Main(string[] args) => Run(args, Console.Out, Console.Error);

    /// <summary>Zero, or <see cref="BadInput"/> after one line on <paramref name="error"/>.</summary>
    internal static int Run(string[] args, TextWriter output, TextWriter error)
    {
        var root = new RootCommand(
            "Offline tools of Grants: they need no server, no database and no node. What is wrong with an input is told in one line on "
            + "standard error, with exit code 2.")
        {
            TypedDataVerb.Create(),
            RecoverVerb.Create(),
            DecodeTransactionVerb.Create(),
            VestingVerb.Create(),
            FlowsVerb.Create(),
            TallyVerb.Create(),
            VerifyVerb.Create(),
        };
        var parsed = root.Parse(args);
        if (parsed.Errors.Count > 0)
            return Refuse(error, $"{parsed.Errors[0].Message} Try --help.");
        try
        {
            return parsed.Invoke(new InvocationConfiguration { Output = output, Error = error, EnableDefaultExceptionHandler = false });
        }
        catch (Exception wrong) when (wrong is FormatException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            return Refuse(error, wrong.Message);
        }
    }

    /// <summary>One line whatever the message quotes: control characters of an input must not reach a terminal.</summary>
    private static int Refuse(TextWriter error, string message)
    {
        var line = string.Concat(message.Select(c => char.IsControl(c) ? ' ' : c));
        error.WriteLine(line.Length <= LongestLine ? line : line[..LongestLine] + "...");
        return BadInput;
    }
}
