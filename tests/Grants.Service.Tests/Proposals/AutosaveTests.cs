using System.Text.Json.Nodes;
using Grants.Service.Demo;
using Grants.Service.Tests.Journeys;
using Xunit;

namespace Grants.Service.Tests.Proposals;

/// <summary>What an applicant has typed so far.</summary>
[Collection(nameof(OpenVote))]
public sealed class AutosaveTests(OpenVote vote)
{
    private readonly Applying applying = new(vote);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task a_save_replaces_the_draft_and_a_stale_one_is_refused_and_loses_nothing()
    {
        Assert.Equal(1, await SaveAsync("phone", "{\"title\":\"A th", 0));
        Assert.Equal(2, await SaveAsync("phone", "{\"title\":\"A thing", 1));
        Assert.Equal(2, await SaveAsync("phone", "{\"title\":\"A thing", 1));
        await applying.RefusedAsync("STALE_REVISION", () => SaveAsync("phone", "{\"title\":\"From the lap", 1));
        Assert.Equal([("phone", "{\"title\":\"A thing")], await OwnAsync(vote.Ada));
        Assert.Empty(await OwnAsync(vote.Manager));
        await SaveAsync("phone", null, 2);
        Assert.Empty(await OwnAsync(vote.Ada));
    }

    [Fact]
    public async Task of_saves_of_one_revision_at_once_one_is_kept()
    {
        foreach (var revision in new[] { 0, 1 })
        {
            var saves = await Task.WhenAll(Enumerable.Range(0, 8).Select(async i =>
            {
                try
                {
                    await SaveAsync("race", $"window {i} of {revision}", revision);
                    return $"window {i} of {revision}";
                }
                catch (DemoException refused)
                {
                    Assert.Contains("STALE_REVISION", refused.Message, StringComparison.Ordinal);
                    return null;
                }
            }));
            Assert.Equal([("race", Assert.Single(saves, save => save is not null)!)], await OwnAsync(vote.Ada));
        }

        await SaveAsync("race", null, 2);
    }

    private async Task<int> SaveAsync(string key, string? content, int expected)
    {
        var input = new JsonObject { ["draftKey"] = key, ["programId"] = OpenVote.ProgramId, ["expectedRevision"] = expected };
        if (content is not null)
            input["content"] = content;
        input["clientMutationId"] = $"{Guid.CreateVersion7()}";
        var data = await vote.Ada.QueryAsync(
            "mutation ($input: AutosaveDraftInput!) { autosaveDraft(input: $input) { draft { revision } userErrors { code } } }",
            new { input },
            Cancellation);
        var payload = data["autosaveDraft"]!;
        if (payload["userErrors"]!.AsArray() is { Count: > 0 } errors)
            throw new DemoException($"autosaveDraft is refused: {errors.ToJsonString()}");
        return payload["draft"]?["revision"]!.GetValue<int>() ?? 0;
    }

    private static async Task<(string, string)[]> OwnAsync(ApiClient client)
    {
        var list = await client.QueryAsync(
            "{ autosavedDrafts(first: 10) { edges { node { draftKey content } } } }", null, Cancellation);
        return [.. list["autosavedDrafts"]!["edges"]!.AsArray().Select(edge =>
            (edge!["node"]!["draftKey"]!.GetValue<string>(), edge["node"]!["content"]!.GetValue<string>()))];
    }
}
