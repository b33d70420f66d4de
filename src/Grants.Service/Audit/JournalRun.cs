using Grants.Service.Disbursements.Sending;
using Grants.Service.Hosting;

namespace Grants.Service.Audit;

/// <summary>The verb <c>rebuild-journal</c>: the signer's lost journal, written anew from the ledger where the chain agrees.</summary>
public static class JournalRun
{
    public static async Task<int> WriteAsync(RunOptions options, CancellationToken cancellation)
    {
        try
        {
            await using var run = await ServiceRun.StartAsync(
                options with { Urls = "http://127.0.0.1:0" },
                new Dictionary<string, string?> { ["Logging:LogLevel:Grants"] = "Warning" },
                Console.Error.WriteLine,
                cancellation);
            var written = await run.App.Services.GetRequiredService<JournalRebuild>().RunAsync(cancellation);
            Console.WriteLine($"{written} nonces were written to the journal. Two persons resume the treasury once it agrees.");
            return 0;
        }
        catch (RebuildRefusedException refusal)
        {
            await Console.Error.WriteLineAsync(refusal.Message);
            return 1;
        }
        catch (StartException problem)
        {
            await Console.Error.WriteLineAsync(problem.Message);
            return 2;
        }
    }
}
