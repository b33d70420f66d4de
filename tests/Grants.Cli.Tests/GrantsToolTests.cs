using Xunit;

namespace Grants.Cli.Tests;

public sealed class GrantsToolTests
{
    [Fact]
    public void help_names_every_verb_and_what_it_takes()
    {
        var help = Tool.Run("--help");
        Assert.Equal((0, ""), (help.ExitCode, help.Error));
        string[] usages =
        [
            "typed-data <FILE.json>", "recover <DIGEST> <SIGNATURE>", "decode-tx <RAW>", "vesting <FILE.json>", "tally <FILE.json>",
            "exit code 2",
        ];
        foreach (var usage in usages)
            Assert.Contains(usage, Words(help.Output), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("typed-data", "eth_signTypedData_v4")]
    [InlineData("recover", "0, 1, 27 or 28")]
    [InlineData("decode-tx", "in wei")]
    [InlineData("vesting", "FROM_CLIFF")]
    [InlineData("verify", "Exit code 0 where everything holds")]
    [InlineData("tally", "the highest \"nonce\" counts; where none has one, the last in the file")]
    public void help_of_a_verb_says_what_it_reads(string verb, string expected)
    {
        var help = Tool.Run(verb, "--help");
        Assert.Equal((0, ""), (help.ExitCode, help.Error));
        Assert.Contains(expected, Words(help.Output), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData]
    [InlineData("unknown")]
    [InlineData("recover")]
    [InlineData("recover", "0x00")]
    [InlineData("recover", "0x00", "0x00", "0x00")]
    [InlineData("decode-tx")]
    [InlineData("typed-data")]
    [InlineData("typed-data", "--unknown", "x")]
    [InlineData("decode-tx", "0x02", "--unknown")]
    [InlineData("vesting")]
    [InlineData("tally")]
    public void a_wrong_call_is_refused_in_one_line(params string[] arguments) => Tool.Run(arguments).Refusal();

    [Fact]
    public async Task a_process_answers_as_the_library_does()
    {
        var vector = Tool.Cases("typed-data.json")[0];
        string[] good = ["recover", vector.GetProperty("digest").GetString()!, vector.GetProperty("signature").GetString()!];
        Assert.Equal(Tool.Run(good), await Tool.RunProcessAsync(good));
        string[] bad = ["recover", "0x00", "0x00"];
        Assert.Equal(Tool.Run(bad), await Tool.RunProcessAsync(bad));
        (await Tool.RunProcessAsync("unknown")).Refusal();
    }

    private static string Words(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
