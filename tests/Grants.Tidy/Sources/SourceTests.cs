using Xunit;

namespace Grants.Tidy.Sources;

public sealed class SourceTests
{
    private static readonly string[] Code = [".cs", ".sol", ".mjs", ".js", ".sh", ".sql"];
    private static readonly string[] NotOurWords = ["LICENSE", "NOTICE"];

    [Fact]
    public void lines_are_short() => Each(IsCode, SourceRules.LongLines);

    [Fact]
    public void files_are_short() => Each(IsCode, SourceRules.LongFile);

    [Fact]
    public void methods_are_short() => Each(IsCSharp, SourceRules.LongMethods);

    [Fact]
    public void folders_hold_few_files() => Findings.None(SourceRules.FullFolders(Repository.Sources));

    [Fact]
    public void names_say_what_a_thing_is_for() => Each(IsCSharp, SourceRules.BannedNames);

    [Fact]
    public void a_namespace_is_the_folder() => Each(IsCSharp, SourceRules.WrongNamespace);

    [Fact]
    public void nothing_is_left_undone_and_nothing_outside_the_repository_is_named() =>
        Each(file => !NotOurWords.Contains(Path.GetFileName(file)), SourceRules.BannedText);

    private static bool IsCSharp(string file) => file.EndsWith(".cs", StringComparison.Ordinal);

    private static bool IsCode(string file) => Code.Contains(Path.GetExtension(file));

    private static void Each(Func<string, bool> files, Func<string, string, IEnumerable<string>> rule)
    {
        var chosen = Repository.Files.Where(files).ToList();
        Assert.NotEmpty(chosen);
        Findings.None(chosen.SelectMany(file => Repository.Text(file) is { } text ? rule(file, text) : []));
    }
}
