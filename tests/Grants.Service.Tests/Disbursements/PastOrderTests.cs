using System.Text.Json.Nodes;
using Grants.Domain.Disbursements;
using Grants.Service.Demo;
using Xunit;

namespace Grants.Service.Tests.Disbursements;

/// <summary>The treasury's orders as they were, with the progress that their transactions had then.</summary>
public sealed class PastOrderTests(PayoutRig rig) : IClassFixture<PayoutRig>
{
    private const string Ask =
        """
        query ($o: Bytes32!, $m: AsOfInput) {
          disbursement(orderId: $o, asOf: $m) { state transactionHashes finalizedAt { blockNumber } }
          disbursements(first: 9, asOf: $m) { totalCount edges { node { orderId state transactionHashes } } }
        }
        """;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task an_order_and_its_transaction_are_told_as_they_were()
    {
        var client = await rig.SignInAsync(Cast.Ada);
        var (first, order) = (await rig.AwardAsync(), await rig.AwardAsync());
        await rig.GiveAsync(first);
        await rig.MineUntilAsync(first, DisbursementState.Finalized);
        var before = DateTimeOffset.UtcNow;
        DateTimeOffset sent;
        await using (await rig.HoldBlocksAsync())
        {
            await rig.GiveAsync(order);
            await rig.UntilTransactionAsync(order, one => one.State == TransactionState.Sent, "it is sent");
            sent = DateTimeOffset.UtcNow;
            Assert.Equal("BROADCAST", StateOf(await AskAsync(null)));
        }

        await rig.MineUntilAsync(order, DisbursementState.Finalized);
        var now = await AskAsync(null);
        var then = await AskAsync(new { time = sent });
        Assert.Equal(("FINALIZED", "BROADCAST"), (StateOf(now), StateOf(then)));
        Assert.Null(then["disbursement"]!["finalizedAt"]);
        var row = Assert.Single(RowsOf(then), row => $"{row["orderId"]}" == $"{order.OrderId}");
        Assert.Equal("BROADCAST", $"{row["state"]}");
        Assert.Single(then["disbursement"]!["transactionHashes"]!.AsArray());
        Assert.All(new[] { now, then }, answer => Assert.Equal(2, answer["disbursements"]!["totalCount"]!.GetValue<int>()));

        var earlier = await AskAsync(new { time = before });
        Assert.Null(earlier["disbursement"]);
        Assert.Equal(1, earlier["disbursements"]!["totalCount"]!.GetValue<int>());
        Assert.Equal($"{first.OrderId}", $"{Assert.Single(RowsOf(earlier))["orderId"]}");

        Task<JsonObject> AskAsync(object? moment) =>
            client.QueryAsync(Ask, new { o = order.OrderId.ToString(), m = moment }, Cancellation);
    }

    private static string StateOf(JsonObject answer) => answer["disbursement"]!["state"]!.GetValue<string>();

    private static IEnumerable<JsonNode> RowsOf(JsonObject answer) =>
        answer["disbursements"]!["edges"]!.AsArray().Select(edge => edge!["node"]!);
}
