using Grants.Domain.Disbursements;
using Grants.Ethereum.JsonRpc;
using Grants.Ethereum.Transactions;
using Grants.Primitives;
using Grants.Service.Demo;
using Grants.Service.Tests.Embedded;
using Xunit;

namespace Grants.Service.Tests.Disbursements;

/// <summary>Somebody else uses the operator's key. Nothing more is signed until a person has looked, and nothing is paid twice.</summary>
public sealed class StolenKeyTests(PayoutRig rig) : IClassFixture<PayoutRig>
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task a_nonce_that_somebody_else_took_ends_its_transaction_and_all_signing()
    {
        var first = await rig.AwardAsync();
        await rig.GiveAsync(first);
        await rig.MineUntilAsync(first, DisbursementState.Finalized);
        var order = await rig.AwardAsync();
        await using (await rig.HoldBlocksAsync())
        {
            await rig.GiveAsync(order);
            await rig.UntilTransactionAsync(order, one => one.State == TransactionState.Sent, "it is sent");
            await StealAsync((await rig.TransactionAsync(order))!.Nonce);
            await rig.Chain.MineAsync(1, Cancellation);
        }

        await rig.MineUntilAsync(order, state => state.Live is null, "the order has no nonce any more");
        Assert.Null((await rig.TransactionAsync(order))!.MinedHash);
        Assert.Contains("was used by a transaction that is not ours", (await rig.LedgerAsync())!.Quarantine, StringComparison.Ordinal);
        await rig.Chain.MineAsync(4, Cancellation);
        Assert.Equal(DisbursementState.Ordered, (await rig.StateAsync(order)).State);

        await StealAsync(await rig.Chain.Node.TransactionCountAsync(rig.Operator.Address, BlockTag.Latest, Cancellation));
        var pause = (await rig.ControlAsync())!.Pause!;
        foreach (var person in new[] { "ada", "bo" })
            await rig.InvokeAsync(new ResumeTreasury(rig.Chain.ChainId, person, Cast.Ada.Address, pause.At, DateTimeOffset.UtcNow));
        await rig.MineUntilAsync(order, DisbursementState.Finalized);
        Assert.Equal(2, (await rig.StateAsync(order)).Nonces.Count);
        Assert.Equal(1, await rig.PaymentsAsync(order));

        await StealAsync(await rig.Chain.Node.TransactionCountAsync(rig.Operator.Address, BlockTag.Latest, Cancellation));
        await rig.GiveAsync(await rig.AwardAsync());
        await Eventually.TrueAsync(async () => (await rig.LedgerAsync())!.Quarantine is not null, Patience, "the foreign nonce is seen");
    }

    /// <summary>A transaction of the operator's account that the ledger does not know, above whatever else has its nonce.</summary>
    private async Task StealAsync(long nonce)
    {
        var theft = new Eip1559Transaction(
            rig.Chain.ChainId, nonce, 900_000_000_000, 900_000_000_000, 21_000, Cast.Bo.Address, UInt256.One, []);
        await rig.Chain.Node.SendRawTransactionAsync(theft.Sign(rig.Operator).Raw, Cancellation);
    }
}
