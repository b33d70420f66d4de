using System.Text.Json.Nodes;
using Grants.Ethereum.Contracts;
using Grants.Primitives;
using Grants.Service.Demo;
using Grants.Service.Hosting.Embedded.Processes;
using Grants.Service.Tests.Awards;
using Grants.Service.Tests.Transports;
using Xunit;

namespace Grants.Service.Tests.Api;

/// <summary>
/// The worked example of the schema's README, as people run it: with viem and graphql-ws, Apollo Client, urql. The treasury pays, on a
/// chain of the test's own.
/// </summary>
public sealed class WorkedExampleTests(LocalServers servers)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    private static readonly string[] Clients = ["fetch", "apollo", "urql"];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task every_client_signs_in_submits_votes_watches_and_is_paid()
    {
        await NodeClients.RestoreAsync();
        var vesting = new JsonObject { ["cliffSeconds"] = 0, ["durationSeconds"] = 4, ["tranches"] = 2 };
        await using var service = await AwardService.StartAsync(servers, vesting, Scene.Tokens(1), change: input =>
        {
            input["votingRules"]!["quorums"] = new JsonArray();
            input["votingRules"]!["threshold"] = new JsonObject { ["kind"] = "SUPERMAJORITY", ["value"] = "5001" };
            input["votingRules"]!["votingPeriodSeconds"] = 8;
        });
        using var over = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        over.CancelAfter(Patience);
        var blocks = MineAsync(service, over.Token);
        var runs = await Task.WhenAll(Clients.Select(client => RunAsync(service, client, over.Token)));
        await over.CancelAsync();
        await blocks;
        foreach (var (run, client) in runs.Zip(Clients))
        {
            Assert.True(run.Succeeded, run.Output);
            Assert.Contains("tally: 1 voters", run.Output, StringComparison.Ordinal);
            Assert.Contains("0 of 1000 paid", run.Output, StringComparison.Ordinal);
            Assert.Matches("paid 500 of tranche 1 in 0x[0-9a-f]{64}", run.Output);
            var balance = await service.Stage.Chain.ReadAsync(
                service.Scene.Token, Erc20.BalanceOf, Cancellation, Applicant(client).Address);
            Assert.True(balance >= (UInt256)500UL, $"{balance}");
        }
    }

    // Finality, and the chain's time, need blocks.
    private static async Task MineAsync(AwardService service, CancellationToken over)
    {
        while (!over.IsCancellationRequested)
        {
            await service.Stage.Chain.MineAsync(1, Cancellation);
            await Task.Delay(200, over).ContinueWith(_ => { }, TaskScheduler.Default);
        }
    }

    private static Person Applicant(string client) => Person.Called($"an applicant by {client}");

    private static Task<Command> RunAsync(AwardService service, string client, CancellationToken over) => Command.RunAsync(
        [
            "env",
            $"GRANTS_URL={new Uri(service.Url, "graphql")}",
            $"GRANTS_PROGRAM={AwardService.ProgramId}",
            $"GRANTS_APPLICANT={KeyOf(Applicant(client).Name)}",
            $"GRANTS_VOTER={KeyOf(Cast.Vera.Name)}",
            $"GRANTS_MANAGER={KeyOf(Cast.Manager.Name)}",
            "node",
            "--import",
            "./typescript.mjs",
            "example.ts",
            client,
        ],
        NodeClients.Home,
        over);

    // As Person makes it.
    private static Hash32 KeyOf(string name) => Keccak256.Hash($"Grants demo wallet of {name}");
}
