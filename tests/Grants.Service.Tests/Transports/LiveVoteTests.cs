using System.Globalization;
using System.Text.Json.Nodes;
using Grants.Primitives;
using Grants.Service.Ballots;
using Grants.Service.Demo;
using Grants.Service.Hosting;
using Grants.Service.Hosting.Changes;
using Grants.Service.Tests.Journeys;
using Marten;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Xunit;

namespace Grants.Service.Tests.Transports;

/// <summary>A running vote, followed with other people's clients.</summary>
[Collection(nameof(LiveVote))]
public sealed class LiveVoteTests(OpenVote vote) : IAsyncLifetime
{
    private const string Tally = "subscription ($v: Bytes32!) { tallyChanged(voteId: $v) { voters scores { label score } } }";
    private const string Ballots =
        "subscription ($v: Bytes32!, $a: Long) { ballotCast(voteId: $v, afterLogIndex: $a) { logIndex voter choice reason } }";

    private static readonly UInt256 VerasPower = Scene.Tokens(4_000_000);

    private NodeClients clients = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string Open => vote.Open["proposalId"]!.GetValue<string>();

    private string Closed => vote.Closed["proposalId"]!.GetValue<string>();

    public async ValueTask InitializeAsync() => clients = await NodeClients.StartAsync(vote.Http.BaseAddress!);

    public ValueTask DisposeAsync() => clients.DisposeAsync();

    [Theory]
    [InlineData("ws")]
    [InlineData("sse")]
    public async Task a_query_and_a_mutation_have_one_answer_and_end(string transport)
    {
        var client = clients.Connect(transport);
        var query = clients.Subscribe(client, "{ chain { chainId } }");
        Assert.Equal(vote.ChainId, (await clients.DataAsync(query))["chain"]!["chainId"]!.GetValue<long>());
        await clients.CompletesAsync(query);
        var mutation = clients.Subscribe(
            client,
            "mutation ($i: RequestSignInInput!) { requestSignIn(input: $i) { signIn { message } userErrors { code } clientMutationId } }",
            new { i = new { clientMutationId = "여기", account = Cast.Vera.Address.ToString() } });
        Assert.Equal("여기", (await clients.DataAsync(mutation))["requestSignIn"]!["clientMutationId"]!.GetValue<string>());
        await clients.CompletesAsync(mutation);
    }

    [Theory]
    [InlineData("subscription { nonsense }", "BAD_USER_INPUT")]
    [InlineData("subscription { ...a } fragment a on Subscription { ...a }", "COST_EXCEEDED")]
    [InlineData("subscription { tallyChanged(voteId: \"{nothing}\") { voters } }", "NOT_FOUND")]
    [InlineData("subscription { ballotCast(voteId: \"{nothing}\") { voter } }", "NOT_FOUND")]
    [InlineData("subscription { proposalChanged(proposalId: \"{nothing}\") { title } }", "NOT_FOUND")]
    public async Task a_wrong_operation_is_an_error_in_a_socket_and_a_result_in_an_event_stream(string document, string code)
    {
        var query = document.Replace("{nothing}", $"0x{new string('0', 64)}", StringComparison.Ordinal);
        var socket = await clients.EventAsync(clients.Subscribe(clients.Connect("ws"), query));
        Assert.Equal(code, VoteOnline.CodeOf(socket["error"]!));
        var stream = clients.Subscribe(clients.Connect("sse"), query);
        Assert.Equal(code, VoteOnline.CodeOf((await clients.EventAsync(stream))["next"]!["errors"]!));
        await clients.CompletesAsync(stream);
    }

    [Theory]
    [InlineData("ws")]
    [InlineData("sse")]
    public async Task of_a_closed_vote_the_last_tally_is_shown_and_then_the_end(string transport)
    {
        var client = clients.Connect(transport);
        var tally = clients.Subscribe(client, Tally, new { v = Closed });
        Assert.Equal(0, (await clients.DataAsync(tally))["tallyChanged"]!["voters"]!.GetValue<int>());
        await clients.CompletesAsync(tally);
        await clients.CompletesAsync(clients.Subscribe(client, Ballots, new { v = Closed, a = -1 }));
    }

