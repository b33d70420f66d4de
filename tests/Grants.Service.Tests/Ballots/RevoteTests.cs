using Grants.Domain;
using Grants.Domain.Proposals;
using Grants.Primitives;
using Xunit;

namespace Grants.Service.Tests.Ballots;

/// <summary>A rejected proposal may have one more vote under other rules. What was signed for the first says nothing in it.</summary>
public sealed class RevoteTests(LocalServers servers) : IAsyncLifetime
{
    private static readonly VotingRules Quadratic = ARule.Simple with { System = "quadratic@1" };

    private BallotRig rig = null!;

    public async ValueTask InitializeAsync() => rig = await BallotRig.StartAsync(servers);

    public ValueTask DisposeAsync() => rig.DisposeAsync();

    [Fact]
    public async Task a_re_vote_counts_by_its_own_rules()
    {
        var (first, second) = await RejectedAndOpenAgainAsync();
        Assert.Equal((1, 2), (first.Round, second.Round));
        // Three of 16 against one of 100: 48 to 100 by power, but by roots 12 to 10.
        for (var voter = 0; voter < 3; voter++)
            await rig.CastAsync(second, voter, 1, "{\"1\":1}");
        await rig.CastAsync(second, 3, 1, "{\"2\":1}");
        rig.Clock.Now = second.ClosesAt;
        await rig.CertifyAsync(second);
        var proposal = await rig.ProposalAsync(second);
        Assert.Equal(ProposalState.Approved, proposal.State);
        Assert.Equal([false, true], proposal.Rounds.Select(round => round.Result!.Outcome.IsApproved));
    }

    [Fact]
    public async Task a_ballot_signed_for_the_first_vote_is_refused_in_the_second()
    {
        var (first, second) = await RejectedAndOpenAgainAsync();
        var old = BallotRig.BallotOf(first, 0, 9);
        Assert.Equal("OUTSIDE_VOTING_WINDOW", (await rig.CastAsync(old, 0)).Rejection!.Code);
        var choosing = old with { Choice = "{\"1\":1}" };
        var renamed = await rig.Intake.CastAsync(
            choosing.Space, choosing with { Proposal = second.VoteId }, rig.Sign(choosing, 0), TestContext.Current.CancellationToken);
        Assert.Equal("INVALID_SIGNATURE", renamed.Rejection!.Code);
        Assert.Empty(await rig.RecordsAsync(second));
    }

    [Fact]
    public async Task both_votes_share_the_log_of_the_space()
    {
        var (first, second) = await RejectedAndOpenAgainAsync();
        var receipt = (await rig.CastAsync(second, 0, 1, "{\"1\":1}")).Receipt!;
        Assert.Equal((await rig.RecordsAsync(first)).Count, receipt.LogIndex);
    }

    private async Task<(VotingOpened First, VotingOpened Second)> RejectedAndOpenAgainAsync()
    {
        UInt256[] powers = [16, 16, 16, 100];
        var first = await rig.OpenAsync(ARule.Simple with { Revote = Quadratic, VotingPeriodSeconds = 86_400 }, powers);
        for (var voter = 0; voter < 4; voter++)
            await rig.CastAsync(first, voter, 1, voter < 3 ? "1" : "2");
        rig.Clock.Now = first.ClosesAt;
        await rig.CertifyAsync(first);
        Assert.Equal(ProposalState.Rejected, (await rig.ProposalAsync(first)).State);
        return (first, await rig.OpenAsync(first.ProposalId, ARule.Simple, powers));
    }
}
