using Grants.Service.Api;
using Grants.Service.Demo;
using Grants.Service.Tests.Journeys;
using Xunit;

namespace Grants.Service.Tests.Api;

/// <summary>A cursor leads on in the list that gave it, and nowhere else.</summary>
[Collection(nameof(OpenVote))]
public sealed class CursorTests(OpenVote vote)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task it_leads_behind_its_place()
    {
        var first = await PageAsync("programs", null);
        var next = await PageAsync("programs", first.Cursor);
        Assert.NotEqual(first.Id, next.Id);
    }

    [Fact]
    public async Task of_another_list_it_is_refused()
    {
        var (_, cursor) = await PageAsync("programs", null);
        var refused = await Assert.ThrowsAsync<DemoException>(() => PageAsync("proposals", cursor));
        Assert.Contains("BAD_USER_INPUT", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task changed_in_any_place_it_is_refused()
    {
        var (_, cursor) = await PageAsync("programs", null);
        foreach (var place in new[] { 0, cursor.Length / 2, cursor.Length - 2 })
        {
            var changed = cursor.ToCharArray();
            changed[place] = changed[place] == 'A' ? 'B' : 'A';
            var refused = await Assert.ThrowsAsync<DemoException>(() => PageAsync("programs", new string(changed)));
            Assert.Contains("BAD_USER_INPUT", refused.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task of_another_space_it_is_refused_and_every_node_takes_it()
    {
        var cursor = await new CursorSeal(vote.Database).SealAsync("metis", "programs", "place", Cancellation);
        var another = new CursorSeal(vote.Database);
        Assert.Equal("place", await another.OpenAsync("metis", "programs", cursor, Cancellation));
        await Assert.ThrowsAsync<ProtocolError>(() => another.OpenAsync("other", "programs", cursor, Cancellation));
    }

    private async Task<(string Id, string Cursor)> PageAsync(string list, string? after)
    {
        var id = list == "programs" ? "programId" : "proposalId";
        var data = await vote.Public.QueryAsync(
            $"query ($a: String) {{ {list}(first: 1, after: $a) {{ edges {{ cursor node {{ {id} }} }} }} }}",
            new { a = after },
            Cancellation);
        var edge = data[list]!["edges"]![0]!;
        return (edge["node"]![id]!.GetValue<string>(), edge["cursor"]!.GetValue<string>());
    }
}
