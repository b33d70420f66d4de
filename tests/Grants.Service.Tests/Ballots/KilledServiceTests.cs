using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Grants.Domain.Ballots;
using Grants.Domain.Proposals;
using Grants.Primitives;
using Xunit;

namespace Grants.Service.Tests.Ballots;

/// <summary>
/// The service is killed while ballots pour in. Whoever was answered is in the log, and whoever was not may just ask again.
/// </summary>
public sealed class KilledServiceTests(LocalServers servers) : IAsyncLifetime
{
    private const int Voters = 2_000;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly string folder = Directory.CreateTempSubdirectory("grants-killed-").FullName;
    private BallotRig rig = null!;
    private VotingOpened vote = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        rig = await BallotRig.StartAsync(servers);
        rig.Clock.Now = DateTimeOffset.UtcNow;
        vote = await rig.OpenAsync(ARule.Simple, [.. Enumerable.Range(1, Voters).Select(power => (UInt256)(ulong)power)]);
    }

    public async ValueTask DisposeAsync()
    {
        await rig.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task every_ballot_that_was_acknowledged_survives_a_kill_in_mid_load()
    {
        var bodies = Enumerable.Range(0, Voters).Select(BodyOf).ToList();
        ConcurrentDictionary<int, long> acknowledged = [];
        using (var service = Start())
        {
            using var http = new HttpClient { BaseAddress = await UrlOfAsync(service) };
            var casting = CastAllAsync(http, bodies, acknowledged);
            await Embedded.Eventually.TrueAsync(() => acknowledged.Count > 300, Patience, "300 ballots are acknowledged");
            service.Kill();
            await service.WaitForExitAsync(Cancellation);
            await casting;
        }

        Assert.InRange(acknowledged.Count, 300, Voters - 1);
        var records = (await rig.RecordsAsync(vote)).ToDictionary(record => record.Index, record => record.Ballot.Voter);
        Assert.All(acknowledged, cast => Assert.Equal(BallotRig.Voter(cast.Key).Address, records[cast.Value]));

        using (var service = Start())
        {
            using var http = new HttpClient { BaseAddress = await UrlOfAsync(service) };
            ConcurrentDictionary<int, long> again = [];
            await CastAllAsync(http, bodies, again);
            service.Kill();
            Assert.Equal(Voters, again.Count);
            Assert.All(acknowledged, cast => Assert.Equal(cast.Value, again[cast.Key]));
        }

        Assert.Equal(Voters, (await rig.RecordsAsync(vote)).Count);
        Assert.Equal(
            Tally.Fold(vote.Rules, await rig.RecordsAsync(vote)), await rig.Ballots.TallyAsync(vote.VoteId, Cancellation));
    }

    private JsonObject BodyOf(int voter)
    {
        var ballot = BallotRig.BallotOf(vote, voter, 1);
        return new JsonObject
        {
            ["query"] = "mutation ($i: CastBallotInput!) { castBallot(input: $i) { ballot { logIndex } userErrors { code } } }",
            ["variables"] = new JsonObject
            {
                ["i"] = new JsonObject
                {
                    ["clientMutationId"] = "load",
                    ["ballot"] = new JsonObject
                    {
                        ["space"] = ballot.Space,
                        ["proposal"] = ballot.Proposal.ToString(),
                        ["proposalHash"] = ballot.ProposalHash.ToString(),
                        ["voter"] = ballot.Voter.ToString(),
                        ["choice"] = ballot.Choice,
                        ["nonce"] = ballot.Nonce.ToString(),
                        ["expiresAt"] = ballot.ExpiresAt,
                        ["reason"] = ballot.Reason,
                    },
                    ["signature"] = rig.Sign(ballot, voter),
                },
            },
        };
    }

    private static Task CastAllAsync(HttpClient http, List<JsonObject> bodies, ConcurrentDictionary<int, long> acknowledged) =>
        Parallel.ForEachAsync(
            bodies.Index(),
            new ParallelOptions { MaxDegreeOfParallelism = 32, CancellationToken = Cancellation },
            async (body, cancellation) =>
            {
                try
                {
                    using var response = await http.PostAsJsonAsync(new Uri("graphql", UriKind.Relative), body.Item, cancellation);
                    var answer = await response.Content.ReadFromJsonAsync<JsonObject>(cancellation);
                    if (answer!["data"]?["castBallot"]?["ballot"]?["logIndex"] is { } place)
                        acknowledged[body.Index] = place.GetValue<long>();
                }
                catch (Exception gone) when (gone is HttpRequestException or IOException or System.Text.Json.JsonException)
                {
                    // The service was killed before this one heard its answer.
                }
            });

    private Process Start()
    {
        var program = Path.Combine(AppContext.BaseDirectory, "Grants.Service.dll");
        var start = new ProcessStartInfo("dotnet", ["exec", program, "--data", folder, "--urls", "http://127.0.0.1:0"])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = LocalServers.Home,
        };
        start.Environment["ConnectionStrings__Grants"] = rig.ConnectionString;
        start.Environment["Space"] = rig.SpaceOf(vote);
        start.Environment["Chains__0__Rpc"] = rig.Node.ToString();
        start.Environment["Chains__0__IsDevelopment"] = "true";
        start.Environment["Treasury__KeyFile"] = Path.Combine(folder, "operator.key");
        start.Environment["Logging__LogLevel__Default"] = "Warning";
        Service.Disbursements.Signing.OperatorAccount.Create(Path.Combine(folder, "operator.key"));
        return Process.Start(start)!;
    }

    private static async Task<Uri> UrlOfAsync(Process service)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        patience.CancelAfter(Patience);
        while (await service.StandardOutput.ReadLineAsync(patience.Token) is { } line)
        {
            const string said = "Grants serves at ";
            if (!line.StartsWith(said, StringComparison.Ordinal))
                continue;
            _ = service.StandardOutput.ReadToEndAsync(Cancellation);
            _ = service.StandardError.ReadToEndAsync(Cancellation);
            return new Uri(line[said.Length..line.IndexOf(": ", said.Length, StringComparison.Ordinal)]);
        }

        throw new InvalidOperationException(
            $"The service ended before it served: {await service.StandardError.ReadToEndAsync(patience.Token)}");
    }
}
