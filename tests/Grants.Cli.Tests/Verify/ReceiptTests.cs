using Grants.Domain.Ballots;
using Xunit;

namespace Grants.Cli.Tests.Verify;

public sealed class ReceiptTests
{
    private const string Nought = "0x0000000000000000000000000000000000000000000000000000000000000000";

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void a_receipt_of_any_moment_is_honoured(bool withPath)
    {
        var election = AVote();
        foreach (var record in election.Records)
        {
            for (var size = (int)record.Index + 1; size <= 14; size++)
                Assert.Empty(Codes(election, election.ReceiptOf(record, size, withPath)));
        }
    }

    // Two ballots follow each other at places 3 and 4; behind 5 stand eight leaves of others.
    [Fact]
    public void a_head_between_other_votes_is_said_to_be_open()
    {
        var election = AVote();
        string OutputOn(int size) => Verify(election, election.ReceiptOf(election.Records[0], size, true)).Output;
        Assert.Contains("logConsistency(7, 14)", OutputOn(7), StringComparison.Ordinal);
        Assert.DoesNotContain("logConsistency", OutputOn(4), StringComparison.Ordinal);
    }

    [Fact]
    public void a_replaced_ballot_still_has_its_place()
    {
        var election = AVote();
        Assert.Empty(Codes(election, election.ReceiptOf(election.Records[0], 14, true)));
    }

    [Theory]
    [InlineData("\"nonce\":\"1\"", "\"nonce\":\"7\"", "another ballot")]
    [InlineData("\"logIndex\":3", "\"logIndex\":4", "another ballot")]
    [InlineData("\"logIndex\":3", "\"logIndex\":2", "not in the export")]
    [InlineData("\"logIndex\":3", "\"logIndex\":99", "does not reach")]
    [InlineData("\"timestamp\":1", "\"timestamp\":2", "not signed")]
    [InlineData("\"space\":\"metis\"", "\"space\":\"other\"", "not signed")]
    [InlineData("\"voteId\":\"0x", "\"voteId\":\"" + Nought + "\",\"was\":\"", "another vote")]
    [InlineData("\"path\":[", "\"path\":[\"" + Nought + "\",", "does not lead")]
    public void what_does_not_agree_is_told(string part, string changed, string told)
    {
        var election = AVote();
        var receipt = election.ReceiptOf(election.Records[0], 4, true);
        Assert.Contains(part, receipt, StringComparison.Ordinal);
        var tool = Verify(election, receipt.Replace(part, changed, StringComparison.Ordinal));
        Assert.Equal(1, tool.ExitCode);
        Assert.Contains(told, tool.Output, StringComparison.Ordinal);
    }

    // The service signed a head of another log for this voter alone.
    [Fact]
    public void a_second_story_is_told()
    {
        var (told, shown) = (AVote(), AVote());
        var record = told.Records[^1];
        var other = new Election().Others(3).Cast(0, "1").Cast(1, "2").Cast(0, "1", 2);
        var tool = Verify(shown, other.ReceiptOf(other.Records[^1], 6, true));
        Assert.Equal(1, tool.ExitCode);
        Assert.Contains("had another root", tool.Output, StringComparison.Ordinal);
        Assert.NotEqual(BallotLog.Leaf(record), BallotLog.Leaf(other.Records[^1]));
    }

    [Fact]
    public void several_receipts_are_held_against_one_export()
    {
        var election = AVote();
        var files = election.Records.Select(record => Save(election.ReceiptOf(record, 14, true))).ToList();
        var tool = election.Export().Verify([.. files.SelectMany(file => new[] { "--receipt", file })]);
        files.ForEach(File.Delete);
        Assert.Equal(0, tool.ExitCode);
        Assert.Matches("receipts +3", tool.Output);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("{\"logIndex\":1,\"treeHead\":null}")]
    [InlineData("no json")]
    public void what_is_no_receipt_is_refused(string text)
    {
        var file = Save(text);
        AVote().Export().Verify("--receipt", file).Refusal();
        File.Delete(file);
    }

    private static string[] Codes(Election election, string receipt)
    {
        var file = Save(receipt);
        try
        {
            return election.Export().Codes("--receipt", file);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static Tool Verify(Election election, string receipt)
    {
        var file = Save(receipt);
        try
        {
            return election.Export().Verify("--receipt", file);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static string Save(string text)
    {
        var file = Path.GetTempFileName();
        File.WriteAllText(file, text);
        return file;
    }

    private static Election AVote() => new Election().Others(3).Cast(0, "1").Cast(1, "2").Cast(0, "2", 2).Others(8);
}