    [Theory]
    [InlineData("ws")]
    [InlineData("sse")]
    public async Task a_tally_is_live(string transport)
    {
        var tally = clients.Subscribe(clients.Connect(transport), Tally, new { v = Open });
        foreach (var choice in new[] { 1, 2, 3, 1 })
        {
            await vote.CastAsync(Open, Cast.Vera, $"{choice}");
            await clients.TallyAsync(tally, choice, VerasPower);
        }
    }

    [Fact]
    public async Task a_tally_ends_when_its_vote_is_withdrawn()
    {
        var (proposal, applicant) = await vote.OpenAsync();
        var (socket, stream) = (clients.Connect("ws"), clients.Connect("sse"));
        var tally = clients.Subscribe(socket, Tally, new { v = proposal });
        var ballots = clients.Subscribe(stream, Ballots, new { v = proposal, a = -1 });
        await clients.DataAsync(tally);
        await vote.CastAsync(proposal, Cast.Vera, "1");
        await clients.TallyAsync(tally, 1, VerasPower);
        await clients.DataAsync(ballots);
        await applicant.MutateAsync("withdrawProposal", "proposal", "state", new() { ["proposalId"] = proposal }, Cancellation);
        await clients.CompletesAsync(tally);
        await clients.CompletesAsync(ballots);
    }

    [Theory]
    [InlineData("ws")]
    [InlineData("sse")]
    public async Task ballots_go_on_after_an_interruption_without_a_gap_and_without_a_repetition(string transport)
    {
        var (proposal, _) = await vote.OpenAsync();
        var cast = new List<long>();
        async Task CastAsync(int count)
        {
            for (var i = 0; i < count; i++)
                cast.Add(await vote.CastAsync(proposal, i % 2 == 0 ? Cast.Vera : Cast.Viktor, "1", $"{cast.Count}"));
        }

        var (seen, client) = (new List<long>(), string.Empty);
        async Task SeeAsync(string operation, int count)
        {
            for (var i = 0; i < count; i++)
            {
                var ballot = (await clients.DataAsync(operation))["ballotCast"]!;
                Assert.Equal(seen.Count.ToString(CultureInfo.InvariantCulture), ballot["reason"]!.GetValue<string>());
                seen.Add(ballot["logIndex"]!.GetValue<long>());
            }
        }

        await CastAsync(3);
        for (var round = 0; round < 4; round++)
        {
            client = clients.Connect(transport);
            var operation = clients.Subscribe(client, Ballots, new { v = proposal, a = seen.LastOrDefault(-1) });
            await SeeAsync(operation, cast.Count - seen.Count);
            await CastAsync(3);
            await SeeAsync(operation, 2);
            clients.Leave(client, transport);
            await CastAsync(2);
        }

        Assert.Equal(cast.Take(seen.Count), seen);
        Assert.Equal(seen.Order(), seen);
    }

    [Fact]
    public async Task ballots_that_are_not_asked_for_from_a_place_are_shown_from_now_on()
    {
        var before = await vote.CastAsync(Open, Cast.Vera, "1");
        var first = clients.DataAsync(clients.Subscribe(clients.Connect("ws"), Ballots, new { v = Open }));
        var cast = new List<long>();
        while (!first.IsCompleted)
            cast.Add(await vote.CastAsync(Open, Cast.Vera, "1"));
        Assert.Contains((await first)["ballotCast"]!["logIndex"]!.GetValue<long>(), cast);
        Assert.DoesNotContain(before, cast);
    }

    [Fact]
    public async Task one_connection_carries_many_subscriptions_and_no_more_than_it_may()
    {
        await vote.CastAsync(Open, Cast.Vera, "3");
        var client = clients.Connect("ws");
        var operations = Enumerable.Range(0, 50).Select(_ => clients.Subscribe(client, Tally, new { v = Open })).ToList();
        foreach (var operation in operations)
            await clients.DataAsync(operation);
        var refused = await clients.EventAsync(clients.Subscribe(client, Tally, new { v = Open }));
        Assert.Equal("RATE_LIMITED", VoteOnline.CodeOf(refused["error"]!));
        foreach (var choice in new[] { 2, 1 })
        {
            await vote.CastAsync(Open, Cast.Vera, $"{choice}");
            foreach (var operation in operations)
                await clients.TallyAsync(operation, choice, VerasPower);
        }
    }

