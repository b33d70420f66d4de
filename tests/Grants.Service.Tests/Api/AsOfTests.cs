using Grants.Service.Demo;
using Grants.Service.Tests.Journeys;
using Grants.Service.Tests.Proposals;
using Xunit;

namespace Grants.Service.Tests.Api;

/// <summary>What was known at a moment of the past, and to whom.</summary>
[Collection(nameof(OpenVote))]
public sealed class AsOfTests(OpenVote vote)
{
    private readonly Applying applying = new(vote);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task a_proposal_is_shown_as_it_was_behind_an_event_and_at_an_instant()
    {
        var id = await Applying.DraftAsync(vote.Ada, await applying.OpenProgramAsync("past"), Cast.Ada);
        var (sequence, at) = await MetaAsync();
        await Applying.SubmitAsync(vote.Ada, id);
        var later = await MetaAsync();
        Assert.True(later.Sequence > sequence);
        Assert.Equal("SUBMITTED", await StateAsync(vote.Ada, id, new { sequence = later.Sequence }));
        Assert.Equal("DRAFT", await StateAsync(vote.Ada, id, new { sequence }));
        Assert.Equal("DRAFT", await StateAsync(vote.Ada, id, new { time = at }));
        Assert.Null(await StateAsync(vote.Ada, id, new { sequence = 1 }));
        Assert.Null(await StateAsync(vote.Public, id, new { sequence }));
        Assert.Equal("SUBMITTED", await StateAsync(vote.Public, id, new { sequence = later.Sequence }));
    }

    [Fact]
    public async Task a_tally_is_counted_again_for_its_moment()
    {
        var voteId = vote.Open["proposalId"]!.GetValue<string>();
        var before = (await MetaAsync()).Sequence;
        var then = await VotersAsync(voteId, new { sequence = before });
        Assert.Equal(await VotersAsync(voteId, null), then);
        Assert.Equal(0, await VotersAsync(voteId, new { sequence = 1 }));
        var closed = await VotersAsync(vote.Closed["proposalId"]!.GetValue<string>(), new { sequence = before });
        Assert.Equal(await VotersAsync(vote.Closed["proposalId"]!.GetValue<string>(), null), closed);
    }

    [Fact]
    public async Task an_award_that_was_not_there_was_not_there()
    {
        var data = await vote.Public.QueryAsync(
            "query ($p: Bytes32!) { award(proposalId: $p, asOf: { sequence: 1 }) { awardId } }",
            new { p = vote.Closed["proposalId"]!.GetValue<string>() },
            Cancellation);
        Assert.Null(data["award"]);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("{ sequence: 1, time: \"2026-01-01T00:00:00Z\" }")]
    public async Task a_moment_is_one(string moment)
    {
        var refused = await Assert.ThrowsAsync<DemoException>(() => vote.Public.QueryAsync(
            $"{{ tally(voteId: \"{vote.Open["proposalId"]}\", asOf: {moment}) {{ voters }} }}", null, Cancellation));
        Assert.Contains("BAD_USER_INPUT", refused.Message, StringComparison.Ordinal);
    }

    private async Task<(long Sequence, string At)> MetaAsync()
    {
        var meta = (await vote.Public.QueryAsync("{ _meta { sequence at finalizedBlock { number } } }", null, Cancellation))["_meta"]!;
        Assert.True(meta["finalizedBlock"]!["number"]!.GetValue<long>() > 0);
        return (meta["sequence"]!.GetValue<long>(), meta["at"]!.GetValue<string>());
    }

    private static async Task<string?> StateAsync(ApiClient client, string id, object moment)
    {
        var data = await client.QueryAsync(
            "query ($p: Bytes32!, $m: AsOfInput) { proposal(proposalId: $p, asOf: $m) { state } }",
            new { p = id, m = moment },
            Cancellation);
        return data["proposal"]?["state"]?.GetValue<string>();
    }

    private async Task<int?> VotersAsync(string id, object? moment)
    {
        var data = await vote.Public.QueryAsync(
            "query ($v: Bytes32!, $m: AsOfInput) { tally(voteId: $v, asOf: $m) { voters } }", new { v = id, m = moment }, Cancellation);
        return data["tally"]?["voters"]?.GetValue<int>();
    }
}
