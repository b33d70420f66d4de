using Grants.Chaos;
using Grants.Domain.Disbursements;
using Grants.Ethereum.Transactions;
using Grants.Primitives;
using Grants.Service.Disbursements.Sending;
using Grants.Service.Disbursements.Signing;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Grants.Service.Tests.Disbursements.Lab;

/// <summary>What may go wrong with nonces, with the signer and with its memory.</summary>
[Collection(nameof(TreasuryLab))]
public sealed class NonceCases(TreasuryLab lab, LocalServers servers)
{
    [Fact]
    public async Task a_signer_that_lost_its_journal_signs_nothing_until_it_is_rebuilt()
    {
        var order = lab.Next();
        var journal = $"{lab.OperatorKeyFile}.journal";
        await using (var life = await lab.BeginAsync())
        {
            await SendAsync(life, order);
            File.Delete(journal);
        }

        await using var next = await lab.BeginAsync();
        Assert.False(next.MaySign);
        Assert.Contains(
            await lab.IncidentsAsync(), incident => incident.What.Contains("is not in the signer's journal", StringComparison.Ordinal));
        Assert.True(await RebuildAsync(next) > 0);
        Assert.Equal(0, await RebuildAsync(next));
        await next.ReconcileAsync();
        await lab.ResumeAsync(next);
        await next.PayAsync(order);
        await lab.CheckAsync(next, order);
    }

