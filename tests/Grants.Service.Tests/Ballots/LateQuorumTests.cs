using Grants.Domain;
using Xunit;

namespace Grants.Service.Tests.Ballots;

/// <summary>A vote whose quorums are met late takes ballots for longer, once.</summary>
public sealed class LateQuorumTests(LocalServers servers) : IAsyncLifetime
{
    private BallotRig rig = null!;

    public async ValueTask InitializeAsync() => rig = await BallotRig.StartAsync(servers);

    public ValueTask DisposeAsync() => rig.DisposeAsync();

    [Fact]
    public async Task a_quorum_met_in_the_last_minutes_extends_the_vote_for_all_nodes()
    {
        await using var other = await rig.AnotherNodeAsync();
        var vote = await rig.OpenAsync(ARule.LateQuorum(2), 10, 20, 30);
        await other.CastAsync(vote, 0, 1);
        rig.Clock.Now = vote.ClosesAt.AddMinutes(-10);
        await rig.CastAsync(vote, 1, 1);

        var extended = vote.ClosesAt.AddMinutes(50);
        Assert.Equal(extended, (await rig.ProposalAsync(vote)).Vote!.ClosesAt);
        rig.Clock.Now = vote.ClosesAt;
        Assert.Equal(extended, await rig.CertifyAsync(vote));
        Assert.NotNull((await other.CastAsync(vote, 2, 1)).Receipt);
        rig.Clock.Now = extended;
        Assert.Equal("OUTSIDE_VOTING_WINDOW", (await other.CastAsync(vote, 2, 2)).Rejection!.Code);
        Assert.Null(await rig.CertifyAsync(vote));
        Assert.Equal(3, (await rig.ProposalAsync(vote)).Vote!.Result!.Outcome.Count.Voters);
    }

    [Fact]
    public async Task a_vote_is_extended_once()
    {
        var vote = await rig.OpenAsync(ARule.LateQuorum(1), 10, 20);
        rig.Clock.Now = vote.ClosesAt.AddMinutes(-10);
        await rig.CastAsync(vote, 0, 1);
        var extended = (await rig.ProposalAsync(vote)).Vote!.ClosesAt;
        rig.Clock.Now = extended.AddMinutes(-1);
        await rig.CastAsync(vote, 1, 1);
        Assert.Equal(extended, (await rig.ProposalAsync(vote)).Vote!.ClosesAt);
    }

    [Fact]
    public async Task a_quorum_met_in_time_extends_nothing_even_where_it_is_lost_and_met_again()
    {
        var rules = ARule.LateQuorum(1) with { Quorums = [new Quorum(QuorumKind.Power, 10, QuorumCounting.For)] };
        var vote = await rig.OpenAsync(rules, 10);
        await rig.CastAsync(vote, 0, 1, "1");
        await rig.CastAsync(vote, 0, 2, "2");
        rig.Clock.Now = vote.ClosesAt.AddMinutes(-1);
        await rig.CastAsync(vote, 0, 3, "1");
        Assert.Equal(vote.ClosesAt, (await rig.ProposalAsync(vote)).Vote!.ClosesAt);
    }

    [Fact]
    public async Task a_quorum_that_is_not_met_extends_nothing()
    {
        var vote = await rig.OpenAsync(ARule.LateQuorum(2), 10, 20);
        rig.Clock.Now = vote.ClosesAt.AddMinutes(-1);
        await rig.CastAsync(vote, 0, 1);
        Assert.Equal(vote.ClosesAt, (await rig.ProposalAsync(vote)).Vote!.ClosesAt);
    }

    [Fact]
    public async Task without_a_quorum_nothing_is_late()
    {
        var vote = await rig.OpenAsync(ARule.LateQuorum(2) with { Quorums = [] }, 10, 20);
        rig.Clock.Now = vote.ClosesAt.AddMinutes(-1);
        await rig.CastAsync(vote, 0, 1);
        Assert.Equal(vote.ClosesAt, (await rig.ProposalAsync(vote)).Vote!.ClosesAt);
    }
}
