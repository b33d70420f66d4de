using System.CommandLine;
using System.Globalization;
using System.Text.Json;

namespace Grants.Cli;

/// <summary>How much of an amount is vested when.</summary>
internal static class VestingVerb
{
    public static Command Create()
    {
        var file = new Argument<string>("FILE.json")
        {
            Description = "{\"amount\",\"start\",\"cliff\",\"duration\",\"startUnlock\",\"cliffUnlock\",\"granularity\",\"mode\"}, "
                + "where amounts are in base units, start is an instant, cliff and duration are seconds after it, and mode is FROM_CLIFF "
                + "(as Sablier Lockup 4) or RETRO (as OpenZeppelin's VestingWalletCliff); or {\"tranches\":[{\"at\",\"amount\"}]} in order "
                + "of time. Left out, granularity is 1, mode FROM_CLIFF, and all but amount and duration 0.",
        };
        var at = new Option<string[]>("--at")
        {
            Description = "An instant in seconds, on the clock of the file. Once for each answer.",
            HelpName = "T",
            Arity = ArgumentArity.OneOrMore,
            Required = true,
        };
        var command = new Command(
            "vesting", "Read a vesting schedule; prints what is vested at each instant, in base units, as a JSON array.") { file, at };
        command.SetAction(parsed => parsed.InvocationConfiguration.Output.WriteLine(
            Vested(InputFile.Read(parsed.GetRequiredValue(file)), parsed.GetRequiredValue(at))));
        return command;
    }

    private static string Vested(string json, string[] instants)
    {
        var seconds = instants.Select(Seconds).ToList();
        var curve = VestingJson.Read(json);
        return JsonSerializer.Serialize(seconds.Select(at => curve.VestedAmount(at).ToString()));
    }

    private static long Seconds(string text) => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var at)
        ? at
        : throw new FormatException("--at takes whole seconds.");
}
