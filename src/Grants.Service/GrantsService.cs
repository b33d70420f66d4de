using System.CommandLine;
using Grants.Service.Audit;
using Grants.Service.Demo;
using Grants.Service.Hosting;

namespace Grants.Service;

/// <summary>The service's verbs.</summary>
public static class GrantsService
{
    private const string DefaultUrl = "http://127.0.0.1:5080";

    private static readonly Option<DirectoryInfo> Data = new("--data")
    {
        Description = "Where the embedded servers keep their data; relative to the folder that the service runs in.",
        DefaultValueFactory = _ => new DirectoryInfo(".data"),
        Recursive = true,
    };

    private static readonly Option<string> Urls = new("--urls")
    {
        Description = "The address to serve at.",
        DefaultValueFactory = _ => DefaultUrl,
        Recursive = true,
    };

    private static readonly Option<bool> Exit = new("--exit")
    {
        Description = "Leave after the story, with exit code 0 only if every step and every invariant held.",
    };

    public static Task<int> Main(string[] args)
    {
        var demo = new Command(
            "demo", "Play the story on a local L2: propose, vote, vest, check, release, claw back; then keep serving.") { Exit };
        demo.SetAction((parsed, cancellation) =>
            DemoRun.PlayAsync(OptionsOf(parsed), parsed.GetValue(Exit), cancellation));
        var audit = new Command(
            "audit", "Check the invariants I1 to I9 in every space, on the store and the chain; exit code 1 if one does not hold.");
        audit.SetAction((parsed, cancellation) => AuditRun.PrintAsync(OptionsOf(parsed), cancellation));
        var reconcile = new Command(
            "reconcile", "Hold the treasury's ledger, its signer and the chain against each other; exit code 1 if they differ.");
        reconcile.SetAction((parsed, cancellation) => ReconcileRun.PrintAsync(OptionsOf(parsed), cancellation));
        var rebuild = new Command(
            "rebuild-journal",
            "Write the signer's lost journal anew from the ledger, if the chain says what the ledger says; exit code 1 if it does not. "
            + "See the runbook treasury-paused.");
        rebuild.SetAction((parsed, cancellation) => JournalRun.WriteAsync(OptionsOf(parsed), cancellation));
        var root = new RootCommand(
            "Grants: governance and incentives for L2 ecosystems. Without a verb it serves. ConnectionStrings__Grants and Chains__0__Rpc "
            + "name real servers; where both are missing, PostgreSQL and a local L2 are started.")
        {
            Data,
            Urls,
            demo,
            audit,
            reconcile,
            rebuild,
        };
        root.SetAction((parsed, cancellation) => ServeAsync(OptionsOf(parsed), cancellation));
        return root.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromSeconds(20) });
    }

    private static RunOptions OptionsOf(ParseResult parsed) => new(parsed.GetValue(Data)!.FullName, parsed.GetValue(Urls)!);

    private static async Task<int> ServeAsync(RunOptions options, CancellationToken cancellation)
    {
        try
        {
            await using var run = await ServiceRun.StartAsync(
                options, new Dictionary<string, string?>(), Console.Error.WriteLine, cancellation);
            Console.WriteLine($"Grants serves at {run.Url}: {run.Url}graphql, {run.Url}health/ready. Ctrl-C ends it.");
            await Task.Delay(Timeout.Infinite, cancellation).ContinueWith(_ => { }, TaskScheduler.Default);
            return 0;
        }
        catch (StartException problem)
        {
            await Console.Error.WriteLineAsync(problem.Message);
            return 1;
        }
    }
}
