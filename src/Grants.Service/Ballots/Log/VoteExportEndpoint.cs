using Grants.Primitives;

namespace Grants.Service.Ballots.Log;

/// <summary>
/// GET votes/{voteId}/export.ndjson of a space: a closed vote, to be checked by <c>grants verify</c> or any other program.
/// </summary>
public static class VoteExportEndpoint
{
    // Each reads a whole vote.
    private const int AtOnce = 2;

    private const int BufferBytes = 65_536;

    public static void MapVoteExport(this WebApplication app)
    {
        var running = new SemaphoreSlim(AtOnce);
        foreach (var prefix in SpaceRoutes.Prefixes)
            app.MapGet(prefix + "/votes/{voteId}/export.ndjson", (string voteId, HttpContext http) => RunAsync(voteId, http, running));
    }

    private static async Task RunAsync(string voteId, HttpContext http, SemaphoreSlim running)
    {
        var cancellation = http.RequestAborted;
        if (http.Space() is not { } space)
        {
            await RefuseAsync(http, StatusCodes.Status404NotFound, "There is no such space.");
            return;
        }

        if (!Hash32.TryParse(voteId, out var vote))
        {
            await RefuseAsync(http, StatusCodes.Status400BadRequest, "A vote's id is 0x and 64 hexadecimal digits.");
            return;
        }

        var certified = await http.RequestServices.GetRequiredService<VoteCertificates>().FindAsync(space.Id, vote, cancellation);
        if (certified is null)
        {
            await RefuseAsync(http, StatusCodes.Status404NotFound, "There is no such vote, or it has no certified result yet.");
            return;
        }

        if (!await running.WaitAsync(TimeSpan.Zero, cancellation))
        {
            http.Response.Headers.RetryAfter = "10";
            await RefuseAsync(http, StatusCodes.Status503ServiceUnavailable, "Other votes are being exported; come again in 10 s.");
            return;
        }

        try
        {
            http.Response.ContentType = "application/x-ndjson";
            http.Response.Headers.ContentDisposition = $"attachment; filename=vote-{vote}.ndjson";
            await using var body = new BufferedStream(http.Response.Body, BufferBytes);
            await http.RequestServices.GetRequiredService<VoteExport>().WriteAsync(certified, body, cancellation);
        }
        finally
        {
            running.Release();
        }
    }

    private static Task RefuseAsync(HttpContext http, int status, string detail) =>
        Results.Problem(detail, statusCode: status).ExecuteAsync(http);
}
