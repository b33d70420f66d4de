using System.Collections.ObjectModel;
using System.Text;
using Xunit;

namespace Grants.Tidy;

/// <summary>
/// Texts that a person has read and accepted: they are files of the repository, and a change of them is a diff to review.
/// With <c>APPROVE=1</c> the files take on what they are compared with.
/// </summary>
public static class Approved
{
    private const string HowTo = "If the change is meant, run ops/approve and review the diff.";

    private static bool Accepting => Environment.GetEnvironmentVariable("APPROVE") == "1";

    /// <summary>Fails unless the file holds the text. Line ends and empty lines at the end do not count.</summary>
    /// <param name="path">Relative to the root of the repository.</param>
    /// <param name="actual">What the file should hold.</param>
    public static void Matches(string path, string actual)
    {
        if (Accepting)
            Accept(Repository.Absolute(path), actual);
        else if (Difference(path, Read(Repository.Absolute(path)), actual) is { } difference)
            Assert.Fail(difference);
    }

    /// <summary>Fails unless the folder holds these files with these texts, and no other file with the extension.</summary>
    /// <param name="folder">Relative to the root of the repository.</param>
    /// <param name="extension">With its dot; files with another one are left alone.</param>
    /// <param name="actual">The texts by file name.</param>
    public static void FolderMatches(string folder, string extension, IReadOnlyDictionary<string, string> actual)
    {
        var there = Directory.Exists(Repository.Absolute(folder))
            ? Directory.EnumerateFiles(Repository.Absolute(folder), $"*{extension}").Select(file => Path.GetFileName(file)!).ToList()
            : [];
        var unknown = there.Where(name => !actual.ContainsKey(name)).Order(StringComparer.Ordinal).ToList();
        if (Accepting)
            unknown.ForEach(name => File.Delete(Path.Combine(Repository.Absolute(folder), name)));
        else if (unknown.Count > 0)
            Assert.Fail($"{folder} holds {string.Join(", ", unknown)}, which nothing stands behind any more. {HowTo}");
        foreach (var (name, text) in actual.OrderBy(file => file.Key, StringComparer.Ordinal))
            Matches($"{folder}/{name}", text);
    }

    /// <summary>
    /// What is about to be accepted in place of another text: the other one is kept as <c>name.1.json</c> and so on, because stores hold
    /// what it shows. Does nothing unless texts are accepted.
    /// </summary>
    public static void KeepEarlier(string folder, string kept, IReadOnlyDictionary<string, string> actual)
    {
        foreach (var (name, text) in Accepting ? actual : ReadOnlyDictionary<string, string>.Empty)
        {
            if (Read(Repository.Absolute($"{folder}/{name}")) is not { } before || Difference(name, before, text) is null)
                continue;
            var number = Enumerable.Range(1, int.MaxValue).First(n => !File.Exists(Numbered(n)));
            if (number == 1 || Difference(name, Read(Numbered(number - 1)), before) is not null)
                Accept(Numbered(number), before);
            string Numbered(int n) => Repository.Absolute($"{kept}/{Path.ChangeExtension(name, $"{n}.json")}");
        }
    }

    /// <summary>A sentence on the first line that differs, or null when the texts are equal.</summary>
    internal static string? Difference(string path, string? approved, string actual)
    {
        if (approved is null)
            return $"{path} is missing. {HowTo}";
        var before = Lines(approved);
        var now = Lines(actual);
        for (var i = 0; i < Math.Max(before.Length, now.Length); i++)
        {
            var (was, isNow) = (before.ElementAtOrDefault(i), now.ElementAtOrDefault(i));
            if (was != isNow)
                return $"{path} differs at line {i + 1}:\n  approved: {was ?? "(end)"}\n  actual:   {isNow ?? "(end)"}\n{HowTo}";
        }

        return null;
    }

    private static string[] Lines(string text) => text.ReplaceLineEndings("\n").TrimEnd('\n').Split('\n');

    private static string? Read(string file) => File.Exists(file) ? File.ReadAllText(file) : null;

    private static void Accept(string file, string actual)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, string.Join('\n', Lines(actual)) + "\n", new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
    }
}
