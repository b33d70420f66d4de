using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Grants.Domain.Governors;
using Grants.Ethereum.JsonRpc;
using Grants.Primitives;
using Grants.Service.Demo;
using Grants.Service.Hosting;
using Grants.Service.Tests.Embedded;
using Grants.Service.Tests.Journeys;
using Npgsql;
using Xunit;

namespace Grants.Service.Tests.Governors;

/// <summary>A space of the service as it runs on a DAO's chain, asked over HTTP alone.</summary>
internal sealed class FollowedDao : IAsyncDisposable
{
    public const string OtherSpace = "dao2";

    private const string ProposalFields =
        "proposalId state asOf { number } snapshot deadline etaSeconds votes { against for abstain } quorum { needed superNeeded }";

    private readonly DaoChain chain;
    private readonly string database;
    private readonly string folder;
    private ServiceRun run = null!;
    private HttpClient http = null!;
    private bool isOther;

    private FollowedDao(DaoChain chain, string database, string folder)
    {
        (this.chain, this.database, this.folder) = (chain, database, folder);
    }

    public ApiClient Public { get; private set; } = null!;

    public ApiClient Manager { get; private set; } = null!;

    public IServiceProvider Services => run.App.Services;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<FollowedDao> StartAsync(LocalServers servers, DaoChain chain)
    {
        var service = new FollowedDao(
            chain, await servers.CreateDatabaseAsync("governor"), Directory.CreateTempSubdirectory("grants-governor-").FullName);
        await service.RunAsync();
        return service;
    }

    /// <summary>Another space of the same service, which goes on when this one is disposed.</summary>
    public async Task<FollowedDao> OtherAsync()
    {
        var other = new FollowedDao(chain, database, folder) { run = run, isOther = true };
        await other.ConnectAsync(new Uri(run.Url, $"spaces/{OtherSpace}/"));
        return other;
    }

    /// <summary>Ends it, and starts it again on the same database and chain.</summary>
    public async Task RestartAsync()
    {
        http.Dispose();
        await run.DisposeAsync();
        await RunAsync();
    }

    public async Task<ApiClient> SignInAsync(Person person)
    {
        var client = new ApiClient(http);
        await client.SignInAsync(person.Key, Cancellation);
        return client;
    }

    /// <summary>Registers a governor, as soon as its deployment is final.</summary>
    public async Task<JsonNode> RegisterAsync(Dao dao, Action<JsonObject>? change = null)
    {
        var head = (await chain.HeadAsync()).Number;
        await Eventually.TrueAsync(
            async () =>
            {
                await chain.MineAsync();
                var shown = await Public.QueryAsync("{ chain { promoted { number } } }", null, Cancellation);
                return Number(shown["chain"]!["promoted"]!["number"]) >= head;
            },
            TimeSpan.FromMinutes(2),
            "the governor is final");
        var input = new JsonObject { ["governor"] = dao.Governor.ToString(), ["fromBlock"] = dao.FromBlock };
        change?.Invoke(input);
        return await Manager.MutateAsync(
            "registerGovernor", "governor", "chainId address token timelock clock choices timelockKind", input, Cancellation);
    }

    /// <summary>Mines until everything up to a block is known.</summary>
    public async Task KnownAsync(Dao dao, long block)
    {
        for (var waited = Stopwatch.StartNew(); await FollowedUpToAsync(dao) is not { } followed || followed < block;)
        {
            if (waited.Elapsed > TimeSpan.FromMinutes(2))
                Assert.Fail($"Block {block} is not known. {await StandingAsync()}");
            await chain.MineAsync();
            await Task.Delay(25, Cancellation);
        }
    }

    /// <summary>Every proposal of the governor in pages, the newest first.</summary>
    public async Task<List<JsonNode>> ProposalsAsync(Dao dao, int first = 3)
    {
        var all = new List<JsonNode>();
        for (string? after = null; ;)
        {
            var page = (await Public.QueryAsync(
                "query ($g: Address!, $n: Int!, $a: String) { governorProposals(governor: $g, first: $n, after: $a) "
                + $"{{ edges {{ node {{ {ProposalFields} }} }} pageInfo {{ endCursor hasNextPage }} }} }}",
                new { g = dao.Governor.ToString(), n = first, a = after },
                Cancellation))["governorProposals"]!;
            all.AddRange(page["edges"]!.AsArray().Select(edge => edge!["node"]!));
            if (!page["pageInfo"]!["hasNextPage"]!.GetValue<bool>())
                return all;
            after = page["pageInfo"]!["endCursor"]!.GetValue<string>();
        }
    }

