using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Grants.Benchmarks.Ballots;
using Grants.Domain;
using Grants.Domain.Ballots;
using Grants.Domain.Proposals;
using Grants.Ethereum.JsonRpc;
using Grants.Primitives;
using Grants.Service.Hosting;
using Grants.Service.Hosting.Embedded;
using Marten;
using Weasel.Core;

namespace Grants.Benchmarks.Api;

/// <summary>
/// What a request costs the service's process: <c>api [requests a figure]</c>. A plain endpoint, a trivial query, a page of 50 proposals
/// with their outcomes and the parts of its cost, documents that are refused; what a flood of the latter does to others; and pages of the
/// past as long as they may be. Service, database and load share the machine.
/// </summary>
internal static class ApiBenchmark
{
    private const string Space = "metis";
    private const int Lanes = 8;
    private const int Proposals = 50;
    private const int Rounds = 5;
    private const int PastRequests = 20;

    private const string Trivial = "{ __typename }";

    private const string Page = "{ proposals(first: 50) { edges { cursor node { proposalId title state requestedAmount applicant recipient "
        + "vote { voteId opensAt closesAt totalPower outcome { voters power isApproved reason scores { label score } } } } } "
        + "pageInfo { endCursor hasNextPage } } }";

    private const string Ids = "{ proposals(first: 50) { edges { node { proposalId } } } }";

    public static async Task RunAsync(int requests)
    {
        var folder = Directory.CreateTempSubdirectory("grants-benchmark-").FullName;
        try
        {
            await using var servers = await EmbeddedServers.StartAsync(new(folder, LocalFolder.Find()), CancellationToken.None);
            using var store = await BallotBenchmark.StoreAsync(servers.ConnectionString);
            await FillAsync(store);
            using var plain = Plain(servers.ConnectionString);
            await new PageParts(store, plain, servers.ConnectionString, Space)
                .MeasureAsync(("with outcomes", Page), ("ids alone", Ids));
            await MeasureAllAsync(servers, folder, requests);
            using var service = await ServiceProcess.StartAsync(servers.ConnectionString, servers.Rpc!, folder, managed: false);
            using var http = new HttpClient { BaseAddress = service.Url };
            await FloodAsync(service, http, requests);
            await MeasurePastAsync(service, http, store, servers, folder);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static DocumentStore Plain(string connection) => DocumentStore.For(options =>
    {
        options.Connection(connection);
        MartenSetup.Configure(options);
        options.UseSystemTextJsonForSerialization(EnumStorage.AsString, Casing.CamelCase);
    });

    // What a refusal costs, and not how long it is held.
    private static async Task MeasureAllAsync(EmbeddedServers servers, string folder, int requests)
    {
        using var service = await ServiceProcess.StartAsync(
            servers.ConnectionString, servers.Rpc!, folder, managed: false, ("Limits__RefusalsPerMinute", "1000000000"));
        using var http = new HttpClient { BaseAddress = service.Url };
        Console.WriteLine($"{"",-34}{"service us",12}{"p50 ms",10}{"p99 ms",10}{"status",8}");
        await MeasureAsync(service, http, "plain endpoint", null, requests);
        await MeasureAsync(service, http, "trivial query", Trivial, requests);
        await MeasureAsync(service, http, $"page of {Proposals} with outcomes", Page, requests / 2);
        await MeasureAsync(service, http, $"page of {Proposals}, ids alone", Ids, requests / 2);
        foreach (var (name, bomb) in Bombs())
            await MeasureAsync(service, http, $"refused: {name}", bomb, requests);
    }

    // One after the other: it is the deadline of one that counts.
    private static async Task MeasurePastAsync(
        ServiceProcess service, HttpClient http, DocumentStore store, EmbeddedServers servers, string folder)
    {
        var chainId = await new EthereumRpc(http, servers.Rpc!).ChainIdAsync();
        foreach (var (name, document) in await PastPages.FillAsync(store, servers.ConnectionString, Space, chainId, folder))
        {
            using var answer = await AskAsync(http, JsonSerializer.SerializeToUtf8Bytes(new { query = document }), CancellationToken.None);
            var told = await answer.Content.ReadAsStringAsync();
            if (told.Contains("\"errors\"", StringComparison.Ordinal))
                throw new InvalidOperationException($"{name}: {told}");
            await MeasureAsync(service, http, name, document, PastRequests, lanes: 1);
        }
    }

    private static IEnumerable<(string Name, string Document)> Bombs()
    {
        yield return ("doubling fragments", Doubling());
        yield return ("5,000 directives", $"{{ a {string.Concat(Enumerable.Repeat("@x ", 5_000))}}}");
        yield return ("one field 10,000 times", $"{{ {string.Concat(Enumerable.Repeat("a ", 10_000))}}}");
        yield return ("brackets", $"{{ a(b: {new string('[', 10_000)}) }}");
    }

    private static string Doubling()
    {
        var bomb = new StringBuilder("{ ...f0 }");
        for (var i = 0; i < 15; i++)
            bomb.Append(CultureInfo.InvariantCulture, $" fragment f{i} on Query {{ a{i}: __typename ...f{i + 1} ...f{i + 1} }}");
        return bomb.Append(" fragment f15 on Query { __typename }").ToString();
    }

    private static async Task<double> MeasureAsync(
        ServiceProcess service, HttpClient http, string name, string? document, int requests, int lanes = Lanes)
    {
        await SendAsync(http, document, requests, lanes);
        var before = ProcessorTime.Of(service.Id);
        var (times, status) = await SendAsync(http, document, requests, lanes);
        var spent = ProcessorTime.Of(service.Id) - before;
        Tell(name, $"{spent.TotalMicroseconds / requests:N0}", times, status);
        return Percentile(times, 0.99);
    }

    /// <summary>
    /// Trivial queries alone, and beside bombs on four times as many connections, which come until those are answered: by turns, because
    /// whatever else the machine does comes and goes.
    /// </summary>
    private static async Task FloodAsync(ServiceProcess service, HttpClient http, int requests)
    {
        using var attacker = new HttpClient { BaseAddress = service.Url };
        await SendAsync(http, Trivial, requests);
        await BesideBombsAsync(attacker, () => SendAsync(http, Trivial, requests));
        var (alone, flooded, sent) = (new List<double>(), new List<double>(), 0);
        for (var round = 0; round < Rounds; round++)
        {
            alone.Add(await MeasureAsync(service, http, "trivial query, alone", Trivial, requests));
            var ((times, status), bombs) = await BesideBombsAsync(attacker, () => SendAsync(http, Trivial, requests));
            Tell("trivial query, in a flood of bombs", "", times, status);
            flooded.Add(Percentile(times, 0.99));
            sent += bombs;
        }

        alone.Sort();
        flooded.Sort();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"p99 in the flood is {Percentile(flooded, 0.5) / Percentile(alone, 0.5):N1} times the one alone, medians of {Rounds}; "
            + $"{sent} bombs were answered or hung up on"));
    }

