using System.Text.Json.Nodes;
using Grants.Chaos;
using Grants.Domain.Disbursements;
using Grants.Service.Disbursements.Watching;
using Grants.Service.Ingestion;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Grants.Service.Tests.Disbursements.Lab;

/// <summary>A node that lies about what was sent, or is away. Nothing is paid twice, and nothing is taken for paid that is not.</summary>
[Collection(nameof(TreasuryLab))]
public sealed class NodeCases(TreasuryLab lab)
{
    [Fact]
    public async Task what_settles_while_chain_and_ledger_are_compared_is_compared_the_next_time()
    {
        var (order, cancellation) = (lab.Next(), TestContext.Current.CancellationToken);
        await using var life = await lab.BeginAsync();
        var reconciler = life.Services.GetRequiredService<Reconciler>();
        var before = (await reconciler.CompareAsync(cancellation))!;
        await lab.GiveAsync(order);
        await life.StepAsync();
        await life.StepAsync();
        await lab.FinalizeAsync();
        life.Death.Arm("before eth_getBlockByNumber", life.FollowAsync);
        var meanwhile = (await reconciler.CompareAsync(before, cancellation))!;
        Assert.True(life.Death.WasThere);
        Assert.Equal(DisbursementState.Finalized, (await lab.StateAsync(order)).State);
        Assert.True(meanwhile.Result.Agrees, string.Join(", ", meanwhile.Result.Rows));
        Assert.Equal(before.Result.Agreeing, meanwhile.Result.Agreeing);
        var after = (await reconciler.CompareAsync(meanwhile, cancellation))!;
        Assert.Equal((before.Result.Agreeing + 1, true), (after.Result.Agreeing, after.Result.Agrees));
        await life.PayAsync(order);
    }

    [Fact]
    public async Task while_too_few_nodes_have_the_final_block_nothing_is_signed_and_it_goes_on_when_enough_have_it()
    {
        lab.LetAnHourPass();
        var (order, isDown) = (lab.Next(), false);
        await using var witness = await FaultProxy.StartForgettingAsync(lab.Proxy.Endpoint, (call, ask, gone) =>
            isDown ? Faults.Refuse(-32603, "Internal error")(call, ask, gone) : ask(call));
        await using var life = await Life.BeginAsync(lab, null, services => services.AddHttpClient().Configure<IngestionOptions>(options =>
            options.Chains.Add(new ChainOptions
            {
                Rpc = lab.Proxy.Endpoint,
                Witnesses = [new WitnessOptions { Rpc = witness.Endpoint }],
                Node = new NodeOptions { Retries = 0, BreakAtFailurePercent = 0 },
            })));
        await life.AskNodesAsync();
        Assert.True(life.MaySign);
        isDown = true;
        await life.AskNodesAsync();
        Assert.False(life.MaySign);
        await lab.GiveAsync(order);
        await life.StepAsync();
        Assert.Equal(DisbursementState.Ordered, (await lab.StateAsync(order)).State);
        isDown = false;
        await life.AskNodesAsync();
        await life.PayAsync(order);
        await lab.CheckAsync(life, order);

        isDown = true;
        await life.AskNodesAsync();
        lab.Clock.Ahead += TimeSpan.FromSeconds(CircuitBreaker.LongestWithoutQuorum + 1);
        await life.LookAsync();
        var incident = Assert.Single(await lab.IncidentsAsync(), incident => incident.Kind == IncidentKind.QuorumLost);
        Assert.Contains("the final block that the ledger rests on", incident.What, StringComparison.Ordinal);
        Assert.Null((await lab.ControlAsync())?.Pause);
    }

    [Fact]
    public async Task a_node_that_takes_a_payment_and_forgets_it_gets_it_again()
    {
        var order = lab.Next();
        await using var life = await lab.BeginAsync();
        using var fault = lab.Proxy.Add(Faults.For(
            Faults.Times(2, (call, _, _) => Task.FromResult<RpcReply>(new RpcReply.Result(HashOf(call)))), "eth_sendRawTransaction"));
        await life.PayAsync(order);
        Assert.Single((await lab.TransactionAsync(order))!.Attempts);
        await lab.CheckAsync(life, order);
    }

