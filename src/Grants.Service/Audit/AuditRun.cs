using Grants.Ethereum.JsonRpc;
using Grants.Service.Hosting;
using Grants.Service.Ingestion.Following;
using Marten;
using Npgsql;
using Spectre.Console;

namespace Grants.Service.Audit;

/// <summary>
/// The verb <c>audit</c>: every invariant in every space, on the store and the chain, with code that shares no projection with what it
/// checks.
/// </summary>
public static class AuditRun
{
    public static async Task<int> PrintAsync(RunOptions options, CancellationToken cancellation)
    {
        try
        {
            await using var run = await ServiceRun.StartAsync(
                options with { Urls = "http://127.0.0.1:0" },
                new Dictionary<string, string?> { ["Logging:LogLevel:Grants"] = "Warning" },
                Console.Error.WriteLine,
                cancellation);
            IReadOnlyList<AuditReport> reports =
                [.. await CheckAsync(run.App.Services, cancellation), await CheckTreasuryAsync(run.App.Services, cancellation)];
            Print(reports);
            return reports.All(report => report.Holds) ? 0 : 1;
        }
        catch (StartException problem)
        {
            await Console.Error.WriteLineAsync(problem.Message);
            return 2;
        }
    }

    /// <summary>Checks every space.</summary>
    public static async Task<IReadOnlyList<AuditReport>> CheckAsync(IServiceProvider services, CancellationToken cancellation)
    {
        var all = new List<AuditFacts>();
        try
        {
            foreach (var space in services.GetRequiredService<Spaces>().All)
                all.Add(await ReadAsync(space.Id, services, cancellation));

            var reports = new List<AuditReport>();
            foreach (var facts in all)
                reports.Add(new AuditReport(facts.Space, await CheckAsync(facts, [.. all.Where(other => other != facts)], cancellation)));
            return reports;
        }
        finally
        {
            foreach (var facts in all)
                await facts.DisposeAsync();
        }
    }

    /// <summary>Checks what is of no space: the treasury's nonces and what they were used for.</summary>
    public static async Task<AuditReport> CheckTreasuryAsync(IServiceProvider services, CancellationToken cancellation)
    {
        await using var facts = await ReadAsync(Spaces.Deployment, services, cancellation);
        return new AuditReport(
            Spaces.Deployment, [MoneyAudit.Nonces(facts), await EvidenceAudit.TreasuryModelsAsync(facts, cancellation)]);
    }

    private static Task<AuditFacts> ReadAsync(string space, IServiceProvider services, CancellationToken cancellation) =>
        AuditFacts.ReadAsync(
            space,
            services.GetRequiredService<NpgsqlDataSource>(),
            services.GetRequiredService<IDocumentStore>(),
            services.GetRequiredService<EthereumRpc>(),
            services.GetRequiredService<ChainIdentity>().ChainId,
            services.GetRequiredService<FollowedChains>(),
            cancellation);

    private static async Task<IReadOnlyList<AuditLine>> CheckAsync(
        AuditFacts facts, IReadOnlyList<AuditFacts> others, CancellationToken cancellation) =>
        [
            await MoneyAudit.ConservationAsync(facts, cancellation),
            await MoneyAudit.VestedBoundAsync(facts, cancellation),
            await MoneyAudit.OnceAsync(facts, cancellation),
            await VoteAudit.TalliesAsync(facts, cancellation),
            await VoteAudit.DoorAsync(facts, cancellation),
            MoneyAudit.Budgets(facts),
            await EvidenceAudit.ReadModelsAsync(facts, cancellation),
            await EvidenceAudit.FinalityAsync(facts, cancellation),
            await SpaceAudit.SeparationAsync(facts, others, cancellation),
        ];

    public static void Print(IReadOnlyList<AuditReport> reports)
    {
        foreach (var report in reports)
            Print(report);
    }

    private static void Print(AuditReport report)
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumns("", "invariant", "checked", "");
        table.Title(Markup.Escape($"Space {report.Space}"));
        foreach (var line in report.Lines)
        {
            table.AddRow(
                line.Invariant, Markup.Escape(line.Sentence), $"{line.Checked}", line.Holds ? "[green]holds[/]" : "[red]BROKEN[/]");
            foreach (var violation in line.Violations)
                table.AddRow(string.Empty, $"[red]{Markup.Escape(violation)}[/]", string.Empty, string.Empty);
        }

        AnsiConsole.Write(table);
    }
}
