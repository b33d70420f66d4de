namespace Grants.Service.Hosting.Embedded;

/// <summary>Finds what lies in a checkout of this repository, from wherever in it the process was started.</summary>
public static class LocalFolder
{
    /// <summary>The folder <c>ops/local</c>, whose package.json names the embedded servers.</summary>
    /// <exception cref="PackagesMissingException">The process does not run inside a checkout.</exception>
    public static string Find() =>
        Find([Directory.GetCurrentDirectory(), AppContext.BaseDirectory]) ?? throw new PackagesMissingException(
            "Embedded servers need a checkout of the repository: no folder above the current directory or the program holds Grants.sln. "
            + "Start the service inside a checkout, or give it the connection string and the RPC address of servers of your own.");

    internal static string? Find(IEnumerable<string> starts)
    {
        foreach (var start in starts)
        {
            for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
            {
                if (File.Exists(Path.Combine(folder.FullName, "Grants.sln")))
                    return Path.Combine(folder.FullName, "ops", "local");
            }
        }

        return null;
    }
}
