using System.Text.Json.Nodes;
using Grants.Service.Demo;
using Grants.Service.Tests.Journeys;
using Xunit;

namespace Grants.Service.Tests.Transports;

/// <summary>What is live, gone on with by other people's clients after their connection was cut.</summary>
[Collection(nameof(LiveVote))]
public sealed class ResumedStreamTests(OpenVote vote) : IAsyncLifetime
{
    private const string Proposal =
        "subscription ($i: Bytes32!, $s: Long) { proposalChanged(proposalId: $i, fromSequence: $s) { state flags { reason } } }";

    private const string Tally = "subscription ($i: Bytes32!, $s: Long) { tallyChanged(voteId: $i, fromSequence: $s) { voters power } }";

    private const string Ballots = "subscription ($i: Bytes32!, $s: Long) { ballotCast(voteId: $i, fromSequence: $s) { logIndex } }";

    private const string Head =
        "subscription ($s: Long) { chainHead(fromSequence: $s) { chainId head { number } promoted { number } } }";

    private NodeClients clients = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => clients = await NodeClients.StartAsync(vote.Http.BaseAddress!);

    public ValueTask DisposeAsync() => clients.DisposeAsync();

    [Theory]
    [InlineData("ws")]
    [InlineData("sse")]
    public async Task a_proposal_goes_on_without_a_gap_and_without_a_repetition(string transport)
    {
        var council = await vote.SignInAsync(Cast.Council);
        var (proposal, _) = await vote.OpenAsync();
        var (flags, seen, last) = (0, new List<int>(), 0L);
        async Task FlagAsync(int count)
        {
            for (var i = 0; i < count; i++)
            {
                var input = new JsonObject { ["proposalId"] = proposal, ["reason"] = $"Flag {++flags}." };
                await council.MutateAsync("flagProposal", "proposal", "state", input, Cancellation);
            }
        }

        async Task SeeAsync(string operation, int until)
        {
            while (seen.LastOrDefault() < until)
            {
                var (sequence, data) = await clients.ToldAsync(operation);
                Assert.True(sequence > last);
                last = sequence;
                seen.Add(data["proposalChanged"]!["flags"]!.AsArray().Count);
            }
        }

        await FlagAsync(2);
        for (var round = 0; round < 3; round++)
        {
            var client = clients.Connect(transport);
            var operation = clients.Subscribe(client, Proposal, new { i = proposal, s = last });
            await SeeAsync(operation, flags);
            await FlagAsync(3);
            await SeeAsync(operation, flags - 1);
            clients.Leave(client, transport);
            await FlagAsync(2);
        }

        // Before the first flag it was submitted, and its vote opened; the draft is nobody's business.
        Assert.Equal([0, 0, .. Enumerable.Range(1, seen[^1])], seen);
    }

    [Fact]
    public async Task the_past_is_told_to_whoever_was_cut_off_after_each_message()
    {
        var (proposal, applicant) = await vote.OpenAsync();
        await applicant.MutateAsync("withdrawProposal", "proposal", "state", new() { ["proposalId"] = proposal }, Cancellation);
        Assert.Equal(3, await clients.ReplaysAsync(Proposal, proposal));
    }

    [Fact]
    public async Task a_tally_that_was_seen_is_not_told_again_and_the_newest_is()
    {
        var (proposal, _) = await vote.OpenAsync();
        var first = await vote.CastAsync(proposal, Cast.Vera, "1");
        var seen = await clients.ToldAsync(clients.Subscribe(clients.Connect("ws"), Tally, new { i = proposal }));
        Assert.Equal(first, seen.Sequence);
        var again = clients.Subscribe(clients.Connect("ws"), Tally, new { i = proposal, s = seen.Sequence });
        var second = await vote.CastAsync(proposal, Cast.Viktor, "1");
        var next = await clients.ToldAsync(again);
        Assert.Equal((second, 2), (next.Sequence, next.Data["tallyChanged"]!["voters"]!.GetValue<int>()));
        var ballots = clients.Subscribe(clients.Connect("ws"), Ballots, new { i = proposal, s = first });
        var ballot = await clients.ToldAsync(ballots);
        Assert.Equal((second, second), (ballot.Sequence, ballot.Data["ballotCast"]!["logIndex"]!.GetValue<long>()));
    }

    [Fact]
    public async Task a_chain_that_moves_on_is_told()
    {
        var (sequence, data) = await clients.ToldAsync(clients.Subscribe(clients.Connect("ws"), Head));
        Assert.Equal(sequence, data["chainHead"]!["head"]!["number"]!.GetValue<long>());
        Assert.Equal(vote.ChainId, data["chainHead"]!["chainId"]!.GetValue<long>());
        var behind = clients.Subscribe(clients.Connect("ws"), Head, new { s = sequence });
        await vote.Chain.MineAsync(3, Cancellation);
        JsonNode heads;
        do
            (_, heads) = await clients.ToldAsync(behind);
        while (heads["chainHead"]!["promoted"]!["number"]!.GetValue<long>() < sequence);
    }
}
