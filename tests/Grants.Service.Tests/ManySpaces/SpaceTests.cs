using System.Net;
using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Text.Json.Nodes;
using Grants.Ethereum.TypedData;
using Grants.Primitives;
using Grants.Service.Audit;
using Grants.Service.Demo;
using Grants.Service.Hosting;
using Grants.Service.Tests.Journeys;
using Grants.Service.Tests.Transports;
using GraphQL.Types;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Grants.Service.Tests.ManySpaces;

/// <summary>Invariant I9, over HTTP: a space never sees another space's data.</summary>
[Collection(nameof(TwoSpaces))]
public sealed class SpaceTests(TwoSpaces world)
{
    private const string ListsQuery = """
        {
          programs(first: 10) { edges { node { programId vault } } }
          proposals(programId: "builders", first: 10) { edges { node { proposalId } } }
          awards(programId: "builders", first: 10) { edges { node { awardId } } }
          disbursements(first: 10) { edges { node { orderId nonce } } }
          treeHeads(first: 10) { edges { node { root } } }
        }
        """;

    private static readonly string Absent = Keccak256.Hash("nothing has this id").ToString();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private (SpaceScene Here, SpaceScene There)[] Both => [(world.First, world.Second), (world.Second, world.First)];

    [Fact]
    public async Task the_same_acts_have_results_of_their_own_in_each_space()
    {
        var (first, second) = (await world.First.AskAsync(ListsQuery), await world.Second.AskAsync(ListsQuery));
        foreach (var lists in new[] { first, second })
        {
            Assert.Equal(2, Ids(lists, "programs", "programId").Count);
            Assert.Equal(2, Ids(lists, "proposals", "proposalId").Count);
            Assert.Equal(2, Ids(lists, "awards", "awardId").Count);
            Assert.Equal(2, Ids(lists, "disbursements", "orderId").Count);
        }

        Assert.Equal(Ids(first, "programs", "programId"), Ids(second, "programs", "programId"));
        foreach (var (list, id) in new[]
        {
            ("programs", "vault"), ("proposals", "proposalId"), ("awards", "awardId"), ("disbursements", "orderId"), ("treeHeads", "root"),
        })
        {
            Assert.Empty(Ids(first, list, id).Intersect(Ids(second, list, id)));
        }
    }

    [Fact]
    public async Task all_spaces_share_the_nonces_of_the_treasury_and_no_nonce_is_given_twice()
    {
        var nonces = new List<string>();
        foreach (var space in new[] { world.First, world.Second })
            nonces.AddRange(Ids(await space.AskAsync(ListsQuery), "disbursements", "nonce"));
        Assert.Equal(4, nonces.Distinct().Count());
    }

    [Fact]
    public async Task every_query_answers_an_id_of_another_space_as_an_absent_one()
    {
        var schema = world.Run.App.Services.GetRequiredService<ISchema>();
        var foreign = await IdsOfAsync(world.First);
        var asked = 0;
        foreach (var (http, name) in new[] { (world.At(TwoSpaces.Empty), TwoSpaces.ProgramId), (world.Second.Http, "no-such-program") })
        {
            var absent = QueryWalk.About(schema, [Absent], "no-such-program", Cast.Ada.Address)
                .ToDictionary(question => question.Key, question => question.Document);
            var expected = new Dictionary<string, string>();
            foreach (var question in QueryWalk.About(schema, [.. foreign], name, Cast.Ada.Address))
            {
                if (!expected.TryGetValue(question.Key, out var answer))
                    expected[question.Key] = answer = await AnswerAsync(http, absent[question.Key]);
                Assert.Equal((question.Key, answer), (question.Key, await AnswerAsync(http, question.Document)));
                asked++;
            }
        }

        Assert.True(asked > 100, $"Only {asked} questions were asked.");
    }

