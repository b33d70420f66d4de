using Xunit;

namespace Grants.Tidy.Sources;

public sealed class SourceRulesTests
{
    private const string File = "src/Grants.Domain/Awards/Award.cs";

    [Theory]
    [InlineData(140, 0)]
    [InlineData(141, 1)]
    public void a_line_over_the_limit_is_found(int length, int findings) =>
        Assert.Equal(findings, SourceRules.LongLines(File, $"short\n{new string('x', length)}\r\nshort").Count());

    [Fact]
    public void a_long_line_is_told_with_its_number() =>
        Assert.StartsWith(
            $"{File}:2 has 150 characters", SourceRules.LongLines(File, $"\n{new string('x', 150)}").Single(), StringComparison.Ordinal);

    [Theory]
    [InlineData(400, 0)]
    [InlineData(401, 1)]
    public void a_file_over_the_limit_is_found(int lines, int findings) =>
        Assert.Equal(findings, SourceRules.LongFile(File, string.Concat(Enumerable.Repeat("x\n", lines))).Count());

    [Theory]
    [InlineData(14, 0)]
    [InlineData(15, 1)]
    public void a_folder_over_the_limit_is_found(int files, int findings) => Assert.Equal(
        findings, SourceRules.FullFolders([.. Enumerable.Range(0, files).Select(i => $"src/A/{i}.cs"), "src/A/B/deeper.cs"]).Count());

    [Theory]
    [InlineData(58, 0)]
    [InlineData(59, 1)]
    public void a_method_over_the_limit_is_found(int statements, int findings)
    {
        var body = string.Concat(Enumerable.Repeat("        Do();\n", statements - 1));
        var source = $"namespace A;\n\nclass B\n{{\n    void Long()\n    {{\n{body}    }}\n\n    void Short() {{ }}\n}}\n";
        Assert.Equal(findings, SourceRules.LongMethods(File, source).Count());
    }

    [Theory]
    [InlineData("TO" + "DO: later")]
    [InlineData("FIX" + "ME")]
    [InlineData("throw new NotImplemented" + "Exception();")]
    [InlineData("see ../sha" + "red/design")]
    [InlineData("cd /wo" + "rk/main")]
    [InlineData("\"/ho" + "me/somebody/grants\"")]
    [InlineData("/tmp/pl" + "an")]
    [InlineData("\"resolved\": \"https://registry.np" + "mjs.org/x\"")]
    [InlineData("https://api.nu" + "get.org/v3/index.json")]
    public void a_banned_text_is_found_with_its_line(string text) =>
        Assert.StartsWith($"{File}:2 says ", SourceRules.BannedText(File, $"fine\n{text}\n").Single(), StringComparison.Ordinal);

    [Theory]
    [InlineData("a mastodon is no to-do")]
    [InlineData("the network/path and ./work/path and $HOME/work/path")]
    [InlineData("/tmp is where sockets go")]
    public void a_text_that_only_looks_like_a_banned_one_is_left_alone(string text) => Assert.Empty(SourceRules.BannedText(File, text));

    [Theory]
    [InlineData("src/Grants.Domain/Common/Award.cs", "class Award;")]
    [InlineData("src/Grants.Domain/Awards/AwardUtils.cs", "class Award;")]
    [InlineData(File, "static class AwardHelper { }")]
    [InlineData(File, "record struct SharedAward(int X);")]
    [InlineData(File, "interface IAwardManager { }")]
    public void a_name_that_says_nothing_is_found(string file, string text) => Assert.Single(SourceRules.BannedNames(file, text));

    [Theory]
    [InlineData("class Communal; record Shareholder; enum Utility { }")]
    [InlineData("// class AwardHelper\nclass Award { string managers = \"record SharedX\"; }")]
    public void a_name_that_says_something_is_left_alone(string text) => Assert.Empty(SourceRules.BannedNames(File, text));

    [Theory]
    [InlineData("namespace Grants.Domain;\nclass Award;")]
    [InlineData("namespace Grants.Domain.Awards.Deep { class Award; }")]
    [InlineData("class Award;")]
    public void a_namespace_beside_its_folder_is_found(string text) =>
        Assert.Contains("namespace Grants.Domain.Awards;", SourceRules.WrongNamespace(File, text).Single(), StringComparison.Ordinal);

    [Theory]
    [InlineData("Grants.Ethereum.Tests", 0)]
    [InlineData("Grants.Ethereum.Tests.Abi", 0)]
    [InlineData("Grants.Ethereum.Tests.Rlp", 1)]
    [InlineData("Grants.Ethereum", 1)]
    public void tests_may_stay_in_the_namespace_of_their_project(string space, int findings) => Assert.Equal(
        findings, SourceRules.WrongNamespace("tests/Grants.Ethereum.Tests/Abi/AbiTests.cs", $"namespace {space};\nclass A;").Count());

    [Theory]
    [InlineData("using System;\nnamespace Grants.Domain.Awards;\nclass Award;")]
    [InlineData("[assembly: Something]")]
    [InlineData("Run();\npublic partial class Program;")]
    public void a_namespace_that_is_its_folder_is_left_alone(string text) => Assert.Empty(SourceRules.WrongNamespace(File, text));
}
