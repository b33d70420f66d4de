using Grants.Cli.Verify;
using Grants.Domain.Ballots;
using Grants.Domain.VotingPower;
using Xunit;

namespace Grants.Cli.Tests.Verify;

/// <summary>What the service itself, which has the log key and signs whatever it likes, cannot do without being found.</summary>
public sealed class DishonestServiceTests
{
    [Fact]
    public void it_cannot_vote_for_somebody()
    {
        var election = AVote();
        var stolen = election.Signed(5, "2", 1);
        election.Add(stolen with { Signature = Election.KeyOf("service").Sign(stolen.Digest).ToString() });
        Assert.Equal(["SIGNATURE"], election.Export().Codes());
    }

    [Fact]
    public void it_cannot_change_a_choice()
    {
        var election = AVote();
        var record = election.Signed(5, "1", 1);
        var ballot = record.Ballot with { Choice = "2" };
        election.Add(record with { Ballot = ballot, Digest = TypedSignature.Digest(ballot.ToTyped(), Election.ChainId) });
        Assert.Equal(["SIGNATURE"], election.Export().Codes());
    }

    [Fact]
    public void it_cannot_count_a_ballot_again()
    {
        var election = AVote();
        election.Add(election.Signed(0, "1", 1));
        Assert.Equal(["NONCE"], election.Export().Codes());
    }

    [Fact]
    public void it_cannot_put_an_older_ballot_after_the_newer()
    {
        var election = AVote().Cast(6, "1", 9);
        election.Add(election.Signed(6, "2", 8));
        Assert.Contains("NONCE", election.Export().Codes());
    }

    [Fact]
    public void it_cannot_give_more_power()
    {
        var election = AVote();
        election.Add(election.Signed(5, "2", 1) with { Power = 900_000 });
        Assert.Equal(["POWER_PROOF", "TOTAL_POWER"], election.Export().Codes());
    }

    [Fact]
    public void it_cannot_let_a_stranger_vote()
    {
        var election = AVote();
        var all = election.Snapshot;
        var stranger = election.Signed(11, "2", 1);
        election.Snapshot = PowerSnapshot.Of(all.Accounts.Where(account => account.Account != stranger.Ballot.Voter));
        Assert.Equal(["POWER_PROOF"], election.Add(stranger).Export().Codes());
    }

    [Fact]
    public void it_cannot_certify_another_outcome()
    {
        var election = AVote();
        var honest = Tally.Fold(election.Rules, election.Records).Outcome(election.Rules, 100_000);
        election.Certified = honest with { IsApproved = !honest.IsApproved };
        Assert.Equal(["OUTCOME"], election.Export().Codes());
        election.Certified = honest with { Count = honest.Count with { Voters = 99 } };
        Assert.Equal(["OUTCOME"], election.Export().Codes());
    }

    [Fact]
    public void it_cannot_take_a_ballot_after_the_close()
    {
        var election = AVote();
        var closesAt = DateTimeOffset.FromUnixTimeMilliseconds(Election.OpensAt).AddSeconds(election.Rules.VotingPeriodSeconds);
        election.Add(election.Signed(5, "2", 1) with { AcceptedAt = closesAt });
        Assert.Equal(["OUTSIDE_VOTING_WINDOW"], election.Export().Codes());
    }

    // What is not in the export nobody can count; but whoever cast it has the service's word.
    [Fact]
    public void it_cannot_leave_out_a_ballot_that_it_acknowledged()
    {
        var (told, shown) = (AVote().Cast(5, "2"), AVote());
        var receipt = Path.GetTempFileName();
        try
        {
            File.WriteAllText(receipt, told.ReceiptOf(told.Records[^1], 15, withPath: true));
            Assert.Empty(told.Export().Codes("--receipt", receipt));
            Assert.Empty(shown.Export().Codes());
            Assert.Equal(["RECEIPT"], shown.Export().Codes("--receipt", receipt));
            Assert.All(shown.Cast(6, "1").Export().Codes("--receipt", receipt), code => Assert.Equal("RECEIPT", code));
        }
        finally
        {
            File.Delete(receipt);
        }
    }

    private static Election AVote() =>
        new Election().Others(3).Cast(0, "1").Cast(1, "2").Others(6).Cast(2, "1").Cast(1, "1", 2).Cast(3, "1");
}
