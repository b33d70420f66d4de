using Grants.Chaos;
using Grants.Domain.Disbursements;
using Grants.Ethereum.Abi;
using Grants.Ethereum.Signing;
using Grants.Ethereum.Tests.Following;
using Grants.Primitives;
using Grants.Service.Audit;
using Grants.Service.Demo;
using Grants.Service.Disbursements;
using Grants.Service.Disbursements.Control;
using Grants.Service.Disbursements.Watching;
using Grants.Service.Hosting;
using Grants.Service.Ingestion;
using Grants.Service.Tests.Journeys;
using Grants.Service.Disbursements.Signing;
using Marten;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Xunit;

namespace Grants.Service.Tests.Disbursements.Lab;

/// <summary>A clock that goes with the system's and may be put forward.</summary>
internal sealed class LabClock : TimeProvider
{
    public TimeSpan Ahead { get; set; }

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.UtcNow + Ahead;
}

[CollectionDefinition(nameof(TreasuryLab))]
public sealed class TreasuryLabCollection : ICollectionFixture<TreasuryLab>;

/// <summary>
/// Where a treasury is broken on purpose, a step at a time: one database, one chain that mines when it is told to and is final 16 blocks
/// below the head, one vault, and one proxy before the node. Lives of the service come and go on it.
/// </summary>
public sealed class TreasuryLab(LocalServers servers) : PayoutScene, IAsyncLifetime
{
    internal const string OtherSpace = "dao2";

    private const int FinalDepth = 16;
    private const int Awards = 200;

    private readonly string folder = Directory.CreateTempSubdirectory("grants-lab-").FullName;
    private readonly Queue<TreasuryOrder> awards = [];
    private AnvilChain anvil = null!;

    internal override PrivateKey Operator => OperatorAccount.Create(OperatorKeyFile);

    internal string OperatorKeyFile => Path.Combine(folder, "operator.key");

    internal LabClock Clock { get; } = new();

    internal HttpClient Http { get; } = new();

    internal FaultProxy Proxy { get; private set; } = null!;

    internal NpgsqlDataSource Database { get; private set; } = null!;

    internal DocumentStore Store { get; private set; } = null!;

    internal Life? Now { get; set; }

    /// <summary>Who signs for payments, by their names; a life reads it when it begins.</summary>
    internal Dictionary<string, string[]> Approvers { get; set; } = [];

    public async ValueTask InitializeAsync()
    {
        anvil = await AnvilChain.StartAsync(FinalDepth);
        Proxy = await FaultProxy.StartForgettingAsync(anvil.Endpoint, (call, ask, gone) =>
            Now is { } life ? life.Death.OnWire(call, ask, gone) : ask(call));
        await UseAsync(await servers.CreateDatabaseAsync("lab"));
        await anvil.Rpc.RequestAsync("evm_setAutomine", [true], Cancellation);
        await BuildAsync(new Devnet(anvil.Rpc, await anvil.Rpc.ChainIdAsync(Cancellation)));
        foreach (var order in await AwardAsync(Awards, 100))
            awards.Enqueue(order);
        await anvil.Rpc.RequestAsync("evm_setAutomine", [false], Cancellation);
        await MineAsync(FinalDepth + 1);
        await new ChainWatches(Database).WatchAsync(Chain.ChainId, Vault, 1, Cancellation);
    }

