using Grants.Domain.Disbursements;
using Grants.Ethereum.JsonRpc;
using Grants.Ethereum.Signing;
using Grants.Service.Demo;
using Grants.Service.Hosting;
using Grants.Service.Ingestion;
using Grants.Service.Tests.Embedded;
using Grants.Service.Tests.Journeys;
using Marten;
using Microsoft.Extensions.DependencyInjection;
using Spectre.Console;
using Wolverine;
using Xunit;

namespace Grants.Service.Tests.Disbursements;

/// <summary>A running service with a vault of its own, on a chain whose blocks the test may hold back.</summary>
public sealed class PayoutRig(LocalServers servers) : PayoutScene, IAsyncLifetime
{
    private readonly string folder = Directory.CreateTempSubdirectory("grants-payouts-").FullName;
    private readonly Dictionary<string, string?> settings = new()
    {
        ["Treasury:StuckAfterSeconds"] = "1",
        ["Treasury:LimitsDelaySeconds"] = "3600",
        ["Access:Approvers:Ada:0"] = Cast.Ada.Address.ToString(),
        ["Access:Approvers:Ada:1"] = Cast.AdaCold.Address.ToString(),
        ["Access:Approvers:Bo:0"] = Cast.Bo.Address.ToString(),
    };

    private HttpClient http = null!;

    public ServiceRun Run { get; private set; } = null!;

    internal override PrivateKey Operator => KeyFile.Read(OperatorKeyFile);

    /// <summary>The connection string of the service's database.</summary>
    internal string Database { get; private set; } = null!;

    /// <summary>The chain's own node.</summary>
    internal Uri Node { get; private set; } = null!;

    internal string OperatorKeyFile => Path.Combine(folder, "operator.key");

    public async ValueTask InitializeAsync()
    {
        (Database, Node) = (await servers.CreateDatabaseAsync("payouts"), await servers.StartChainAsync());
        await StartAsync();
        var services = Run.App.Services;
        var node = new EthereumRpc(new HttpClient(), Node);
        var from = await node.BlockNumberAsync(Cancellation);
        await BuildAsync(new Devnet(node, services.GetRequiredService<ChainIdentity>().ChainId));
        await services.GetRequiredService<ChainWatches>().WatchAsync(Chain.ChainId, Vault, from, Cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Directory.Delete(folder, recursive: true);
    }

    /// <summary>Starts the service; what it stored before is found again.</summary>
    internal async Task StartAsync()
    {
        Run = await RunningService.StartAsync(Database, Node, OperatorKeyFile, CancellationToken.None, settings);
        http = new HttpClient { BaseAddress = Run.Url };
    }

    /// <summary>Starts the service once more, with a setting more.</summary>
    internal async Task RestartAsync(string key, string value)
    {
        await StopAsync();
        settings[key] = value;
        await StartAsync();
    }

    internal async Task StopAsync()
    {
        http.Dispose();
        await Run.DisposeAsync();
    }

    internal async Task GiveAsync(params TreasuryOrder[] orders)
    {
        foreach (var order in orders)
        {
            var result = await InvokeAsync(new OrderDisbursement(order, DateTimeOffset.UtcNow));
            Assert.True(result.IsAccepted, result.Rejection?.Message);
        }
    }

    internal async Task<CommandResult> InvokeAsync(object command)
    {
        await using var scope = Run.App.Services.GetRequiredService<IServiceScopeFactory>().CreateSpaceScope(OpenVote.Space);
        return await scope.ServiceProvider.GetRequiredService<IMessageBus>().InvokeAsync<CommandResult>(command, Cancellation);
    }

    internal async Task<Disbursement> StateAsync(TreasuryOrder order) =>
        (await LoadAsync<Disbursement>(Disbursement.StreamId(order.OrderId), OpenVote.Space))!;

    internal Task<TreasuryControl?> ControlAsync() => LoadAsync<TreasuryControl>(TreasuryControl.StreamId(Chain.ChainId));

    internal Task<NonceLedger?> LedgerAsync() => LoadAsync<NonceLedger>(NonceLedger.StreamId(Chain.ChainId, Operator.Address));

    internal Task<TreasuryTransaction?> TransactionAsync(NonceOf nonce) =>
        LoadAsync<TreasuryTransaction>(TreasuryTransaction.StreamId(Chain.ChainId, nonce.Signer, nonce.Nonce));

    /// <summary>The transaction of an order's last nonce.</summary>
    internal async Task<TreasuryTransaction?> TransactionAsync(TreasuryOrder order) =>
        (await StateAsync(order)).Nonces is [.., var nonce] ? await TransactionAsync(nonce) : null;

    /// <summary>The API as a person uses it who has signed in.</summary>
    internal async Task<ApiClient> SignInAsync(Person person)
    {
        var stage = new Stage(http, Chain, AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(TextWriter.Null) }));
        return await stage.SignInAsync(person, Cancellation);
    }

    /// <summary>Mines until it is so.</summary>
    internal Task MineUntilAsync(TreasuryOrder order, Func<Disbursement, bool> isSo, string what) => Eventually.TrueAsync(
        async () =>
        {
            await Chain.MineAsync(1, Cancellation);
            return isSo(await StateAsync(order));
        },
        Patience,
        what);

    internal Task MineUntilAsync(TreasuryOrder order, DisbursementState state) =>
        MineUntilAsync(order, one => one.State == state, $"the order is {state}");

    /// <summary>Waits, with no block, until it is so.</summary>
    internal Task UntilAsync(TreasuryOrder order, Func<Disbursement, bool> isSo, string what) =>
        Eventually.TrueAsync(async () => isSo(await StateAsync(order)), Patience, what);

    internal Task UntilTransactionAsync(TreasuryOrder order, Func<TreasuryTransaction, bool> isSo, string what) =>
        Eventually.TrueAsync(async () => await TransactionAsync(order) is { } one && isSo(one), Patience, what);

    /// <summary>While blocks are held back, what is sent waits in the pool.</summary>
    internal async Task<IAsyncDisposable> HoldBlocksAsync()
    {
        await Chain.Node.RequestAsync("evm_setAutomine", [false], Cancellation);
        return new Held(Chain);
    }

    private async Task<T?> LoadAsync<T>(string id, string space = Spaces.Deployment)
        where T : class
    {
        await using var session = Run.App.Services.GetRequiredService<IDocumentStore>().QuerySession(space);
        return await session.LoadAsync<T>(id, Cancellation);
    }

    private sealed class Held(Devnet chain) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync() => await chain.Node.RequestAsync("evm_setAutomine", [true], CancellationToken.None);
    }
}
