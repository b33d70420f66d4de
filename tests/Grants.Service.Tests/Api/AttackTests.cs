using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Grants.Ethereum.Signing;
using Grants.Ethereum.TypedData;
using Grants.Service.Demo;
using Grants.Service.Tests.Journeys;
using Xunit;

namespace Grants.Service.Tests.Api;

/// <summary>What attackers try: nothing is written, nothing of ours is told, and the answer is typed.</summary>
[Collection(nameof(OpenVote))]
public sealed class AttackTests(OpenVote vote)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("2147483648")]
    [InlineData("1.5")]
    [InlineData("\"1\"")]
    [InlineData("[1]")]
    [InlineData("true")]
    [InlineData("null")]
    [InlineData("{}")]
    public async Task a_variable_of_another_type_is_not_made_to_fit(string value)
    {
        var answer = await PostAsync(
            $$$"""{"query":"query ($n: Int!) { programs(first: $n) { pageInfo { endCursor } } }","variables":{"n":{{{value}}}}}""");
        Assert.Equal("BAD_USER_INPUT", CodeOf(answer));
    }

    [Theory]
    [InlineData("{ proposals(first: 1, orderBy: newest) { pageInfo { endCursor } } }")]
    [InlineData("{ proposals(first: 1, orderBy: \\\"NEWEST\\\") { pageInfo { endCursor } } }")]
    [InlineData("{ proposals(first: 1, state: null, round: 1.0) { pageInfo { endCursor } } }")]
    [InlineData("{ proposal(proposalId: 1) { title } }")]
    [InlineData("{ proposal { title } }")]
    public async Task a_literal_of_another_type_is_not_made_to_fit(string query) =>
        Assert.Equal("BAD_USER_INPUT", CodeOf(await PostAsync($$"""{"query":"{{query}}"}""")));

    [Theory]
    [InlineData("' or '1'='1")]
    [InlineData("'; drop table grants.mt_events; --")]
    [InlineData("\" or \"\"=\"")]
    [InlineData("%' and 1=cast((select version()) as int) --")]
    [InlineData("$1")]
    [InlineData("?")]
    [InlineData("{0}")]
    [InlineData("\\' union select 1 --")]
    [InlineData("pg_sleep(10)")]
    public async Task a_text_is_never_a_part_of_a_question_to_the_database(string text)
    {
        var before = await RunningService.CountEventsAsync(vote.Database, Cancellation);
        var body = new JsonObject
        {
            ["query"] = """
                query ($t: String!) {
                  program(programId: $t) { name }
                  a: proposals(first: 5, programId: $t) { edges { node { title } } }
                  b: proposals(first: 5, label: $t) { edges { node { title } } }
                  delegateStatements: __typename
                }
                """,
            ["variables"] = new JsonObject { ["t"] = text },
        };
        var answer = await PostAsync(body.ToJsonString());
        Assert.Null(answer["errors"]);
        Assert.Null(answer["data"]!["program"]);
        Assert.All(new[] { "a", "b" }, list => Assert.Empty(answer["data"]![list]!["edges"]!.AsArray()));
        Assert.Equal(before, await RunningService.CountEventsAsync(vote.Database, Cancellation));
    }

    [Theory]
    [InlineData("{ programs(first: 1, after: \\\"AAAA\\\") { pageInfo { endCursor } } }")]
    [InlineData("{ nonsense }")]
    [InlineData("{ breach(breachId: \\\"%00\\\") { state } }")]
    [InlineData("{ authorizationTypedData(operation: \\\"\\\", content: \\\"\\\", key: \\\"\\\", expiresAt: -9) }")]
    [InlineData("query ($a: Nothing) { __typename }")]
    [InlineData("{ \\u0000 }")]
    public async Task an_error_tells_nothing_of_what_is_behind(string query)
    {
        var answer = (await PostAsync($$"""{"query":"{{query}}"}""")).ToJsonString();
        Assert.All(
            new[] { "   at ", "Npgsql", "Marten", "System.", "select ", "mt_doc", ".cs:", "Exception" },
            ours => Assert.DoesNotContain(ours, answer, StringComparison.Ordinal));
    }

    [Fact]
    public async Task what_fails_shows_nothing_beside_it_that_should_not_be_seen()
    {
        var answer = await PostAsync("""{"query":"{ space { id } apiKeys(first: 1) { edges { node { name } } } }"}""");
        Assert.Equal("UNAUTHENTICATED", CodeOf(answer));
        Assert.Null(answer["data"]);
    }

    [Theory]
    [InlineData("ko-KR,ko;q=0.9,en;q=0.8", "요청이 올바르지 않습니다.")]
    [InlineData("fr, ko;q=0.2", "요청이 올바르지 않습니다.")]
    [InlineData("en, ko;q=0.9", "first must be")]
    [InlineData("ko;q=0", "first must be")]
    [InlineData("zz", "first must be")]
    [InlineData(";;;", "first must be")]
    public async Task a_message_is_in_a_language_that_the_client_reads(string accepted, string begin)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "graphql")
        {
            Content = JsonContent.Create(new { query = "{ programs(first: 0) { pageInfo { endCursor } } }" }),
        };
        request.Headers.TryAddWithoutValidation("Accept-Language", accepted);
        using var response = await vote.Http.SendAsync(request, Cancellation);
        var error = JsonNode.Parse(await response.Content.ReadAsStringAsync(Cancellation))!["errors"]![0]!;
        Assert.StartsWith(begin, error["message"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal("BAD_USER_INPUT", error["extensions"]!["code"]!.GetValue<string>());
    }

    [Fact]
    public async Task a_hidden_proposal_and_one_that_never_was_are_answered_alike()
    {
        var draft = await vote.Ada.MutateAsync(
            "draftProposal", "proposal", "proposalId", OpenVote.DraftInput(OpenVote.ProgramId), Cancellation);
        var hidden = await AskAsync(draft["proposalId"]!.GetValue<string>());
        var absent = await AskAsync($"0x{new string('7', 64)}");
        Assert.Equal(absent, hidden);

        async Task<string> AskAsync(string id)
        {
            var body = new JsonObject
            {
                ["query"] = "query ($p: Bytes32!) { proposal(proposalId: $p) { title } "
                    + "proposalRevisions(proposalId: $p, first: 5) { edges { cursor } } recipientConsentTypedData(proposalId: $p) }",
                ["variables"] = new JsonObject { ["p"] = id },
            };
            return (await PostAsync(body.ToJsonString()))["data"]!.ToJsonString();
        }
    }

    [Fact]
    public async Task a_ballot_that_was_signed_as_a_message_is_not_signed()
    {
        var ballot = vote.BallotOf(Cast.Vera.Address, vote.NextNonce());
        var data = await vote.Public.QueryAsync(
            "query ($p: Bytes32!, $v: Address!) { ballotTypedData(voteId: $p, voter: $v, choice: \"1\") }",
            new { p = vote.Open["proposalId"]!.GetValue<string>(), v = Cast.Vera.Address.ToString() },
            Cancellation);
        var text = data["ballotTypedData"]!.GetValue<string>();
        Assert.NotEqual(default, TypedData.FromJson(text).Digest());
        foreach (var message in new[] { text, ballot.ToJsonString() })
        {
            var refused = await Assert.ThrowsAsync<DemoException>(() => vote.Public.MutateAsync(
                "castBallot",
                "ballot",
                "logIndex",
                new()
                {
                    ["ballot"] = ballot.DeepClone(),
                    ["signature"] = Cast.Vera.Key.Sign(PersonalMessage.Digest(message)).ToString(),
                },
                Cancellation));
            Assert.Contains("INVALID_SIGNATURE", refused.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task a_session_is_of_our_making_and_each_another()
    {
        var (first, second) = (await TokenAsync(), await TokenAsync());
        Assert.NotEqual(first, second);
        Assert.True(first.Length >= 43, "256 bits");
        using var request = new HttpRequestMessage(HttpMethod.Post, "graphql")
        {
            Content = JsonContent.Create(new { query = "{ me { account } }" }),
        };
        request.Headers.Add("Authorization", "Bearer chosen-by-an-attacker");
        request.Headers.Add("Cookie", $"session={first}");
        using var response = await vote.Http.SendAsync(request, Cancellation);
        var answer = JsonNode.Parse(await response.Content.ReadAsStringAsync(Cancellation))!;
        Assert.Null(answer["data"]!["me"]);
    }

    private async Task<string> TokenAsync()
    {
        var asked = await vote.Public.MutateAsync(
            "requestSignIn", "signIn", "message", new() { ["account"] = Cast.Bo.Address.ToString() }, Cancellation);
        var message = asked["message"]!.GetValue<string>();
        var session = await vote.Public.MutateAsync(
            "signIn",
            "session",
            "token",
            new() { ["message"] = message, ["signature"] = Cast.Bo.Key.Sign(PersonalMessage.Digest(message)).ToString() },
            Cancellation);
        return session["token"]!.GetValue<string>();
    }

    private async Task<JsonNode> PostAsync(string json)
    {
        using var content = new StringContent(json, Encoding.UTF8, "application/json");
        using var response = await vote.Http.PostAsync(new Uri("graphql", UriKind.Relative), content, Cancellation);
        return JsonNode.Parse(await response.Content.ReadAsStringAsync(Cancellation))!;
    }

    private static string? CodeOf(JsonNode answer) => answer["errors"]?[0]?["extensions"]?["code"]?.GetValue<string>();
}
