using System.Text.Json.Nodes;
using Grants.Domain.Awards;
using Grants.Domain.Proposals;
using Grants.Ethereum.JsonRpc;
using Grants.Primitives;
using Grants.Service.Audit;
using Grants.Service.Demo;
using Grants.Service.Hosting;
using Grants.Service.Ingestion;
using Grants.Service.Ingestion.Retention;
using Grants.Service.Tests.Journeys;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Spectre.Console;
using Wolverine;
using Xunit;

namespace Grants.Service.Tests.Reinvestment;

/// <summary>The service as it runs with a program on the local L2, whose policy was adopted as a text, and people with awards.</summary>
internal sealed class PolicyWorld : IAsyncDisposable
{
    public const string ProgramId = "tricks";

    public static readonly Person Exchange = Person.Called("an exchange");

    private const long Day = 86_400;
    private const int LogRangeBlocks = 4;

    private readonly string folder = Directory.CreateTempSubdirectory("grants-policy-").FullName;
    private readonly StringWriter output = new();
    private readonly Dictionary<Person, Hash32> proposals = [];
    private ServiceRun run = null!;
    private HttpClient http = null!;
    private long vestingStartsAt;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public Devnet Chain => Stage.Chain;

    public HttpClient Http => http;

    public Scene Scene { get; private set; } = null!;

    public Stage Stage { get; private set; } = null!;

    public ApiClient Manager { get; private set; } = null!;

