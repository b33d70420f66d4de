using System.Text.Json.Nodes;
using Grants.Ethereum.Contracts;
using Grants.Ethereum.JsonRpc;
using Grants.Primitives;
using Grants.Service.Demo;
using Grants.Service.Hosting;
using Grants.Service.Tests.Journeys;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Spectre.Console;
using Xunit;

namespace Grants.Service.Tests.ManySpaces;

/// <summary>What the same people do in one space, through its own address.</summary>
public sealed record SpaceScene(string Id, HttpClient Http, Stage Stage, Scene Scene, ApiClient Ada, ApiClient Manager)
{
    /// <summary>Approved in a vote that is certified.</summary>
    public Hash32 Decided { get; set; }

    /// <summary>The award that follows from it.</summary>
    public string AwardId { get; set; } = string.Empty;

    /// <summary>Its vote is open for an hour.</summary>
    public JsonNode Open { get; set; } = null!;

    public Task<JsonObject> AskAsync(string query, object? variables = null) =>
        Stage.Public.QueryAsync(query, variables, TestContext.Current.CancellationToken);
}

/// <summary>
/// One service with three spaces: in two of them the same people do the same with the same ids and keys, in the third nobody ever did
/// anything.
/// </summary>
public sealed class TwoSpaces(LocalServers servers) : IAsyncLifetime
{
    public const string ProgramId = "builders";
    public const string LongProgramId = "long-vote";
    public const string Empty = "nobodys";

    private readonly string folder = Directory.CreateTempSubdirectory("grants-spaces-").FullName;
    private readonly StringWriter output = new();
    private readonly List<HttpClient> clients = [];

    public ServiceRun Run { get; private set; } = null!;

    /// <summary>The default one.</summary>
    public SpaceScene First { get; private set; } = null!;

    public SpaceScene Second { get; private set; } = null!;

    public NpgsqlDataSource Database => Run.App.Services.GetRequiredService<NpgsqlDataSource>();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        Run = await RunningService.StartAsync(
            await servers.CreateDatabaseAsync("spaces"),
            await servers.StartChainAsync(),
            Path.Combine(folder, "operator.key"),
            Cancellation,
            new() { ["Spaces:metis"] = "Metis", ["Spaces:dao2"] = "Another DAO", [$"Spaces:{Empty}"] = "Nobody's" });
        var chain = new Devnet(
            Run.App.Services.GetRequiredService<EthereumRpc>(), Run.App.Services.GetRequiredService<ChainIdentity>().ChainId);
        var treasury = await new ApiClient(At("metis")).QueryAsync("{ treasury { operator } }", null, Cancellation);
        var treasuryOperator = Address.Parse(treasury["treasury"]!["operator"]!.GetValue<string>());
        var scene = await Scene.BuildAsync(chain, treasuryOperator, Scene.Tokens(200_000), Cancellation);
        First = await SceneOfAsync("metis", chain, scene);
        Second = await SceneOfAsync("dao2", chain, scene with { Vault = await VaultAsync(chain, scene, treasuryOperator) });
        foreach (var space in new[] { First, Second })
        {
            var acts = new VotingActs(space.Stage, space.Scene, ProgramId);
            await acts.OpenProgramAsync(Scene.Tokens(100_000), Cancellation);
            var (ada, bo) = await acts.SubmitAsync(Cancellation);
            await acts.VoteAsync(ada, bo, Cancellation);
            space.Decided = ada;
        }

        foreach (var space in new[] { First, Second })
        {
            space.AwardId = await ReservedAsync(space);
            await space.Manager.MutateAsync(
                "openProgram",
                "program",
                "programId",
                VotingActs.ProgramInput(space.Scene, LongProgramId, Scene.Tokens(10_000), 3_600),
                Cancellation);
            space.Open = await OpenAsync(space);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var client in clients)
            client.Dispose();
        await Run.DisposeAsync();
        await output.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    /// <summary>A client of a space's address.</summary>
    public HttpClient At(string space)
    {
        var client = new HttpClient { BaseAddress = new Uri(Run.Url, $"spaces/{space}/") };
        clients.Add(client);
        return client;
    }

    /// <summary>A proposal of Ada's to the long program with its vote open; or of the manager's, for each has one at a time.</summary>
    public static async Task<JsonNode> OpenAsync(SpaceScene space, bool byManager = false)
    {
        var applicant = byManager ? space.Manager : space.Ada;
        var input = OpenVote.DraftInput(LongProgramId);
        input["recipient"] = (byManager ? Cast.Manager : Cast.Ada).Address.ToString();
        var draft = await applicant.MutateAsync("draftProposal", "proposal", "proposalId", input, Cancellation);
        JsonObject Id() => new() { ["proposalId"] = draft["proposalId"]!.GetValue<string>() };
        await applicant.MutateAsync("submitProposal", "proposal", "state", Id(), Cancellation);
        return await space.Manager.MutateAsync("openVoting", "proposal", "proposalId contentHash", Id(), Cancellation);
    }

    private async Task<SpaceScene> SceneOfAsync(string id, Devnet chain, Scene scene)
    {
        var http = At(id);
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output) });
        var (ada, manager) = (new ApiClient(http), new ApiClient(http));
        await ada.SignInAsync(Cast.Ada.Key, Cancellation);
        await manager.SignInAsync(Cast.Manager.Key, Cancellation);
        return new SpaceScene(id, http, new Stage(http, chain, console), scene, ada, manager);
    }

    // The vault holds the award: the order went out, and the finalized log came back to the space that gave it.
    private static async Task<string> ReservedAsync(SpaceScene space)
    {
        var award = await space.Stage.UntilAsync(
            $"the vault has reserved Ada's award in {space.Id}",
            async () => (await space.AskAsync(
                "query ($p: Bytes32!) { award(proposalId: $p) { awardId reservedAt { blockNumber } } }",
                new { p = space.Decided.ToString() }))["award"],
            award => award["reservedAt"] is not null,
            Cancellation);
        return award["awardId"]!.GetValue<string>();
    }

    private static async Task<Address> VaultAsync(Devnet chain, Scene scene, Address treasuryOperator)
    {
        var deployer = Cast.Deployer;
        var code = Artifacts.Own("IncentiveVault", "address,address", deployer.Address, scene.Treasury);
        var vault = (await chain.SendAsync(deployer.Key, null, code, Cancellation)).ContractAddress!.Value;
        var budget = Scene.Tokens(200_000);
        await chain.CallAsync(
            deployer.Key, vault, IncentiveVault.GrantRole, Cancellation, IncentiveVault.OperatorRole, treasuryOperator);
        await chain.CallAsync(deployer.Key, vault, IncentiveVault.SetBudget, Cancellation, scene.Token, budget);
        await chain.CallAsync(deployer.Key, scene.Token, Erc20.TransferCall, Cancellation, vault, budget);
        await chain.MineAsync(4, Cancellation);
        return vault;
    }
}

/// <summary>One such service for all tests of the class; they take turns.</summary>
[CollectionDefinition(nameof(TwoSpaces))]
public sealed class TwoSpacesGroup : ICollectionFixture<TwoSpaces>;
