using Grants.Domain.Proposals;
using Grants.Primitives;
using Grants.Service.Ballots;
using Xunit;

namespace Grants.Service.Tests.Ballots;

/// <summary>Pages of ballots lose nobody and show nobody twice, also where powers are equal and ballots keep coming.</summary>
public sealed class ListedBallotTests(LocalServers servers) : IAsyncLifetime
{
    private BallotRig rig = null!;
    private VotingOpened vote = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        rig = await BallotRig.StartAsync(servers);
        vote = await rig.OpenAsync(ARule.Simple, [.. Enumerable.Range(0, 60).Select(voter => (UInt256)(ulong)(1 + (voter % 4)))]);
        for (var voter = 0; voter < 50; voter++)
            await rig.CastAsync(vote, voter, 1, $"{1 + (voter % 3)}");
    }

    public ValueTask DisposeAsync() => rig.DisposeAsync();

    [Theory]
    [InlineData(BallotOrder.LogIndex)]
    [InlineData(BallotOrder.PowerDesc)]
    public async Task all_pages_together_are_all_ballots_in_order(BallotOrder order)
    {
        var listed = await ListAsync(null, null, order, 7);
        Assert.Equal(50, listed.Select(ballot => ballot.Voter).Distinct().Count());
        Assert.Equal(order == BallotOrder.LogIndex
            ? listed.OrderBy(ballot => ballot.LogIndex)
            : listed.OrderByDescending(ballot => ballot.Power).ThenBy(ballot => ballot.LogIndex), listed);
    }

    [Theory]
    [InlineData(BallotOrder.LogIndex)]
    [InlineData(BallotOrder.PowerDesc)]
    public async Task a_choice_is_a_filter(BallotOrder order)
    {
        var listed = await ListAsync(null, "2", order, 5);
        Assert.Equal(17, listed.Count);
        Assert.All(listed, ballot => Assert.Equal("2", ballot.Choice));
    }

    [Fact]
    public async Task a_voter_is_a_filter()
    {
        Assert.Single(await ListAsync(BallotRig.Voter(3).Address, null, BallotOrder.LogIndex, 5));
        Assert.Empty(await ListAsync(BallotRig.Voter(3).Address, "2", BallotOrder.LogIndex, 5));
        Assert.Empty(await ListAsync(BallotRig.Voter(55).Address, null, BallotOrder.LogIndex, 5));
    }

    [Fact]
    public async Task who_votes_while_the_pages_are_turned_is_listed_behind_them()
    {
        var first = await PageAsync(null, null, BallotOrder.LogIndex, null, 10);
        await rig.CastAsync(vote, 55, 1);
        await rig.CastAsync(vote, 20, 2);
        var rest = new List<CurrentBallot>();
        while (await PageAsync(null, null, BallotOrder.LogIndex, rest.Count == 0 ? first[^1] : rest[^1], 10)
            is { Count: > 0 } page)
            rest.AddRange(page);
        Assert.Equal(51, first.Concat(rest).Select(ballot => ballot.Voter).Distinct().Count());
        Assert.Equal(51, first.Count + rest.Count);
        Assert.Equal([BallotRig.Voter(55).Address, BallotRig.Voter(20).Address], rest.TakeLast(2).Select(ballot => ballot.Voter));
    }

    private async Task<List<CurrentBallot>> ListAsync(Address? voter, string? choice, BallotOrder order, int size)
    {
        var listed = new List<CurrentBallot>();
        while (await PageAsync(voter, choice, order, listed.Count == 0 ? null : listed[^1], size)
            is { Count: > 0 } page)
            listed.AddRange(page);
        return listed;
    }

    private Task<IReadOnlyList<CurrentBallot>> PageAsync(
        Address? voter, string? choice, BallotOrder order, CurrentBallot? after, int size) => CurrentBallots.ListAsync(
            rig.Database,
            rig.SpaceOf(vote),
            vote.VoteId,
            voter,
            choice,
            order,
            after is null ? null : new BallotPlace(after.Power, after.LogIndex),
            size,
            Cancellation);
}
