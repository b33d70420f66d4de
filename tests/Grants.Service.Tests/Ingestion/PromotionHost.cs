using Grants.Service.Governors;
using Grants.Service.Ingestion;
using Grants.Service.Ingestion.Following;
using JasperFx.CodeGeneration;
using JasperFx.MultiTenancy;
using Marten;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Wolverine;
using Wolverine.ErrorHandling;
using Wolverine.Marten;

namespace Grants.Service.Tests.Ingestion;

/// <summary>What a promotion saw, as a document: one a call that was committed.</summary>
public sealed record Heard(Guid Id, long Sequence, long Block, bool Late, string[] Logs);

/// <summary>A message that a promotion sent, one a log.</summary>
/// <param name="Stumbles">It fails when it is first handled.</param>
public sealed record LogHeard(string Log, bool Stumbles);

/// <summary>A message that was handled.</summary>
public sealed record LogHandled(Guid Id, string Log);

/// <summary>An alarm that was told.</summary>
public sealed record AlarmHeard(Guid Id, LevelWentBack Alarm);

public static class AlarmHeardHandler
{
    public static void Handle(LevelWentBack message, IDocumentSession session) => session.Store(new AlarmHeard(Guid.NewGuid(), message));
}

public static class LogHeardHandler
{
    public static void Handle(LogHeard message, Envelope envelope, IDocumentSession session)
    {
        if (message.Stumbles && envelope.Attempts == 1)
            throw new StumbledException();
        session.Store(new LogHandled(Guid.NewGuid(), message.Log));
    }
}

/// <summary>Passes when it is tried again.</summary>
public sealed class StumbledException() : Exception("Not at the first attempt.");

/// <summary>Records each block and sends a message a log.</summary>
public sealed class Hearing : IPromotion
{
    private long sequence;

    /// <summary>Whether its messages fail when they are first handled.</summary>
    public bool Stumbles { get; set; }

    /// <summary>Whether it stores and sends nothing.</summary>
    public bool IsQuiet { get; set; }

    public Task<IReadOnlyList<object>> PromoteAsync(FinalizedBlock block, IDocumentSession session, CancellationToken cancellation)
    {
        if (IsQuiet)
            return Task.FromResult<IReadOnlyList<object>>([]);
        var logs = block.Logs.Select(log => $"{log.BlockNumber}/{log.LogIndex}").ToArray();
        session.Store(new Heard(Guid.NewGuid(), ++sequence, block.Block.Number, block.Late, logs));
        return Task.FromResult<IReadOnlyList<object>>([.. logs.Select(log => new LogHeard(log, Stumbles))]);
    }
}

/// <summary>Fails as often as it is told to for a block, after the promotions before it have done their work.</summary>
public sealed class Failing : IPromotion
{
    public long Block { get; set; } = -1;

    public int Times { get; set; }

    public Exception Failure { get; set; } = new InvalidOperationException("The block is refused.");

    public Task<IReadOnlyList<object>> PromoteAsync(FinalizedBlock block, IDocumentSession session, CancellationToken cancellation)
    {
        if (block.Block.Number == Block && Times-- > 0)
            throw Failure;
        return Task.FromResult<IReadOnlyList<object>>([]);
    }
}

/// <summary>The service's host with nothing in it but ingestion and the promotions above.</summary>
public static class PromotionHost
{
    /// <summary>The default one.</summary>
    public const string Space = "metis";

    public const string OtherSpace = "dao2";

    /// <param name="rig">The chain and the database.</param>
    /// <param name="node">Stands between the chain's node and the host.</param>
    /// <param name="log">Takes what the host logs; null for nobody.</param>
    /// <param name="isDevelopment">What the configuration says of the chain.</param>
    /// <param name="settings">More of the configuration, or other than here.</param>
    public static async Task<IHost> StartAsync(
        IngestionRig rig,
        HttpMessageHandler? node = null,
        ILoggerProvider? log = null,
        bool isDevelopment = true,
        params (string Key, string Value)[] settings)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        if (log is not null)
            builder.Logging.AddProvider(log);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Chains:0:Rpc"] = rig.Chain.Endpoint.ToString(),
            ["Chains:0:ChainId"] = $"{rig.ChainId}",
            ["Chains:0:IsDevelopment"] = $"{isDevelopment}",
            ["Chains:0:PollMilliseconds"] = "20",
            [$"Spaces:{Space}"] = Space,
            [$"Spaces:{OtherSpace}"] = OtherSpace,
            // What changes a block on its way does not compute its hash anew.
            ["Chains:0:ProvesBlocks"] = $"{node is null}",
        });
        builder.Configuration.AddInMemoryCollection(settings.ToDictionary(one => one.Key, one => (string?)one.Value));
        builder.Services.AddSingleton(rig.Database);
        builder.Services.AddSpaces(builder.Configuration);
        builder.Services.AddMarten(options =>
        {
            options.Connection(rig.ConnectionString);
            options.Events.TenancyStyle = TenancyStyle.Conjoined;
            options.Policies.AllDocumentsAreMultiTenanted();
            options.Advanced.DefaultTenantUsageEnabled = false;
        }).UseLightweightSessions().IntegrateWithWolverine();
        builder.Services.AddIngestion(builder.Configuration);
        if (node is not null)
            builder.Services.AddHttpClient(IngestionModule.HttpClientName).ConfigurePrimaryHttpMessageHandler(() => node);
        builder.Services.AddSingleton<IPromotion, GovernorsChainLogs>();
        builder.Services.AddSingleton<Failing>();
        builder.Services.AddSingleton<Hearing>();
        builder.Services.AddSingleton<IPromotion>(services => services.GetRequiredService<Hearing>());
        builder.Services.AddSingleton<IPromotion>(services => services.GetRequiredService<Failing>());
        builder.UseWolverine(options =>
        {
            options.ApplicationAssembly = typeof(PromotionHost).Assembly;
            options.Discovery.DisableConventionalDiscovery()
                .IncludeType(typeof(IngestionHandlers)).IncludeType(typeof(LogHeardHandler)).IncludeType(typeof(AlarmHeardHandler));
            options.Policies.AutoApplyTransactions();
            options.Policies.UseDurableLocalQueues();
            options.Durability.Mode = DurabilityMode.Solo;
            options.Durability.ScheduledJobPollingTime = TimeSpan.FromMilliseconds(200);
            options.OnException<StumbledException>().ScheduleRetry(TimeSpan.FromMilliseconds(200));
            options.CodeGeneration.TypeLoadMode = TypeLoadMode.Dynamic;
        });
        var host = builder.Build();
        await host.StartAsync(IngestionRig.Cancellation);
        return host;
    }
}
