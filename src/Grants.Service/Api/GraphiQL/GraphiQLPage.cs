using System.Net;
using Grants.Service.Hosting.Embedded;
using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Extensions.FileProviders;

namespace Grants.Service.Api.GraphiQL;

/// <summary>GraphiQL in development: no third party is asked for anything, by the build of it or by the page.</summary>
internal static class GraphiQLPage
{
    /// <summary>Where the page may load from and speak to: here alone. Its editor writes styles into the page.</summary>
    private const string Policy = "default-src 'none'; script-src 'self'; worker-src 'self'; style-src 'self' 'unsafe-inline'; "
        + "font-src 'self' data:; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    /// <summary>What is built already is there within it.</summary>
    private const int WaitMilliseconds = 1_000;

    private static readonly FileExtensionContentTypeProvider Types = new();

    public static void MapGraphiQL(this WebApplication app)
    {
        var build = new Lazy<GraphiQLBuild>(() => new GraphiQLBuild(
            Path.Combine(Path.GetDirectoryName(LocalFolder.Find())!, "graphiql"), app.Logger, app.Lifetime.ApplicationStopping));
        app.MapGet("/graphiql", (HttpResponse response) => PageAsync(build, response));
        app.MapGet("/graphiql/{**file}", (string file) => FileOf(build, file));
    }

    private static async Task<IResult> PageAsync(Lazy<GraphiQLBuild> build, HttpResponse response)
    {
        response.Headers.ContentSecurityPolicy = Policy;
        response.Headers.CacheControl = "no-cache";
        try
        {
            var files = build.Value.FilesAsync();
            await Task.WhenAny(files, Task.Delay(WaitMilliseconds));
            return files.IsCompleted
                ? Answer(await files, "index.html")
                : Told("GraphiQL is being built. This happens once and takes some seconds; the page comes by itself.", refresh: true);
        }
        catch (PackagesMissingException missing)
        {
            return Told($"{missing.Message}\n\nLoad this page again to try again.", refresh: false);
        }
    }

    private static async Task<IResult> FileOf(Lazy<GraphiQLBuild> build, string file) =>
        build.IsValueCreated && build.Value.FilesAsync() is { IsCompletedSuccessfully: true } files
            ? Answer(await files, file)
            : Results.NotFound();

    private static IResult Answer(IFileProvider files, string name) =>
        files.GetFileInfo(name) is { Exists: true, IsDirectory: false, PhysicalPath: { } path }
        && Types.TryGetContentType(name, out var type)
            ? Results.File(path, type)
            : Results.NotFound();

    private static IResult Told(string what, bool refresh) => Results.Text(
        $"""
        <!doctype html>
        <html lang="en">
        <head><meta charset="utf-8"><title>Grants: GraphiQL</title>{(refresh ? "<meta http-equiv=\"refresh\" content=\"2\">" : "")}</head>
        <body><pre>{WebUtility.HtmlEncode(what)}</pre></body></html>
        """,
        "text/html; charset=utf-8",
        statusCode: StatusCodes.Status503ServiceUnavailable);
}