    /// <summary>Each proposal that the API shows is as the contract says, in the very block that the API names.</summary>
    public async Task<int> AssertSameAsync(Dao dao)
    {
        var proposals = await ProposalsAsync(dao);
        foreach (var shown in proposals)
        {
            var block = (await chain.Node.BlockAsync(BlockTag.At(Number(shown["asOf"]!["number"])), Cancellation))!;
            var theirs = await ContractView.ReadAsync(
                dao,
                UInt256.Parse(shown["proposalId"]!.GetValue<string>()),
                new BlockRef(block.Number, block.Hash, block.TimestampSeconds));
            Assert.Equal(theirs, ViewOf(shown));
        }

        return proposals.Count;
    }

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        if (isOther)
            return;
        await run.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    private async Task<long?> FollowedUpToAsync(Dao dao)
    {
        var governors = await Public.QueryAsync(
            "{ governors(first: 10) { edges { node { address asOf { number } } } } }", null, Cancellation);
        return governors["governors"]!["edges"]!.AsArray().Select(edge => edge!["node"]!)
            .SingleOrDefault(node => node["address"]!.GetValue<string>() == dao.Governor.ToString())?["asOf"]?["number"]?.GetValue<long>();
    }

    /// <summary>What holds it up, as the database has it.</summary>
    private async Task<string> StandingAsync()
    {
        await using var source = NpgsqlDataSource.Create(database);
        await using var command = source.CreateCommand(
            """
            select jsonb_pretty(jsonb_build_object(
              'cursor', (select jsonb_agg(to_jsonb(c)) from chain.cursor c),
              'watch', (select jsonb_agg(to_jsonb(w)) from chain.watch w),
              'progress', (select jsonb_agg(to_jsonb(p)) from governor.progress p),
              'source', (select jsonb_agg(to_jsonb(s)) from governor.source s),
              'waiting', (select jsonb_object_agg(t, n) from (
                select message_type as t, count(*) as n
                from wolverine.wolverine_incoming_envelopes where status <> 'Handled' group by 1) i),
              'dead', (select jsonb_agg(d.exception_message) from wolverine.wolverine_dead_letters d),
              'activity', (select jsonb_agg(jsonb_build_object('state', state, 'wait', wait_event, 'query', left(query, 200)))
                from pg_stat_activity where datname = current_database() and state <> 'idle')))
            """);
        return (string)(await command.ExecuteScalarAsync(Cancellation))!;
    }

    private static ContractView ViewOf(JsonNode shown)
    {
        UInt256 Votes(string side) => UInt256.Parse(shown["votes"]![side]!.GetValue<string>());
        UInt256? Quorum(string which) => shown["quorum"]?[which] is { } value ? UInt256.Parse(value.GetValue<string>()) : null;
        return new ContractView(
            Enum.Parse<GovernorProposalState>(shown["state"]!.GetValue<string>(), ignoreCase: true),
            new VoteTally(Votes("against"), Votes("for"), Votes("abstain")),
            Number(shown["snapshot"]),
            Number(shown["deadline"]),
            shown["etaSeconds"] is { } eta ? Number(eta) : 0,
            Quorum("needed"),
            Quorum("superNeeded"));
    }

    private static long Number(JsonNode? node) => long.Parse(node!.ToString(), CultureInfo.InvariantCulture);

    private async Task RunAsync()
    {
        var settings = new Dictionary<string, string?>
        {
            ["Chains:0:PollMilliseconds"] = "20",
            [$"Spaces:{OpenVote.Space}"] = OpenVote.Space,
            [$"Spaces:{OtherSpace}"] = OtherSpace,
        };
        run = await RunningService.StartAsync(
            database, chain.Anvil.Endpoint, Path.Combine(folder, "operator.key"), Cancellation, settings);
        await ConnectAsync(run.Url);
        await Eventually.TrueAsync(
            async () => (await Public.QueryAsync("{ chain { promoted { number } } }", null, Cancellation))["chain"] is not null,
            TimeSpan.FromMinutes(1),
            "the chain is followed");
    }

    private async Task ConnectAsync(Uri address)
    {
        http = new HttpClient { BaseAddress = address };
        Public = new ApiClient(http);
        Manager = await SignInAsync(Cast.Manager);
    }
}
