using System.Text.Json;

namespace Grants.Service.Hosting.Embedded;

/// <summary>The programs of a restored PostgreSQL package, made ready to run.</summary>
internal sealed record PostgresBinaries(string Initdb, string Postgres)
{
    private const UnixFileMode Executable = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <summary>
    /// Makes the links to the versioned libraries and the execute bits, which the package leaves to an install script.
    /// Without the links initdb and postgres load libraries of the system or none. Done again, it changes nothing.
    /// </summary>
    public static PostgresBinaries Prepare(string package)
    {
        using var links = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(package, "native", "pg-symlinks.json")));
        foreach (var link in links.RootElement.EnumerateArray())
        {
            var target = Path.Combine(package, link.GetProperty("source").GetString()!);
            var path = Path.Combine(package, link.GetProperty("target").GetString()!);
            Link(path, Path.GetRelativePath(Path.GetDirectoryName(path)!, target));
        }

        var bin = Path.Combine(package, "native", "bin");
        foreach (var program in new[] { "initdb", "pg_ctl", "postgres" })
            MakeExecutable(Path.Combine(bin, program));
        return new PostgresBinaries(Path.Combine(bin, "initdb"), Path.Combine(bin, "postgres"));
    }

    internal static void MakeExecutable(string program)
    {
        if (OperatingSystem.IsWindows())
            return;
        var mode = File.GetUnixFileMode(program);
        if ((mode & Executable) != Executable)
            File.SetUnixFileMode(program, mode | Executable);
    }

    private static void Link(string path, string target)
    {
        var file = new FileInfo(path);
        if (file.LinkTarget == target)
            return;
        try
        {
            file.Delete();
            File.CreateSymbolicLink(path, target);
        }
        catch (IOException) when (new FileInfo(path).LinkTarget == target)
        {
            // Another process made the same link in between.
        }
    }
}
