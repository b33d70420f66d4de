using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Grants.Domain.Programs;
using Grants.Ethereum.JsonRpc;
using Grants.Service.Access;
using Grants.Service.Disbursements.Signing;
using Marten;
using Microsoft.Extensions.Options;

namespace Grants.Service.Reports;

/// <summary>
/// What leaves the service as files, of a space and for anybody: GET programs/{programId}/ with proposals and awards as csv, ndjson and
/// parquet, payouts.csv (with <c>until</c>, seconds since 1970), calendar.ics, feed.atom and applications.json, and grant-pools.json of
/// the whole space (DAOIP-5).
/// </summary>
public static class ReportsEndpoints
{
    // Each reads a whole program.
    private const int AtOnce = 4;

    // The last second of the year 9999.
    private const long LatestInstant = 253_402_300_799;

    private static readonly JsonSerializerOptions Json = new()
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        WriteIndented = true,
    };

    private delegate Task Writing(ProgramRecords records, DaoAddresses addresses, HttpContext http, IQuerySession session);

    public static void MapReports(this WebApplication app)
    {
        var running = new SemaphoreSlim(AtOnce);
        foreach (var prefix in SpaceRoutes.Prefixes)
        {
            MapSheet("proposals", ProgramSheets.Proposals);
            MapSheet("awards", ProgramSheets.Awards);
            Map("payouts.csv", "text/csv; charset=utf-8", WritePayoutsAsync);
            Map("feed.atom", "application/atom+xml; charset=utf-8", (records, addresses, http, _) =>
                ProgramFeed.WriteAsync(records, addresses, http.Response.Body, http.RequestAborted));
            Map("calendar.ics", "text/calendar; charset=utf-8", (records, addresses, http, _) =>
                http.Response.WriteAsync(ProgramCalendar.Write(records, addresses.Space.Id), http.RequestAborted));
            Map("applications.json", "application/json; charset=utf-8", (records, addresses, http, _) =>
                WriteAsync(DaoExport.Applications(records, addresses), http));
            app.MapGet(
                prefix + "/grant-pools.json",
                (HttpContext http) => BoundedAsync(http, running, (session, addresses) => PoolsAsync(session, addresses, http)));

            void MapSheet(string name, Func<ProgramRecords, Sheet> sheet)
            {
                Map($"{name}.csv", "text/csv; charset=utf-8", (records, _, http, _) =>
                    sheet(records).WriteCsvAsync(http.Response.Body, http.RequestAborted));
                Map($"{name}.ndjson", "application/x-ndjson; charset=utf-8", (records, _, http, _) =>
                    sheet(records).WriteNdjsonAsync(http.Response.Body, http.RequestAborted));
                Map($"{name}.parquet", "application/vnd.apache.parquet", (records, _, http, _) =>
                    sheet(records).WriteParquetAsync(http.Response.Body, http.RequestAborted));
            }

            void Map(string file, string type, Writing write) => app.MapGet(
                $"{prefix}/programs/{{programId}}/{file}",
                (string programId, HttpContext http) => BoundedAsync(
                    http, running, (session, addresses) => ProgramAsync(programId, file, type, write, session, addresses, http)));
        }
    }

    private static async Task BoundedAsync(
        HttpContext http, SemaphoreSlim running, Func<IQuerySession, DaoAddresses, Task> answer)
    {
        if (http.Space() is not { } space)
        {
            await RefuseAsync(http, StatusCodes.Status404NotFound, "There is no such space.");
            return;
        }

        if (!await running.WaitAsync(TimeSpan.Zero, http.RequestAborted))
        {
            http.Response.Headers.RetryAfter = "2";
            await RefuseAsync(http, StatusCodes.Status503ServiceUnavailable, "Other reports are being written; come again in 2 s.");
            return;
        }

        try
        {
            await using var scope = http.RequestServices.GetRequiredService<IServiceScopeFactory>().CreateSpaceScope(space.Id);
            var origin = http.RequestServices.GetRequiredService<IOptions<AccessOptions>>().Value.Uri;
            await answer(scope.ServiceProvider.GetRequiredService<IQuerySession>(), new DaoAddresses(space, new Uri(origin)));
        }
        finally
        {
            running.Release();
        }
    }

    private static async Task ProgramAsync(
        string programId, string file, string type, Writing write, IQuerySession session, DaoAddresses addresses, HttpContext http)
    {
        if (await ProgramRecords.ReadAsync(session, programId, http.RequestAborted) is not { } records)
        {
            await RefuseAsync(http, StatusCodes.Status404NotFound, "There is no such program.");
            return;
        }

        http.Response.ContentType = type;
        http.Response.Headers.ContentDisposition = $"attachment; filename={records.Program.Id}-{file}";
        await write(records, addresses, http, session);
    }

    private static async Task WritePayoutsAsync(ProgramRecords records, DaoAddresses addresses, HttpContext http, IQuerySession session)
    {
        var text = http.Request.Query["until"].ToString();
        var isTime = long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var until) && until <= LatestInstant;
        if (text.Length > 0 && !isTime)
        {
            await RefuseAsync(http, StatusCodes.Status400BadRequest, "until is a time in seconds since 1970.");
            return;
        }

        var services = http.RequestServices;
        var preview = await PayoutPreview.ReadAsync(
            session,
            services.GetRequiredService<EthereumRpc>(),
            services.GetRequiredService<OperatorAccount>().Payer,
            records,
            isTime ? until : null,
            http.RequestAborted);
        await ProgramSheets.Payouts(preview).WriteCsvAsync(http.Response.Body, http.RequestAborted);
    }

    private static async Task PoolsAsync(IQuerySession session, DaoAddresses addresses, HttpContext http)
    {
        var programs = await session.Query<FundingProgram>().OrderBy(program => program.Id)
            .ToListAsync(http.RequestAborted);
        var at = http.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow();
        http.Response.ContentType = "application/json; charset=utf-8";
        await WriteAsync(DaoExport.Pools(programs, addresses, at), http);
    }

    private static Task WriteAsync(JsonObject document, HttpContext http) =>
        http.Response.WriteAsync(document.ToJsonString(Json), http.RequestAborted);

    private static Task RefuseAsync(HttpContext http, int status, string detail) =>
        Results.Problem(detail, statusCode: status).ExecuteAsync(http);
}
