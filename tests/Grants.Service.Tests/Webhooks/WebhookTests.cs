using System.Globalization;
using System.Text.Json.Nodes;
using Grants.Service.Demo;
using Grants.Service.Tests.Access;
using Grants.Service.Tests.Embedded;
using Grants.Service.Tests.Journeys;
using StandardWebhooks;
using Xunit;

namespace Grants.Service.Tests.Webhooks;

/// <summary>What happens is told to whoever registered for it: signed, at least once, and written down.</summary>
[Collection(nameof(OpenVote))]
public sealed class WebhookTests(OpenVote vote)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task a_submission_is_told_with_a_signature_that_others_can_check()
    {
        await using var receiver = await Receiver.StartAsync();
        var (id, secret) = await RegisterAsync(receiver.Url, "proposal.submitted");
        var proposalId = await SubmitAsync("signed");
        await TakesAsync(receiver, 1);
        var (headers, body) = Assert.Single(receiver.Received);
        new StandardWebhook(secret).Verify(body, headers);
        Assert.Throws<StandardWebhooks.Diagnostics.WebhookVerificationException>(
            () => new StandardWebhook(secret).Verify($"{body} ", headers));
        var told = JsonNode.Parse(body)!;
        Assert.Equal("1.0", told["specversion"]!.GetValue<string>());
        Assert.Equal("grants.proposal.submitted", told["type"]!.GetValue<string>());
        Assert.Contains(proposalId, told["subject"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal("DELIVERED", (await LogAsync(id)).Single()["state"]!.GetValue<string>());
    }

    [Fact]
    public async Task what_is_not_taken_is_told_again_under_the_same_name()
    {
        await using var receiver = await Receiver.StartAsync(500, 302);
        var (id, _) = await RegisterAsync(receiver.Url, "proposal.submitted");
        await SubmitAsync("again");
        await TakesAsync(receiver, 3);
        Assert.Single(receiver.Received.Select(one => one.Headers["webhook-id"].ToString()).Distinct());
        var delivery = (await LogAsync(id)).Single();
        Assert.Equal(
            [500, 302, 204], delivery["attempts"]!.AsArray().Select(attempt => attempt!["status"]!.GetValue<int>()));
    }

    [Fact]
    public async Task what_is_never_taken_has_failed_and_is_told_again_on_demand()
    {
        await using var receiver = await Receiver.StartAsync(500, 500, 500);
        var (id, _) = await RegisterAsync(receiver.Url, "proposal.submitted");
        await SubmitAsync("never");
        await Eventually.TrueAsync(
            async () => (await LogAsync(id)) is [var only] && only["state"]!.GetValue<string>() == "FAILED", Patience, "it has failed");
        await ActAsync("replayWebhook", id, input => input["since"] = $"{DateTimeOffset.UtcNow.AddHours(-1):O}");
        await TakesAsync(receiver, 4);
        Assert.Equal("DELIVERED", (await LogAsync(id)).Single()["state"]!.GetValue<string>());
    }

    [Fact]
    public async Task whoever_is_gone_is_told_nothing_more()
    {
        await using var receiver = await Receiver.StartAsync(410);
        var (id, _) = await RegisterAsync(receiver.Url, "proposal.submitted");
        await SubmitAsync("gone");
        await Eventually.TrueAsync(async () => (await WebhookAsync(id))["disabledAt"] is not null, Patience, "it is disabled");
        Assert.Equal("FAILED", (await LogAsync(id)).Single()["state"]!.GetValue<string>());
    }

    [Fact]
    public async Task during_a_rotation_both_secrets_are_good()
    {
        await using var receiver = await Receiver.StartAsync();
        var (id, before) = await RegisterAsync(receiver.Url, "proposal.submitted");
        var after = (await SignedActAsync("rotateWebhookSecret", id))["secret"]!.GetValue<string>();
        Assert.NotEqual(before, after);
        await SubmitAsync("rotated");
        await TakesAsync(receiver, 1);
        var (headers, body) = Assert.Single(receiver.Received);
        new StandardWebhook(after).Verify(body, headers);
        var at = DateTimeOffset.FromUnixTimeSeconds(long.Parse(headers["webhook-timestamp"].ToString(), CultureInfo.InvariantCulture));
        string Signed(string secret) => new StandardWebhook(secret).Sign(headers["webhook-id"].ToString(), at, body);
        Assert.Equal([Signed(after), Signed(before)], headers["webhook-signature"].ToString().Split(' '));
    }

    [Fact]
    public async Task a_removed_webhook_is_told_nothing()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var witness = await Receiver.StartAsync();
        var (id, _) = await RegisterAsync(receiver.Url, "proposal.submitted");
        await RegisterAsync(witness.Url, "proposal.submitted");
        await SignedActAsync("removeWebhook", id);
        await SubmitAsync("removed");
        await TakesAsync(witness, 1);
        Assert.Empty(receiver.Received);
    }

    [Theory]
    [InlineData("ftp://example.org/", "proposal.submitted")]
    [InlineData("https://user@example.org/", "proposal.submitted")]
    [InlineData("https://example.org/#part", "proposal.submitted")]
    [InlineData("not an address", "proposal.submitted")]
    [InlineData("https://example.org/", "proposal.unheard_of")]
    public async Task what_cannot_be_told_is_not_registered(string url, string @event)
    {
        var input = await SignedAsync(url, @event);
        var refused = await Assert.ThrowsAsync<DemoException>(() => vote.Manager.MutateAsync(
            "registerWebhook", "webhook", "webhookId", input, Cancellation));
        Assert.Contains("INVALID_VALUE", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task webhooks_are_nobody_elses_business()
    {
        var refused = await Assert.ThrowsAsync<DemoException>(() => vote.Ada.MutateAsync(
            "registerWebhook", "webhook", "webhookId", Input("https://example.org/", "proposal.submitted"), Cancellation));
        Assert.Contains("FORBIDDEN", refused.Message, StringComparison.Ordinal);
        var seen = await vote.Ada.QueryAsync("{ webhooks(first: 10) { edges { node { url } } } }", null, Cancellation);
        Assert.Empty(seen["webhooks"]!["edges"]!.AsArray());
    }

    [Fact]
    public async Task a_session_alone_has_nobody_told()
    {
        const string url = "https://example.org/";
        await RefusedAsync("registerWebhook", "AUTHORIZATION_REQUIRED", Input(url, "proposal.submitted"));
        var elsewhere = await SignedAsync(url, "proposal.submitted");
        elsewhere["url"] = "https://example.com/";
        await RefusedAsync("registerWebhook", "INVALID_SIGNATURE", elsewhere);
    }

    [Theory]
    [InlineData("rotateWebhookSecret")]
    [InlineData("removeWebhook")]
    public async Task a_session_alone_changes_nothing_of_who_is_told(string mutation)
    {
        await using var receiver = await Receiver.StartAsync();
        var (id, secret) = await RegisterAsync(receiver.Url, "proposal.submitted");
        await RefusedAsync(mutation, "AUTHORIZATION_REQUIRED", new() { ["webhookId"] = id });
        var another = await Consent.SignAsync(
            vote.Public, Cast.Manager, mutation, "another webhook", new() { ["webhookId"] = id }, Cancellation);
        await RefusedAsync(mutation, "INVALID_SIGNATURE", another);
        await SubmitAsync($"told for all that, {mutation}");
        await TakesAsync(receiver, 1);
        var (headers, body) = Assert.Single(receiver.Received);
        Assert.DoesNotContain(' ', headers["webhook-signature"].ToString());
        new StandardWebhook(secret).Verify(body, headers);
    }

    private async Task RefusedAsync(string mutation, string code, JsonObject input) => Assert.Contains(
        code,
        (await Assert.ThrowsAsync<DemoException>(() => vote.Manager.MutateAsync(
            mutation, "webhook", "webhookId", input, Cancellation))).Message,
        StringComparison.Ordinal);

    private Task<JsonObject> SignedAsync(string url, string @event) => Consent.SignAsync(
        vote.Public, Cast.Manager, "registerWebhook", $"{url} {@event}", Input(url, @event), Cancellation);

    private static JsonObject Input(string url, string @event) => new() { ["url"] = url, ["events"] = new JsonArray { @event } };

    private static Task TakesAsync(Receiver receiver, int count) => Eventually.TrueAsync(
        () => Task.FromResult(receiver.Received.Count >= count), Patience, $"{count} deliveries are there");

    private async Task<(string Id, string Secret)> RegisterAsync(Uri url, string @event)
    {
        var made = await vote.Manager.MutateAsync(
            "registerWebhook", "webhook", "webhookId secret", await SignedAsync(url.ToString(), @event), Cancellation);
        return (made["webhookId"]!.GetValue<string>(), made["secret"]!.GetValue<string>());
    }

    private Task<JsonNode> ActAsync(string mutation, string id, Action<JsonObject>? more = null)
    {
        var input = new JsonObject { ["webhookId"] = id };
        more?.Invoke(input);
        return vote.Manager.MutateAsync(mutation, "webhook", "secret", input, Cancellation);
    }

    private async Task<JsonNode> SignedActAsync(string mutation, string id) => await vote.Manager.MutateAsync(
        mutation,
        "webhook",
        "secret",
        await Consent.SignAsync(vote.Public, Cast.Manager, mutation, id, new() { ["webhookId"] = id }, Cancellation),
        Cancellation);

    private async Task<string> SubmitAsync(string title)
    {
        var person = Person.Called($"an applicant who is {title}");
        var applicant = await vote.SignInAsync(person);
        var draft = OpenVote.DraftInput(OpenVote.ProgramId);
        draft["recipient"] = person.Address.ToString();
        var proposal = await applicant.MutateAsync("draftProposal", "proposal", "proposalId", draft, Cancellation);
        var id = proposal["proposalId"]!.GetValue<string>();
        await applicant.MutateAsync("submitProposal", "proposal", "state", new() { ["proposalId"] = id }, Cancellation);
        return id;
    }

    private async Task<JsonNode> WebhookAsync(string id)
    {
        var data = await vote.Manager.QueryAsync(
            "{ webhooks(first: 100) { edges { node { webhookId disabledAt disabledReason } } } }", null, Cancellation);
        return data["webhooks"]!["edges"]!.AsArray().Select(edge => edge!["node"]!)
            .Single(node => node["webhookId"]!.GetValue<string>() == id);
    }

    // Once nothing waits: an attempt is written down after its answer.
    private async Task<List<JsonNode>> LogAsync(string id)
    {
        List<JsonNode> log = [];
        await Eventually.TrueAsync(
            async () =>
            {
                var data = await vote.Manager.QueryAsync(
                    "query ($w: String!) { webhookDeliveries(webhookId: $w, first: 100) { edges { node { "
                        + "state type subject attempts { status problem } } } } }",
                    new { w = id },
                    Cancellation);
                log = [.. data["webhookDeliveries"]!["edges"]!.AsArray().Select(edge => edge!["node"]!)];
                return log.Count > 0 && log.TrueForAll(one => one["state"]!.GetValue<string>() != "WAITING");
            },
            Patience,
            "nothing waits");
        return log;
    }
}
