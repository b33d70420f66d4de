using Grants.Service.Disbursements.Watching;
using Grants.Service.Hosting;
using Spectre.Console;

namespace Grants.Service.Audit;

/// <summary>The verb <c>reconcile</c>: chain, ledger and signer held against each other, as a table.</summary>
public static class ReconcileRun
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
            var report = await run.App.Services.GetRequiredService<Reconciler>().CompareAsync(cancellation)
                ?? throw new StartException("No block of the chain is final yet.");
            Print(report);
            return report.Result.Agrees ? 0 : 1;
        }
        catch (StartException problem)
        {
            await Console.Error.WriteLineAsync(problem.Message);
            return 2;
        }
    }

    private static void Print(ReconciliationReport report)
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumns("finding", "of", "");
        foreach (var row in report.Result.Rows)
            table.AddRow($"{row.Finding}", Markup.Escape(row.Subject), Markup.Escape(row.What));
        AnsiConsole.Write(table);
        var share = report.Result.VerifiedShare.Value;
        AnsiConsole.MarkupLine(Markup.Escape(
            $"Block {report.Block.Number}: {report.Result.Agreeing} payments agree, "
            + $"{share / 100}.{share % 100:00} % of the settled value is verified."));
    }
}
