using System.Diagnostics;
using Grants.Tidy.Deployment;

namespace Grants.Tidy;

/// <summary>The files of this repository, tracked or about to be. Paths are relative to its root, with slashes.</summary>
internal static class Repository
{
    private static readonly string[] NotOurs = [".git", "node_modules", "artifacts", "bin", "obj"];
    private static readonly Lazy<IReadOnlyList<string>> Listed = new(List);

    public static IReadOnlyList<string> Files => Listed.Value;

    /// <summary>The C# sources of the product and of the tests.</summary>
    public static IEnumerable<string> Sources => Files.Where(file => file.EndsWith(".cs", StringComparison.Ordinal));

    public static string Absolute(string file) => Path.Combine(Checkout.Root, file);

    /// <summary>The text of a file, or null when it holds bytes that are no text.</summary>
    public static string? Text(string file)
    {
        var text = File.ReadAllText(Absolute(file));
        return text.Contains('\0', StringComparison.Ordinal) ? null : text;
    }

    private static List<string> List()
    {
        var files = Git() ?? Walk(Checkout.Root);
        return [.. files.Where(file => File.Exists(Absolute(file))).Distinct().Order(StringComparer.Ordinal)];
    }

    private static string[]? Git()
    {
        try
        {
            string[] arguments = ["-C", Checkout.Root, "ls-files", "-z", "--cached", "--others", "--exclude-standard"];
            var start = new ProcessStartInfo("git", arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
            using var git = Process.Start(start)!;
            git.ErrorDataReceived += static (_, _) => { };
            git.BeginErrorReadLine();
            var output = git.StandardOutput.ReadToEnd();
            git.WaitForExit();
            return git.ExitCode == 0 ? output.Split('\0', StringSplitOptions.RemoveEmptyEntries) : null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }

    internal static IEnumerable<string> Walk(string folder)
    {
        foreach (var entry in new DirectoryInfo(folder).EnumerateFileSystemInfos())
        {
            if (entry is FileInfo)
                yield return Path.GetRelativePath(Checkout.Root, entry.FullName);
            else if (!NotOurs.Contains(entry.Name))
            {
                foreach (var file in Walk(entry.FullName))
                    yield return file;
            }
        }
    }
}