    /// <summary>The audit of all cases: what one of them spoilt is still there.</summary>
    public async ValueTask DisposeAsync()
    {
        await using (var life = await BeginAsync())
            await AuditAsync(life);
        await Proxy.DisposeAsync();
        await anvil.DisposeAsync();
        Store.Dispose();
        await Database.DisposeAsync();
        Http.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    /// <summary>A life of the service.</summary>
    internal Task<Life> BeginAsync(Action<TreasuryOptions>? more = null) => Life.BeginAsync(this, more);

    /// <summary>An award that nobody has used, with its order.</summary>
    internal TreasuryOrder Next() => awards.Dequeue();

    internal TreasuryOrder[] Next(int count) => [.. Enumerable.Range(0, count).Select(_ => Next())];

    internal Task MineAsync(int blocks = 1) => anvil.MineAsync(blocks);

    internal Task SendRawAsync(string raw) => anvil.Rpc.SendRawTransactionAsync(Hex.Parse(raw), Cancellation);

    /// <summary>Enough blocks that what is mined is final.</summary>
    internal Task FinalizeAsync() => MineAsync(FinalDepth + 1);

    internal Task RequestAsync(string method, params object?[] parameters) => anvil.Rpc.RequestAsync(method, parameters, Cancellation);

    /// <summary>Where the chain can be taken back to; further than a few blocks, anvil's own reorganization loses the state.</summary>
    internal async Task<string> SnapshotAsync() => (await anvil.Rpc.RequestAsync("evm_snapshot", [], Cancellation)).GetString()!;

    /// <summary>Replaces the blocks since then by as many empty ones; their transactions are gone.</summary>
    internal async Task ReorgAsync(string snapshot, int depth)
    {
        await RequestAsync("evm_revert", snapshot);
        await RequestAsync("anvil_dropAllTransactions");
        await MineAsync(depth);
    }

    /// <summary>Another account that may pay.</summary>
    internal async Task SeatAsync(Address account)
    {
        await Chain.FundAsync(account, Cancellation);
        await OperateAsync(true, account);
    }

    internal async Task<Address> DeployAsync(byte[] code)
    {
        var sending = Chain.SendAsync(Cast.Deployer.Key, null, code, Cancellation);
        await MineUntilAsync(sending);
        return (await sending).ContractAddress!.Value;
    }

    /// <summary>In a block of its own, whatever waits in the pool.</summary>
    internal override async Task CallAsync(Person by, AbiFunction function, params object[] arguments)
    {
        var call = base.CallAsync(by, function, arguments);
        await MineUntilAsync(call);
        await call;
    }

    private async Task MineUntilAsync(Task sent)
    {
        while (!sent.IsCompleted)
        {
            await Task.WhenAny(sent, Task.Delay(10, Cancellation));
            if (!sent.IsCompleted)
                await MineAsync();
        }
    }

    internal Task GiveAsync(params TreasuryOrder[] orders) => GiveAsync("", orders);

    /// <param name="program">Whose money it is.</param>
    internal async Task GiveAsync(string program, params TreasuryOrder[] orders)
    {
        foreach (var order in orders)
            await GiveAsync(program, OpenVote.Space, order);
    }

    /// <summary>Gives the order of a program of any space.</summary>
    internal Task GiveAsync(string program, string space, TreasuryOrder order) => ActAsync(
        space, session => DisbursementsHandlers.Handle(new OrderDisbursement(order, Clock.GetUtcNow(), program), session, Cancellation));

    /// <summary>A person signs for an order.</summary>
    /// <param name="wallet">A contract that the person's key signs for; null for the person's own account.</param>
    internal Task ApproveAsync(TreasuryOrder order, string name, Person person, Address? wallet = null)
    {
        var digest = PaymentRules.Approval(order).Digest();
        var signature = person.Key.Sign(digest).ToString();
        var approval = new DisbursementApproval(name, wallet ?? person.Address, digest, signature, Clock.GetUtcNow());
        return ActAsync(OpenVote.Space, session => ControlHandlers.Handle(
            new ApproveDisbursement(order.OrderId, approval), session, Cancellation));
    }

    /// <summary>A person rejects an order and takes that back: approvals are asked for anew.</summary>
    internal async Task RetryAsync(TreasuryOrder order)
    {
        await ActAsync(OpenVote.Space, session => ControlHandlers.Handle(
            new RejectDisbursement(order.OrderId, Cast.Ada.Address, "No.", Clock.GetUtcNow()), session, Cancellation));
        await ActAsync(OpenVote.Space, session => ControlHandlers.Handle(
            new RetryDisbursement(order.OrderId, Cast.Ada.Address, "No.", Clock.GetUtcNow()), session, Cancellation));
    }

    /// <summary>Limits of the token, that count at once where they are lower; null lifts them as far as can be.</summary>
    internal Task SetLimitsAsync(
        ulong oneFrom, ulong twoFrom, ulong order = 1_000_000, ulong recipient = 1_000_000, ulong day = 1_000_000, ulong? program = null,
        bool isOfSpace = true) =>
        ActAsync(Spaces.Deployment, session => ControlHandlers.Handle(
            new SetTreasuryLimits(
                Chain.ChainId,
                new TreasuryLimits(
                    Token,
                    Scene.Tokens(oneFrom),
                    Scene.Tokens(twoFrom),
                    Scene.Tokens(order),
                    Scene.Tokens(recipient),
                    Scene.Tokens(day),
                    program is { } most ? Scene.Tokens(most) : null,
                    isOfSpace),
                Cast.Ada.Address,
                Clock.GetUtcNow(),
                0,
                IsAuthorized: true),
            session,
            Cancellation));

    internal Task PauseAsync() => ActAsync(Spaces.Deployment, session => ControlHandlers.Handle(
        new PauseTreasury(Chain.ChainId, Cast.Ada.Address, "A look first.", Clock.GetUtcNow()), session, Cancellation));

    /// <summary>What the payments of other tests met within the last hour does not trip a breaker any more.</summary>
    internal void LetAnHourPass() => Clock.Ahead += TimeSpan.FromHours(1);

    /// <summary>Two persons have looked, and say so.</summary>
    internal async Task ResumeAsync(Life life)
    {
        if ((await LoadAsync<TreasuryControl>(TreasuryControl.StreamId(Chain.ChainId)))?.Pause is not { } pause)
            return;
        foreach (var person in new[] { "Ada", "Bo" })
            await ActAsync(Spaces.Deployment, session => ControlHandlers.Handle(
                new ResumeTreasury(Chain.ChainId, person, Cast.Ada.Address, pause.At, Clock.GetUtcNow()),
                session,
                life.Services.GetRequiredService<OperatorAccount>(),
                Chain.Node,
                Cancellation));
    }

    internal async Task ActAsync(string space, Func<IDocumentSession, Task<CommandResult>> act)
    {
        await using var session = Store.LightweightSession(space);
        var result = await act(session);
        Assert.True(result.IsAccepted, result.Rejection?.Message);
        await session.SaveChangesAsync(Cancellation);
    }

    internal Task<Disbursement> StateAsync(TreasuryOrder order) => StateAsync(order, OpenVote.Space);

    internal async Task<Disbursement> StateAsync(TreasuryOrder order, string space) =>
        (await LoadAsync<Disbursement>(Disbursement.StreamId(order.OrderId), space))!;

    /// <summary>What was final of the chain is in doubt, until it is cleared.</summary>
    internal async Task<IAsyncDisposable> HaltAsync()
    {
        await using var session = Store.LightweightSession(Spaces.Deployment);
        PromotionQueue.Halt(session, Chain.ChainId, "A final block is gone.");
        await session.SaveChangesAsync(Cancellation);
        return new Halted(this);
    }

    private sealed class Halted(TreasuryLab lab) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync() => await new ChainStore(lab.Database).ClearHaltAsync(lab.Chain.ChainId, Cancellation);
    }