    [Fact]
    public async Task nodes_that_hide_a_payment_lower_the_share_of_verified_value_and_stop_signing_until_people_have_looked()
    {
        var order = lab.Next();
        await using var life = await lab.BeginAsync();
        await life.PayAsync(order);
        using var shares = new VerifiedShares(lab.Chain.ChainId);
        await life.ReconcileAsync();
        Assert.Equal(10_000, shares.Last);
        await using (var other = await lab.BeginAsync())
        {
            using var hidden = lab.Proxy.Add(ChainFaults.OmitLogs(log => log["topics"]![1]!.GetValue<string>() == $"{order.OrderId}"));
            await other.ReconcileAsync();
            // What it compared when it began is not read again; a node that starts now reads all of it.
            await using var started = await lab.BeginAsync();
            await started.ReconcileAsync();
            Assert.InRange(shares.Last, 0, 9_999);
            Assert.False(started.MaySign);
        }

        await using var next = await lab.BeginAsync();
        await lab.ResumeAsync(next);
        await next.ReconcileAsync();
        Assert.Equal(10_000, shares.Last);
        await lab.CheckAsync(next, order);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task a_database_of_yesterday_signs_nothing_whether_the_journal_is_there_or_not(bool withJournal)
    {
        var (before, order, other) = (lab.Next(), lab.Next(), lab.Next());
        var journal = $"{lab.OperatorKeyFile}.journal";
        await using (var life = await lab.BeginAsync())
            await life.PayAsync(before);
        var today = lab.Database.ConnectionString;
        await using var yesterday = Npgsql.NpgsqlDataSource.Create(await servers.CreateDatabaseAsync("yesterday", NameOf(today)));
        lab.Database.Clear();
        await using (var life = await lab.BeginAsync())
            await life.PayAsync(order);
        if (!withJournal)
            File.Move(journal, $"{journal}.lost");
        await lab.UseAsync(yesterday.ConnectionString);
        await using (var life = await lab.BeginAsync())
        {
            await lab.GiveAsync(order, other);
            for (var step = 0; step < 3; step++)
            {
                await life.StepAsync();
                await lab.MineAsync();
            }

            Assert.False(life.MaySign);
            Assert.NotNull((await lab.ControlAsync())!.Pause);
            await Assert.ThrowsAsync<RebuildRefusedException>(() => RebuildAsync(life));
        }

        Assert.Equal((1, 0), (await lab.PaymentsAsync(order), await lab.PaymentsAsync(other)));
        if (!withJournal)
            File.Move($"{journal}.lost", journal, overwrite: true);
        await lab.UseAsync(today);
        await using var last = await lab.BeginAsync();
        await last.PayAsync(other);
        await lab.CheckAsync(last, before, order, other);
    }

    private static Task<int> RebuildAsync(Life life) =>
        life.Services.GetRequiredService<JournalRebuild>().RunAsync(TestContext.Current.CancellationToken);

    [Fact]
    public async Task a_torn_line_of_the_journal_is_overwritten()
    {
        var order = lab.Next();
        await File.AppendAllTextAsync($"{lab.OperatorKeyFile}.journal", "{\"ChainId\":31337,\"Non", TestContext.Current.CancellationToken);
        await using (var life = await lab.BeginAsync())
            await life.PayAsync(order);
        await using var next = await lab.BeginAsync();
        await lab.CheckAsync(next, order);
    }

    [Fact]
    public async Task two_signers_at_once_never_hold_the_same_order()
    {
        var orders = lab.Next(4);
        var second = Path.Combine(Path.GetDirectoryName(lab.OperatorKeyFile)!, "second.key");
        await lab.SeatAsync(OperatorAccount.Create(second).Address);
        await using var one = await lab.BeginAsync(options => options.BatchSize = 1);
        await using var two = await lab.BeginAsync(options => (options.KeyFile, options.BatchSize) = (second, 1));
        await lab.GiveAsync(orders);
        one.Death.Arm($"before {nameof(NonceReserved)}", two.StepAsync);
        await one.UntilAsync(async () =>
        {
            await two.StepAsync();
            return (await Task.WhenAll(orders.Select(lab.StateAsync))).All(state => state.State == DisbursementState.Finalized);
        });
        Assert.True(one.Death.WasThere);
        foreach (var order in orders)
            Assert.Equal((1, 1), (await lab.PaymentsAsync(order), (await lab.StateAsync(order)).Nonces.Count));
        await two.UntilAsync(async () => (await lab.LedgerAsync(OperatorAccount.Create(second).Address))?.Open.IsEmpty != false);
        await one.UntilAsync(async () => (await lab.LedgerAsync())?.Open.IsEmpty != false);
    }

    [Fact]
    public async Task an_order_in_flight_is_not_signed_by_another_signer()
    {
        var order = lab.Next();
        await using (var life = await lab.BeginAsync())
            await SendAsync(life, order);
        var third = Path.Combine(Path.GetDirectoryName(lab.OperatorKeyFile)!, "third.key");
        await lab.SeatAsync(OperatorAccount.Create(third).Address);
        await using (var other = await lab.BeginAsync(options => options.KeyFile = third))
        {
            await lab.RequestAsync("anvil_dropAllTransactions");
            for (var step = 0; step < 3; step++)
            {
                await other.StepAsync();
                await lab.MineAsync();
            }

            Assert.Equal(lab.Operator.Address, Assert.Single((await lab.StateAsync(order)).Nonces).Signer);
        }

        await using var back = await lab.BeginAsync();
        await back.PayAsync(order);
        await lab.CheckAsync(back, order);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(NonceLedger.MostInFlight)]
    public async Task a_gap_in_the_nonces_is_filled_with_what_was_signed(int inFlight)
    {
        var orders = lab.Next(inFlight);
        await using var life = await lab.BeginAsync(options => options.BatchSize = 1);
        await lab.GiveAsync(orders);
        await life.UntilAsync(
            async () => (await Task.WhenAll(orders.Select(lab.TransactionAsync))).All(one => one?.State == TransactionState.Sent),
            mines: false);
        Assert.Equal(inFlight, (await lab.LedgerAsync())!.Open.Count);
        var lowest = await lab.TransactionAsync(orders.OrderBy(order => order.OrderId).First());
        await lab.RequestAsync("anvil_dropTransaction", lowest!.Last.TransactionHash.ToString());
        await life.PayAsync(orders);
        Assert.All(await Task.WhenAll(orders.Select(lab.TransactionAsync)), one => Assert.Single(one!.Attempts));
        await lab.CheckAsync(life, orders);
    }

    public static TheoryData<string, int> Answers => new()
    {
        { "nonce too high", 3 }, { "nonce too low", 2 }, { "replacement transaction underpriced", 2 }, { "insufficient funds for gas", 3 },
        { "max fee per gas less than block base fee", 2 }, { "already known", 1 }, { "what nobody has ever heard of", 3 },
    };

    [Theory]
    [MemberData(nameof(Answers))]
    public async Task whatever_a_node_answers_to_a_payment_the_same_bytes_are_sent_again(string answer, int times)
    {
        var order = lab.Next();
        await using var life = await lab.BeginAsync();
        using var fault = lab.Proxy.Add(Faults.For(Faults.Times(times, Faults.Refuse(-32000, answer)), "eth_sendRawTransaction"));
        await life.PayAsync(order);
        Assert.Single((await lab.TransactionAsync(order))!.Attempts);
        await lab.CheckAsync(life, order);
    }

    [Fact]
    public async Task a_stuck_payment_is_replaced_eight_times_at_most_and_each_outbids_the_one_before()
    {
        var order = lab.Next();
        await using var life = await lab.BeginAsync();
        using var rule = lab.Proxy.Add(PoolFaults.ReplacementRule());
        using var full = lab.Proxy.Add(PoolFaults.AlreadyKnown());
        await SendAsync(life, order);
        for (var round = 0; round < 12; round++)
        {
            lab.Clock.Ahead += TimeSpan.FromSeconds(61);
            await life.StepAsync();
            await life.StepAsync();
        }

        Assert.Equal(1 + TreasuryTransaction.MostReplacements, (await lab.TransactionAsync(order))!.Attempts.Count);
        await life.PayAsync(order);
        await lab.CheckAsync(life, order);
    }

    [Fact]
    public async Task without_gas_money_a_payment_waits_an_incident_is_opened_and_it_is_paid_when_there_is_some()
    {
        lab.LetAnHourPass();
        var order = lab.Next();
        await using var life = await lab.BeginAsync();
        await lab.RequestAsync("anvil_setBalance", lab.Operator.Address.ToString(), "0x0");
        await lab.GiveAsync(order);
        for (var step = 0; step < 3; step++)
            await life.StepAsync();
        await life.LookAsync();
        Assert.Contains(await lab.IncidentsAsync(), incident => incident.Kind == IncidentKind.GasMoney);
        await lab.Chain.FundAsync(lab.Operator.Address, TestContext.Current.CancellationToken);
        await life.PayAsync(order);
        await lab.CheckAsync(life, order);
    }

    [Fact]
    public async Task a_transaction_of_another_chain_is_not_signed()
    {
        var order = lab.Next();
        await using var life = await lab.BeginAsync();
        var signer = life.Services.GetRequiredService<OperatorSigner>();
        var good = new Eip1559Transaction(
            lab.Chain.ChainId, 0, 1, 1, 100_000, lab.Vault, UInt256.Zero, OperatorSigner.CallData([order], 7));
        foreach (var wrong in new[]
        {
            good with { ChainId = 1 },
            good with { To = lab.Token },
            good with { Value = UInt256.One },
            good with { Data = OperatorSigner.CallData([lab.Next()], 7) },
            good with { MaxFeePerGas = UInt256.MaxValue },
        })
            await Assert.ThrowsAsync<SigningRefusedException>(() =>
                signer.SignAsync(wrong, [State(order)], null, 7, TestContext.Current.CancellationToken));
    }

    private static Disbursement State(TreasuryOrder order) => new($"{order.OrderId}", order, DisbursementState.Assigned, []);

    private static string NameOf(string connection) => new Npgsql.NpgsqlConnectionStringBuilder(connection).Database!;

    private async Task SendAsync(Life life, TreasuryOrder order)
    {
        await lab.GiveAsync(order);
        await life.UntilAsync(async () => (await lab.TransactionAsync(order))?.State == TransactionState.Sent, mines: false);
    }
}
