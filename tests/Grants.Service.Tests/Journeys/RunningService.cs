using Grants.Service.Demo;
using Grants.Service.Disbursements.Signing;
using Grants.Service.Hosting;
using Npgsql;

namespace Grants.Service.Tests.Journeys;

/// <summary>The service as it runs, on real servers of the test's own, reached over HTTP alone.</summary>
internal static class RunningService
{
    /// <summary>Starts it; the same database and chain may be given again, as after a restart.</summary>
    public static async Task<ServiceRun> StartAsync(
        string database, Uri chain, string keyFile, CancellationToken cancellation, Dictionary<string, string?>? more = null)
    {
        OperatorAccount.Create(keyFile);
        var options = new RunOptions(Path.GetDirectoryName(keyFile)!, "http://127.0.0.1:0");
        var settings = DemoRun.Settings();
        settings["ConnectionStrings:Grants"] = database;
        settings["Chains:0:Rpc"] = chain.ToString();
        settings["Treasury:KeyFile"] = keyFile;
        // All tests come from one address.
        settings["Limits:AnonymousCostPerMinute"] = "1000000";
        settings["Limits:CostPerMinute"] = "1000000";
        foreach (var (name, value) in more ?? [])
            settings[name] = value;
        return await ServiceRun.StartAsync(options, settings, _ => { }, cancellation);
    }

    /// <summary>
    /// How many events the spaces hold once all that follows from earlier acts is done; what the deployment notes of itself, such as
    /// incidents, comes at any time.
    /// </summary>
    public static async Task<long> CountEventsAsync(NpgsqlDataSource database, CancellationToken cancellation)
    {
        await Embedded.Eventually.TrueAsync(
            async () => await CountAsync("select count(*) from wolverine.wolverine_incoming_envelopes where status = 'Incoming'") == 0,
            TimeSpan.FromMinutes(1),
            "no message waits");
        return await CountAsync($"select count(*) from grants.mt_events where tenant_id <> '{Spaces.Deployment}'");

        async Task<long> CountAsync(string question)
        {
            await using var command = database.CreateCommand(question);
            return (long)(await command.ExecuteScalarAsync(cancellation))!;
        }
    }
}