    internal Task<NonceLedger?> LedgerAsync(Address? signer = null) =>
        LoadAsync<NonceLedger>(NonceLedger.StreamId(Chain.ChainId, signer ?? Operator.Address));

    internal Task<TreasuryControl?> ControlAsync() => LoadAsync<TreasuryControl>(TreasuryControl.StreamId(Chain.ChainId));

    /// <summary>The transaction of an order's last nonce.</summary>
    internal async Task<TreasuryTransaction?> TransactionAsync(TreasuryOrder order) =>
        (await StateAsync(order)).Nonces is [.., var nonce]
            ? await LoadAsync<TreasuryTransaction>(TreasuryTransaction.StreamId(Chain.ChainId, nonce.Signer, nonce.Nonce))
            : null;

    internal async Task<IReadOnlyList<Incident>> IncidentsAsync()
    {
        await using var session = Store.QuerySession(Spaces.Deployment);
        return await session.Query<Incident>().Where(incident => incident.Resolved == null).ToListAsync(Cancellation);
    }

    /// <summary>Every order was paid once, no nonce is open, and chain, ledger and signer agree. The audit comes at the end.</summary>
    internal async Task CheckAsync(Life life, params TreasuryOrder[] orders)
    {
        foreach (var order in orders)
            Assert.Equal((1, DisbursementState.Finalized), (await PaymentsAsync(order), (await StateAsync(order)).State));
        Assert.True((await LedgerAsync())!.Open.IsEmpty);
        var report = (await life.Services.GetRequiredService<Reconciler>().CompareAsync(Cancellation))!;
        Assert.Empty(report.Result.Rows);
    }

    private static async Task AuditAsync(Life life)
    {
        IReadOnlyList<AuditReport> audit =
            [.. await AuditRun.CheckAsync(life.Services, default), await AuditRun.CheckTreasuryAsync(life.Services, default)];
        Assert.Empty(audit.SelectMany(space => space.Lines).SelectMany(line => line.Violations));
    }

    /// <summary>The last events, for who reads why a test failed.</summary>
    internal async Task<string> LastAsync()
    {
        await using var command = Database.CreateCommand(
            """
            select string_agg(concat_ws(' ', type, left(data ->> 'reason', 120)), ', ' order by seq_id)
            from (select * from grants.mt_events order by seq_id desc limit 12) last
            """);
        return $"{await command.ExecuteScalarAsync(Cancellation)}";
    }

    /// <summary>Lives from here on are on another database, as after a restore.</summary>
    internal async Task UseAsync(string connection)
    {
        Database = NpgsqlDataSource.Create(connection);
        Store = DocumentStore.For(options =>
        {
            MartenSetup.Configure(options);
            options.Connection(Database);
            options.Listeners.Add(Death.Listener);
        });
        await Store.Storage.ApplyAllConfiguredChangesToDatabaseAsync();
        await SqlMigrations.ApplyAsync(Database, Cancellation);
    }

    private async Task<T?> LoadAsync<T>(string id, string space = Spaces.Deployment)
        where T : class
    {
        await using var session = Store.QuerySession(space);
        return await session.LoadAsync<T>(id, Cancellation);
    }
}
