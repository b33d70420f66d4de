using System.Text.Json.Nodes;
using Grants.Domain;
using Grants.Domain.Proposals;
using Grants.Ethereum.JsonRpc;
using Grants.Primitives;
using Grants.Service.Demo;
using Grants.Service.Hosting;
using Grants.Service.Tests.Journeys;
using Marten;
using Microsoft.Extensions.DependencyInjection;
using Spectre.Console;
using Wolverine.Runtime;
using Xunit;

namespace Grants.Service.Tests.Awards;

/// <summary>The service as it runs, with a funded vault, and proposals that are as good as approved.</summary>
internal sealed class AwardService : IAsyncDisposable
{
    public const string ProgramId = "milestones";

    private readonly string folder;
    private readonly ServiceRun run;
    private readonly HttpClient http;

    private AwardService(string folder, ServiceRun run)
    {
        (this.folder, this.run) = (folder, run);
        http = new HttpClient { BaseAddress = run.Url };
        var chain = new Devnet(Services.GetRequiredService<EthereumRpc>(), Services.GetRequiredService<ChainIdentity>().ChainId);
        Stage = new Stage(http, chain, AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(TextWriter.Null) }));
    }

    public Stage Stage { get; }

    public IServiceProvider Services => run.App.Services;

    public Uri Url => run.Url;

    public Scene Scene { get; private set; } = null!;

    public ApiClient Manager { get; private set; } = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <param name="vesting">As in openProgram.</param>
    /// <param name="agreement">What recipients sign; null where there is nothing.</param>
    /// <param name="settings">Of the service, besides those of all tests.</param>
    /// <param name="change">Of the rest of what the program is opened with.</param>
    public static async Task<AwardService> StartAsync(
        LocalServers servers,
        JsonObject vesting,
        UInt256 budget,
        string? agreement = null,
        Dictionary<string, string?>? settings = null,
        Action<JsonObject>? change = null)
    {
        var folder = Directory.CreateTempSubdirectory("grants-awards-").FullName;
        var service = new AwardService(folder, await RunningService.StartAsync(
            await servers.CreateDatabaseAsync("awards"),
            await servers.StartChainAsync(),
            Path.Combine(folder, "operator.key"),
            Cancellation,
            settings));
        await service.OpenProgramAsync(vesting, budget, agreement, change);
        return service;
    }

    /// <summary>A proposal as it is stored when it is drafted.</summary>
    /// <param name="recipient">The applicant where absent.</param>
    /// <param name="review">Under which it was submitted; not submitted where absent.</param>
    public async Task<ProposalApproved> DraftAsync(
        int number, Person applicant, UInt256 amount, Address? recipient = null, ReviewRules? review = null)
    {
        var (id, at) = (Keccak256.Hash($"proposal {number}"), DateTimeOffset.UnixEpoch);
        var content = new ProposalContent($"Thing {number}", "Why not.", amount, recipient ?? applicant.Address);
        await using var session = Session();
        session.Events.StartStream<Proposal>(
            Proposal.StreamId(id), new ProposalDrafted(id, ProgramId, applicant.Address, content, at));
        if (review is not null)
            session.Events.Append(
                Proposal.StreamId(id), new ProposalSubmitted(id, applicant.Address, content.Hash(), at, Review: review));
        await session.SaveChangesAsync(Cancellation);
        return new ProposalApproved(id, ProgramId, content.Recipient, amount, at);
    }

    /// <summary>Tells the service that a proposal is approved, as the store does.</summary>
    public async Task ApproveAsync(ProposalApproved approved)
    {
        var bus = new MessageBus(Services.GetRequiredService<IWolverineRuntime>()) { TenantId = OpenVote.Space };
        await bus.PublishAsync(approved);
    }

    public IDocumentSession Session() => Services.GetRequiredService<IDocumentStore>().LightweightSession(OpenVote.Space);

    /// <summary>Of what belongs to no space.</summary>
    public IQuerySession DeploymentSession() => Services.GetRequiredService<IDocumentStore>().QuerySession(Spaces.Deployment);

    /// <summary>Lets the chain go on until the award is so.</summary>
    public async Task<JsonNode> UntilAsync(Hash32 awardId, string what, string fields, Func<JsonNode, bool> isSo) =>
        await Stage.UntilAsync(what, () => AwardAsync(awardId, fields), isSo, Cancellation);

    public async Task<JsonNode?> AwardAsync(Hash32 awardId, string fields) => (await Stage.Public.QueryAsync(
        $"query ($a: Bytes32!) {{ award(awardId: $a) {{ {fields} }} }}", new { a = awardId.ToString() }, Cancellation))["award"];

    /// <summary>A file that the service serves to anybody.</summary>
    public Task<HttpResponseMessage> FileAsync(string path) => http.GetAsync(new Uri(path, UriKind.Relative), Cancellation);

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        await run.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    private async Task OpenProgramAsync(JsonObject vesting, UInt256 budget, string? agreement, Action<JsonObject>? change)
    {
        var treasury = await Stage.Public.QueryAsync("{ treasury { operator } }", null, Cancellation);
        Scene = await Scene.BuildAsync(
            Stage.Chain, Address.Parse(treasury["treasury"]!["operator"]!.GetValue<string>()), budget, Cancellation);
        await Stage.Chain.MineAsync(4, Cancellation);
        Manager = await Stage.SignInAsync(Cast.Manager, Cancellation);
        var input = VotingActs.ProgramInput(Scene, ProgramId, budget, 3_600);
        (input["vesting"], input["agreement"]) = (vesting, agreement);
        change?.Invoke(input);
        await Stage.UntilAsync(
            "the budget is final",
            async () =>
            {
                try
                {
                    return await Manager.MutateAsync(
                        "openProgram", "program", "programId", input.DeepClone().AsObject(), Cancellation);
                }
                catch (DemoException notYet) when (notYet.Message.Contains("BUDGET_NOT_FUNDED", StringComparison.Ordinal))
                {
                    return null;
                }
            },
            _ => true,
            Cancellation);
    }
}