    [Theory]
    [InlineData("0x1")]
    [InlineData("0x0")]
    public async Task a_forged_receipt_does_not_give_an_order_back(string status)
    {
        var order = lab.Next();
        await using var life = await lab.BeginAsync();
        await lab.GiveAsync(order);
        await life.UntilAsync(async () => (await lab.TransactionAsync(order))?.State == TransactionState.Sent, mines: false);
        await lab.RequestAsync("anvil_dropAllTransactions");
        await lab.MineAsync();
        var block = (await lab.Chain.Node.BlockAsync(Grants.Ethereum.JsonRpc.BlockTag.Latest, TestContext.Current.CancellationToken))!;
        await lab.FinalizeAsync();
        await life.FollowAsync();
        using (lab.Proxy.Add(Faults.For(
            (call, _, _) => Task.FromResult<RpcReply>(
                new RpcReply.Result(Receipt(call.Text(0)!, status, block.Number, block.Hash.ToString()))),
            "eth_getTransactionReceipt")))
        {
            for (var step = 0; step < 3; step++)
                await life.StepAsync();
        }

        Assert.Equal((DisbursementState.Assigned, 1), ((await lab.StateAsync(order)).State, (await lab.LedgerAsync())!.Open.Count));
        await life.PayAsync(order);
        Assert.Single((await lab.StateAsync(order)).Nonces);
        await lab.CheckAsync(life, order);
    }

    [Fact]
    public async Task a_node_that_says_reverted_of_what_was_paid_changes_nothing()
    {
        var order = lab.Next();
        await using var life = await lab.BeginAsync();
        using var fault = lab.Proxy.Add(ChainFaults.WrongReceipts(receipt => receipt["status"] = "0x0"));
        await life.PayAsync(order);
        await lab.CheckAsync(life, order);
    }

    [Theory]
    [InlineData("0x0")]
    [InlineData("0xf4240")]
    public async Task a_wrong_count_of_transactions_leads_to_no_wrong_nonce(string count)
    {
        var (first, order) = (lab.Next(), lab.Next());
        await using var life = await lab.BeginAsync();
        await life.PayAsync(first);
        var next = (await lab.LedgerAsync())!.Next;
        using (lab.Proxy.Add(Faults.For(Faults.Answer(count), "eth_getTransactionCount")))
        {
            await lab.GiveAsync(order);
            await life.StepAsync();
        }

        if (count == "0x0")
        {
            Assert.Equal(next, Assert.Single((await lab.StateAsync(order)).Nonces).Nonce);
        }
        else
        {
            Assert.NotNull((await lab.LedgerAsync())!.Quarantine);
            await lab.ResumeAsync(life);
        }

        await life.PayAsync(order);
        await lab.CheckAsync(life, first, order);
    }

    [Fact]
    public async Task a_node_that_hides_our_payment_for_ten_minutes_gets_the_same_nonce_again()
    {
        var order = lab.Next();
        await using var life = await lab.BeginAsync();
        await lab.GiveAsync(order);
        await life.UntilAsync(async () => (await lab.TransactionAsync(order))?.State == TransactionState.Sent, mines: false);
        await lab.MineAsync();
        using (lab.Proxy.Add(Faults.For(Faults.Answer(null), "eth_getTransactionReceipt", "eth_getTransactionByHash")))
        {
            for (var minute = 0; minute < 10; minute++)
            {
                lab.Clock.Ahead += TimeSpan.FromMinutes(1);
                await life.StepAsync();
            }
        }

        Assert.Single((await lab.StateAsync(order)).Nonces);
        await life.PayAsync(order);
        await lab.CheckAsync(life, order);
    }

    [Fact]
    public async Task while_no_node_answers_nothing_happens_and_then_everything_goes_on()
    {
        var order = lab.Next();
        await using var life = await lab.BeginAsync();
        await lab.GiveAsync(order);
        using (lab.Proxy.Add(Faults.Drop()))
            await Assert.ThrowsAnyAsync<Grants.Ethereum.JsonRpc.RpcException>(life.StepAsync);
        Assert.Equal(DisbursementState.Ordered, (await lab.StateAsync(order)).State);
        await life.PayAsync(order);
        await lab.CheckAsync(life, order);
    }

    private static JsonNode HashOf(RpcCall call) =>
        Grants.Primitives.Keccak256.Hash(Grants.Primitives.Hex.Parse(call.Text(0)!)).ToString();

    private static JsonObject Receipt(string hash, string status, long block, string blockHash) => new()
    {
        ["transactionHash"] = hash,
        ["transactionIndex"] = "0x0",
        ["blockHash"] = blockHash,
        ["blockNumber"] = ChainFaults.Quantity(block),
        ["from"] = "0x0000000000000000000000000000000000000001",
        ["to"] = "0x0000000000000000000000000000000000000002",
        ["cumulativeGasUsed"] = "0x5208",
        ["gasUsed"] = "0x5208",
        ["effectiveGasPrice"] = "0x1",
        ["contractAddress"] = null,
        ["logs"] = new JsonArray(),
        ["logsBloom"] = "0x" + new string('0', 512),
        ["status"] = status,
        ["type"] = "0x2",
    };
}
