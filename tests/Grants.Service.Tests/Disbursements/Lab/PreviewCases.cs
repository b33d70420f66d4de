using System.Text;
using Grants.Domain;
using Grants.Domain.Awards;
using Grants.Domain.Disbursements;
using Grants.Domain.Reinvestment;
using Grants.Ethereum.Contracts;
using Grants.Primitives;
using Grants.Service.Demo;
using Grants.Service.Reports;
using Grants.Service.Tests.Journeys;
using Xunit;

namespace Grants.Service.Tests.Disbursements.Lab;

/// <summary>The preview of payments, on the real vault: what it says will pass passes, and what it says will not does not.</summary>
[Collection(nameof(TreasuryLab))]
public sealed class PreviewCases(TreasuryLab lab)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task what_is_due_is_simulated_and_what_comes_later_is_dated()
    {
        var (order, now) = (lab.Next(), await lab.Chain.NowAsync(Cancellation));
        var award = AwardOf(order, now - 1, now + 100);
        var records = new ProgramRecords(null!, [], [award]);
        var held = await RowsAsync(records, now + 100);
        Assert.Equal("TRANCHE_HELD", Assert.Single(held).Held);
        await WatchAsync(award.Terms);
        var (first, second) = await BothAsync(records, now + 100);
        Assert.Equal((1, PayoutPreview.Passes, null), (first.Release.Tranche, first.Simulation, first.Held));
        Assert.Equal((2, null, now + 100), (second.Release.Tranche, second.Simulation, second.Release.DueAt!.Value));

        await lab.CallAsync(PayoutScene.Guardian, IncentiveVault.Pause);
        (first, _) = await BothAsync(records, now + 100);
        await lab.AdminAsync(Grants.Ethereum.Abi.AbiFunction.Parse("function unpause()"));
        Assert.StartsWith("EnforcedPause(", first.Held, StringComparison.Ordinal);

        using var text = new MemoryStream();
        var preview = new PayoutPreview(new BlockRef(7, default, now), [first, second]);
        await ProgramSheets.Payouts(preview).WriteCsvAsync(text, Cancellation);
        var lines = Encoding.UTF8.GetString(text.ToArray()).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("award_id,tranche,recipient,token,amount,due_at,order_id,state,held,simulation,block", lines[0]);
        Assert.Equal(3, lines.Length);
        Assert.StartsWith($"{award.Terms.AwardId},1,{order.Receiver},{lab.Token},{order.Amount / 2},", lines[1], StringComparison.Ordinal);
    }

    private async Task<(PayoutRow First, PayoutRow Second)> BothAsync(ProgramRecords records, long until)
    {
        var rows = await RowsAsync(records, until);
        Assert.Equal(2, rows.Count);
        return (rows[0], rows[1]);
    }

    private async Task<IReadOnlyList<PayoutRow>> RowsAsync(ProgramRecords records, long until)
    {
        await using var session = lab.Store.QuerySession(OpenVote.Space);
        return (await PayoutPreview.ReadAsync(session, lab.Chain.Node, lab.Operator.Address, records, until, Cancellation)).Rows;
    }

    // While nobody watches the award's wallets, nothing of it is released.
    private async Task WatchAsync(AwardTerms terms)
    {
        await using var session = lab.Store.LightweightSession(OpenVote.Space);
        session.Events.StartStream<ReinvestmentMonitor>(ReinvestmentMonitor.StreamId(terms.AwardId), new MonitoringStarted(
            terms.AwardId,
            [],
            terms.Token,
            terms.Vault,
            terms.Treasury,
            terms.Amount,
            terms.Policy,
            terms.Policy.Hash,
            new BlockRef(1, default, terms.StartAt)));
        await session.SaveChangesAsync(Cancellation);
    }

    // The vault has all of it vested: what the ledger pays half by half, it takes.
    private static Award AwardOf(TreasuryOrder order, long firstAt, long secondAt)
    {
        var policy = ReinvestmentPolicy.OfTwoRules("policy", 1, new BasisPoints(3_000), new BasisPoints(5_000), 100, 100, [], []);
        var terms = new AwardTerms(
            order.AwardId,
            order.AwardId,
            "builders",
            order.ChainId,
            order.Token,
            order.Vault,
            Cast.Ada.Address,
            order.Receiver,
            order.Amount,
            new TranchedVesting([new VestingTranche(firstAt, order.Amount / 2), new VestingTranche(secondAt, order.Amount / 2)]),
            policy,
            StartAt: firstAt);
        object[] events =
        [
            new AwardGranted(terms, VaultOrderId.Reservation(terms), DateTimeOffset.UnixEpoch),
            new AwardReserved(terms.AwardId, new EventKey(order.ChainId, 1, default, default, 0)),
        ];
        return events.Aggregate((Award?)null, Award.Evolve)!;
    }
}
