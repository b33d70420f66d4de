using System.Text.Json;
using Grants.Domain;
using Grants.Domain.VotingPower;
using Grants.Primitives;
using Xunit;

namespace Grants.Cli.Tests.Verify;

public sealed class VerifyVerbTests
{
    private static readonly Address Wallet = Election.KeyOf("a contract wallet").Address;

    public static TheoryData<string, string[]> Systems() => new()
    {
        { "basic@1", ["1", "2", "3"] },
        { "single-choice@1", ["1", "2", "3"] },
        { "approval@1", ["[1,2]", "[1]", "[3]"] },
        { "weighted@1", ["{\"1\":1,\"2\":3}", "{\"3\":7}", "{\"2\":1}"] },
        { "quadratic@1", ["{\"1\":1,\"2\":3}", "{\"3\":7}", "{\"2\":1}"] },
        { "ranked-choice@1", ["[3,1,2]", "[2,1,3]", "[1,3,2]"] },
        { "copeland@1", ["[3,1,2]", "[2,1,3]", "[1,3,2]"] },
    };

    [Fact]
    public void an_honest_export_holds()
    {
        var tool = AVote().Export().Verify("--log-address", $"{Election.LogKey.Address}");
        Assert.Equal((0, ""), (tool.ExitCode, tool.Error));
        string[] words = ["everything holds", "5, of 4 voters", "approved", "metis", $"{Election.LogKey.Address}"];
        foreach (var told in words)
            Assert.Contains(told, tool.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void the_report_is_also_json()
    {
        var tool = AVote().Export().Verify("--json");
        using var report = JsonDocument.Parse(tool.Output);
        var root = report.RootElement;
        Assert.True(root.GetProperty("holds").GetBoolean());
        Assert.False(root.GetProperty("isLogKnown").GetBoolean());
        Assert.Equal(5, root.GetProperty("ballots").GetInt64());
        Assert.Equal(4, root.GetProperty("voters").GetInt32());
        Assert.True(root.GetProperty("outcome").GetProperty("approved").GetBoolean());
        Assert.Equal(0, root.GetProperty("findings").GetArrayLength());
        var notes = root.GetProperty("notes").EnumerateArray();
        Assert.Contains(notes, note => note.GetString()!.Contains("own word", StringComparison.Ordinal));
    }

    [Fact]
    public void a_vote_without_ballots_holds()
    {
        Assert.Empty(new Election().Export().Codes());
        Assert.Empty(new Election().Others(5).Export().Codes());
    }

    [Fact]
    public void ballots_of_any_number_between_other_votes_hold()
    {
        for (var size = 1; size <= 12; size++)
        {
            var election = new Election();
            for (var voter = 0; voter < size; voter++)
                election.Others(voter % 4 * size).Cast(voter, "1");
            Assert.Empty(election.Others(size % 3).Export().Codes());
        }
    }

    [Theory]
    [MemberData(nameof(Systems))]
    public void every_voting_system_is_counted_again(string system, string[] choices)
    {
        var rules = system == VotingRules.Basic ? Election.Basic : Election.Basic with
        {
            System = system, Choices = ["a", "b", "c"], ApprovingChoices = [1, 2], AbstainChoice = 0, Quorums = [],
        };
        var election = new Election(rules);
        for (var voter = 0; voter < 9; voter++)
            election.Cast(voter, choices[voter % choices.Length]);
        Assert.Null(rules.Validate());
        Assert.Empty(election.Export().Codes());
    }

    [Fact]
    public void a_ballot_that_only_a_contract_vouches_for_is_not_passed_over()
    {
        var election = AVote();
        election.Snapshot = PowerSnapshot.Of([.. election.Snapshot.Accounts, new AccountPower(Wallet, 5_000)]);
        var export = election.CastByContract(Wallet, "1").Export();
        var output = export.Verify().Output;
        Assert.Contains("1 counted ballots with 5000 of power are vouched for by contracts", output, StringComparison.Ordinal);
        Assert.Empty(export.Codes());
    }

    [Fact]
    public void the_address_of_the_log_is_held_against_the_known_one()
    {
        Assert.Empty(AVote().Export().Codes("--log-address", $"{Election.LogKey.Address}"));
        Assert.Equal(["LOG_ADDRESS"], AVote().Export().Codes("--log-address", $"{Wallet}"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n")]
    [InlineData("{}\n")]
    [InlineData("not json\n")]
    [InlineData("{\"type\":\"seal\",\"sha256\":\"0x00\"}\n")]
    [InlineData("{\"type\":\"manifest\"}\n")]
    public void what_is_no_export_is_refused(string text)
    {
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, text);
            Tool.Run("verify", file).Refusal();
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void a_line_that_cannot_be_read_is_refused_with_its_number()
    {
        var export = AVote().Export();
        Assert.Contains("Line 3", export.Replace(2, "{\"type\":\"ballot\"}").Verify().Refusal(), StringComparison.Ordinal);
        Assert.Contains("Line 3", export.Replace(2, "{\"type\":\"unknown\"}").Verify().Refusal(), StringComparison.Ordinal);
        Assert.Contains("Line 3", export.Replace(2, "").Verify().Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public void a_wrong_call_is_refused()
    {
        Tool.Run("verify").Refusal();
        Tool.Run("verify", "/no/such/file").Refusal();
        AVote().Export().Verify("--log-address", "me").Refusal();
        AVote().Export().Verify("--receipt", "/no/such/receipt").Refusal();
    }

    [Fact]
    public async Task a_process_says_by_its_exit_code_whether_it_holds()
    {
        var good = AVote().Export().Save();
        var bad = AVote().Export().With(0, manifest => manifest["logAddress"] = $"{Wallet}").Save();
        Assert.Equal(0, (await Tool.RunProcessAsync("verify", good)).ExitCode);
        Assert.Equal(1, (await Tool.RunProcessAsync("verify", bad)).ExitCode);
        foreach (var file in new[] { good, bad })
            Directory.Delete(Path.GetDirectoryName(file)!, recursive: true);
    }

    private static Election AVote() =>
        new Election().Others(3).Cast(0, "1").Cast(1, "2").Others(1).Cast(2, "3").Cast(1, "1", 2).Cast(3, "1").Others(6);
}
