using System.Xml.Linq;

namespace Grants.Tidy.Dependencies;

/// <summary>What a project of the product builds on.</summary>
internal sealed record ProjectFile(string Name, IReadOnlyList<string> Projects, IReadOnlyList<string> Packages)
{
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Grants.Primitives"] = [],
        ["Grants.Domain"] = ["Grants.Primitives"],
        ["Grants.Ethereum"] = ["Grants.Primitives"],
        ["Grants.Service"] = ["Grants.Primitives", "Grants.Domain", "Grants.Ethereum"],
        ["Grants.Cli"] = ["Grants.Primitives", "Grants.Domain", "Grants.Ethereum"],
    };

    /// <summary>Packages that only the build sees, such as analyzers, do not count.</summary>
    public static ProjectFile Parse(string path, string text)
    {
        var project = XElement.Parse(text);
        return new ProjectFile(
            Path.GetFileNameWithoutExtension(path),
            [.. Includes("ProjectReference").Select(include => Path.GetFileNameWithoutExtension(include.Replace('\\', '/')))],
            [.. Includes("PackageReference")]);

        IEnumerable<string> Includes(string element) =>
            from item in project.Descendants(element)
            where (string?)item.Attribute("PrivateAssets") != "all"
            select (string)item.Attribute("Include")!;
    }

    public IEnumerable<string> Findings()
    {
        if (!Allowed.TryGetValue(Name, out var allowed))
        {
            yield return $"{Name} is a project that the direction of references does not know: say in ProjectFile what it may use.";
            yield break;
        }

        foreach (var project in Projects.Except(allowed))
        {
            var others = allowed.Length == 0 ? "nothing" : string.Join(", ", allowed);
            yield return $"{Name} references {project}, but may only reference {others}: pass what it needs as an argument, or move the "
                + "code to where both are known.";
        }

        foreach (var package in Name == "Grants.Domain" ? Packages : [])
            yield return $"{Name} references the package {package}: the core has none; do this in the shell.";
    }
}
