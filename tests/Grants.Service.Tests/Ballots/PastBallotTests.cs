using Grants.Domain.Proposals;
using Grants.Primitives;
using Grants.Service.Api;
using Grants.Service.Api.History;
using Grants.Service.Ballots;
using Xunit;

namespace Grants.Service.Tests.Ballots;

/// <summary>The ballots that counted at a moment are those that were listed then, whatever was cast since.</summary>
public sealed class PastBallotTests(LocalServers servers) : IAsyncLifetime
{
    private BallotRig rig = null!;
    private VotingOpened vote = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        rig = await BallotRig.StartAsync(servers);
        vote = await rig.OpenAsync(ARule.Simple, [.. Enumerable.Range(0, 8).Select(voter => (UInt256)(ulong)(1 + (voter % 3)))]);
        for (var voter = 0; voter < 6; voter++)
            await rig.CastAsync(vote, voter, 1, $"{1 + (voter % 2)}");
    }

    public ValueTask DisposeAsync() => rig.DisposeAsync();

    [Theory]
    [InlineData(BallotOrder.LogIndex, null)]
    [InlineData(BallotOrder.LogIndex, "1")]
    [InlineData(BallotOrder.PowerDesc, null)]
    [InlineData(BallotOrder.PowerDesc, "2")]
    public async Task they_are_listed_as_they_were_in_pages_of_any_place(BallotOrder order, string? choice)
    {
        var (listed, moment) = (await NowAsync(order, choice, null), await MomentAsync());
        await rig.CastAsync(vote, 0, 2, "2");
        await rig.CastAsync(vote, 1, 2, "1");
        await rig.CastAsync(vote, 7, 1, "1");
        Assert.NotEmpty(listed);
        Assert.Equal(listed, await ThenAsync(moment, order, choice, null));
        Assert.Equal(
            listed.Skip(2), await ThenAsync(moment, order, choice, new BallotPlace(listed[1].Power, listed[1].LogIndex)));
        var now = await NowAsync(order, choice, null);
        Assert.NotEqual(listed, now);
        Assert.Equal(now, await ThenAsync(await MomentAsync(), order, choice, null));
        Assert.Empty(await ThenAsync(0, order, choice, null));
    }

    [Fact]
    public async Task one_voter_is_a_filter_and_a_vote_of_another_space_has_none()
    {
        var moment = await MomentAsync();
        await rig.CastAsync(vote, 3, 2, "1");
        await using var session = rig.Store.QuerySession(rig.SpaceOf(vote));
        var then = await PastBallots.ReadAsync(session, vote.VoteId, new(moment, null), 6, Cancellation);
        var filter = new BallotFilter(BallotRig.Voter(3).Address, null);
        Assert.Equal("2", Assert.Single(PastBallots.PageOf(then, filter, BallotOrder.LogIndex, null, 5)).Choice);
        await using var other = rig.Store.QuerySession("other");
        Assert.Empty(await PastBallots.ReadAsync(other, vote.VoteId, new(moment, null), 6, Cancellation));
    }

    [Fact]
    public async Task more_than_are_read_for_a_page_are_refused()
    {
        await using var session = rig.Store.QuerySession(rig.SpaceOf(vote));
        var refused = await Assert.ThrowsAsync<ProtocolError>(
            () => PastBallots.ReadAsync(session, vote.VoteId, new(long.MaxValue, null), 5, Cancellation));
        Assert.Equal("PAST_TOO_LONG", refused.Code);
    }

    private async Task<long> MomentAsync()
    {
        await using var command = rig.Database.CreateCommand("select max(seq_id) from grants.mt_events");
        return (long)(await command.ExecuteScalarAsync(Cancellation))!;
    }

    private Task<IReadOnlyList<CurrentBallot>> NowAsync(BallotOrder order, string? choice, BallotPlace? after) => CurrentBallots.ListAsync(
        rig.Database, rig.SpaceOf(vote), vote.VoteId, null, choice, order, after, 10, Cancellation);

    private async Task<IReadOnlyList<CurrentBallot>> ThenAsync(long moment, BallotOrder order, string? choice, BallotPlace? after)
    {
        await using var session = rig.Store.QuerySession(rig.SpaceOf(vote));
        var then = await PastBallots.ReadAsync(session, vote.VoteId, new AsOfInput(moment, null), 100, Cancellation);
        return PastBallots.PageOf(then, new BallotFilter(null, choice), order, after, 10);
    }
}
