using System.Text.Json.Nodes;
using Grants.Primitives;
using Grants.Service.Demo;
using Grants.Service.Hosting.Embedded.Processes;
using Grants.Service.Tests.Journeys;
using Grants.Service.Tests.Proposals;
using Grants.Service.Tests.Transports;
using Xunit;

namespace Grants.Service.Tests.Api;

/// <summary>The worked example of the schema's README, as people run it: with viem and graphql-ws, Apollo Client, urql.</summary>
[Collection(nameof(OpenVote))]
public sealed class WorkedExampleTests(OpenVote vote)
{
    private static readonly string[] Clients = ["fetch", "apollo", "urql"];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task every_client_signs_in_submits_votes_watches_and_sees_the_award()
    {
        await NodeClients.RestoreAsync();
        var programId = await new Applying(vote).OpenProgramAsync("example", input =>
        {
            input["votingRules"]!["quorums"] = new JsonArray();
            input["votingRules"]!["threshold"] = new JsonObject { ["kind"] = "SUPERMAJORITY", ["value"] = "5001" };
            input["votingRules"]!["votingPeriodSeconds"] = 8;
        });
        var runs = await Task.WhenAll(Clients.Select(client => RunAsync(client, programId)));
        Assert.All(runs, run =>
        {
            Assert.True(run.Succeeded, run.Output);
            Assert.Contains("tally: 1 voters", run.Output, StringComparison.Ordinal);
            Assert.Contains("award 0x", run.Output, StringComparison.Ordinal);
            Assert.Contains("0 of 1000 paid", run.Output, StringComparison.Ordinal);
        });
    }

    private Task<Command> RunAsync(string client, string programId) => Command.RunAsync(
        [
            "env",
            $"GRANTS_URL={new Uri(vote.Http.BaseAddress!, "graphql")}",
            $"GRANTS_PROGRAM={programId}",
            $"GRANTS_APPLICANT={KeyOf($"an applicant by {client}")}",
            $"GRANTS_VOTER={KeyOf(Cast.Vera.Name)}",
            $"GRANTS_MANAGER={KeyOf(Cast.Manager.Name)}",
            "node",
            "--import",
            "./typescript.mjs",
            "example.ts",
            client,
        ],
        NodeClients.Home,
        Cancellation);

    // As Person makes it.
    private static Hash32 KeyOf(string name) => Keccak256.Hash($"Grants demo wallet of {name}");
}
