using Grants.Domain.Ballots;
using Grants.Ethereum.JsonRpc;
using Grants.Primitives;
using Grants.Service.Audit;
using Grants.Service.Hosting;
using Spectre.Console;

namespace Grants.Service.Demo;

/// <summary>The verb <c>demo</c>: the product's story, played against real servers through the public API.</summary>
public static class DemoRun
{
    private static readonly UInt256 Budget = Scene.Tokens(100_000);

    /// <summary>Plays the story; exit code 0 only if every step and every invariant held.</summary>
    public static async Task<int> PlayAsync(RunOptions options, bool exit, CancellationToken cancellation)
    {
        try
        {
            await using var run = await ServiceRun.StartAsync(options, Settings(), Console.Error.WriteLine, cancellation);
            AnsiConsole.MarkupLine($"Grants serves at [blue]{run.Url}[/] on PostgreSQL and a local L2 of chain "
                + $"{run.App.Services.GetRequiredService<ChainIdentity>().ChainId}.");
            var isGood = await TryPlayAsync(run, cancellation);
            if (exit || !isGood)
                return isGood ? 0 : 1;
            AnsiConsole.MarkupLine($"The service goes on: [blue]{run.Url}graphiql[/]. Ctrl-C ends it.");
            await Task.Delay(Timeout.Infinite, cancellation).ContinueWith(_ => { }, TaskScheduler.Default);
            return 0;
        }
        catch (StartException problem)
        {
            await Console.Error.WriteLineAsync(problem.Message);
            return 2;
        }
    }

    /// <summary>
    /// The settings that the story needs: its program manager, a chain whose keys are public, time for what is compiled at its first
    /// use, and less to read.
    /// </summary>
    public static Dictionary<string, string?> Settings() => new()
    {
        ["Chains:0:IsDevelopment"] = "true",
        ["Access:ProgramManagers:0"] = Cast.Manager.Address.ToString(),
        ["Limits:DeadlineSeconds"] = "20",
        ["Limits:MutationDeadlineSeconds"] = "30",
        ["Logging:LogLevel:Grants"] = "Warning",
    };

    /// <summary>Plays all nine steps and the audit.</summary>
    /// <exception cref="DemoException">A step did not happen as it must.</exception>
    public static async Task<IReadOnlyList<AuditReport>> PlayAsync(ServiceRun run, IAnsiConsole console, CancellationToken cancellation)
    {
        using var http = new HttpClient { BaseAddress = run.Url };
        var services = run.App.Services;
        var chain = new Devnet(services.GetRequiredService<EthereumRpc>(), services.GetRequiredService<ChainIdentity>().ChainId);
        var stage = new Stage(http, chain, console);
        var treasury = await stage.Public.QueryAsync("{ treasury { operator } }", null, cancellation);
        var treasuryOperator = Address.Parse(treasury["treasury"]!["operator"]!.GetValue<string>());
        var scene = await Scene.BuildAsync(chain, treasuryOperator, Budget, cancellation);

        var votes = new VotingActs(stage, scene, $"builders-{DateTimeOffset.UtcNow:yyyyMMdd-HHmmss}");
        await votes.OpenProgramAsync(Budget, cancellation);
        var (ada, bo) = await votes.SubmitAsync(cancellation);
        await votes.VoteAsync(ada, bo, cancellation);
        var money = new MoneyActs(stage, scene, ada, bo);
        await money.VestAsync(cancellation);
        await money.ReleaseFirstAsync(cancellation);
        await money.MoveAsync(cancellation);
        await money.JudgeAsync(cancellation);
        await money.ReorgAsync(cancellation);
        stage.Step(9, "An auditor who trusts nobody");
        await VerifyBallotAsync(stage, ada, cancellation);
        var reports = await AuditRun.CheckAsync(run.App.Services, cancellation);
        foreach (var broken in reports.SelectMany(report => report.Lines).Where(line => !line.Holds))
            stage.Say($"{broken.Invariant} is BROKEN: {string.Join(' ', broken.Violations)}");
        return reports;
    }

    private static async Task<bool> TryPlayAsync(ServiceRun run, CancellationToken cancellation)
    {
        try
        {
            var reports = await PlayAsync(run, AnsiConsole.Console, cancellation);
            AuditRun.Print(reports);
            return reports.All(report => report.Holds);
        }
        catch (Exception problem) when (problem is DemoException or RpcException or HttpRequestException)
        {
            AnsiConsole.MarkupLine($"[red]✗ {Markup.Escape(problem.Message)}[/]");
            return false;
        }
    }

    private static async Task VerifyBallotAsync(Stage stage, Hash32 proposal, CancellationToken cancellation)
    {
        var data = await stage.Public.QueryAsync(
            """
            query ($p: Bytes32!, $v: Address!) {
              ballotProof(voteId: $p, voter: $v) {
                logIndex logSize path choice nonce power digest signature acceptedAt treeHead { root }
              }
            }
            """,
            new { p = proposal.ToString(), v = Cast.Viktor.Address.ToString() },
            cancellation);
        var proof = data["ballotProof"]!;
        string Text(string field) => proof[field]!.GetValue<string>();
        var ballot = new SignedBallot(
            string.Empty, proposal, default, Cast.Viktor.Address, Text("choice"), UInt256.Parse(Text("nonce")), 0, string.Empty);
        var (index, size) = (proof["logIndex"]!.GetValue<long>(), proof["logSize"]!.GetValue<long>());
        var leaf = BallotLog.Leaf(new BallotRecord(
            index,
            ballot,
            UInt256.Parse(Text("power")),
            Text("signature"),
            SignatureKind.Ecdsa,
            Hash32.Parse(Text("digest")),
            DateTimeOffset.FromUnixTimeMilliseconds(proof["acceptedAt"]!.GetValue<long>())));
        var path = proof["path"]!.AsArray().Select(hash => Hash32.Parse(hash!.GetValue<string>())).ToList();
        if (!BallotLog.Verify(leaf, index, size, path, Hash32.Parse(proof["treeHead"]!["root"]!.GetValue<string>())))
            throw new DemoException("Viktor's ballot is not proved to be in the signed log.");
        stage.Done($"Viktor's last ballot is leaf {index} of {size} in the signed log: {path.Count} hashes lead to its root");
    }
}