    public static async Task<PolicyWorld> StartAsync(LocalServers servers, Uri? otherChain = null)
    {
        var world = new PolicyWorld();
        world.run = await RunningService.StartAsync(
            await servers.CreateDatabaseAsync("policy"),
            await servers.StartChainAsync(),
            Path.Combine(world.folder, "operator.key"),
            Cancellation,
            new() { ["Access:Guardians:0"] = Cast.Manager.Address.ToString(), ["Chains:1:Rpc"] = otherChain?.ToString() });
        world.http = new HttpClient { BaseAddress = world.run.Url };
        var services = world.run.App.Services;
        // Tables of raw logs of a few blocks instead of 250,000, so that there are some to let go.
        await using (var narrow = services.GetRequiredService<NpgsqlDataSource>().CreateCommand(
            $"create or replace function chain.range_width() returns bigint immutable language sql as 'select {LogRangeBlocks}::bigint'"))
            await narrow.ExecuteNonQueryAsync(Cancellation);
        var chain = new Devnet(services.GetRequiredService<EthereumRpc>(), services.GetRequiredService<ChainIdentity>().ChainId);
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(world.output) });
        world.Stage = new Stage(world.http, chain, console);
        var treasury = await world.Stage.Public.QueryAsync("{ treasury { operator } }", null, Cancellation);
        var budget = Scene.Tokens(100_000);
        world.Scene = await Scene.BuildAsync(
            chain, Address.Parse(treasury["treasury"]!["operator"]!.GetValue<string>()), budget, Cancellation);
        await new VotingActs(world.Stage, world.Scene, ProgramId).OpenProgramAsync(budget, Cancellation);
        world.Manager = await world.Stage.SignInAsync(Cast.Manager, Cancellation);
        return world;
    }

    /// <summary>
    /// At most 30 % disposed of, made good within ten days and appealed within two more, then taken back if the manager signs; at
    /// least half at work on average after a month in locks, or in the staking vault for a day at least. What is unknown is followed
    /// for two days.
    /// </summary>
    /// <param name="venues">More of them, as JSON, each with a comma before it; labels and members likewise.</param>
    public string Policy(int version, string venues = "", string labels = "", string members = "") =>
        $$"""
        {
          "policyId": "no-tricks",
          "version": {{version}},
          "rules": [
            {
              "id": "not-dumped", "measure": "disposalBps", "atMost": 3000,
              "curePeriodSeconds": {{10 * Day}}, "appealSeconds": {{2 * Day}},
              "ladder": [
                { "action": "WARN" }, { "action": "GATE" },
                { "action": "CLAW_BACK_UNRELEASED", "signaturesRequired": 1, "signers": ["{{Cast.Manager.Address}}"] }
              ]
            },
            {
              "id": "at-work", "measure": "twrrBps", "atLeast": 5000, "graceSeconds": {{20 * Day}}, "curePeriodSeconds": {{40 * Day}},
              "ladder": [{ "action": "GATE" }]
            }
          ],
          "checkpoints": { "extraPerDay": 2 },
          "venues": [
            { "address": "{{Scene.Lock}}", "kind": "LOCK" },
            { "address": "{{Scene.Staking}}", "kind": "VAULT", "minHoldSeconds": {{Day}} },
            { "address": "{{Scene.Pair}}", "kind": "POOL", "capBps": 5000 }{{venues}}
          ],
          "unknowns": { "hops": 2, "afterSeconds": {{2 * Day}} },
          "labels": [
            { "address": "{{Scene.Bridge}}", "kind": "BRIDGE" },
            { "address": "{{Exchange.Address}}", "kind": "EXCHANGE" }{{labels}}
          ]{{members}}
        }
        """;

    public Task<JsonNode> AdoptAsync(string policy) => Manager.MutateAsync(
        "adoptPolicy", "policy", "policyHash version", new() { ["programId"] = ProgramId, ["policy"] = policy }, Cancellation);

    /// <summary>Awards of 4,000 tokens, as approvals lead to them, and their first quarter paid.</summary>
    public async Task GrantAsync(IReadOnlyList<Person> people)
    {
        var scopes = run.App.Services.GetRequiredService<IServiceScopeFactory>();
        var space = run.App.Services.GetRequiredService<Spaces>().Default;
        foreach (var person in people)
        {
            await Chain.FundAsync(person.Address, Cancellation);
            proposals[person] = await SubmitAsync(person);
            await using var scope = scopes.CreateSpaceScope(space.Id);
            await scope.ServiceProvider.GetRequiredService<IMessageBus>().PublishAsync(
                new ProposalApproved(proposals[person], ProgramId, person.Address, Scene.Tokens(4_000), DateTimeOffset.UtcNow));
        }

        foreach (var person in people)
        {
            var award = await UntilAwardAsync(person, award => award["reservedAt"] is not null);
            vestingStartsAt = Math.Max(vestingStartsAt, award["startsAt"]!.GetValue<long>());
        }

        await TravelToDayAsync(31);
        foreach (var person in people)
            await UntilAwardAsync(person, award => award["releases"]!.AsArray() is [{ } first, ..] && first["releasedAt"] is not null);
    }

    /// <summary>Lets go of all raw logs that the service can do without, up to a few blocks ago.</summary>
    /// <returns>How many are gone.</returns>
    public async Task<long> LetGoOfLogsAsync()
    {
        var services = run.App.Services;
        await services.GetRequiredService<ChainStore>().PruneAsync(Chain.ChainId, LogRangeBlocks, Cancellation);
        return await services.GetRequiredService<LogRetention>().LetGoAsync(Chain.ChainId, LogRangeBlocks, Cancellation);
    }

    /// <summary>From now on the balances of the token count as the chain's native ones.</summary>
    public void CallNative(Address token)
    {
        var configuration = (IConfigurationRoot)run.App.Services.GetRequiredService<IConfiguration>();
        configuration["Chains:0:NativeToken"] = token.ToString();
        configuration.Reload();
    }

    /// <summary>A payment of the native token: no contract, no log.</summary>
    public async Task PayNativelyAsync(Person from, Address to, UInt256 amount)
    {
        var node = run.App.Services.GetRequiredService<EthereumRpc>();
        await node.RequestAsync("anvil_impersonateAccount", [from.Address.ToString()], Cancellation);
        var value = "0x" + Convert.ToHexStringLower(amount.ToBytes()).TrimStart('0');
        await node.RequestAsync(
            "eth_sendTransaction", [new { from = from.Address.ToString(), to = to.ToString(), value, gas = "0x5208" }], Cancellation);
        await Chain.MineAsync(1, Cancellation);
    }

    public string AwardOf(Person person) => Award.IdOf(proposals[person]).ToString();

    public Task TravelToDayAsync(int day) => Chain.TravelToAsync(vestingStartsAt + (day * Day), Cancellation);

    public Task<JsonNode> UntilAwardAsync(Person person, Func<JsonNode, bool> isSo) => Stage.UntilAsync(
        $"{person.Name}'s award is so",
        async () => (await Stage.Public.QueryAsync(
            "query ($a: Bytes32!) { award(awardId: $a) { startsAt reservedAt { blockNumber } heldTranche clawedBack "
            + "releases { releasedAt { blockNumber } } clawback { settledAt { blockNumber } } } }",
            new { a = AwardOf(person) },
            Cancellation))["award"],
        isSo,
        Cancellation);

    /// <summary>The kinds of the flows in order, the release left out.</summary>
    public async Task<string[]> FlowsAsync(Person person)
    {
        var data = await Stage.Public.QueryAsync(
            "query ($a: Bytes32!) { flows(awardId: $a, first: 100) { edges { node { kind } } } }",
            new { a = AwardOf(person) },
            Cancellation);
        return [.. data["flows"]!["edges"]!.AsArray().Select(edge => edge!["node"]!["kind"]!.GetValue<string>()).Skip(1)];
    }

    public async Task UntilFlowsAsync(Person person, params string[] kinds) => await Stage.UntilAsync(
        $"{person.Name}'s flows are {string.Join(", ", kinds)}",
        async () => new JsonArray([.. (await FlowsAsync(person)).Select(kind => (JsonNode)kind)]),
        flows => flows.AsArray().Select(kind => kind!.GetValue<string>()).SequenceEqual(kinds),
        Cancellation);

    /// <summary>The breaches by rule and status, oldest first.</summary>
    public async Task<string[]> BreachesAsync(Person person) =>
        [.. (await BreachNodesAsync(person)).Select(breach => $"{breach["ruleId"]} {breach["status"]}")];

    public async Task<JsonNode> UntilBreachAsync(Person person, string rule, string status) => await Stage.UntilAsync(
        $"{person.Name}'s breach of {rule} is {status}",
        async () => (await BreachNodesAsync(person)).LastOrDefault(breach => breach["ruleId"]!.GetValue<string>() == rule),
        breach => breach["status"]!.GetValue<string>() == status,
        Cancellation);

    public async Task<bool> IsHeldAsync(Person person) => (await Stage.Public.QueryAsync(
        "query ($a: Bytes32!) { reinvestment(awardId: $a) { isHeld } }", new { a = AwardOf(person) }, Cancellation))
        ["reinvestment"]!["isHeld"]!.GetValue<bool>();

    /// <summary>What is shown follows from the events alone, and every penalty rests on final logs.</summary>
    public async Task AuditAsync()
    {
        var lines = (await AuditRun.CheckAsync(run.App.Services, Cancellation)).SelectMany(report => report.Lines)
            .Where(line => line.Invariant is "I7" or "I8").ToList();
        Assert.Contains(lines, line => line is { Invariant: "I7", Checked: > 0 });
        Assert.All(lines, line => Assert.True(line.Holds, string.Join('\n', line.Violations)));
    }

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        await run.DisposeAsync();
        await output.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    private async Task<Hash32> SubmitAsync(Person person)
    {
        var client = await Stage.SignInAsync(person, Cancellation);
        var draft = await client.MutateAsync("draftProposal", "proposal", "proposalId", new()
        {
            ["programId"] = ProgramId,
            ["title"] = person.Name,
            ["body"] = "Trust me.",
            ["requestedAmount"] = Scene.Tokens(4_000).ToString(),
            ["recipient"] = person.Address.ToString(),
        }, Cancellation);
        return Hash32.Parse(draft["proposalId"]!.GetValue<string>());
    }

    private async Task<IReadOnlyList<JsonNode>> BreachNodesAsync(Person person)
    {
        var data = await Stage.Public.QueryAsync(
            "query ($a: Bytes32!) { breaches(awardId: $a, first: 20) { edges { node { breachId ruleId status explanation } } } }",
            new { a = AwardOf(person) },
            Cancellation);
        return [.. data["breaches"]!["edges"]!.AsArray().Select(edge => edge!["node"]!)];
    }
}
