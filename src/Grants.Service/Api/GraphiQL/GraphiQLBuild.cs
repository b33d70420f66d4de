using System.ComponentModel;
using System.Security.Cryptography;
using Grants.Service.Hosting.Embedded;
using Grants.Service.Hosting.Embedded.Processes;
using Microsoft.Extensions.FileProviders;

namespace Grants.Service.Api.GraphiQL;

/// <summary>
/// GraphiQL as it is built from <c>ops/graphiql</c>, by Vite and from npm packages of the lock file: once, when it is first asked for, and
/// again when what it is built from has changed. Whoever never opens it never waits for it.
/// </summary>
/// <param name="home">The folder with its package.json.</param>
/// <param name="npm">The program that restores and builds.</param>
internal sealed class GraphiQLBuild(string home, ILogger logger, CancellationToken stopping, string npm = "npm")
{
    private readonly Lock gate = new();
    private readonly string dist = Path.Combine(home, "dist");
    private Task<IFileProvider>? building;

    /// <summary>The built files; not completed while they are built, failed where that failed. Who asks after that tries again.</summary>
    /// <exception cref="PackagesMissingException">npm is not there, or could not restore or build.</exception>
    public Task<IFileProvider> FilesAsync()
    {
        lock (gate)
        {
            var current = building ??= Task.Run(EnsureAsync);
            if (current.IsFaulted || current.IsCanceled)
                building = null;
            return current;
        }
    }

    private async Task<IFileProvider> EnsureAsync()
    {
        using var turn = await LocalPackages.TakeTurnAsync(home, said => logger.LogInformation("GraphiQL: {Said}.", said), stopping);
        var (stamp, source) = (Path.Combine(dist, "built-from"), await SourceAsync());
        if (!File.Exists(stamp) || await File.ReadAllTextAsync(stamp, stopping) != source)
        {
            logger.LogInformation("GraphiQL is built in {Home}: once, for some seconds.", home);
            await RunAsync("ci", "--ignore-scripts", "--no-audit", "--no-fund");
            await RunAsync("run", "build");
            await File.WriteAllTextAsync(stamp, source, stopping);
        }

        return new PhysicalFileProvider(dist);
    }

    // Of all that it is built from: another lock file is another GraphiQL.
    private async Task<string> SourceAsync()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in Directory.GetFiles(home).Order(StringComparer.Ordinal))
            hash.AppendData(await File.ReadAllBytesAsync(file, stopping));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private async Task RunAsync(params string[] arguments)
    {
        var line = $"\"{npm} {string.Join(' ', arguments)}\" in {home}";
        try
        {
            var done = await Command.RunAsync([npm, .. arguments], home, stopping);
            if (!done.Succeeded)
                throw new PackagesMissingException($"{line} failed with code {done.ExitCode}. It said:\n{done.Tail}");
        }
        catch (Win32Exception missing)
        {
            throw new PackagesMissingException(
                $"GraphiQL is built with Node.js 20 or later and npm, and {npm} can't be started to run {line}. Install them.",
                missing);
        }
    }
}
