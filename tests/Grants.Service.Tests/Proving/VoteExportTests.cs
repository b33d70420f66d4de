using Grants.Domain.Proposals;
using Grants.Service.Tests.Ballots;
using Xunit;

namespace Grants.Service.Tests.Proving;

/// <summary>What the service exports, the offline tool recomputes.</summary>
public sealed class VoteExportTests(LocalServers servers) : IAsyncLifetime
{
    private const string Recorded = " where data ? 'ballots'";

    private const string Later = "\"2026-03-01T12:00:07+00:00\"";

    private BallotRig rig = null!;
    private OneSpace space = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        rig = await BallotRig.StartAsync(servers, space: OneSpace.Name);
        space = new OneSpace(rig);
    }

    public ValueTask DisposeAsync()
    {
        space.Dispose();
        return rig.DisposeAsync();
    }

    [Fact]
    public async Task votes_that_share_a_log_are_each_exported_with_the_others_between()
    {
        var (first, second) = (await space.OpenAsync(ARule.Simple, 40), await space.OpenAsync(ARule.Simple, 40));
        for (var voter = 0; voter < 40; voter++)
        {
            await space.CastAsync(first, voter, choice: $"{1 + (voter % 3)}");
            if (voter % 3 == 0)
                await space.CastAsync(second, voter, choice: "2");
            if (voter % 5 == 0)
                await space.CastAsync(first, voter, 7, "1");
        }

        await space.CloseAsync(first);
        await space.CloseAsync(second);
        var log = $"{rig.Signer.Address}";
        var report = await OfflineTool.HoldsAsync(await space.ExportAsync(first), "--log-address", log);
        Assert.Equal((48, 40), ((int)report["ballots"]!, (int)report["voters"]!));
        Assert.True((bool)report["outcome"]!["approved"]!);
        report = await OfflineTool.HoldsAsync(await space.ExportAsync(second), "--log-address", log);
        Assert.Equal((14, 14), ((int)report["ballots"]!, (int)report["voters"]!));
        Assert.False((bool)report["outcome"]!["approved"]!);
    }

    [Fact]
    public async Task a_vote_of_more_ballots_than_one_portion_is_exported()
    {
        var (vote, other) = (await space.OpenAsync(ARule.Simple, 1_100), await space.OpenAsync(ARule.Simple, 400));
        await Task.WhenAll(
            Task.WhenAll(Enumerable.Range(0, 1_100).Select(voter => space.CastAsync(vote, voter))),
            Task.WhenAll(Enumerable.Range(0, 400).Select(voter => space.CastAsync(other, voter))));
        await space.CloseAsync(vote);
        await space.CloseAsync(other);
        Assert.Equal(1_100, (int)(await OfflineTool.HoldsAsync(await space.ExportAsync(vote)))["ballots"]!);
        Assert.Equal(400, (int)(await OfflineTool.HoldsAsync(await space.ExportAsync(other)))["ballots"]!);
    }

    [Fact]
    public async Task a_vote_without_ballots_is_exported()
    {
        var empty = await space.OpenAsync(ARule.Simple, 3);
        await space.CloseAsync(empty);
        Assert.Equal(0, (int)(await OfflineTool.HoldsAsync(await space.ExportAsync(empty)))["logSize"]!);
        var next = await space.OpenAsync(ARule.Simple, 3);
        var busy = await space.OpenAsync(ARule.Simple, 3);
        await space.CastAsync(busy, 1);
        await space.CloseAsync(next);
        Assert.Equal(1, (int)(await OfflineTool.HoldsAsync(await space.ExportAsync(next)))["logSize"]!);
    }

    [Fact]
    public async Task a_vote_that_was_extended_holds()
    {
        var vote = await space.OpenAsync(ARule.LateQuorum(2), 3);
        await space.CastAsync(vote, 0);
        rig.Clock.Now = vote.ClosesAt.AddMilliseconds(-1.5);
        await space.CastAsync(vote, 1);
        rig.Clock.Now = vote.ClosesAt.AddMinutes(30);
        await space.CastAsync(vote, 2, choice: "2");
        rig.Clock.Now = vote.ClosesAt.AddHours(1);
        await space.CloseAsync(vote);
        Assert.Equal(3, (int)(await OfflineTool.HoldsAsync(await space.ExportAsync(vote)))["voters"]!);
    }

    [Fact]
    public async Task a_certificate_is_signed_once_and_never_changes()
    {
        var vote = await space.OpenAsync(ARule.Simple, 3);
        await space.CastAsync(vote, 0);
        Assert.Null(await space.CertificateAsync(vote.VoteId));
        await space.CloseAsync(vote);
        var all = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => space.CertificateAsync(vote.VoteId)));
        var later = await space.OpenAsync(ARule.Simple, 3);
        await space.CastAsync(later, 1);
        Assert.All([.. all, await space.CertificateAsync(vote.VoteId)], one => Assert.Equal(all[0], one));
        Assert.Null(await space.CertificateAsync(Primitives.Hash32.Zero));
    }

    [Fact]
    public async Task every_voting_system_is_recomputed()
    {
        var votes = new List<VotingOpened>();
        foreach (var (system, choices) in new[]
        {
            ("approval@1", new[] { "[1,2]", "[3]" }), ("weighted@1", ["{\"1\":2,\"3\":5}", "{\"2\":1}"]),
            ("quadratic@1", ["{\"1\":2,\"3\":5}", "{\"2\":1}"]), ("ranked-choice@1", ["[2,1,3]", "[3,1,2]"]),
            ("copeland@1", ["[2,1,3]", "[3,1,2]"]), ("single-choice@1", ["1", "3"]),
        })
        {
            var vote = await space.OpenAsync(ARule.Of(system), 6);
            for (var voter = 0; voter < 6; voter++)
                await space.CastAsync(vote, voter, choice: choices[voter % 2]);
            votes.Add(vote);
        }

        foreach (var vote in votes)
        {
            await space.CloseAsync(vote);
            Assert.Equal(6, (int)(await OfflineTool.HoldsAsync(await space.ExportAsync(vote)))["voters"]!);
        }
    }

    // Somebody with the database's password, and without the voters' keys.
    [Theory]
    [InlineData("update grants.mt_events set data = jsonb_set(data, '{ballots,0,ballot,choice}', '\"2\"')" + Recorded, "SIGNATURE")]
    [InlineData("update grants.mt_events set data = jsonb_set(data, '{ballots,0,acceptedAt}', '" + Later + "')" + Recorded, "VOTE_ROOT")]
    [InlineData("delete from grants.mt_events" + Recorded + " and version = 2", "VOTE_ROOT")]
    [InlineData("update voting.certificate set approved = not approved", "CERTIFICATE")]
    [InlineData("update voting.log_node set hash = sha256('x') where level = 0 and position = 1", "LOG_ROOT")]
    public async Task what_was_changed_in_the_database_is_found(string tampering, string code)
    {
        var (vote, other) = (await space.OpenAsync(ARule.Simple, 4), await space.OpenAsync(ARule.Simple, 4));
        await space.CastAsync(vote, 0);
        await space.CastAsync(other, 0);
        await space.CastAsync(vote, 1);
        await space.CastAsync(vote, 2);
        await space.CloseAsync(vote);
        await OfflineTool.HoldsAsync(await space.ExportAsync(vote));
        await using (var command = rig.Database.CreateCommand(tampering))
            Assert.True(await command.ExecuteNonQueryAsync(Cancellation) > 0);
        var (exitCode, report) = await OfflineTool.VerifyAsync(await space.ExportAsync(vote));
        Assert.Equal(1, exitCode);
        Assert.Contains(code, report["findings"]!.AsArray().Select(finding => (string)finding!["code"]!));
    }
}
