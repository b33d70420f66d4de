using System.CommandLine;
using Grants.Domain.Ballots;
using Grants.Primitives;

namespace Grants.Cli;

/// <summary>What a vote comes to, from its rules and its ballots.</summary>
internal static class TallyVerb
{
    private const string Description =
        "Count ballots under the rules of a vote, exactly, as the service does; prints {\"system\",\"scores\",\"total\",\"voters\","
        + "\"winner\",\"outcome\",\"reason\",\"quorums\",\"thresholdMet\",\"derivation\"}. Power and scores are in base units; a score is "
        + "a whole number or a fraction n/d. The outcome is approved or rejected; the winner is the number of a choice or null.";

    private const string Shape =
        "{\"rules\":{\"system\":\"ranked-choice@1\",\"choices\":[\"a\",\"b\"],\"quorum\":...,\"threshold\":...},"
        + "\"ballots\":[{\"voter\":\"0x..\",\"power\":\"123\",\"choice\":[2,1]}]}. "
        + "Systems: basic@1, single-choice@1, approval@1, weighted@1, quadratic@1, ranked-choice@1, copeland@1, optimistic@1. "
        + "Basic and optimistic need no choices: 1 is for, 2 against, 3 abstain; of given ones the names do not matter. "
        + "quorum: left out for none; a power; "
        + "or {\"kind\":\"POWER|SUPPLY_SHARE|VOTERS\",\"least\",\"counting\":\"ALL|FOR|FOR_AND_ABSTAIN\"}, "
        + "or an array of these, all of which must be met. threshold: left out for a simple majority; basis points; or "
        + "{\"kind\":\"SIMPLE_MAJORITY|SUPERMAJORITY|AGAINST\",\"value\"}; of optimistic, the power against that rejects. "
        + "Also supply, for a share of it; approvingChoices, 1 of basic and optimistic, all others otherwise; and abstainChoice. "
        + "Numbers may be texts. Of several ballots of one voter the highest \"nonce\" counts; where none has one, the last in the file.";

    public static Command Create()
    {
        var file = new Argument<string>("FILE.json") { Description = Shape };
        var command = new Command("tally", Description) { file };
        command.SetAction(parsed => parsed.InvocationConfiguration.Output.WriteLine(
            Count(File.ReadAllBytes(parsed.GetRequiredValue(file)))));
        return command;
    }

    private static string Count(byte[] json)
    {
        var input = TallyInput.Read(json);
        try
        {
            return TallyOutput.Write(input, Tally.Of(input.Rules, input.Ballots).Outcome(input.Rules, input.Supply ?? UInt256.Zero));
        }
        catch (OverflowException wrong)
        {
            throw new FormatException("The power of all ballots is more than 2^256 - 1.", wrong);
        }
    }
}
