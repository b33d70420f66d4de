using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Grants.Ethereum.Signing;
using Grants.Primitives;
using Grants.Service.Demo;
using Xunit;

namespace Grants.Service.Tests.Journeys;

/// <summary>Malformed and forbidden requests: each gets a typed error, and nothing is written.</summary>
[Collection(nameof(OpenVote))]
public sealed class BadInputTests(OpenVote vote)
{
    private const string Draft =
        "mutation ($i: DraftProposalInput!) { draftProposal(input: $i) { proposal { proposalId } userErrors { code message } } }";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("{ nonsense }")]
    [InlineData("{ chain { nonsense } }")]
    [InlineData("mutation { draftProposal(input: { clientMutationId: \"x\", nonsense: 1 }) { userErrors { code } } }")]
    [InlineData("{ chain { chainId }")]
    [InlineData("\r4")]
    [InlineData("# nothing")]
    [InlineData("query A { me { account } } query B { me { account } }")]
    [InlineData("{ programs(first: 0) { pageInfo { hasNextPage } } }")]
    [InlineData("{ programs(first: 101) { pageInfo { hasNextPage } } }")]
    [InlineData("{ programs(first: -1) { pageInfo { hasNextPage } } }")]
    [InlineData("{ programs { pageInfo { hasNextPage } } }")]
    [InlineData("{ programs(first: 1, after: \"not a cursor\") { pageInfo { hasNextPage } } }")]
    public async Task a_document_that_is_wrong_is_refused(string document)
    {
        using var response = await PostAsync(document, null);
        var errors = (await response.Content.ReadFromJsonAsync<JsonObject>(Cancellation))!["errors"]!.AsArray();
        Assert.All(errors, error =>
            Assert.Contains(error!["extensions"]!["code"]!.GetValue<string>(), new[] { "BAD_USER_INPUT", "COST_EXCEEDED" }));
        Assert.NotEmpty(errors);
    }

    [Fact]
    public async Task doubling_fragments_are_refused_before_they_cost_anything()
    {
        var bomb = new StringBuilder("{ ...f0 }");
        for (var i = 0; i < 15; i++)
            bomb.Append(" fragment f" + i + " on Query { a: __typename ...f" + (i + 1) + " ...f" + (i + 1) + " }");
        bomb.Append(" fragment f15 on Query { __typename }");
        using var response = await PostAsync(bomb.ToString(), null);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains("COST_EXCEEDED", await response.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task a_body_that_is_too_large_or_of_another_type_is_refused()
    {
        using var large = await PostAsync($"# {new string('x', 1_100_000)}\n{{ me {{ account }} }}", null);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, large.StatusCode);
        using var text = await vote.Http.PostAsync(new Uri("graphql", UriKind.Relative), new StringContent("{}"), Cancellation);
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, text.StatusCode);
        using var notJson = await vote.Http.PostAsync(
            new Uri("graphql", UriKind.Relative), new StringContent("{", Encoding.UTF8, "application/json"), Cancellation);
        Assert.Equal(HttpStatusCode.BadRequest, notJson.StatusCode);
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("+1")]
    [InlineData("01")]
    [InlineData("1.0")]
    [InlineData("1e18")]
    [InlineData("0x10")]
    [InlineData("1_000")]
    [InlineData("１２")]
    [InlineData(" 1 ")]
    [InlineData("")]
    [InlineData("115792089237316195423570985008687907853269984665640564039457584007913129639936")]
    public Task an_amount_that_is_no_whole_number_of_256_bits_is_refused(string amount) =>
        MalformedAsync(input => input["requestedAmount"] = amount);

    [Fact]
    public Task an_amount_as_a_number_is_refused() => MalformedAsync(input => input["requestedAmount"] = 1000);

    [Theory]
    [InlineData("0x52908400098527886E0F7030069857D2E4169Ee7")]
    [InlineData("0x52908400098527886E0F7030069857D2E4169EE")]
    [InlineData("0x52908400098527886E0F7030069857D2E4169EE70")]
    [InlineData("52908400098527886E0F7030069857D2E4169EE7")]
    [InlineData("vitalik.eth")]
    [InlineData("eip155:1:0x52908400098527886E0F7030069857D2E4169EE7")]
    [InlineData("0x52908400098527886E0F7030069857D2E4169EE\u200b")]
    public Task an_address_of_another_shape_or_with_a_wrong_checksum_is_refused(string address) =>
        MalformedAsync(input => input["recipient"] = address);

    [Fact]
    public Task an_unknown_input_field_is_refused() => MalformedAsync(input => input["approved"] = true);

    [Fact]
    public Task a_missing_idempotency_key_is_refused() => MalformedAsync(input => input.Remove("clientMutationId"));

    [Fact]
    public Task the_zero_address_is_paid_nothing() =>
        RefusedAsync("INVALID_VALUE", input => input["recipient"] = Address.Zero.ToString());

    [Fact]
    public Task the_vault_cannot_be_a_recipient() =>
        RefusedAsync("RECIPIENT_NOT_ALLOWED", input => input["recipient"] = vote.Scene.Vault.ToString());

    [Fact]
    public Task a_precompile_cannot_be_a_recipient() =>
        RefusedAsync("RECIPIENT_NOT_ALLOWED", input => input["recipient"] = "0x0000000000000000000000000000000000000004");

    [Fact]
    public Task nothing_cannot_be_asked_for() => RefusedAsync("INVALID_VALUE", input => input["requestedAmount"] = "0");

    [Fact]
    public Task more_than_the_budget_cannot_be_asked_for() =>
        RefusedAsync("REQUEST_ABOVE_BUDGET", input => input["requestedAmount"] = UInt256.MaxValue.ToString());

    [Fact]
    public Task a_program_that_does_not_exist_takes_no_proposal() =>
        RefusedAsync("NOT_FOUND", input => input["programId"] = "no-such-program");

    [Fact]
    public async Task one_key_with_the_same_input_has_one_answer_and_with_another_input_is_refused()
    {
        var input = OpenVote.DraftInput(OpenVote.ProgramId);
        input["clientMutationId"] = "once";
        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => DraftAsync(input)));
        var first = answers[0]["proposal"]!["proposalId"]!.GetValue<string>();
        Assert.All(answers, answer => Assert.Equal(first, answer["proposal"]!["proposalId"]!.GetValue<string>()));
        var before = await CountAsync();
        input["title"] = "Another thing";
        Assert.Equal("IDEMPOTENCY_CONFLICT", CodeOf(await DraftAsync(input)));
        Assert.Equal(before, await CountAsync());
    }

    [Fact]
    public async Task nobody_submits_the_draft_of_somebody_else()
    {
        var input = OpenVote.DraftInput(OpenVote.ProgramId);
        input["clientMutationId"] = "hers";
        var proposalId = (await DraftAsync(input))["proposal"]!["proposalId"]!.GetValue<string>();
        var before = await CountAsync();
        var refused = await Assert.ThrowsAsync<DemoException>(() => vote.Manager.MutateAsync(
            "submitProposal", "proposal", "state", new() { ["proposalId"] = proposalId }, Cancellation));
        Assert.Contains("NOT_FOUND", refused.Message, StringComparison.Ordinal);
        var hidden = await vote.Public.QueryAsync(
            "query ($p: Bytes32!) { proposal(proposalId: $p) { title } }", new { p = proposalId }, Cancellation);
        Assert.Null(hidden["proposal"]);
        Assert.Equal(before, await CountAsync());
    }

    [Fact]
    public async Task who_is_not_signed_in_drafts_nothing_and_who_is_no_manager_opens_nothing()
    {
        var before = await CountAsync();
        using var response = await PostAsync(Draft, new { i = WithKey(OpenVote.DraftInput(OpenVote.ProgramId)) });
        Assert.Contains("UNAUTHENTICATED", await response.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        var refused = await Assert.ThrowsAsync<DemoException>(() => vote.Ada.MutateAsync(
            "openProgram",
            "program",
            "programId",
            VotingActs.ProgramInput(vote.Scene, "adas-own", Scene.Tokens(1), 60),
            Cancellation));
        Assert.Contains("FORBIDDEN", refused.Message, StringComparison.Ordinal);
        Assert.Equal(before, await CountAsync());
    }

    [Fact]
    public async Task a_sign_in_message_opens_one_session_and_only_for_its_signer()
    {
        var asked = await vote.Public.MutateAsync(
            "requestSignIn", "signIn", "message", new() { ["account"] = Cast.Bo.Address.ToString() }, Cancellation);
        var message = asked["message"]!.GetValue<string>();
        Task<JsonNode> SignInAsync(string text, PrivateKey key) => vote.Public.MutateAsync(
            "signIn",
            "session",
            "token",
            new() { ["message"] = text, ["signature"] = key.Sign(PersonalMessage.Digest(text)).ToString() },
            Cancellation);
        async Task RefusedAsync(string text, PrivateKey key, string code) => Assert.Contains(
            code, (await Assert.ThrowsAsync<DemoException>(() => SignInAsync(text, key))).Message, StringComparison.Ordinal);

        await RefusedAsync(message, Cast.Vera.Key, "INVALID_SIGNATURE");
        await RefusedAsync(message.Replace("127.0.0.1", "evil.example", StringComparison.Ordinal), Cast.Bo.Key, "SIGN_IN_REFUSED");
        await RefusedAsync(message.Replace("\n", "\r\n", StringComparison.Ordinal), Cast.Bo.Key, "SIGN_IN_REFUSED");
        await SignInAsync(message, Cast.Bo.Key);
        await RefusedAsync(message, Cast.Bo.Key, "SIGN_IN_REFUSED");
    }

    private static JsonObject WithKey(JsonObject input)
    {
        input["clientMutationId"] ??= Guid.CreateVersion7().ToString();
        return input;
    }

    private static string CodeOf(JsonNode payload) => Assert.Single(payload["userErrors"]!.AsArray())!["code"]!.GetValue<string>();

    private async Task MalformedAsync(Action<JsonObject> spoil)
    {
        var before = await CountAsync();
        var input = WithKey(OpenVote.DraftInput(OpenVote.ProgramId));
        spoil(input);
        var refused = await Assert.ThrowsAsync<DemoException>(() => vote.Ada.QueryAsync(Draft, new { i = input }, Cancellation));
        Assert.Contains("BAD_USER_INPUT", refused.Message, StringComparison.Ordinal);
        Assert.Equal(before, await CountAsync());
    }

    private async Task RefusedAsync(string code, Action<JsonObject> spoil)
    {
        var before = await CountAsync();
        var input = WithKey(OpenVote.DraftInput(OpenVote.ProgramId));
        spoil(input);
        Assert.Equal(code, CodeOf(await DraftAsync(input)));
        Assert.Equal(before, await CountAsync());
    }

    private async Task<JsonNode> DraftAsync(JsonObject input) =>
        (await vote.Ada.QueryAsync(Draft, new { i = input.DeepClone() }, Cancellation))["draftProposal"]!;

    private Task<HttpResponseMessage> PostAsync(string query, object? variables) =>
        vote.Http.PostAsJsonAsync(new Uri("graphql", UriKind.Relative), new { query, variables }, Cancellation);

    private Task<long> CountAsync() => RunningService.CountEventsAsync(vote.Database, Cancellation);
}