    private static async Task<(T Result, int Sent)> BesideBombsAsync<T>(HttpClient attacker, Func<Task<T>> run)
    {
        using var over = new CancellationTokenSource();
        var bombs = Task.WhenAll(Bombs().SelectMany(
            bomb => Enumerable.Range(0, Lanes).Select(_ => BombAsync(attacker, bomb.Document, over.Token))));
        var result = await run();
        await over.CancelAsync();
        return (result, (await bombs).Sum());
    }

    private static async Task<int> BombAsync(HttpClient http, string document, CancellationToken over)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(new { query = document });
        for (var sent = 0; ; sent++)
        {
            try
            {
                using var response = await AskAsync(http, body, over);
                await response.Content.ReadAsByteArrayAsync(over);
            }
            catch (HttpRequestException)
            {
                // It was hung up on.
            }
            catch (OperationCanceledException)
            {
                return sent;
            }
        }
    }

    private static void Tell(string name, string spent, List<double> times, int status) => Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"{name,-34}{spent,12}{Percentile(times, 0.5),10:N1}{Percentile(times, 0.99),10:N1}{status,8}"));

    private static async Task<(List<double> Milliseconds, int Status)> SendAsync(
        HttpClient http, string? document, int requests, int lanes = Lanes)
    {
        var body = document is null ? null : JsonSerializer.SerializeToUtf8Bytes(new { query = document });
        var (times, left, status) = (new List<double>(requests), requests, 0);
        await Task.WhenAll(Enumerable.Range(0, lanes).Select(async _ =>
        {
            while (Interlocked.Decrement(ref left) >= 0)
            {
                var start = Stopwatch.GetTimestamp();
                using var response = await AskAsync(http, body, CancellationToken.None);
                await response.Content.ReadAsByteArrayAsync();
                var took = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
                lock (times)
                    times.Add(took);
                Interlocked.Exchange(ref status, (int)response.StatusCode);
            }
        }));
        times.Sort();
        return (times, status);
    }

    private static async Task<HttpResponseMessage> AskAsync(HttpClient http, byte[]? body, CancellationToken cancellation)
    {
        if (body is null)
            return await http.GetAsync(new Uri("health/live", UriKind.Relative), cancellation);
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = new("application/json");
        return await http.PostAsync(new Uri("graphql", UriKind.Relative), content, cancellation);
    }

    private static double Percentile(List<double> sorted, double share) => sorted[(int)Math.Min(sorted.Count - 1, sorted.Count * share)];

    /// <summary>Proposals whose votes are over, as the service writes them.</summary>
    private static async Task FillAsync(DocumentStore store)
    {
        var (account, now) = (new Address(Keccak256.Hash("benchmark").ToBytes().AsSpan(12)), DateTimeOffset.UtcNow.AddDays(-1));
        var rules = VotingRules.ForAndAgainst(
            [new Quorum(QuorumKind.Voters, 100)], Threshold.SimpleMajority, 3_600, PowerStrategy.BalanceOf(account));
        var tally = Tally.Of(rules, Enumerable.Range(0, 100).Select(i => (i % 3 == 0 ? "2" : "1", (UInt256)1_000_000UL)));
        await using var session = store.LightweightSession(Space);
        for (var i = 0; i < Proposals; i++)
        {
            var id = Keccak256.Hash($"proposal {i}");
            var content = new ProposalContent($"A thing, number {i}", "Why not.", 1_000, account);
            var result = new VotingResult(tally.Outcome(rules, 100_000_000), 100, id, 100, id);
            session.Events.StartStream<Proposal>(
                Proposal.StreamId(id),
                new ProposalDrafted(id, "program", account, content, now),
                new ProposalSubmitted(id, account, content.Hash(), now),
                new VotingOpened(
                    id, id, 1, rules, content.Hash(), new BlockRef(1, id, 1), id, 100_000_000, 100_000_000, 100, account, now,
                    now.AddHours(1)),
                new VotingClosed(id, id, result, now.AddHours(1)));
        }

        await session.SaveChangesAsync();
    }
}
