using Grants.Domain;
using Grants.Domain.Disbursements;
using Grants.Ethereum.Contracts;
using Grants.Ethereum.Transactions;
using Grants.Primitives;
using Grants.Service.Demo;
using Grants.Service.Disbursements.Sending;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Grants.Service.Tests.Disbursements;

/// <summary>The treasury's sender on a real chain: what is ordered is paid once, whatever becomes of the transactions.</summary>
public sealed class PayoutTests(PayoutRig rig) : IClassFixture<PayoutRig>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    // An award of 64 tranches that have all vested, and the order to release all of it.
    private Task<TreasuryOrder> InTranchesAsync() => rig.AwardAsync(64, vesting: now => new TranchedVesting(
        [.. Enumerable.Range(1, 64).Select(i => new VestingTranche(now - 100 + i, Scene.Tokens(1)))]));

    [Fact]
    public async Task releases_that_wait_are_paid_in_one_transaction_and_what_the_vault_refuses_stays()
    {
        await rig.OperateAsync(false);
        TreasuryOrder[] orders = [await rig.AwardAsync(), await rig.AwardAsync(), await rig.AwardAsync()];
        var unknown = rig.Order(Keccak256.Hash("no award"), Cast.Bo.Address, Scene.Tokens(1));
        await rig.GiveAsync([unknown, .. orders]);
        await rig.UntilAsync(orders[2], state => state.Failure is not null, "it is refused");
        await rig.OperateAsync(true);
        foreach (var order in orders)
            await rig.MineUntilAsync(order, DisbursementState.Finalized);

        var nonces = new HashSet<NonceOf>();
        foreach (var order in orders)
        {
            nonces.UnionWith((await rig.StateAsync(order)).Nonces);
            Assert.Equal(1, await rig.PaymentsAsync(order));
            Assert.Equal(order.Amount, await rig.Chain.ReadAsync(rig.Token, Erc20.BalanceOf, Cancellation, order.Receiver));
        }

        Assert.Equal(orders.Select(order => order.OrderId), (await rig.TransactionAsync(Assert.Single(nonces)))!.Orders);
        await rig.UntilAsync(unknown, state => state.Failure == $"AwardUnknown({unknown.AwardId})", "the unknown award is refused");
    }

    [Fact]
    public async Task a_batch_has_the_gas_that_the_first_releases_of_the_longest_schedules_take()
    {
        await rig.OperateAsync(false);
        TreasuryOrder[] orders = [await InTranchesAsync(), await InTranchesAsync(), await InTranchesAsync()];
        await rig.GiveAsync(orders);
        await rig.UntilAsync(orders[2], state => state.Failure is not null, "it is refused");
        await rig.OperateAsync(true);
        foreach (var order in orders)
            await rig.MineUntilAsync(order, DisbursementState.Finalized);
        var transaction = await rig.TransactionAsync(Assert.Single((await rig.StateAsync(orders[0])).Nonces));
        Assert.Equal(orders.Select(order => order.OrderId), transaction!.Orders);
        var receipt = (await rig.Chain.Node.ReceiptAsync(transaction.Last.TransactionHash, Cancellation))!;
        var limit = SignedTransaction.Decode(Hex.Parse(transaction.Last.RawTransaction)).Transaction.GasLimit;
        Assert.InRange(receipt.GasUsed, 3 * 250_000, limit);
        foreach (var order in orders)
            Assert.Equal(1, await rig.PaymentsAsync(order));
    }

    [Fact]
    public async Task no_more_goes_into_a_transaction_than_a_block_has_gas_for()
    {
        await rig.OperateAsync(false);
        var order = await InTranchesAsync();
        await rig.OperateAsync(true);
        var plan = rig.Run.App.Services.GetRequiredService<GasPlan>();
        var fitting = await plan.FittingAsync(
            [.. Enumerable.Repeat(order, 100)], 9_999_999_999, rig.Operator.Address, Cancellation);
        Assert.InRange(fitting.Count, 20, 80);
    }

    [Fact]
    public async Task an_element_that_a_batch_skips_waits_with_the_reason_and_is_paid_with_a_nonce_of_its_own()
    {
        await rig.OperateAsync(false);
        var (first, second) = (await rig.AwardAsync(), await rig.AwardAsync());
        await rig.GiveAsync(first, second);
        await rig.UntilAsync(second, state => state.Failure is not null, "it is refused");
        await rig.LimitAsync(await ReleasedAsync() + Scene.Tokens(150));
        await rig.OperateAsync(true);
        await rig.MineUntilAsync(first, DisbursementState.Finalized);
        await rig.MineUntilAsync(second, state => state is { State: DisbursementState.Ordered, Nonces.Count: 1 }, "the second comes back");
        Assert.StartsWith("PeriodLimitExceeded(", (await rig.StateAsync(second)).Failure, StringComparison.Ordinal);
        Assert.Equal((await rig.StateAsync(first)).Nonces, (await rig.StateAsync(second)).Nonces);

        await rig.LimitAsync(Scene.Tokens(1_000_000));
        await rig.MineUntilAsync(second, DisbursementState.Finalized);
        Assert.Equal(2, (await rig.StateAsync(second)).Nonces.Count);
        Assert.Equal(1, await rig.PaymentsAsync(second));
    }

    [Fact]
    public async Task a_transaction_that_is_stuck_is_replaced_with_the_same_nonce()
    {
        var order = await rig.AwardAsync();
        await using (await rig.HoldBlocksAsync())
        {
            await rig.GiveAsync(order);
            await rig.UntilTransactionAsync(order, transaction => transaction.Attempts.Count > 1, "it is replaced");
        }

        await rig.MineUntilAsync(order, DisbursementState.Finalized);
        var transaction = (await rig.TransactionAsync(order))!;
        var sent = transaction.Attempts.ConvertAll(
            attempt => (Eip1559Transaction)SignedTransaction.Decode(Hex.Parse(attempt.RawTransaction)).Transaction);
        Assert.Single(sent.Select(attempt => (attempt.Nonce, attempt.To, attempt.Value, Hex.Format(attempt.Data))).Distinct());
        Assert.All(sent.Zip(sent.Skip(1)), pair => Assert.True(
            pair.Second.MaxFeePerGas >= TreasuryTransaction.LeastReplacement(pair.First.MaxFeePerGas)));
        Assert.Equal(1, await rig.PaymentsAsync(order));
    }

    [Fact]
    public async Task a_transaction_that_the_pool_lost_is_sent_again_as_it_was()
    {
        var order = await rig.AwardAsync();
        await using (await rig.HoldBlocksAsync())
        {
            await rig.GiveAsync(order);
            await rig.UntilTransactionAsync(order, one => one.State == TransactionState.Sent, "it is sent");
            await rig.Chain.Node.RequestAsync("anvil_dropAllTransactions", [], Cancellation);
        }

        await rig.MineUntilAsync(order, DisbursementState.Finalized);
        Assert.Equal(1, await rig.PaymentsAsync(order));
    }

    [Fact]
    public async Task a_payment_whose_block_is_reorganized_away_is_made_again_by_the_same_nonce()
    {
        var order = await rig.AwardAsync();
        await using (await rig.HoldBlocksAsync())
        {
            await rig.GiveAsync(order);
            await rig.UntilTransactionAsync(order, one => one.State == TransactionState.Sent, "it is sent");
            await rig.Chain.MineAsync(1, Cancellation);
            await rig.UntilTransactionAsync(order, one => one.State == TransactionState.Mined, "it is mined");
            await rig.Chain.ReorgAsync(1, Cancellation);
            await rig.UntilTransactionAsync(order, one => one.State != TransactionState.Mined, "the reorg is seen");
        }

        await rig.MineUntilAsync(order, DisbursementState.Finalized);
        Assert.Single((await rig.StateAsync(order)).Nonces);
        Assert.Equal(1, await rig.PaymentsAsync(order));
    }

    [Fact]
    public async Task a_transaction_that_reverts_fails_its_order_with_the_decoded_reason_until_a_person_has_it_tried_again()
    {
        var order = await rig.AwardAsync();
        await using (await rig.HoldBlocksAsync())
        {
            await rig.GiveAsync(order);
            await rig.UntilTransactionAsync(order, one => one.State == TransactionState.Sent, "it is sent");
            await rig.Chain.Node.RequestAsync("anvil_dropAllTransactions", [], Cancellation);
        }

        // The role is gone before the same bytes arrive again.
        await rig.OperateAsync(false);
        await rig.MineUntilAsync(order, DisbursementState.Failed);
        var failed = await rig.StateAsync(order);
        Assert.StartsWith($"AccessControlUnauthorizedAccount({rig.Operator.Address}", failed.Failure, StringComparison.Ordinal);
        await rig.OperateAsync(true);
        var again = await rig.InvokeAsync(new RetryDisbursement(order.OrderId, Cast.Ada.Address, failed.Failure!, DateTimeOffset.UtcNow));
        Assert.True(again.IsAccepted);
        await rig.MineUntilAsync(order, DisbursementState.Finalized);
        Assert.Equal(1, await rig.PaymentsAsync(order));
    }

    [Fact]
    public async Task what_the_guardian_voids_is_over()
    {
        await rig.OperateAsync(false);
        var order = await rig.AwardAsync();
        await rig.GiveAsync(order);
        await rig.Chain.CallAsync(PayoutRig.Guardian.Key, rig.Vault, IncentiveVault.Void, Cancellation, order.OrderId);
        await rig.MineUntilAsync(order, DisbursementState.Voided);
        await rig.OperateAsync(true);
        Assert.Equal(0, await rig.PaymentsAsync(order));
    }

    private async Task<UInt256> ReleasedAsync()
    {
        var logs = await rig.Chain.Node.LogsAsync(
            0, await rig.Chain.Node.BlockNumberAsync(Cancellation), [rig.Vault], [IncentiveVault.Released.Topic0]);
        return logs.Aggregate(
            UInt256.Zero, (sum, log) => IncentiveVault.Released.TryDecode(log, out var released) ? sum + (UInt256)released[5] : sum);
    }
}
