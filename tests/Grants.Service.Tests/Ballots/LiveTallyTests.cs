using CsCheck;
using Grants.Domain;
using Grants.Domain.Ballots;
using Grants.Domain.Proposals;
using Grants.Primitives;
using Xunit;

namespace Grants.Service.Tests.Ballots;

/// <summary>The tally is kept up to date by sums, exact, whatever is cast again.</summary>
public sealed class LiveTallyTests(LocalServers servers) : IAsyncLifetime
{
    private static readonly IReadOnlyDictionary<string, string[]> Choices = new Dictionary<string, string[]>
    {
        ["basic@1"] = ["1", "2", "3"],
        ["single-choice@1"] = ["1", "2", "3"],
        ["approval@1"] = ["[1]", "[1,3]", "[2]", "[1,2,3]"],
        ["weighted@1"] = ["{\"1\":1}", "{\"1\":1,\"2\":2}", "{\"2\":3,\"3\":4}"],
        ["quadratic@1"] = ["{\"1\":1}", "{\"1\":1,\"2\":2}", "{\"2\":3,\"3\":4}"],
        ["ranked-choice@1"] = ["[1]", "[2,1]", "[3,1,2]", "[1,2,3]"],
        ["copeland@1"] = ["[1,2,3]", "[2,1,3]", "[3,1,2]"],
    };

    private BallotRig rig = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string> Systems => [.. Choices.Keys];

    public async ValueTask InitializeAsync() => rig = await BallotRig.StartAsync(servers);

    public ValueTask DisposeAsync() => rig.DisposeAsync();

    [Theory]
    [MemberData(nameof(Systems))]
    public async Task the_sums_are_the_fold_of_the_ballots_after_every_batch(string system)
    {
        UInt256[] powers = [1, 10, 7_000_000_000_000_000_003, 999_999_999_999_999_999, 5];
        var rules = system == VotingRules.Basic ? ARule.Simple : ARule.Of(system);
        var vote = await rig.OpenAsync(rules, powers);
        var nonces = new ulong[powers.Length];
        var random = new Random(system.Length);
        for (var batch = 0; batch < 8; batch++)
        {
            var voters = Enumerable.Range(0, 6).Select(_ => random.Next(powers.Length)).ToList();
            var ballots = voters.ConvertAll(voter => BallotRig.BallotOf(
                vote, voter, ++nonces[voter], random.GetItems(Choices[system], 1)[0]));
            await Task.WhenAll(ballots.Zip(voters, rig.CastAsync));
            var tally = await rig.Ballots.TallyAsync(vote.VoteId, Cancellation);
            Assert.Equal(Tally.Fold(rules, await rig.RecordsAsync(vote)), tally);
        }
    }

    [Fact]
    public async Task the_tally_is_told_without_reading_a_single_ballot()
    {
        var vote = await rig.OpenAsync(ARule.Simple, 10, 20);
        await rig.CastAsync(vote, 0, 1, "1");
        await rig.CastAsync(vote, 1, 1, "2");
        await using (var forget = rig.Database.CreateCommand("delete from voting.ballot"))
            await forget.ExecuteNonQueryAsync(Cancellation);
        var tally = await rig.Ballots.TallyAsync(vote.VoteId, Cancellation);
        Assert.Equal((2, (UInt256)30UL, (UInt256)10UL), (tally.Voters, tally.Power, new UInt256(tally["1"])));
    }

    [Fact]
    public async Task powers_that_a_double_cannot_tell_apart_decide()
    {
        var vote = await rig.OpenAsync(ARule.Simple, 9_007_199_254_740_993, 9_007_199_254_740_992);
        await rig.CastAsync(vote, 0, 1, "1");
        await rig.CastAsync(vote, 1, 1, "2");
        Assert.True((await OutcomeAsync(vote)).IsApproved);
        await rig.CastAsync(vote, 0, 2, "2");
        await rig.CastAsync(vote, 1, 2, "1");
        Assert.False((await OutcomeAsync(vote)).IsApproved);
    }

    [Fact]
    public async Task the_largest_power_that_there_is_counts_exactly()
    {
        var vote = await rig.OpenAsync(ARule.Simple, UInt256.MaxValue - 1, 1);
        await rig.CastAsync(vote, 0, 1, "2");
        await rig.CastAsync(vote, 1, 1, "1");
        var outcome = await OutcomeAsync(vote);
        Assert.Equal((UInt256.MaxValue, [(UInt256)1UL, UInt256.MaxValue - 1, UInt256.Zero]), (outcome.Count.Power, outcome.Count.Scores));
    }

    private async Task<VotingOutcome> OutcomeAsync(VotingOpened vote) =>
        (await rig.Ballots.TallyAsync(vote.VoteId, Cancellation)).Outcome(vote.Rules, vote.Supply);
}
