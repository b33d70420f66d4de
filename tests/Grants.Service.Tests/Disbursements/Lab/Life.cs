using Grants.Domain.Disbursements;
using Grants.Ethereum.JsonRpc;
using Grants.Service.Access;
using Grants.Service.Disbursements;
using Grants.Service.Disbursements.Sending;
using Grants.Service.Disbursements.Signing;
using Grants.Service.Disbursements.Watching;
using Grants.Service.Ingestion;
using Grants.Service.Ingestion.Following;
using Grants.Service.Tests.Journeys;
using JasperFx;
using Marten;
using Marten.Exceptions;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Npgsql;
using Xunit;

namespace Grants.Service.Tests.Disbursements.Lab;

/// <summary>
/// One life of the service's treasury, from start to end: its sender, its watchdog, its follower, and nothing that was remembered from
/// a life before. It does one step when it is told to.
/// </summary>
internal sealed class Life : IAsyncDisposable
{
    private const int MostSteps = 30;
    private const int StepsOfOneBlock = 2;

    private readonly TreasuryLab lab;
    private readonly ServiceProvider services;
    private ChainIngestor ingestor = null!;

    private Life(TreasuryLab lab, ServiceProvider services) => (this.lab, this.services) = (lab, services);

    public Death Death { get; } = new();

    public IServiceProvider Services => services;

    public bool MaySign => services.GetRequiredService<TreasuryHealth>().MaySign;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <param name="lab">The database, the chain and the clock.</param>
    /// <param name="more">Settings other than the lab's.</param>
    /// <param name="others">Services besides the treasury's.</param>
    public static async Task<Life> BeginAsync(
        TreasuryLab lab, Action<TreasuryOptions>? more, Action<IServiceCollection>? others = null)
    {
        var collection = new ServiceCollection();
        collection.AddLogging();
        collection.AddSingleton(lab.Database);
        collection.AddSingleton<IDocumentStore>(lab.Store);
        collection.AddSingleton<TimeProvider>(lab.Clock);
        collection.AddSingleton(new ChainIdentity(lab.Chain.ChainId));
        collection.AddSingleton(new EthereumRpc(lab.Http, lab.Proxy.Endpoint));
        collection.AddSpaces(new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Space"] = OpenVote.Space, [$"Spaces:{OpenVote.Space}"] = "Metis", [$"Spaces:{TreasuryLab.OtherSpace}"] = "Another DAO",
        }).Build());
        collection.Configure<AccessOptions>(options => options.Approvers = lab.Approvers);
        collection.Configure<TreasuryOptions>(options =>
        {
            options.KeyFile = lab.OperatorKeyFile;
            more?.Invoke(options);
        });
        collection.AddSingleton<AccountSignatures>();
        collection.AddSingleton<ChainStore>();
        collection.AddSingleton<ChainWatches>();
        collection.AddSingleton<ChainView>();
        collection.AddSingleton<PromotionQueue>();
        collection.AddSingleton<Promotions>();
        collection.AddSingleton(new FollowedChains(Options.Create(new IngestionOptions()), () => lab.Http));
        collection.AddDisbursements();
        others?.Invoke(collection);
        var life = new Life(lab, collection.BuildServiceProvider());
        await life.OpenAsync();
        return life;
    }

    /// <summary>The sender's step.</summary>
    public Task StepAsync() => RunAsync(() =>
        services.GetRequiredService<Sender>().StepAsync(lab.Chain.ChainId, Cancellation));

    /// <summary>Chain, ledger and signer are compared.</summary>
    public Task ReconcileAsync() => RunAsync(() => services.GetRequiredService<TreasuryWatchdog>().ReconcileAsync(Cancellation));

    /// <summary>The watchdog asks all nodes for the block that the ledger rests on.</summary>
    public Task AskNodesAsync() => RunAsync(() => services.GetRequiredService<TreasuryWatchdog>().AskNodesAsync(Cancellation));

    /// <summary>The watchdog looks at its breakers.</summary>
    public Task LookAsync() => RunAsync(() => services.GetRequiredService<TreasuryWatchdog>().LookAsync(Cancellation));

    /// <summary>Reads the chain to its end, and promotes what is final.</summary>
    public Task FollowAsync() => RunAsync(async () =>
    {
        try
        {
            while (await ingestor.FollowAsync(Cancellation) is not null || await ingestor.BackfillAsync(Cancellation))
            {
            }
        }
        catch (RpcException)
        {
            // The node has no answer; what is stored stays right.
        }
        catch (LeaseLostException)
        {
            // Another life followed meanwhile; this one takes over again.
            await TakeOverAsync();
        }

        while (await services.GetRequiredService<PromotionQueue>().AnyAsync(lab.Chain.ChainId, Cancellation))
        {
            await using var session = lab.Store.LightweightSession(Spaces.Deployment);
            await IngestionHandlers.Handle(
                new PromoteFinalized(lab.Chain.ChainId), session, services.GetRequiredService<Promotions>(), Cancellation);
            await session.SaveChangesAsync(Cancellation);
        }
    });

    /// <summary>Gives the orders where nobody has, and goes on, a block a step, until all are settled and their nonces closed.</summary>
    /// <exception cref="KilledException">The life ended on the way.</exception>
    public async Task PayAsync(params TreasuryOrder[] orders)
    {
        await RunAsync(() => lab.GiveAsync(orders));
        await UntilAsync(async () =>
        {
            foreach (var order in orders)
            {
                if ((await lab.StateAsync(order)).State != DisbursementState.Finalized)
                    return false;
            }

            return (await lab.LedgerAsync())!.Open.IsEmpty;
        });
    }

    /// <summary>Steps until it is so: the first with a block each, then with as many as become final.</summary>
    /// <param name="mines">Without, there are no blocks.</param>
    public async Task UntilAsync(Func<Task<bool>> isSo, bool mines = true)
    {
        for (var step = 0; step < MostSteps; step++)
        {
            await TryAsync(StepAsync);
            if (mines && step < StepsOfOneBlock)
                await lab.MineAsync();
            else if (mines)
                await lab.FinalizeAsync();
            await TryAsync(FollowAsync);
            if (await isSo())
                return;
        }

        Assert.Fail($"After {MostSteps} steps it is not so. {await lab.LastAsync()}");
    }

    public ValueTask DisposeAsync() => services.DisposeAsync();

    // What the service's own loops survive.
    private static async Task TryAsync(Func<Task> step)
    {
        try
        {
            await step();
        }
        catch (Exception passing) when (passing is NpgsqlException or RpcException or SignerFailedException
            or ConcurrencyException or ExistingStreamIdCollisionException)
        {
            return;
        }
    }

    private async Task RunAsync(Func<Task> work)
    {
        await Death.RunAsync(work);
        if (Death.IsOver)
            throw new KilledException("on the way to the node");
    }

    private async Task OpenAsync()
    {
        lab.Now = this;
        await TakeOverAsync();
        await FollowAsync();
        await ReconcileAsync();
    }

    private async Task TakeOverAsync() => ingestor = (await ChainIngestor.OpenAsync(
            services.GetRequiredService<ChainStore>(),
            services.GetRequiredService<ChainWatches>(),
            ChainNodes.Of(services.GetRequiredService<EthereumRpc>()),
            lab.Chain.ChainId,
            null,
            new(),
            Cancellation))!;
}
