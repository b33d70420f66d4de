using Grants.Ethereum.Signing;
using Grants.Service.Access;
using Grants.Service.Api;
using Grants.Service.Api.GraphiQL;
using Grants.Service.Api.Limits;
using Grants.Service.Api.Transports;
using Grants.Service.Awards;
using Grants.Service.Ballots;
using Grants.Service.Ballots.Log;
using Grants.Service.Disbursements;
using Grants.Service.Governors;
using Grants.Service.Ingestion;
using Grants.Service.Programs;
using Grants.Service.Proposals;
using Grants.Service.Reinvestment;
using Grants.Service.Reports;
using Grants.Service.VotingPower;
using Grants.Service.Webhooks;
using GraphQL.Types;
using Npgsql;
using Wolverine;

namespace Grants.Service.Hosting;

/// <summary>The composition of the service. Whether the database and the node are embedded or not, it does not know.</summary>
public static class ServiceApp
{
    /// <summary>Builds the service on a configuration that names a database and one chain.</summary>
    public static async Task<WebApplication> BuildAsync(
        WebApplicationBuilder builder, CancellationToken cancellation)
    {
        var configuration = builder.Configuration;
        var connectionString = configuration.GetConnectionString("Grants")
            ?? throw new InvalidOperationException("ConnectionStrings:Grants is not set.");
        var chain = configuration.GetSection("Chains:0").Get<ChainOptions>();
        if (chain?.Rpc is null)
            throw new InvalidOperationException("Chains:0:Rpc is not set.");
        var chainId = await ChainIdAsync(chain, cancellation);

        builder.Host.UseWolverine(WolverineSetup.Configure);
        builder.Services.AddStore(connectionString);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(new ChainIdentity(chainId));
        builder.Services.AddSingleton(provider => chain.Connect(
            provider.GetRequiredService<IHttpClientFactory>().CreateClient(IngestionModule.HttpClientName)));
        builder.Services.AddSpaces(configuration);
        builder.Services.AddAccess(configuration);
        builder.Services.Configure<LimitOptions>(configuration.GetSection("Limits"));
        builder.Services.Configure<TransportOptions>(configuration.GetSection("Transports"));
        builder.Services.Configure<TreasuryOptions>(configuration.GetSection("Treasury"));
        builder.Services.AddVotingPower(configuration);
        builder.Services.AddPrograms();
        builder.Services.AddProposals();
        builder.Services.AddBallots(configuration);
        builder.Services.AddBallotLog(configuration);
        builder.Services.AddReinvestment();
        builder.Services.AddAwards();
        builder.Services.AddDisbursements();
        builder.Services.AddGovernors();
        builder.Services.AddWebhooks(configuration);
        builder.Services.AddIngestion(configuration);
        builder.Services.AddApi();
        builder.Services.AddHealthChecks().AddCheck<ReadyCheck>("ready", tags: ["ready"]);

        var app = builder.Build();
        var spaces = app.Services.GetRequiredService<Spaces>();
        var database = app.Services.GetRequiredService<NpgsqlDataSource>();
        await SpaceCheck.RefuseOthersAsync(database, spaces, cancellation);
        await SqlMigrations.ApplyAsync(database, cancellation);
        app.Logger.LogInformation("Signatures are recovered by {Implementation}.", Secp256k1.Active);
        app.Logger.LogInformation("The ballot log is signed by {Address}.", app.Services.GetRequiredService<TreeHeadSigner>().Address);
        app.Services.GetRequiredService<ISchema>().Initialize();
        app.MapGraphQL();
        app.MapVoteExport();
        app.MapReports();
        app.MapHealthChecks("/health/live", new() { Predicate = _ => false });
        app.MapHealthChecks("/health/ready", new() { Predicate = check => check.Tags.Contains("ready") });
        if (app.Environment.IsDevelopment())
            app.MapGraphiQL();
        return app;
    }

    private static async Task<long> ChainIdAsync(ChainOptions chain, CancellationToken cancellation)
    {
        using var http = new HttpClient();
        var chainId = await chain.Connect(http).ChainIdAsync(cancellation);
        chain.Check(chainId);
        return chainId;
    }
}
