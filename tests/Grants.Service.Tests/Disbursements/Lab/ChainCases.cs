using Grants.Chaos;
using Grants.Domain.Disbursements;
using Grants.Ethereum.Contracts;
using Grants.Primitives;
using Grants.Service.Demo;
using Grants.Service.Disbursements.Watching;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Grants.Service.Tests.Disbursements.Lab;

/// <summary>What the chain may do to a payment that was sent: lose it, replace its block, make it dear, let it expire, refuse it.</summary>
[Collection(nameof(TreasuryLab))]
public sealed class ChainCases(TreasuryLab lab)
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(12)]
    public async Task a_payment_whose_block_is_replaced_is_made_again_by_the_same_bytes(int depth)
    {
        var order = lab.Next();
        await using var life = await lab.BeginAsync();
        await SendAsync(life, order);
        var before = await lab.SnapshotAsync();
        await lab.MineAsync(depth);
        await life.StepAsync();
        var mined = (await lab.TransactionAsync(order))!;
        Assert.Equal(TransactionState.Mined, mined.State);
        await lab.ReorgAsync(before, depth);
        await life.StepAsync();
        Assert.Equal(TransactionState.Sent, (await lab.TransactionAsync(order))!.State);
        await life.PayAsync(order);
        var paid = (await lab.TransactionAsync(order))!;
        Assert.Equal((mined.Attempts.Count, mined.MinedHash), (paid.Attempts.Count, paid.MinedHash));
        Assert.NotEqual(mined.MinedIn, paid.MinedIn);
        await lab.CheckAsync(life, order);
    }

    [Fact]
    public async Task whichever_attempt_is_mined_settles_the_order_also_after_a_reorg()
    {
        var order = lab.Next();
        await using var life = await lab.BeginAsync();
        await SendAsync(life, order);
        await StuckAsync(life);
        var attempts = (await lab.TransactionAsync(order))!.Attempts;
        Assert.Equal(2, attempts.Count);
        await lab.RequestAsync("anvil_dropAllTransactions");
        await lab.SendRawAsync(attempts[0].RawTransaction);
        var before = await lab.SnapshotAsync();
        await lab.MineAsync();
        await life.StepAsync();
        Assert.Equal(attempts[0].TransactionHash, (await lab.TransactionAsync(order))!.MinedHash);
        await lab.ReorgAsync(before, 1);
        await life.StepAsync();
        await lab.RequestAsync("anvil_dropAllTransactions");
        await lab.SendRawAsync(attempts[1].RawTransaction);
        await life.PayAsync(order);
        Assert.Equal(attempts[1].TransactionHash, (await lab.TransactionAsync(order))!.MinedHash);
        await lab.CheckAsync(life, order);
    }

    [Fact]
    public async Task a_replacement_that_was_signed_before_a_kill_is_sent_and_the_one_before_may_be_mined()
    {
        var order = lab.Next();
        await using (var life = await lab.BeginAsync())
        {
            await SendAsync(life, order);
            life.Death.Arm($"after {nameof(TransactionSigned)}");
            lab.Clock.Ahead += TimeSpan.FromSeconds(61);
            await Assert.ThrowsAsync<KilledException>(life.StepAsync);
        }

        await using var next = await lab.BeginAsync();
        await next.PayAsync(order);
        var transaction = (await lab.TransactionAsync(order))!;
        Assert.Equal(2, transaction.Attempts.Count);
        await lab.CheckAsync(next, order);
    }

    [Fact]
    public async Task a_payment_that_a_reorg_brings_before_a_pause_waits_and_is_paid_with_a_nonce_of_its_own()
    {
        var order = lab.Next();
        await using var life = await lab.BeginAsync();
        await SendAsync(life, order);
        var before = await lab.SnapshotAsync();
        await lab.MineAsync();
        await lab.ReorgAsync(before, 1);
        await lab.CallAsync(PayoutScene.Guardian, IncentiveVault.Pause);
        await life.UntilAsync(async () => (await lab.StateAsync(order)) is { State: DisbursementState.Ordered, Nonces.Count: 1 });
        Assert.StartsWith("EnforcedPause(", (await lab.StateAsync(order)).Failure, StringComparison.Ordinal);
        await lab.AdminAsync(Grants.Ethereum.Abi.AbiFunction.Parse("function unpause()"));
        await life.PayAsync(order);
        Assert.Equal(2, (await lab.StateAsync(order)).Nonces.Count);
        await lab.CheckAsync(life, order);
    }

    [Fact]
    public async Task when_gas_becomes_fifty_times_as_dear_the_payment_is_replaced_up_to_the_cap_and_paid_when_it_is_cheap_again()
    {
        var order = lab.Next();
        await using var life = await lab.BeginAsync(options => options.MostFeePerGasGwei = 40);
        await lab.RequestAsync("anvil_setNextBlockBaseFeePerGas", "0x3b9aca00");
        await lab.MineAsync();
        await SendAsync(life, order);
        await lab.RequestAsync("anvil_setNextBlockBaseFeePerGas", "0xba43b7400");
        await lab.MineAsync();
        for (var round = 0; round < 12; round++)
            await StuckAsync(life);
        var attempts = (await lab.TransactionAsync(order))!.Attempts;
        Assert.InRange(attempts.Count, 2, 1 + TreasuryTransaction.MostReplacements);
        Assert.All(attempts, attempt => Assert.True(attempt.MaxFeePerGas <= (UInt256)40_000_000_000UL));
        await lab.RequestAsync("anvil_setNextBlockBaseFeePerGas", "0x3b9aca00");
        await life.PayAsync(order);
        await lab.CheckAsync(life, order);
    }

    [Fact]
    public async Task while_blocks_are_full_for_ten_minutes_the_same_payment_waits_and_is_paid_once()
    {
        var order = lab.Next();
        await using var life = await lab.BeginAsync();
        await SendAsync(life, order);
        await lab.RequestAsync("evm_setBlockGasLimit", "0x5209");
        for (var minute = 0; minute < 10; minute++)
        {
            await StuckAsync(life);
            await lab.MineAsync();
        }

        Assert.Equal((DisbursementState.Assigned, 1), ((await lab.StateAsync(order)).State, (await lab.StateAsync(order)).Nonces.Count));
        await lab.RequestAsync("evm_setBlockGasLimit", "0x1c9c380");
        await life.PayAsync(order);
        await lab.CheckAsync(life, order);
    }

    [Fact]
    public async Task after_an_hour_without_blocks_and_a_jump_of_their_time_the_payment_is_made()
    {
        var order = lab.Next();
        await using var life = await lab.BeginAsync();
        await SendAsync(life, order);
        lab.Clock.Ahead += TimeSpan.FromHours(1);
        await life.StepAsync();
        await lab.RequestAsync("evm_increaseTime", 3_600);
        await life.PayAsync(order);
        await lab.CheckAsync(life, order);
    }

    [Fact]
    public async Task a_payment_that_expired_in_the_pool_is_signed_again_with_the_same_nonce()
    {
        var order = lab.Next();
        await using var life = await lab.BeginAsync(options => options.DeadlineSeconds = 30);
        await SendAsync(life, order);
        var sent = (await lab.TransactionAsync(order))!.Last;
        await lab.RequestAsync("anvil_dropAllTransactions");
        await lab.RequestAsync("evm_increaseTime", 60);
        await lab.MineAsync();
        await life.PayAsync(order);
        var transaction = (await lab.TransactionAsync(order))!;
        Assert.True(transaction.Last.DeadlineAt > sent.DeadlineAt);
        await lab.CheckAsync(life, order);
    }

    public static TheoryData<string, string, bool> Refusals => new()
    {
        { "PeriodLimitExceeded(", "limit", true },
        { "EnforcedPause(", "pause", true },
        { "AccessControlUnauthorizedAccount(", "role", false },
        { "OrderLimitExceeded(", "order limit", false },
        { "AlreadyVoided(", "void", true },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task a_payment_that_reverts_is_classified_by_its_reason(string reason, string cause, bool passes)
    {
        var order = lab.Next();
        await using var life = await lab.BeginAsync();
        await SendAsync(life, order);
        var raw = (await lab.TransactionAsync(order))!.Last.RawTransaction;
        await lab.RequestAsync("anvil_dropAllTransactions");
        var mend = await CauseAsync(cause, order);
        await lab.SendRawAsync(raw);
        await lab.MineAsync();
        await lab.FinalizeAsync();
        if (cause == "void")
        {
            await life.UntilAsync(async () => (await lab.StateAsync(order)).State == DisbursementState.Voided);
            await life.UntilAsync(async () => (await lab.LedgerAsync())!.Open.IsEmpty);
            Assert.Equal(0, await lab.PaymentsAsync(order));
            return;
        }

        await life.UntilAsync(async () => (await lab.StateAsync(order)).Live is null);
        var state = await lab.StateAsync(order);
        Assert.StartsWith(reason, state.Failure, StringComparison.Ordinal);
        Assert.Equal(passes ? DisbursementState.Ordered : DisbursementState.Failed, state.State);
        await mend();
        if (!passes)
            await RetryAsync(order, state.Failure!);
        await life.PayAsync(order);
        await lab.CheckAsync(life, order);
    }

    [Fact]
    public async Task while_what_was_final_is_in_doubt_nothing_is_signed_and_nothing_is_sent()
    {
        var (order, signed) = (lab.Next(), lab.Next());
        await using var life = await lab.BeginAsync(options => options.BatchSize = 1);
        await lab.GiveAsync(signed);
        await life.StepAsync();
        Assert.Equal(TransactionState.Signed, (await lab.TransactionAsync(signed))!.State);
        await lab.GiveAsync(order);
        await using (await lab.HaltAsync())
        {
            var asked = lab.Proxy.Calls.Count;
            await life.StepAsync();
            await life.StepAsync();
            Assert.Equal(asked, lab.Proxy.Calls.Count);
            Assert.Equal(
                (DisbursementState.Ordered, TransactionState.Signed),
                ((await lab.StateAsync(order)).State, (await lab.TransactionAsync(signed))!.State));
        }

        await life.PayAsync(signed, order);
        await lab.CheckAsync(life, signed, order);
    }

    [Fact]
    public async Task a_payment_that_runs_out_of_gas_goes_to_a_person_and_is_paid_with_a_nonce_of_its_own()
    {
        var order = lab.Next();
        await using var life = await lab.BeginAsync();
        await lab.GiveAsync(order);
        // A node that says that it costs hardly more than the call itself.
        using (lab.Proxy.Add(Faults.For(Faults.Answer("0x6d60"), "eth_estimateGas")))
            await life.UntilAsync(async () => (await lab.StateAsync(order)).State == DisbursementState.Failed);
        Assert.StartsWith("OutOfGas(", (await lab.StateAsync(order)).Failure, StringComparison.Ordinal);
        Assert.Equal(0, await lab.PaymentsAsync(order));
        await RetryAsync(order, (await lab.StateAsync(order)).Failure!);
        await life.PayAsync(order);
        Assert.Equal(2, (await lab.StateAsync(order)).Nonces.Count);
        await lab.CheckAsync(life, order);
    }

    [Fact]
    public async Task a_release_and_a_clawback_of_the_same_money_in_flight_together_move_it_once()
    {
        var release = lab.Next();
        var clawback = release with
        {
            OrderId = IncentiveVault.ClawbackId(
                release.ChainId, release.Vault, release.AwardId, 1, release.Token, Cast.Ada.Address, release.Amount),
            Kind = TreasuryOrderKind.Clawback,
            Receiver = Cast.Ada.Address,
        };
        await using var life = await lab.BeginAsync();
        await lab.GiveAsync(release, clawback);
        await life.UntilAsync(
            async () => (await lab.TransactionAsync(release))?.State == TransactionState.Sent
                && (await lab.TransactionAsync(clawback))?.State == TransactionState.Sent,
            mines: false);
        Assert.Equal(2, (await lab.LedgerAsync())!.Open.Count);
        await life.UntilAsync(async () => (await lab.LedgerAsync())!.Open.IsEmpty);
        var states = new[] { await lab.StateAsync(release), await lab.StateAsync(clawback) };
        var done = Assert.Single(states, state => state.State == DisbursementState.Finalized);
        var other = Assert.Single(states, state => state.State == DisbursementState.Failed);
        Assert.NotEqual(done.Nonces, other.Nonces);
        Assert.Equal(done.Order.OrderId == release.OrderId ? 1 : 0, await lab.PaymentsAsync(release));
        Assert.Contains(
            other.Failure!.Split('(')[0], new[] { "VestedExceeded", "RemainingExceeded" });
        var report = await life.Services.GetRequiredService<Reconciler>().CompareAsync(TestContext.Current.CancellationToken);
        Assert.Empty(report!.Result.Rows);
        // Otherwise the failed order trips the breakers of the cases that follow.
        lab.LetAnHourPass();
    }

    [Fact]
    public async Task a_vault_that_is_no_contract_is_refused_and_others_are_paid()
    {
        var (order, good) = (lab.Next() with { Vault = Cast.Vera.Address }, lab.Next());
        await using var life = await lab.BeginAsync();
        await lab.GiveAsync(order);
        await life.PayAsync(good);
        Assert.Equal(
            (DisbursementState.Ordered, "NoAnswer(): there is no vault at this address."),
            ((await lab.StateAsync(order)).State, (await lab.StateAsync(order)).Failure));
        await lab.ActAsync(Journeys.OpenVote.Space, session => Service.Disbursements.Control.ControlHandlers.Handle(
            new RejectDisbursement(order.OrderId, Cast.Ada.Address, "No vault.", lab.Clock.GetUtcNow()), session, default));
    }

    private Task RetryAsync(TreasuryOrder order, string failure) => lab.ActAsync(
        Journeys.OpenVote.Space,
        session => Service.Disbursements.Control.ControlHandlers.Handle(
            new RetryDisbursement(order.OrderId, Cast.Ada.Address, failure, lab.Clock.GetUtcNow()), session, default));

    private async Task<Func<Task>> CauseAsync(string cause, TreasuryOrder order)
    {
        switch (cause)
        {
            case "limit":
                await lab.LimitAsync(UInt256.One);
                return () => lab.LimitAsync(Scene.Tokens(1_000_000));
            case "pause":
                await lab.CallAsync(PayoutScene.Guardian, IncentiveVault.Pause);
                return () => lab.AdminAsync(Grants.Ethereum.Abi.AbiFunction.Parse("function unpause()"));
            case "role":
                await lab.OperateAsync(false);
                return () => lab.OperateAsync(true);
            case "order limit":
                await lab.AdminAsync(SetOrderLimit, lab.Token, UInt256.One);
                return () => lab.AdminAsync(SetOrderLimit, lab.Token, UInt256.Zero);
            default:
                await lab.CallAsync(PayoutScene.Guardian, IncentiveVault.Void, order.OrderId);
                return () => Task.CompletedTask;
        }
    }

    private static readonly Grants.Ethereum.Abi.AbiFunction SetOrderLimit =
        Grants.Ethereum.Abi.AbiFunction.Parse("function setOrderLimit(address token, uint256 limit)");

    // Signed, sent, in no block.
    private async Task SendAsync(Life life, TreasuryOrder order)
    {
        await lab.GiveAsync(order);
        await life.UntilAsync(async () => (await lab.TransactionAsync(order))?.State == TransactionState.Sent, mines: false);
    }

    private async Task StuckAsync(Life life)
    {
        lab.Clock.Ahead += TimeSpan.FromSeconds(61);
        await life.StepAsync();
        await life.StepAsync();
    }
}
