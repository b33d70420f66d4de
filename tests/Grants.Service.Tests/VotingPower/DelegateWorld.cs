using System.Text.Json.Nodes;
using Grants.Domain;
using Grants.Domain.Programs;
using Grants.Ethereum.Abi;
using Grants.Ethereum.JsonRpc;
using Grants.Primitives;
using Grants.Service.Demo;
using Grants.Service.Hosting;
using Grants.Service.Tests.Embedded;
using Grants.Service.Tests.Journeys;
using Microsoft.Extensions.DependencyInjection;
using Wolverine;
using Xunit;

namespace Grants.Service.Tests.VotingPower;

/// <summary>A running service with a program whose power is delegated, in a token and in a registry.</summary>
internal sealed class DelegateWorld : IAsyncDisposable
{
    public const string ProgramId = "delegated";

    public static readonly Hash32 SpaceId = new([.. "metis.eth"u8, .. new byte[23]]);

    private static readonly AbiFunction Mint = AbiFunction.Parse("function mint(address to, uint256 amount)");

    private readonly string folder = Directory.CreateTempSubdirectory("grants-delegates-").FullName;
    private readonly ServiceRun run;
    private readonly HttpClient http;

    private DelegateWorld(ServiceRun run, HttpClient http, string folder) => (this.run, this.http, this.folder) = (run, http, folder);

    public ApiClient Public => new(http);

    public async Task<ApiClient> SignInAsync(Person person)
    {
        var client = new ApiClient(http);
        await client.SignInAsync(person.Key, Cancellation);
        return client;
    }

    public Devnet Chain { get; private set; } = null!;

    public Address Token { get; private set; }

    public Address Registry { get; private set; }

    public IServiceProvider Services => run.App.Services;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <param name="chain">The node; null starts one that lasts as long as the tests.</param>
    public static async Task<DelegateWorld> StartAsync(LocalServers servers, Uri? chain = null)
    {
        var folder = Directory.CreateTempSubdirectory("grants-delegates-").FullName;
        var run = await RunningService.StartAsync(
            await servers.CreateDatabaseAsync("delegates"),
            chain ?? await servers.StartChainAsync(),
            Path.Combine(folder, "operator.key"),
            Cancellation);
        var world = new DelegateWorld(run, new HttpClient { BaseAddress = run.Url }, folder);
        var chainId = run.App.Services.GetRequiredService<ChainIdentity>().ChainId;
        world.Chain = new Devnet(run.App.Services.GetRequiredService<EthereumRpc>(), chainId);
        foreach (var person in Cast.All)
            await world.Chain.FundAsync(person.Address, Cancellation);
        var from = await world.Chain.Node.BlockNumberAsync(Cancellation);
        world.Token = await world.DeployAsync(Artifacts.Own("DaoToken", "bool", false));
        world.Registry = await world.DeployAsync(Artifacts.Own("DelegateRegistry", string.Empty));
        foreach (var (person, tokens) in new[] { (Cast.Ada, 100UL), (Cast.Bo, 50UL), (Cast.Vera, 7UL) })
            await world.Chain.CallAsync(Cast.Deployer.Key, world.Token, Mint, Cancellation, person.Address, (UInt256)tokens);
        await world.OpenProgramAsync(chainId, from);
        return world;
    }

    /// <summary>The query of how a person stands.</summary>
    public static string Standing(Person person) =>
        $$"""{ delegate(programId: "{{ProgramId}}", address: "{{person.Address}}") """
        + "{ power delegatorCount asOf { number } statement { statement } } }";

    /// <summary>Sends a call as a person, and makes it final.</summary>
    public async Task ActAsync(Person person, Address contract, AbiFunction function, params object[] arguments)
    {
        await Chain.CallAsync(person.Key, contract, function, Cancellation, arguments);
        await Chain.MineAsync(6, Cancellation);
    }

    /// <summary>Asks until the answer is so.</summary>
    public async Task<JsonNode> UntilAsync(string query, Func<JsonNode, bool> isSo, string what)
    {
        JsonNode? seen = null;
        await Eventually.TrueAsync(
            async () =>
            {
                try
                {
                    seen = await Public.QueryAsync(query, null, Cancellation);
                }
                catch (DemoException notYet) when (notYet.Message.Contains("POWER_NOT_INDEXED", StringComparison.Ordinal))
                {
                    return false;
                }

                return isSo(seen);
            },
            TimeSpan.FromMinutes(2),
            what);
        return seen!;
    }

    /// <summary>Signs a statement as the API offers it, and publishes it.</summary>
    public async Task<JsonNode> PublishAsync(Person person, string statement) =>
        await PublishAsync(await TypedDataAsync(person, statement), person);

    /// <summary>Publishes typed data with a person's signature.</summary>
    public Task<JsonNode> PublishAsync(JsonNode typedData, Person signer)
    {
        var digest = Ethereum.TypedData.TypedData.FromJson(typedData.ToJsonString()).Digest();
        var message = typedData["message"]!;
        return Public.MutateAsync(
            "publishDelegateStatement",
            "statement",
            "delegate statement nonce digest",
            new()
            {
                ["statement"] = new JsonObject
                {
                    ["space"] = message["space"]!.DeepClone(),
                    ["delegate"] = message["delegate"]!.DeepClone(),
                    ["statement"] = message["statement"]!.DeepClone(),
                    ["nonce"] = message["nonce"]!.ToString(),
                    ["expiresAt"] = long.Parse(message["expiresAt"]!.ToString(), System.Globalization.CultureInfo.InvariantCulture),
                },
                ["signature"] = signer.Key.Sign(digest).ToString(),
            },
            Cancellation);
    }

    /// <summary>The typed data of a person's next statement.</summary>
    public async Task<JsonNode> TypedDataAsync(Person person, string statement) => JsonNode.Parse((await Public.QueryAsync(
        "query ($d: Address!, $s: String!) { delegateStatementTypedData(delegate: $d, statement: $s) }",
        new { d = person.Address.ToString(), s = statement },
        Cancellation))["delegateStatementTypedData"]!.GetValue<string>())!;

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        await run.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    private async Task<Address> DeployAsync(byte[] code) =>
        (await Chain.SendAsync(Cast.Deployer.Key, null, code, Cancellation)).ContractAddress!.Value;

    private async Task OpenProgramAsync(long chainId, long fromBlock)
    {
        var balance = PowerStrategy.BalanceOf(Token);
        var rules = VotingRules.ForAndAgainst(
            [],
            Threshold.SimpleMajority,
            3_600,
            balance with { Kind = PowerStrategyKind.Erc20Votes },
            balance with { Kind = PowerStrategyKind.DelegatedBalance, Weight = 10, Registry = Registry, RegistryId = SpaceId });
        var opened = new ProgramOpened(
            ProgramId,
            OpenVote.Space,
            "Delegated",
            chainId,
            Token,
            Cast.Manager.Address,
            1_000,
            rules,
            new VestingTemplate(0, 100, 1),
            ReinvestmentPolicy.OfTwoRules("none", 1, new BasisPoints(BasisPoints.Whole), default, 0, 1, [], []),
            fromBlock,
            Cast.Manager.Address,
            DateTimeOffset.UtcNow);
        await using var scope = run.App.Services.GetRequiredService<IServiceScopeFactory>().CreateSpaceScope(OpenVote.Space);
        var result = await scope.ServiceProvider.GetRequiredService<IMessageBus>()
            .InvokeAsync<CommandResult>(new OpenProgram(opened, opened.Budget), Cancellation);
        Assert.Null(result.Rejection);
    }
}
