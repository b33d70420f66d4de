using Grants.Domain;
using Grants.Domain.Disbursements;
using Grants.Ethereum.Abi;
using Grants.Ethereum.Contracts;
using Grants.Ethereum.JsonRpc;
using Grants.Ethereum.Signing;
using Grants.Ethereum.Transactions;
using Grants.Primitives;
using Grants.Service.Demo;
using Grants.Service.Disbursements;
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

/// <summary>A running service with a vault of its own, whose awards have vested, on a chain whose blocks the test may hold back.</summary>
public sealed class PayoutRig(LocalServers servers) : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly Person Deployer = Cast.Deployer;

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
    private int made;

    internal static Person Guardian { get; } = Person.Called("the vault's guardian");

    public ServiceRun Run { get; private set; } = null!;

    public Devnet Chain { get; private set; } = null!;

    public Address Token { get; private set; }

    public Address Vault { get; private set; }

    internal PrivateKey Operator => KeyFile.Read(OperatorKeyFile);

    /// <summary>The connection string of the service's database.</summary>
    internal string Database { get; private set; } = null!;

    /// <summary>The chain's own node.</summary>
    internal Uri Node { get; private set; } = null!;

    internal string OperatorKeyFile => Path.Combine(folder, "operator.key");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        (Database, Node) = (await servers.CreateDatabaseAsync("payouts"), await servers.StartChainAsync());
        await StartAsync();
        var services = Run.App.Services;
        Chain = new Devnet(new EthereumRpc(new HttpClient(), Node), services.GetRequiredService<ChainIdentity>().ChainId);
        foreach (var account in new[] { Deployer.Address, Guardian.Address, Operator.Address })
            await Chain.FundAsync(account, Cancellation);
        var from = await Chain.Node.BlockNumberAsync(Cancellation);
        Token = await DeployAsync(Artifacts.Own(
            "GrantToken", "string,string,address,uint256", "Metis", "METIS", Deployer.Address, Scene.Tokens(20_000_000)));
        Vault = await DeployAsync(Artifacts.Own("IncentiveVault", "address,address", Deployer.Address, Cast.Ada.Address));
        await AdminAsync(IncentiveVault.GrantRole, Keccak256.Hash("MANAGER_ROLE"), Deployer.Address);
        await AdminAsync(IncentiveVault.GrantRole, IncentiveVault.GuardianRole, Guardian.Address);
        await LimitAsync(Scene.Tokens(1_000_000));
        await Chain.CallAsync(Deployer.Key, Token, Erc20.TransferCall, Cancellation, Vault, Scene.Tokens(1_000_000));
        await services.GetRequiredService<ChainWatches>().WatchAsync(Chain.ChainId, Vault, from, Cancellation);
        await OperateAsync(true);
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

    internal async Task StopAsync()
    {
        http.Dispose();
        await Run.DisposeAsync();
    }

    /// <summary>A call by the vault's admin.</summary>
    internal Task AdminAsync(AbiFunction function, params object[] arguments) =>
        Chain.CallAsync(Deployer.Key, Vault, function, Cancellation, arguments);

    /// <summary>Gives the operator its role in the vault, or takes it: without it, orders wait.</summary>
    internal Task OperateAsync(bool may) => AdminAsync(
        may ? IncentiveVault.GrantRole : RevokeRole, IncentiveVault.OperatorRole, Operator.Address);

    internal static AbiFunction RevokeRole { get; } = AbiFunction.Parse("function revokeRole(bytes32 role, address account)");

    /// <summary>What may be released within a day.</summary>
    internal Task LimitAsync(UInt256 limit) => AdminAsync(IncentiveVault.SetPeriodLimit, Token, limit, (UInt256)86_400UL);

    /// <summary>An award in the vault, all vested, and the order to release it. The order is not given yet.</summary>
    internal async Task<TreasuryOrder> AwardAsync(ulong tokens = 100, Address? recipient = null) =>
        (await AwardAsync(1, tokens, recipient))[0];

    /// <summary>As many awards, all sent before the first is looked for.</summary>
    internal async Task<IReadOnlyList<TreasuryOrder>> AwardAsync(int count, ulong tokens, Address? recipient = null)
    {
        var (orders, now, nonce) = (
            new List<TreasuryOrder>(),
            await Chain.NowAsync(Cancellation),
            await Chain.Node.TransactionCountAsync(Deployer.Address, BlockTag.Pending, Cancellation));
        var (amount, vested) = (Scene.Tokens(tokens), new LinearVesting(Scene.Tokens(tokens), now - 10, 0, 1));
        for (var i = 0; i < count; i++)
        {
            var number = Interlocked.Increment(ref made);
            var (award, to) = (Keccak256.Hash($"award {number}"), recipient ?? Person.Called($"recipient {number}").Address);
            var grant = IncentiveVault.Grant.Encode(award, Token, to, amount, VaultCall.ScheduleOf(vested));
            var sent = new Eip1559Transaction(
                Chain.ChainId, nonce + i, 1_000_000_000, 100_000_000_000, 1_000_000, Vault, UInt256.Zero, grant).Sign(Deployer.Key);
            await Chain.Node.SendRawTransactionAsync(sent.Raw, Cancellation);
            orders.Add(Order(award, to, amount));
        }

        await Eventually.TrueAsync(
            async () => await Chain.Node.TransactionCountAsync(Deployer.Address, BlockTag.Latest, Cancellation) == nonce + count,
            Patience,
            "all awards are granted");
        return orders;
    }

    internal TreasuryOrder Order(Hash32 award, Address recipient, UInt256 amount) => new(
        IncentiveVault.ReleaseId(Chain.ChainId, Vault, award, 1, Token, recipient, amount),
        TreasuryOrderKind.Release,
        Chain.ChainId,
        Vault,
        award,
        1,
        Token,
        recipient,
        amount,
        null);

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

    /// <summary>How often the vault says that it paid the order.</summary>
    internal async Task<int> PaymentsAsync(TreasuryOrder order)
    {
        var head = await Chain.Node.BlockNumberAsync(Cancellation);
        var logs = await Chain.Node.LogsAsync(0, head, [Vault], [IncentiveVault.Released.Topic0], Cancellation);
        return logs.Count(log => log.Topics[1] == order.OrderId);
    }

    private async Task<T?> LoadAsync<T>(string id, string space = Spaces.Deployment)
        where T : class
    {
        await using var session = Run.App.Services.GetRequiredService<IDocumentStore>().QuerySession(space);
        return await session.LoadAsync<T>(id, Cancellation);
    }

    private async Task<Address> DeployAsync(byte[] code) =>
        (await Chain.SendAsync(Deployer.Key, null, code, Cancellation)).ContractAddress!.Value;

    private sealed class Held(Devnet chain) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync() => await chain.Node.RequestAsync("evm_setAutomine", [true], CancellationToken.None);
    }
}
