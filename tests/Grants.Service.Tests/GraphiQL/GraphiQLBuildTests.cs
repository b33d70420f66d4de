using Grants.Service.Api.GraphiQL;
using Grants.Service.Hosting.Embedded;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Grants.Service.Tests.GraphiQL;

public sealed class GraphiQLBuildTests : IDisposable
{
    private readonly string home = Directory.CreateTempSubdirectory("grants-graphiql-").FullName;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        Directory.Delete(home, recursive: true);
        File.Delete(LocalPackages.TurnFile(home));
    }

    [Fact]
    public async Task it_is_built_once_and_again_when_a_source_has_changed()
    {
        await WriteAsync("main.jsx", "one");
        Assert.Equal("one", await PageAsync());
        Assert.Equal("one", await PageAsync());
        Assert.Equal(["ci", "run"], await RunsAsync());

        await WriteAsync("main.jsx", "two");
        Assert.Equal("two", await PageAsync());
        Assert.Equal(["ci", "run", "ci", "run"], await RunsAsync());
    }

    [Fact]
    public async Task a_build_that_fails_says_why_and_is_tried_again()
    {
        var build = New(await NpmAsync("echo 'no such module' >&2; exit 1"));
        var failed = await Assert.ThrowsAsync<PackagesMissingException>(build.FilesAsync);
        Assert.Contains("failed with code 1", failed.Message, StringComparison.Ordinal);
        Assert.Contains("no such module", failed.Message, StringComparison.Ordinal);

        await WriteAsync("main.jsx", "mended");
        await NpmAsync(Building);
        // Who asked while it failed has the failure; the next one has a new try.
        await Assert.ThrowsAsync<PackagesMissingException>(build.FilesAsync);
        Assert.True((await build.FilesAsync()).GetFileInfo("index.html").Exists);
    }

    [Fact]
    public async Task a_missing_npm_is_told_with_what_to_do()
    {
        var missing = await Assert.ThrowsAsync<PackagesMissingException>(New("npm-that-nobody-installed").FilesAsync);
        Assert.Contains("Node.js 20", missing.Message, StringComparison.Ordinal);
    }

    private const string Building =
        "echo $1 >> bin/runs; [ $1 = ci ] || { mkdir -p dist; cp main.jsx dist/index.html; }";

    private GraphiQLBuild New(string npm) => new(home, NullLogger.Instance, Cancellation, npm);

    private async Task<string> PageAsync()
    {
        // A service that has been started anew.
        var files = await New(await NpmAsync(Building)).FilesAsync();
        return await File.ReadAllTextAsync(files.GetFileInfo("index.html").PhysicalPath!, Cancellation);
    }

    private Task<string[]> RunsAsync() => File.ReadAllLinesAsync(Path.Combine(home, "bin", "runs"), Cancellation);

    // Its own folder holds what is built from and nothing else.
    private async Task<string> NpmAsync(string script)
    {
        var folder = Directory.CreateDirectory(Path.Combine(home, "bin"));
        var npm = Path.Combine(folder.FullName, "npm");
        await File.WriteAllTextAsync(npm, $"#!/bin/sh\n{script}\n", Cancellation);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(npm, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return npm;
    }

    private Task WriteAsync(string name, string text) => File.WriteAllTextAsync(Path.Combine(home, name), text, Cancellation);
}
