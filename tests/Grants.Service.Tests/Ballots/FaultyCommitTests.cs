using Grants.Domain.Proposals;
using Grants.Service.Ballots.Recording;
using Npgsql;
using Xunit;

namespace Grants.Service.Tests.Ballots;

/// <summary>What callers hear when the database is slow, gone or refuses a ballot: never a false word.</summary>
public sealed class FaultyCommitTests(LocalServers servers) : IAsyncLifetime
{
    private readonly List<IAsyncDisposable> opened = [];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        foreach (var one in Enumerable.Reverse(opened))
            await one.DisposeAsync();
    }

    [Fact]
    public async Task beyond_the_limit_ballots_are_turned_away_with_a_time_to_come_again()
    {
        var (rig, vote) = await StartAsync(new CastingOptions { WaitingMax = 10, AnswerSeconds = 300 }, voters: 40);
        await rig.CastAsync(vote, 0, 1);
        Task<CastAnswer>[] casting;
        await using (await HoldLogAsync(rig))
        {
            casting = [.. Enumerable.Range(1, 30).Select(voter => rig.CastAsync(vote, voter, 1))];
            var turnedAway = await Task.WhenAll(casting.Skip(10));
            Assert.All(turnedAway, answer => Assert.Equal(2, Assert.IsType<Overloaded>(answer.Rejection).RetryAfterSeconds));
        }

        Assert.All(await Task.WhenAll(casting.Take(10)), answer => Assert.NotNull(answer.Receipt));
        Assert.NotNull((await rig.CastAsync(vote, 11, 1)).Receipt);
        Assert.Equal(12, (await rig.RecordsAsync(vote)).Count);
    }

    [Fact]
    public async Task whoever_waits_too_long_is_told_to_ask_again_and_then_hears_the_truth()
    {
        var (rig, vote) = await StartAsync(new CastingOptions { AnswerSeconds = 1 }, voters: 2);
        while ((await rig.CastAsync(vote, 0, 1)).Receipt is null)
        {
        }

        await using (await HoldLogAsync(rig))
            Assert.Equal("UNKNOWN_OUTCOME", (await rig.CastAsync(vote, 1, 1)).Rejection!.Code);
        var receipt = default(BallotReceipt);
        while ((receipt = (await rig.CastAsync(vote, 1, 1)).Receipt) is null)
        {
        }

        Assert.Equal((1, 2), (receipt.LogIndex, (await rig.RecordsAsync(vote)).Count));
    }

    [Fact]
    public async Task a_ballot_that_the_database_refuses_fails_alone()
    {
        var (rig, vote) = await StartAsync(new CastingOptions { AnswerSeconds = 300 }, voters: 40);
        await using (var refuse = rig.Database.CreateCommand("""
            create function voting.refuse() returns trigger language plpgsql as $$
            begin if new.reason = 'poison' then raise exception 'poison'; end if; return new; end $$;
            create trigger refuse before insert on voting.ballot for each row execute function voting.refuse();
            """))
            await refuse.ExecuteNonQueryAsync(Cancellation);
        Task<CastAnswer>[] casting;
        await rig.CastAsync(vote, 0, 1);
        await using (await HoldLogAsync(rig))
        {
            casting = [.. Enumerable.Range(1, 39).Select(voter => rig.CastAsync(
                BallotRig.BallotOf(vote, voter, 1) with { Reason = voter is 7 or 30 ? "poison" : "" }, voter))];
        }

        var answers = await Task.WhenAll(casting);
        Assert.Equal(
            ["NOT_RECORDED", "NOT_RECORDED"], answers.Where(answer => answer.Receipt is null).Select(answer => answer.Rejection!.Code));
        Assert.Equal([6, 29], answers.Index().Where(answer => answer.Item.Receipt is null).Select(answer => answer.Index));
        Assert.Equal(38, (await rig.RecordsAsync(vote)).Count);
    }

    [Theory]
    [InlineData(Cut.BeforeTheCommit)]
    [InlineData(Cut.AfterTheCommit)]
    public async Task a_commit_whose_answer_is_lost_is_read_back(Cut cut)
    {
        var (rig, vote, wire, _) = await StartBehindAWireAsync(new CastingOptions { AnswerSeconds = 300 });
        await rig.CastAsync(vote, 0, 1);
        wire.Cut(cut);
        var answers = await Task.WhenAll(Enumerable.Range(1, 9).Select(voter => rig.CastAsync(vote, voter, 1)));
        Assert.Equal(1, wire.Cuts);
        Assert.All(answers, answer => Assert.NotNull(answer.Receipt));
        var records = (await rig.RecordsAsync(vote)).ToDictionary(record => record.Index, record => record.Ballot.Voter);
        Assert.Equal(10, records.Count);
        Assert.All(answers.Index(), answer =>
            Assert.Equal(BallotRig.Voter(answer.Index + 1).Address, records[answer.Item.Receipt!.LogIndex]));
    }

    [Fact]
    public async Task where_reading_back_fails_too_the_outcome_is_called_unknown()
    {
        var (rig, vote, wire, _) = await StartBehindAWireAsync(new CastingOptions { AnswerSeconds = 300, DatabasePatienceSeconds = 1 });
        await rig.CastAsync(vote, 0, 1);
        wire.Cut(Cut.AfterTheCommitAndStayAway);
        Assert.Equal("UNKNOWN_OUTCOME", (await rig.CastAsync(vote, 1, 1)).Rejection!.Code);
        wire.Heal();
        Assert.Equal(1, (await rig.CastAsync(vote, 1, 1)).Receipt!.LogIndex);
        Assert.Equal(2, (await rig.RecordsAsync(vote)).Count);
    }

    [Fact]
    public async Task a_commit_that_never_arrived_is_made_again_when_the_database_is_back()
    {
        var (rig, vote, wire, _) = await StartBehindAWireAsync(new CastingOptions { AnswerSeconds = 300 });
        await rig.CastAsync(vote, 0, 1);
        wire.Cut(Cut.BeforeTheCommitAndStayAway);
        var casting = rig.CastAsync(vote, 1, 1);
        await Embedded.Eventually.TrueAsync(() => wire.Cuts == 1, TimeSpan.FromMinutes(1), "the wire is cut");
        wire.Heal();
        Assert.Equal(1, (await casting).Receipt!.LogIndex);
    }

    [Fact]
    public async Task while_the_database_is_away_nothing_is_recorded_and_callers_are_told()
    {
        var (rig, vote, wire, direct) = await StartBehindAWireAsync(
            new CastingOptions { AnswerSeconds = 300, DatabasePatienceSeconds = 1 });
        await rig.CastAsync(vote, 0, 1);
        await using (await HoldLogAsync(direct))
        {
            var casting = rig.CastAsync(vote, 1, 1);
            await Embedded.Eventually.TrueAsync(() => IsWaitingAsync(direct), TimeSpan.FromMinutes(1), "the ballot waits for the log");
            wire.Cut();
            Assert.Equal("NOT_RECORDED", (await casting).Rejection!.Code);
        }

        wire.Heal();
        Assert.NotNull((await rig.CastAsync(vote, 1, 1)).Receipt);
        Assert.Equal(2, (await rig.RecordsAsync(vote)).Count);
    }

    private async Task<(BallotRig Rig, VotingOpened Vote)> StartAsync(CastingOptions options, int voters)
    {
        var rig = await BallotRig.StartAsync(servers, options);
        opened.Add(rig);
        return (rig, await rig.OpenAsync(ARule.Simple, [.. Enumerable.Repeat((Primitives.UInt256)3UL, voters)]));
    }

    private async Task<(BallotRig Rig, VotingOpened Vote, DatabaseWire Wire, BallotRig Direct)> StartBehindAWireAsync(
        CastingOptions options)
    {
        var (first, vote) = await StartAsync(options, voters: 10);
        var wire = DatabaseWire.To(first.ConnectionString);
        opened.Add(wire);
        var rig = await first.AnotherNodeAsync(options, wire.ConnectionString);
        opened.Add(rig);
        return (rig, vote, wire, first);
    }

    private static async Task<bool> IsWaitingAsync(BallotRig rig)
    {
        await using var connection = new NpgsqlConnection(rig.ConnectionString);
        await connection.OpenAsync(Cancellation);
        await using var waiting = new NpgsqlCommand(
            "select exists (select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock')", connection);
        return (bool)(await waiting.ExecuteScalarAsync(Cancellation))!;
    }

    // As a slow writer holds it: until disposed, no batch gets on.
    private static async Task<IAsyncDisposable> HoldLogAsync(BallotRig rig)
    {
        var connection = new NpgsqlConnection(rig.ConnectionString);
        await connection.OpenAsync(Cancellation);
        await connection.BeginTransactionAsync(Cancellation);
        await using var hold = new NpgsqlCommand("select from voting.log for update", connection);
        await hold.ExecuteNonQueryAsync(Cancellation);
        return connection;
    }
}
