using System.Text.RegularExpressions;

namespace Grants.Tidy.Sources;

/// <summary>The limits and names of the house. Each rule takes a path and a text, and answers what is against it.</summary>
internal static partial class SourceRules
{
    public const int LongestLine = 140;
    public const int LongestMethod = 60;
    public const int LongestFile = 400;
    public const int FullestFolder = 14;

    // In parts, so that this file does not hold what it looks for.
    private static readonly (string Pattern, string Advice)[] BannedTexts =
    [
        (@"\bTO" + @"DO\b", "do it, or leave it out"),
        (@"\bFIX" + @"ME\b", "fix it"),
        (@"\bNotImplemented" + @"Exception\b", "implement it, or leave it out"),
        (@"\.\./sha" + @"red\b", "name nothing outside this repository"),
        (@"(?<![\w.$}~-])/(wo" + @"rk|ho" + @"me|Us" + @"ers)/", "write a path relative to the repository"),
        (@"/tmp/pl" + @"an\b", "write a path relative to the repository"),
        (@"registry\.np" + @"mjs\.org|registry\.ya" + @"rnpkg\.com|api\.nu" + @"get\.org", "leave the registry to the user's settings"),
    ];

    private static readonly HashSet<string> BannedWords = new(StringComparer.OrdinalIgnoreCase)
    {
        "Common", "Helper", "Helpers", "Manager", "Managers", "Shared", "Util", "Utils", "Utilities",
    };

    public static IEnumerable<string> LongLines(string file, string text) =>
        from line in text.Split('\n').Index()
        let length = line.Item.TrimEnd('\r').Length
        where length > LongestLine
        select $"{file}:{line.Index + 1} has {length} characters: break the line; {LongestLine} is the limit.";

    public static IEnumerable<string> LongFile(string file, string text)
    {
        var lines = text.TrimEnd('\n').Split('\n').Length;
        return lines > LongestFile ? [$"{file} has {lines} lines: split it by what it is about; {LongestFile} is the limit."] : [];
    }

    public static IEnumerable<string> LongMethods(string file, string text) =>
        from method in Method.In(text)
        where method.Lines > LongestMethod
        select $"{file}:{method.FirstLine} {method.Name} has {method.Lines} lines: "
            + $"give its steps names of their own; {LongestMethod} is the limit.";

    public static IEnumerable<string> FullFolders(IEnumerable<string> files) =>
        from file in files
        group file by Folder(file) into folder
        where folder.Count() > FullestFolder
        select $"{folder.Key} holds {folder.Count()} C# files: make a folder of those that belong together; {FullestFolder} is the limit.";

    public static IEnumerable<string> BannedText(string file, string text) =>
        from rule in BannedTexts
        from Match match in Regex.Matches(text, rule.Pattern)
        select $"{file}:{text.AsSpan(0, match.Index).Count('\n') + 1} says {match.Value}: {rule.Advice}.";

    public static IEnumerable<string> BannedNames(string file, string text)
    {
        var names = file.Split('/', '.').Concat(TypeName().Matches(CSharpText.Blank(text)).Select(match => match.Groups["name"].Value));
        return
            from name in names.Distinct()
            from Match word in Word().Matches(name)
            where BannedWords.Contains(word.Value)
            select $"{file}: the name {name} says {word.Value}, which says nothing: name what it is for.";
    }

    /// <summary>
    /// The namespace is the folder. Tests may also stay in the namespace of their project: one of their own with the name of
    /// the namespace under test would hide it.
    /// </summary>
    /// <param name="file">Below <c>src</c> or <c>tests</c>, where the second part is the project.</param>
    /// <param name="text">The source.</param>
    public static IEnumerable<string> WrongNamespace(string file, string text)
    {
        var expected = Folder(file)[(file.IndexOf('/', StringComparison.Ordinal) + 1)..].Replace('/', '.');
        var blank = CSharpText.Blank(text);
        var spaces = Namespace().Matches(blank).Select(match => match.Groups["name"].Value).ToList();
        if (spaces.Count == 0 && TypeName().Matches(blank).Any(type => type.Groups["name"].Value != "Program"))
            return [$"{file} declares types outside a namespace: write namespace {expected};"];
        var project = file.StartsWith("tests/", StringComparison.Ordinal) ? file.Split('/')[1] : expected;
        return spaces.Where(space => space != expected && space != project).Select(
            space => $"{file} is of the namespace {space}: write namespace {expected}; or move the file.");
    }

    private static string Folder(string file) => file.LastIndexOf('/') is var slash and > 0 ? file[..slash] : "";

    [GeneratedRegex(@"\b(?:class|struct|interface|enum|record(?:\s+(?:class|struct))?)\s+(?<name>[A-Z]\w*)")]
    private static partial Regex TypeName();

    [GeneratedRegex(@"^\s*namespace\s+(?<name>[\w.]+)", RegexOptions.Multiline)]
    private static partial Regex Namespace();

    [GeneratedRegex(@"[A-Z]?[a-z0-9]+|[A-Z]+(?![a-z])")]
    private static partial Regex Word();
}
