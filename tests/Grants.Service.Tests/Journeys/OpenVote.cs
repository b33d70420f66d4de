using System.Text.Json.Nodes;
using Grants.Ethereum.JsonRpc;
using Grants.Primitives;
using Grants.Service.Demo;
using Grants.Service.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Xunit;

namespace Grants.Service.Tests.Journeys;

/// <summary>A service with an open vote on a proposal of Ada's, and one that is already closed.</summary>
public sealed class OpenVote(LocalServers servers) : IAsyncLifetime
{
    public const string Space = "metis";

    private readonly string folder = Directory.CreateTempSubdirectory("grants-vote-").FullName;
    private ServiceRun run = null!;
    private int nonce = 10;

    public HttpClient Http { get; private set; } = null!;

    public ApiClient Public { get; private set; } = null!;

    public ApiClient Ada { get; private set; } = null!;

    public ApiClient Manager { get; private set; } = null!;

    public Scene Scene { get; private set; } = null!;

    public Devnet Chain { get; private set; } = null!;

    public IServiceProvider Services => run.App.Services;

    public NpgsqlDataSource Database { get; private set; } = null!;

    public long ChainId { get; private set; }

    public static Person Approver { get; } = Person.Called("an approver of the treasury");

    public const string ProgramId = "long-vote";

    /// <summary>Its vote is open for an hour.</summary>
    public JsonNode Open { get; private set; } = null!;

    /// <summary>Its vote is over.</summary>
    public JsonNode Closed { get; private set; } = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var chainUri = await servers.StartChainAsync();
        run = await RunningService.StartAsync(
            await servers.CreateDatabaseAsync("vote"),
            chainUri,
            Path.Combine(folder, "operator.key"),
            Cancellation,
            new()
            {
                ["Access:Guardians:0"] = Cast.Council.Address.ToString(),
                ["Access:Approvers:Zoe:0"] = Approver.Address.ToString(),
                ["Webhooks:AllowPrivateNetworks"] = "true",
                ["Webhooks:IntervalSeconds"] = "0.2",
                ["Webhooks:RetrySeconds:0"] = "0.2",
                ["Webhooks:RetrySeconds:1"] = "0.2",
            });
        Http = new HttpClient { BaseAddress = run.Url };
        ChainId = run.App.Services.GetRequiredService<ChainIdentity>().ChainId;
        Database = run.App.Services.GetRequiredService<NpgsqlDataSource>();
        Chain = new Devnet(run.App.Services.GetRequiredService<EthereumRpc>(), ChainId);
        Scene = await Scene.BuildAsync(Chain, Person.Called("nobody's operator").Address, Scene.Tokens(100_000), Cancellation);
        await Chain.MineAsync(4, Cancellation);
        Public = new ApiClient(Http);
        Ada = await SignInAsync(Cast.Ada);
        Manager = await SignInAsync(Cast.Manager);
        Open = await OpenAsync(ProgramId, 3_600);
        Closed = await OpenAsync("short-vote", 1);
        await Embedded.Eventually.TrueAsync(
            async () => (await ProposalAsync(Closed))["vote"]!["outcome"] is not null, TimeSpan.FromMinutes(1), "the short vote is closed");
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await run.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    /// <summary>Higher than all before, so that tests that share a voter can come in any order.</summary>
    public string NextNonce() => $"{Interlocked.Increment(ref nonce)}";

    /// <summary>A ballot of Vera's on the open vote that would be accepted as it is.</summary>
    public JsonObject BallotOf(Address voter, string nonce) => new()
    {
        ["space"] = Space,
        ["proposal"] = Open["proposalId"]!.GetValue<string>(),
        ["proposalHash"] = Open["contentHash"]!.GetValue<string>(),
        ["voter"] = voter.ToString(),
        ["choice"] = "1",
        ["nonce"] = nonce,
        ["expiresAt"] = DateTimeOffset.UtcNow.ToUnixTimeSeconds() + 3_000,
        ["reason"] = "정말 좋은 제안",
    };

    public static JsonObject DraftInput(string programId) => new()
    {
        ["programId"] = programId,
        ["title"] = "A thing",
        ["body"] = "Why not.",
        ["requestedAmount"] = "1000",
        ["recipient"] = Cast.Ada.Address.ToString(),
    };

    /// <summary>A session of a person; the council is a guardian.</summary>
    public async Task<ApiClient> SignInAsync(Person person)
    {
        var client = new ApiClient(Http);
        await client.SignInAsync(person.Key, Cancellation);
        return client;
    }

    private async Task<JsonNode> OpenAsync(string programId, int votingPeriodSeconds)
    {
        await Embedded.Eventually.TrueAsync(
            async () => await TryAsync(() => Manager.MutateAsync(
                "openProgram",
                "program",
                "programId",
                VotingActs.ProgramInput(Scene, programId, Scene.Tokens(100_000), votingPeriodSeconds),
                Cancellation)),
            TimeSpan.FromMinutes(1),
            "the budget is final");
        var draft = await Ada.MutateAsync("draftProposal", "proposal", "proposalId", DraftInput(programId), Cancellation);
        JsonObject Id() => new() { ["proposalId"] = draft["proposalId"]!.GetValue<string>() };
        await Ada.MutateAsync("submitProposal", "proposal", "state", Id(), Cancellation);
        await Embedded.Eventually.TrueAsync(
            async () => await TryAsync(() => Manager.MutateAsync("openVoting", "proposal", "state", Id(), Cancellation)),
            TimeSpan.FromMinutes(1),
            "voting power is indexed");
        return await ProposalAsync(draft);
    }

    private async Task<JsonNode> ProposalAsync(JsonNode proposal) => (await Public.QueryAsync(
        "query ($p: Bytes32!) { proposal(proposalId: $p) { proposalId contentHash state vote { outcome { voters } } } }",
        new { p = proposal["proposalId"]!.GetValue<string>() },
        Cancellation))["proposal"]!;

    private static async Task<bool> TryAsync(Func<Task<JsonNode>> mutate)
    {
        try
        {
            await mutate();
            return true;
        }
        catch (DemoException)
        {
            return false;
        }
    }
}

/// <summary>One such service for all tests of the API's refusals; they take turns, because they count events.</summary>
[CollectionDefinition(nameof(OpenVote))]
public sealed class OpenVoteGroup : ICollectionFixture<OpenVote>;