    [Fact]
    public async Task an_id_that_is_in_use_closes_the_socket()
    {
        using var socket = await RawSocket.OpenAsync(new UriBuilder(vote.Http.BaseAddress!) { Scheme = "ws", Path = "graphql" }.Uri);
        var query = $"subscription {{ tallyChanged(voteId: \"{Open}\") {{ voters }} }}";
        var hold = new JsonObject { ["id"] = "1", ["type"] = "subscribe", ["payload"] = new JsonObject { ["query"] = query } };
        await socket.SendAsync(hold.ToJsonString());
        await socket.SendAsync(hold.ToJsonString());
        Assert.Equal((4409, "Subscriber for 1 already exists"), await socket.ClosedAsync());
    }

    [Fact]
    public async Task what_is_unsubscribed_is_over_at_the_server_too()
    {
        await vote.CastAsync(Open, Cast.Vera, "3");
        var client = clients.Connect("ws");
        var kept = clients.Subscribe(client, Tally, new { v = Open });
        await clients.DataAsync(kept);
        for (var i = 0; i < 60; i++)
        {
            var operation = clients.Subscribe(client, Tally, new { v = Open });
            await clients.DataAsync(operation);
            clients.Unsubscribe(operation);
            await clients.CompletesAsync(operation);
        }

        await vote.CastAsync(Open, Cast.Vera, "2");
        await clients.TallyAsync(kept, 2, VerasPower);
    }

    [Fact]
    public async Task an_update_is_not_lost_with_the_connection_that_listens_for_it()
    {
        var tally = clients.Subscribe(clients.Connect("ws"), Tally, new { v = Open });
        foreach (var choice in new[] { 1, 2, 3, 1, 2, 3 })
        {
            await using var command = vote.Database.CreateCommand(
                "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and query like 'listen %'");
            await command.ExecuteNonQueryAsync(Cancellation);
            await vote.CastAsync(Open, Cast.Vera, $"{choice}");
            await clients.TallyAsync(tally, choice, VerasPower);
        }
    }

    [Fact]
    public async Task another_node_shows_what_this_one_took()
    {
        await using var other = BareApi.Build(_ => { }, services =>
        {
            services.AddSingleton(_ => NpgsqlDataSource.Create(vote.Database.ConnectionString));
            services.AddMarten(MartenSetup.Configure).UseNpgsqlDataSource();
            services.AddSingleton<BallotStore>();
            services.AddSingleton<BallotChunks>();
            services.AddSingleton(new ChangeFeed(vote.Database.ConnectionString, NullLogger<ChangeFeed>.Instance));
            services.AddHostedService(provider => provider.GetRequiredService<ChangeFeed>());
        });
        await other.StartAsync(Cancellation);
        var before = await vote.CastAsync(Open, Cast.Vera, "3");
        await using var there = await NodeClients.StartAsync(new Uri(other.Urls.Single()));
        var client = there.Connect("ws");
        var tally = there.Subscribe(client, Tally, new { v = Open });
        var ballots = there.Subscribe(client, Ballots, new { v = Open, a = before });
        await there.DataAsync(tally);
        foreach (var choice in new[] { 1, 2, 3 })
        {
            var place = await vote.CastAsync(Open, Cast.Vera, $"{choice}");
            await there.TallyAsync(tally, choice, VerasPower);
            Assert.Equal(place, (await there.DataAsync(ballots))["ballotCast"]!["logIndex"]!.GetValue<long>());
        }

        await other.StopAsync(Cancellation);
    }
}

/// <summary>One service with a vote for all that is live.</summary>
[CollectionDefinition(nameof(LiveVote))]
public sealed class LiveVote : ICollectionFixture<OpenVote>;
