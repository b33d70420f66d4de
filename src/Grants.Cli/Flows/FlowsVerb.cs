using System.CommandLine;
using System.Globalization;
using Grants.Domain.Reinvestment;

namespace Grants.Cli.Flows;

/// <summary>What the reinvestment ledger makes of a history of flows.</summary>
internal static class FlowsVerb
{
    private static readonly Dictionary<string, Convention> Conventions = new()
    {
        ["FLOOR"] = Convention.Floor,
        ["PRORATA"] = Convention.Prorata,
        ["FIFO"] = Convention.Fifo,
        ["GRANT_FIRST"] = Convention.GrantFirst,
    };

    public static Command Create()
    {
        var file = new Argument<string>("FILE.ndjson")
        {
            Description = "One flow a line, in order of time: {\"id\",\"t\",\"k\",\"a\",\"v\",\"sh\",\"w\",\"cap\",\"countsFrom\"} "
                + "with id a number or "
                + "text (a repeated one is ignored), t seconds, k the kind, a the amount and sh the venue's shares in base units, v the "
                + "venue, w its weight and cap its cap in basis points (10000 where left out), countsFrom the "
                + "second from which on what went to somebody UNKNOWN is gone (at once where left out). Kinds: "
                + string.Join(", ", FlowLine.Kinds) + ".",
        };
        var convention = new Option<string>("--convention")
        {
            Description = "Which tokens leave first where own and granted ones are mixed.",
            DefaultValueFactory = _ => "FLOOR",
        };
        convention.AcceptOnlyFromAmong([.. Conventions.Keys]);
        var minHold = new Option<string>("--min-hold")
        {
            Description = "How long a deposit must have been in its venue to count.",
            HelpName = "SECONDS",
            DefaultValueFactory = _ => "0",
        };
        var policy = new Option<string?>("--policy")
        {
            Description = "Instead of the ledger, prints what this policy (schema/policies) would have led to, as a table.",
            HelpName = "FILE",
        };
        var inForce = new Option<string?>("--in-force")
        {
            Description = "With --policy: the policy to compare it with.",
            HelpName = "FILE",
        };
        var command = new Command(
            "flows",
            "Read a history of an award's flows; prints what the reinvestment ledger says at its end, as one JSON object. Amounts are in "
            + "base units, shares in basis points, rounded down. R is what was released.")
        {
            file,
            convention,
            minHold,
            policy,
            inForce,
        };
        command.SetAction(parsed =>
        {
            var history = Replay(
                parsed.GetRequiredValue(file), Conventions[parsed.GetRequiredValue(convention)], Seconds(parsed.GetRequiredValue(minHold)));
            var (draft, other) = (parsed.GetValue(policy), parsed.GetValue(inForce));
            foreach (var line in draft is null ? [history.ToJson()] : Try(history, draft, other))
                parsed.InvocationConfiguration.Output.WriteLine(line);
        });
        return command;
    }

    private static List<string> Try(FlowHistory history, string draftPath, string? inForcePath)
    {
        var draft = PolicyTrialTable.Read(draftPath);
        var outcome = history.Try(draft);
        var lines = PolicyTrialTable.Lines(draft, outcome).ToList();
        if (inForcePath is not null)
            lines.AddRange(PolicyTrialTable.Difference(outcome, history.Try(PolicyTrialTable.Read(inForcePath))));
        return lines;
    }

    private static FlowHistory Replay(string path, Convention convention, long minHold)
    {
        var history = new FlowHistory(convention, minHold);
        var number = 0;
        foreach (var line in File.ReadLines(path))
        {
            number++;
            if (string.IsNullOrWhiteSpace(line))
                continue;
            try
            {
                history.Add(FlowLine.Read(line));
            }
            catch (Exception wrong) when (wrong is FormatException or OverflowException)
            {
                throw new FormatException($"Line {number}: {wrong.Message}", wrong);
            }
        }

        return history;
    }

    private static long Seconds(string text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
        && seconds <= FlowLine.SecondsMax
            ? seconds
            : throw new FormatException($"--min-hold takes 0 to {FlowLine.SecondsMax} seconds.");
}
