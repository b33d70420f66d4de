using System.Text.Json.Nodes;
using Grants.Ethereum.Signing;
using Grants.Ethereum.TypedData;
using Grants.Service.Demo;
using Grants.Service.Tests.Journeys;
using Xunit;

namespace Grants.Service.Tests.Proposals;

/// <summary>What a proposal holds, how it is revised, and who is paid.</summary>
[Collection(nameof(OpenVote))]
public sealed class ContentTests(OpenVote vote)
{
    private readonly Applying applying = new(vote);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task a_proposal_is_shown_as_written_and_rendered_safely()
    {
        var programId = await applying.OpenProgramAsync("parts");
        var proposalId = await Applying.SubmittedAsync(vote.Ada, programId, Cast.Ada, input =>
        {
            input["body"] = "# Why\n\n<script>alert(1)</script> **so** [x](javascript:alert(1)) ![y](https://spy.example/p.png)";
            input["budget"] = new JsonArray { Line("Work", "700"), Line("Audit", "300") };
            input["milestones"] = new JsonArray
            {
                new JsonObject { ["title"] = "Testnet", ["share"] = 4_000, ["dueAfterSeconds"] = 86_400 },
                new JsonObject { ["title"] = "Mainnet", ["description"] = "Live.", ["share"] = 6_000, ["dueAfterSeconds"] = 172_800 },
            };
            input["labels"] = new JsonArray { "defi" };
            input["discussion"] = "https://forum.example/t/1";
            input["conflicts"] = new JsonArray { new JsonObject { ["account"] = Cast.Vera.Address.ToString(), ["nature"] = "A cousin." } };
        });
        var shown = (await applying.ShownAsync(
            proposalId,
            "body bodyHtml budget { item amount } milestones { title share } labels discussion conflicts { account nature }"))!;
        Assert.Contains("<script>", shown["body"]!.GetValue<string>(), StringComparison.Ordinal);
        var html = shown["bodyHtml"]!.GetValue<string>();
        Assert.Contains("<h1>Why</h1>", html, StringComparison.Ordinal);
        Assert.Contains("<strong>so</strong>", html, StringComparison.Ordinal);
        Assert.All(new[] { "<script", "javascript:", "<img" }, bad => Assert.DoesNotContain(bad, html, StringComparison.OrdinalIgnoreCase));
        Assert.Equal("300", shown["budget"]![1]!["amount"]!.GetValue<string>());
        Assert.Equal(6_000, shown["milestones"]![1]!["share"]!.GetValue<int>());
        Assert.Equal("defi", shown["labels"]![0]!.GetValue<string>());
        Assert.Equal("https://forum.example/t/1", shown["discussion"]!.GetValue<string>());
    }

    [Fact]
    public async Task a_budget_that_does_not_sum_is_refused_with_its_field()
    {
        var programId = await applying.OpenProgramAsync("sums");
        var answer = await applying.RefusedAsync("INVALID_VALUE", () => Applying.DraftAsync(
            vote.Ada, programId, Cast.Ada, input => input["budget"] = new JsonArray { Line("Work", "999") }));
        Assert.Contains("budget", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task a_stale_save_is_refused_and_the_history_tells_what_changed()
    {
        var programId = await applying.OpenProgramAsync("saves");
        var proposalId = await Applying.DraftAsync(vote.Ada, programId, Cast.Ada);
        Task<JsonNode> SaveAsync(string title, int expected)
        {
            var input = OpenVote.DraftInput(programId);
            input.Remove("programId");
            input["proposalId"] = proposalId;
            input["title"] = title;
            input["expectedRevision"] = expected;
            return vote.Ada.MutateAsync("reviseProposal", "proposal", "revision", input, Cancellation);
        }

        Assert.Equal(2, (await SaveAsync("From the phone", 1))["revision"]!.GetValue<int>());
        await applying.RefusedAsync("STALE_REVISION", () => SaveAsync("From the laptop", 1));
        Assert.Equal("From the phone", (await applying.ShownAsync(proposalId, "title", vote.Ada))!["title"]!.GetValue<string>());
        Assert.Equal(["", "title"], await ChangesAsync(vote.Ada, proposalId));
        Assert.Empty(await ChangesAsync(vote.Public, proposalId));
        await Applying.SubmitAsync(vote.Ada, proposalId);
        Assert.Equal([""], await ChangesAsync(vote.Public, proposalId));
    }

    [Fact]
    public async Task a_recipient_signs_before_it_is_paid()
    {
        var programId = await applying.OpenProgramAsync("signs");
        var proposalId = await Applying.DraftAsync(vote.Ada, programId, Cast.Viktor);
        await applying.RefusedAsync("RECIPIENT_NOT_PROVEN", () => Applying.SubmitAsync(vote.Ada, proposalId));
        await applying.RefusedAsync("INVALID_SIGNATURE", () => ProveAsync(proposalId, Cast.Vera.Key));
        var proof = (await ProveAsync(proposalId, Cast.Viktor.Key))["recipientProof"]!;
        Assert.False(proof["isByContract"]!.GetValue<bool>());
        Assert.Null(proof["codeHash"]);
        await Applying.SubmitAsync(vote.Ada, proposalId);
    }

    [Fact]
    public async Task a_contract_wallet_signs_by_its_own_code_at_the_finalized_block()
    {
        var programId = await applying.OpenProgramAsync("wallet");
        var proposalId = await Applying.DraftAsync(
            vote.Ada, programId, Cast.Ada, input => input["recipient"] = vote.Scene.CouncilWallet.ToString());
        await applying.RefusedAsync("INVALID_SIGNATURE", () => ProveAsync(proposalId, Cast.Vera.Key));
        var proof = (await ProveAsync(proposalId, Cast.Council.Key))["recipientProof"]!;
        Assert.True(proof["isByContract"]!.GetValue<bool>());
        Assert.NotNull(proof["codeHash"]);
        Assert.True(proof["block"]!["number"]!.GetValue<long>() > 0);
        await Applying.SubmitAsync(vote.Ada, proposalId);
    }

    private async Task<JsonNode> ProveAsync(string proposalId, PrivateKey key)
    {
        var data = await vote.Ada.QueryAsync(
            "query ($p: Bytes32!) { recipientConsentTypedData(proposalId: $p) }", new { p = proposalId }, Cancellation);
        var typedData = TypedData.FromJson(data["recipientConsentTypedData"]!.GetValue<string>());
        var input = Applying.Id(proposalId);
        input["signature"] = key.Sign(typedData.Digest()).ToString();
        return await vote.Ada.MutateAsync(
            "proveRecipient", "proposal", "recipientProof { isByContract codeHash block { number } }", input, Cancellation);
    }

    private static async Task<string[]> ChangesAsync(ApiClient client, string proposalId)
    {
        var data = await client.QueryAsync(
            "query ($p: Bytes32!) { proposalRevisions(proposalId: $p, first: 10) { edges { node { changed } } } }",
            new { p = proposalId },
            Cancellation);
        return [.. data["proposalRevisions"]!["edges"]!.AsArray().Select(
            edge => string.Join(',', edge!["node"]!["changed"]!.AsArray().Select(field => field!.GetValue<string>())))];
    }

    private static JsonObject Line(string item, string amount) => new() { ["item"] = item, ["amount"] = amount };
}