    [Fact]
    public async Task a_space_in_which_nobody_did_anything_shows_nothing_of_the_others()
    {
        var schema = world.Run.App.Services.GetRequiredService<ISchema>();
        var foreign = (await IdsOfAsync(world.First)).Concat(await IdsOfAsync(world.Second)).ToList();
        foreach (var question in QueryWalk.AboutNothing(schema, Cast.Ada.Address))
        {
            var answer = await AnswerAsync(world.At(TwoSpaces.Empty), question.Document);
            Assert.All(foreign, id => Assert.DoesNotContain(id, answer, StringComparison.Ordinal));
            Assert.DoesNotContain(TwoSpaces.ProgramId, answer, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task a_global_id_names_nothing_in_another_space()
    {
        const string Ask = "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }";
        foreach (var (here, there) in Both)
        {
            var lists = await here.AskAsync("""
                {
                  programs(first: 2) { edges { node { id } } }
                  proposals(first: 2) { edges { node { id } } }
                  awards(first: 2) { edges { node { id } } }
                  disbursements(first: 2) { edges { node { id } } }
                }
                """);
            var ids = lists.SelectMany(list => Ids(lists, list.Key, "id")).ToList();
            Assert.Equal(8, ids.Count);
            var own = (await here.AskAsync(Ask, new { ids }))["nodes"]!.AsArray();
            Assert.Equal(ids, own.Select(node => node!["id"]!.GetValue<string>()));
            Assert.All((await there.AskAsync(Ask, new { ids }))["nodes"]!.AsArray(), Assert.Null);
        }
    }

    [Fact]
    public async Task a_ballot_that_was_signed_in_one_space_is_refused_in_the_other_and_counts_in_its_own()
    {
        foreach (var (here, there) in Both)
        {
            var before = await RunningService.CountEventsAsync(world.Database, Cancellation);
            var (ballot, signature) = await SignedAsync(here);
            Assert.Equal("VOTING_NOT_OPEN", await CastAsync(there, ballot, signature));
            var redirected = (JsonObject)ballot.DeepClone();
            redirected["proposal"] = there.Open["proposalId"]!.GetValue<string>();
            redirected["proposalHash"] = there.Open["contentHash"]!.GetValue<string>();
            Assert.Equal("WRONG_SPACE", await CastAsync(there, redirected, signature));
            redirected["space"] = there.Id;
            Assert.Equal("INVALID_SIGNATURE", await CastAsync(there, redirected, signature));
            Assert.Equal(before, await RunningService.CountEventsAsync(world.Database, Cancellation));
            Assert.Null(await CastAsync(here, ballot, signature));
        }
    }

    [Fact]
    public async Task a_key_of_a_client_is_another_one_in_another_space()
    {
        var ids = new HashSet<string>();
        foreach (var (space, title) in new[] { (world.First, "One"), (world.Second, "Two") })
        {
            var input = OpenVote.DraftInput(TwoSpaces.ProgramId);
            (input["clientMutationId"], input["title"]) = ("the same", title);
            var draft = await space.Ada.MutateAsync("draftProposal", "proposal", "proposalId title", input, Cancellation);
            Assert.Equal(title, draft["title"]!.GetValue<string>());
            ids.Add(draft["proposalId"]!.GetValue<string>());
        }

        Assert.Equal(2, ids.Count);
    }

    [Fact]
    public async Task no_space_spends_the_money_of_another()
    {
        foreach (var (here, there) in Both)
        {
            var before = await RunningService.CountEventsAsync(world.Database, Cancellation);
            var refused = await Assert.ThrowsAsync<DemoException>(() => there.Manager.MutateAsync(
                "openProgram",
                "program",
                "programId",
                VotingActs.ProgramInput(here.Scene, "robbers", Scene.Tokens(1), 60),
                Cancellation));
            Assert.Contains("VAULT_OF_ANOTHER_SPACE", refused.Message, StringComparison.Ordinal);
            Assert.Equal(before, await RunningService.CountEventsAsync(world.Database, Cancellation));
        }
    }

    [Fact]
    public async Task nobody_acts_on_what_is_of_another_space()
    {
        foreach (var (here, there) in Both)
        {
            var before = await RunningService.CountEventsAsync(world.Database, Cancellation);
            foreach (var (client, mutation) in new[]
            {
                (there.Ada, "submitProposal"), (there.Ada, "withdrawProposal"), (there.Manager, "openVoting"),
            })
            {
                var refused = await Assert.ThrowsAsync<DemoException>(() => client.MutateAsync(
                    mutation, "proposal", "state", new() { ["proposalId"] = here.Open["proposalId"]!.GetValue<string>() }, Cancellation));
                Assert.Contains("NOT_FOUND", refused.Message, StringComparison.Ordinal);
            }

            Assert.Equal(before, await RunningService.CountEventsAsync(world.Database, Cancellation));
        }
    }

    [Theory]
    [InlineData("tallyChanged(voteId: \"{id}\") { voters }")]
    [InlineData("ballotCast(voteId: \"{id}\", afterLogIndex: -1) { voter }")]
    [InlineData("proposalChanged(proposalId: \"{id}\") { title }")]
    public async Task nobody_follows_what_is_of_another_space(string field)
    {
        foreach (var (here, there) in Both)
        {
            var id = here.Open["proposalId"]!.GetValue<string>();
            var query = $"subscription {{ {field.Replace("{id}", id, StringComparison.Ordinal)} }}";
            using var socket = await RawSocket.OpenAsync(SocketOf(there.Id));
            await socket.SendAsync(new JsonObject
            {
                ["id"] = "1", ["type"] = "subscribe", ["payload"] = new JsonObject { ["query"] = query },
            }.ToJsonString());
            var answer = (await socket.ReadAsync())!;
            Assert.Equal("error", answer["type"]!.GetValue<string>());
            Assert.Equal("NOT_FOUND", VoteOnline.CodeOf(answer["payload"]!));
        }
    }

    [Fact]
    public async Task a_tally_is_followed_in_its_own_space_and_hears_of_no_other()
    {
        foreach (var (here, there) in Both)
        {
            var proposal = (await TwoSpaces.OpenAsync(here, byManager: true))["proposalId"]!.GetValue<string>();
            using var socket = await RawSocket.OpenAsync(SocketOf(here.Id));
            await socket.SendAsync(new JsonObject
            {
                ["id"] = "1",
                ["type"] = "subscribe",
                ["payload"] = new JsonObject
                {
                    ["query"] = $"subscription {{ tallyChanged(voteId: \"{proposal}\") {{ voters }} }}",
                },
            }.ToJsonString());
            Assert.Equal(0, (await socket.ReadAsync())!["payload"]!["data"]!["tallyChanged"]!["voters"]!.GetValue<int>());
            var (other, otherSignature) = await SignedAsync(there);
            Assert.Null(await CastAsync(there, other, otherSignature));
            var (ballot, signature) = await SignedAsync(here, proposal);
            Assert.Null(await CastAsync(here, ballot, signature));
            Assert.Equal(1, (await socket.ReadAsync())!["payload"]!["data"]!["tallyChanged"]!["voters"]!.GetValue<int>());
        }
    }

    [Fact]
    public async Task a_vote_is_exported_by_its_own_space_alone()
    {
        foreach (var (here, there) in Both)
        {
            var file = new Uri($"votes/{here.Decided}/export.ndjson", UriKind.Relative);
            Assert.Contains(
                $"\"space\":\"{here.Id}\"", await here.Http.GetStringAsync(file, Cancellation), StringComparison.Ordinal);
            using var foreign = await there.Http.GetAsync(file, Cancellation);
            using var absent = await there.Http.GetAsync(new Uri($"votes/{Absent}/export.ndjson", UriKind.Relative), Cancellation);
            Assert.Equal(HttpStatusCode.NotFound, foreign.StatusCode);
            Assert.Equal(await DetailAsync(absent), await DetailAsync(foreign));
        }
    }

    [Fact]
    public async Task an_address_without_a_space_is_the_default_one_and_each_says_which_it_is()
    {
        using var plain = new HttpClient { BaseAddress = world.Run.Url };
        foreach (var (http, id, name) in new[]
        {
            (plain, "metis", "Metis"), (world.First.Http, "metis", "Metis"), (world.Second.Http, "dao2", "Another DAO"),
        })
        {
            var space = (await new ApiClient(http).QueryAsync("{ space { id name } }", null, Cancellation))["space"]!;
            Assert.Equal((id, name), (space["id"]!.GetValue<string>(), space["name"]!.GetValue<string>()));
        }
    }

    [Fact]
    public async Task a_space_that_there_is_not_is_not_found()
    {
        foreach (var space in new[] { "nowhere", "METIS", "*deployment*", "%2Adeployment%2A" })
        {
            using var posted = await world.At(space).PostAsJsonAsync(
                new Uri("graphql", UriKind.Relative), new { query = "{ space { id } }" }, Cancellation);
            Assert.Equal(HttpStatusCode.NotFound, posted.StatusCode);
            var answer = await posted.Content.ReadFromJsonAsync<JsonObject>(Cancellation);
            Assert.Equal("NOT_FOUND", VoteOnline.CodeOf(answer!["errors"]!));
            using var exported = await world.At(space).GetAsync(
                new Uri($"votes/{world.First.Decided}/export.ndjson", UriKind.Relative), Cancellation);
            Assert.Equal(HttpStatusCode.NotFound, exported.StatusCode);
            await Assert.ThrowsAsync<WebSocketException>(() => RawSocket.ConnectAsync(SocketOf(space)));
        }
    }

    [Fact]
    public async Task every_invariant_holds_in_every_space()
    {
        var reports = await AuditRun.CheckAsync(world.Run.App.Services, Cancellation);
        Assert.Equal(["dao2", "metis", TwoSpaces.Empty], reports.Select(report => report.Space).Order());
        Assert.All(
            reports.SelectMany(report => report.Lines), line => Assert.True(line.Holds, string.Join('\n', line.Violations)));
        Assert.All(
            reports.Where(report => report.Space != TwoSpaces.Empty),
            report => Assert.True(report.Lines.Single(line => line.Invariant == "I9").Checked > 0));
    }

    [Fact]
    public async Task a_space_that_has_events_cannot_be_left_out()
    {
        var left = await Assert.ThrowsAsync<InvalidOperationException>(() => SpaceCheck.RefuseOthersAsync(
            world.Database, Named("metis", TwoSpaces.Empty), Cancellation));
        Assert.Contains("dao2", left.Message, StringComparison.Ordinal);
        await SpaceCheck.RefuseOthersAsync(world.Database, Named("dao2", "metis", "one-more"), Cancellation);
    }

    private static Grants.Service.Spaces Named(params string[] ids)
    {
        var settings = new SpaceSettings { Space = ids[0] };
        foreach (var id in ids)
            settings.Spaces[id] = id;
        return new(Microsoft.Extensions.Options.Options.Create(settings));
    }

    private static async Task<string> DetailAsync(HttpResponseMessage response) =>
        (await response.Content.ReadFromJsonAsync<JsonObject>(Cancellation))!["detail"]!.GetValue<string>();

    private Uri SocketOf(string space) => new UriBuilder(world.Run.Url) { Scheme = "ws", Path = $"spaces/{space}/graphql" }.Uri;

    private static List<string> Ids(JsonObject lists, string list, string id) =>
        [.. lists[list]!["edges"]!.AsArray().Select(edge => edge!["node"]![id]!.ToString())];

    /// <summary>Ids of all kinds that occur in a space.</summary>
    private static async Task<IReadOnlyList<string>> IdsOfAsync(SpaceScene space)
    {
        var lists = await space.AskAsync(ListsQuery);
        return
        [
            space.Open["proposalId"]!.GetValue<string>(),
            .. Ids(lists, "proposals", "proposalId"),
            .. Ids(lists, "awards", "awardId"),
            .. Ids(lists, "disbursements", "orderId"),
            .. Ids(lists, "treeHeads", "root"),
        ];
    }

    private static async Task<string> AnswerAsync(HttpClient http, string document)
    {
        using var response = await http.PostAsJsonAsync(new Uri("graphql", UriKind.Relative), new { query = document }, Cancellation);
        var answer = (await response.Content.ReadFromJsonAsync<JsonObject>(Cancellation))!;
        Assert.True(answer.ContainsKey("data"), $"{document} is no question: {answer.ToJsonString()}");
        // What is left to who asks is less with every question.
        answer.Remove("extensions");
        return answer.ToJsonString();
    }

    /// <summary>Vera's next ballot in a vote of a space.</summary>
    private static async Task<(JsonObject Ballot, string Signature)> SignedAsync(SpaceScene space, string? vote = null)
    {
        var asked = await space.AskAsync(
            "query ($v: Bytes32!, $a: Address!) { ballotTypedData(voteId: $v, voter: $a, choice: \"1\") }",
            new { v = vote ?? space.Open["proposalId"]!.GetValue<string>(), a = Cast.Vera.Address.ToString() });
        var typed = TypedData.FromJson(asked["ballotTypedData"]!.GetValue<string>());
        var ballot = JsonNode.Parse(typed.ToJson())!["message"]!.DeepClone().AsObject();
        ballot["nonce"] = ballot["nonce"]!.ToString();
        ballot["expiresAt"] = long.Parse(ballot["expiresAt"]!.ToString(), System.Globalization.CultureInfo.InvariantCulture);
        return (ballot, Cast.Vera.Key.Sign(typed.Digest()).ToString());
    }

    /// <summary>Why a ballot is refused; null where it is not.</summary>
    private static async Task<string?> CastAsync(SpaceScene space, JsonObject ballot, string signature)
    {
        var cast = await space.AskAsync(
            "mutation ($i: CastBallotInput!) { castBallot(input: $i) { ballot { logIndex } userErrors { code } } }",
            new { i = new JsonObject { ["clientMutationId"] = "cast", ["ballot"] = ballot.DeepClone(), ["signature"] = signature } });
        return cast["castBallot"]!["userErrors"]!.AsArray().SingleOrDefault()?["code"]!.GetValue<string>();
    }
}
