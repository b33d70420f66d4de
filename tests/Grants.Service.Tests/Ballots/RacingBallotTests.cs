using System.Globalization;
using Grants.Domain.Ballots;
using Grants.Domain.Proposals;
using Grants.Primitives;
using Grants.Service.Ballots.Recording;
using Xunit;

namespace Grants.Service.Tests.Ballots;

/// <summary>
/// Ballots of one voter that meet, on two nodes: the newest is stored, whoever was acknowledged is in the log, and nobody is
/// refused falsely. GRANTS_RACE_ROUNDS sets how often, 10 times where it is not set.
/// </summary>
public sealed class RacingBallotTests(LocalServers servers) : IAsyncLifetime
{
    private static readonly int Rounds = int.Parse(
        Environment.GetEnvironmentVariable("GRANTS_RACE_ROUNDS") ?? "10", NumberStyles.None, CultureInfo.InvariantCulture);

    private readonly Random order = new(7);
    private BallotRig first = null!;
    private BallotRig second = null!;

    public async ValueTask InitializeAsync()
    {
        first = await BallotRig.StartAsync(servers);
        second = await first.AnotherNodeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await first.DisposeAsync();
        await second.DisposeAsync();
    }

    [Theory]
    [InlineData(2)]
    [InlineData(64)]
    public async Task of_first_votes_that_meet_the_newest_is_stored(int ballots)
    {
        var vote = await first.OpenAsync(ARule.Simple, [.. Enumerable.Repeat((UInt256)5UL, Rounds)]);
        var acknowledged = new List<(SignedBallot Ballot, BallotReceipt Receipt)>();
        for (var voter = 0; voter < Rounds; voter++)
            acknowledged.AddRange(await RaceAsync(vote, voter, 1, ballots));
        await AllAreRecordedAsync(vote, acknowledged);
        Assert.Equal(Rounds, (await first.Ballots.TallyAsync(vote.VoteId, TestContext.Current.CancellationToken)).Voters);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(64)]
    public async Task of_re_votes_that_meet_the_newest_is_stored(int ballots)
    {
        var vote = await first.OpenAsync(ARule.Simple, 5);
        var acknowledged = new List<(SignedBallot Ballot, BallotReceipt Receipt)>();
        for (var round = 0; round < Rounds; round++)
            acknowledged.AddRange(await RaceAsync(vote, 0, 1 + ((ulong)round * (ulong)ballots), ballots));
        await AllAreRecordedAsync(vote, acknowledged);
        var tally = await first.Ballots.TallyAsync(vote.VoteId, TestContext.Current.CancellationToken);
        Assert.Equal((1, (UInt256)5UL), (tally.Voters, tally.Power));
    }

    private async Task<IEnumerable<(SignedBallot, BallotReceipt)>> RaceAsync(VotingOpened vote, int voter, ulong nonce, int count)
    {
        var ballots = Enumerable.Range(0, count)
            .Select(i => BallotRig.BallotOf(vote, voter, nonce + (ulong)i, $"{1 + (i % 3)}"))
            .ToArray();
        order.Shuffle(ballots);
        var answers = await Task.WhenAll(ballots.Select((ballot, i) => Task.Run(() =>
            (i % 2 == 0 ? first : second).CastAsync(ballot, voter))));

        var newest = ballots.MaxBy(ballot => ballot.Nonce)!;
        var stored = await first.CurrentAsync(vote, voter);
        Assert.Equal((newest.Nonce, newest.Choice), (stored!.Nonce, stored.Choice));
        foreach (var (ballot, answer) in ballots.Zip(answers))
        {
            // A refusal is true only where a newer ballot was there before it; then it names that ballot's nonce.
            if (answer.Rejection is not null)
                Assert.True(Assert.IsType<NonceNotAbove>(answer.Rejection).Current > ballot.Nonce, "refused falsely");
        }

        return ballots.Zip(answers).Where(cast => cast.Second.Receipt is not null).Select(cast => (cast.First, cast.Second.Receipt!));
    }

    private async Task AllAreRecordedAsync(VotingOpened vote, List<(SignedBallot Ballot, BallotReceipt Receipt)> acknowledged)
    {
        var records = (await first.RecordsAsync(vote)).ToDictionary(record => record.Index);
        Assert.Equal(records.Count, acknowledged.Count);
        Assert.All(acknowledged, cast => Assert.Equal(cast.Ballot, records[cast.Receipt.LogIndex].Ballot));
    }
}
