using System.Runtime.CompilerServices;

namespace Grants.Tidy.Deployment;

/// <summary>The files of this repository that are not code.</summary>
public static class Checkout
{
    public static string Root { get; } = RootOf();

    public static string Read(string path) => File.ReadAllText(Path.Combine(Root, path));

    private static string RootOf([CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", ".."));
}
