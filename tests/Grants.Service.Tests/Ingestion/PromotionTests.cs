using System.Net;
using System.Text.Json.Nodes;
using Grants.Domain;
using Grants.Ethereum.Following;
using Grants.Ethereum.Tests.Following;
using Grants.Primitives;
using Grants.Service.Hosting;
using Grants.Service.Ingestion;
using Marten;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Wolverine;
using Xunit;

namespace Grants.Service.Tests.Ingestion;

public sealed class PromotionTests(LocalServers servers)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task every_final_log_is_promoted_once_and_in_order_though_a_promotion_fails_midway()
    {
        await using var rig = await IngestionRig.StartAsync(servers);
        var echo = await rig.Chain.DeployEchoAsync();
        await rig.WatchAsync(echo);
        for (var i = 0; i < 12; i++)
            await rig.Chain.MineWithLogsAsync(i % 4 == 0 ? [] : [echo, echo]);
        using var host = await PromotionHost.StartAsync(rig);
        var failing = host.Services.GetRequiredService<Failing>();
        (failing.Block, failing.Times) = (19, 2);
        for (var i = 0; i < 12; i++)
            await rig.Chain.MineWithLogsAsync(i % 4 == 0 ? [] : [echo, echo]);

        var expected = (await rig.Chain.LogsAsync(echo)).Where(log => log.BlockNumber <= 23)
            .Select(log => $"{log.BlockNumber}/{log.LogIndex}").ToArray();
        await UntilAsync(async () => (await PromotedAsync(rig)) == 23 && (await HandledAsync(host)).Length >= expected.Length);
        await host.StopAsync(Cancellation);

        var heard = await HeardAsync(host);
        Assert.Equal(expected, heard.SelectMany(block => block.Logs));
        Assert.Equal(heard.Select(block => block.Block).Order().Distinct(), heard.Select(block => block.Block));
        Assert.All(heard, block => Assert.False(block.Late));
        Assert.Equal(expected.Order(), (await HandledAsync(host)).Order());
        // And then once in each space.
        Assert.Equal(-2, failing.Times);
    }

    [Fact]
    public async Task every_space_hears_every_block_and_its_messages_stay_in_it_though_they_are_tried_again()
    {
        await using var rig = await IngestionRig.StartAsync(servers);
        var echo = await rig.Chain.DeployEchoAsync();
        await rig.WatchAsync(echo);
        using var host = await PromotionHost.StartAsync(rig);
        host.Services.GetRequiredService<Hearing>().Stumbles = true;
        for (var i = 0; i < 4; i++)
            await rig.Chain.MineWithLogsAsync(echo, echo);
        await rig.Chain.MineAsync(2);

        var expected = (await rig.Chain.LogsAsync(echo)).Select(log => $"{log.BlockNumber}/{log.LogIndex}").Order().ToArray();
        foreach (var space in new[] { PromotionHost.Space, PromotionHost.OtherSpace })
        {
            await UntilAsync(async () => (await HandledAsync(host, space)).Length >= expected.Length);
            Assert.Equal(expected, (await HandledAsync(host, space)).Order());
            Assert.Equal(expected, (await HeardAsync(host, space)).SelectMany(block => block.Logs).Order());
        }
    }

    [Fact]
    public async Task a_promotion_that_fails_leaves_no_trace_and_does_not_move_on()
    {
        await using var rig = await IngestionRig.StartAsync(servers);
        var echo = await rig.Chain.DeployEchoAsync();
        await rig.WatchAsync(echo);
        await rig.Chain.MineWithLogsAsync(echo);
        await rig.Chain.MineAsync(4);
        using var host = await PromotionHost.StartAsync(rig, new Unreachable());
        await IngestionRig.ToEndAsync(await rig.OpenAsync());
        var failing = host.Services.GetRequiredService<Failing>();
        (failing.Block, failing.Times) = (2, 1);

        await PromoteAsync(host, rig);
        await Assert.ThrowsAsync<InvalidOperationException>(() => PromoteAsync(host, rig));
        Assert.Equal(1, await PromotedAsync(rig));
        Assert.Equal([1], (await HeardAsync(host)).Select(block => block.Block));

        await PromoteAsync(host, rig);
        await PromoteAsync(host, rig);
        Assert.False(await rig.Queue.AnyAsync(rig.ChainId, Cancellation));
        await PromoteAsync(host, rig);
        Assert.Equal([1, 2, 4], (await HeardAsync(host)).Select(block => block.Block));
    }

    [Fact]
    public async Task blocks_from_which_nothing_follows_are_promoted_together_up_to_the_first_from_which_something_does()
    {
        await using var rig = await IngestionRig.StartAsync(servers);
        var echo = await rig.Chain.DeployEchoAsync();
        await rig.WatchAsync(echo);
        for (var i = 0; i < 8; i++)
            await rig.Chain.MineWithLogsAsync(echo);
        await rig.Chain.MineAsync(2);
        using var host = await PromotionHost.StartAsync(rig, new Unreachable());
        await IngestionRig.ToEndAsync(await rig.OpenAsync());
        host.Services.GetRequiredService<Hearing>().IsQuiet = true;
        var failing = host.Services.GetRequiredService<Failing>();
        (failing.Block, failing.Times) = (5, 1);

        await Assert.ThrowsAsync<InvalidOperationException>(() => PromoteAsync(host, rig));
        Assert.Equal(0, await PromotedAsync(rig));
        await PromoteAsync(host, rig);
        Assert.Equal(9, await PromotedAsync(rig));
        Assert.Empty(await HeardAsync(host));
    }

    [Fact]
    public async Task a_governor_of_which_nothing_is_heard_parts_no_blocks()
    {
        await using var rig = await IngestionRig.StartAsync(servers);
        await rig.Chain.MineAsync(2);
        using var host = await PromotionHost.StartAsync(rig, new Unreachable());
        await rig.RowsAsync(
            $"""
            insert into governor.progress (chain_id, space, governor, from_block, read_at, by_timestamp)
            values ({rig.ChainId}, '{PromotionHost.Space}', decode(repeat('a1', 20), 'hex'), 0, 0, false) returning 1
            """);
        var echo = await rig.Chain.DeployEchoAsync();
        await rig.WatchAsync(echo);
        for (var i = 0; i < 8; i++)
            await rig.Chain.MineWithLogsAsync(echo);
        await IngestionRig.ToEndAsync(await rig.OpenAsync());
        host.Services.GetRequiredService<Hearing>().IsQuiet = true;
        var failing = host.Services.GetRequiredService<Failing>();
        (failing.Block, failing.Times) = (8, 1);
        await Assert.ThrowsAsync<InvalidOperationException>(() => PromoteAsync(host, rig));
        Assert.Equal(0, await PromotedAsync(rig));
        await PromoteAsync(host, rig);
        Assert.Equal(9, await PromotedAsync(rig));
        Assert.Equal(["9"], await rig.RowsAsync("select followed_number from governor.progress"));
    }

    [Fact]
    public async Task every_chain_is_promoted()
    {
        await using var rig = await IngestionRig.StartAsync(servers);
        await using var other = await AnvilChain.StartAsync(chainId: 4242);
        await rig.Chain.MineAsync(6);
        await other.MineAsync(9);
        using var host = await PromotionHost.StartAsync(
            rig, settings: [("Chains:1:Rpc", $"{other.Endpoint}"), ("Chains:1:PollMilliseconds", "20")]);
        await UntilAsync(async () => await PromotedAsync(rig) == 4
            && (await rig.View.HeadsAsync(4242, Cancellation))?.Promoted.Number == 7);
    }

    [Fact]
    public async Task a_node_that_tells_of_new_heads_need_not_be_asked()
    {
        await using var rig = await IngestionRig.StartAsync(servers);
        using var host = await PromotionHost.StartAsync(rig, settings: ("Chains:0:PollMilliseconds", "3600000"));
        await UntilAsync(async () =>
        {
            await rig.Chain.MineAsync();
            return await PromotedAsync(rig) >= 3;
        });
    }

    [Fact]
    public async Task promotions_that_meet_take_turns()
    {
        await using var rig = await IngestionRig.StartAsync(servers);
        var echo = await rig.Chain.DeployEchoAsync();
        await rig.WatchAsync(echo);
        for (var i = 0; i < 8; i++)
            await rig.Chain.MineWithLogsAsync(echo);
        await rig.Chain.MineAsync(2);
        using var host = await PromotionHost.StartAsync(rig, new Unreachable());
        await IngestionRig.ToEndAsync(await rig.OpenAsync());
        await Task.WhenAll(Enumerable.Range(0, 8).Select(async _ =>
        {
            for (var i = 0; i < 20 && await rig.Queue.AnyAsync(rig.ChainId, Cancellation); i++)
                await PromoteAsync(host, rig);
        }));
        Assert.Equal(Enumerable.Range(1, 9).Select(n => (long)n), (await HeardAsync(host)).Select(block => block.Block).Order());
    }

    [Fact]
    public async Task logs_of_an_address_watched_late_are_promoted_once_in_their_order_and_called_late()
    {
        await using var rig = await IngestionRig.StartAsync(servers);
        var (first, late) = (await rig.Chain.DeployEchoAsync(), await rig.Chain.DeployEchoAsync());
        await rig.WatchAsync(first);
        for (var i = 0; i < 10; i++)
            await rig.Chain.MineWithLogsAsync(first, late);
        using var host = await PromotionHost.StartAsync(rig);
        await UntilAsync(async () => await PromotedAsync(rig) == 10);

        await rig.WatchAsync(late);
        await UntilAsync(() => rig.View.IsCoveredAsync(rig.ChainId, late, 0, 10, Cancellation));
        await rig.Chain.MineAsync(2);
        await UntilAsync(async () => await PromotedAsync(rig) == 12 && !await rig.Queue.AnyAsync(rig.ChainId, Cancellation));
        await host.StopAsync(Cancellation);

        var heard = (await HeardAsync(host)).SelectMany(block => block.Logs.Select(log => (Log: log, block.Late))).ToArray();
        var lates = (await rig.Chain.LogsAsync(late)).Select(log => $"{log.BlockNumber}/{log.LogIndex}").ToArray();
        Assert.Equal(20, heard.Length);
        Assert.Equal(20, heard.Select(one => one.Log).Distinct().Count());
        Assert.Equal(lates, heard.Select(one => one.Log).Where(log => lates.Contains(log)));
        Assert.All(heard.Where(one => one.Late), one => Assert.Contains(one.Log, lates));
        Assert.Equal(8, heard.Count(one => one.Late));
    }

    [Fact]
    public async Task what_waits_on_a_halted_chain_is_not_promoted()
    {
        await using var rig = await IngestionRig.StartAsync(servers);
        await rig.WatchAsync(Address.Parse("0x00000000000000000000000000000000000000a1"));
        await rig.Chain.MineAsync(10);
        using var host = await PromotionHost.StartAsync(rig, new Unreachable());
        await IngestionRig.ToEndAsync(await rig.OpenAsync());
        var (lease, known) = (await rig.Store.TakeOverAsync(rig.ChainId, Cancellation))!.Value;
        await rig.Store.ApplyAsync(lease, new ChainUpdate.FinalityViolated(known.Finalized, null, "For a test."), Cancellation);
        await PromoteAsync(host, rig);
        Assert.Equal(0, await PromotedAsync(rig));

        await rig.Store.ClearHaltAsync(rig.ChainId, Cancellation);
        await PromoteAsync(host, rig);
        Assert.Equal(8, await PromotedAsync(rig));
    }

    [Fact]
    public async Task a_halted_chain_promotes_nothing_until_it_is_cleared()
    {
        await using var rig = await IngestionRig.StartAsync(servers);
        await rig.Chain.MineAsync(10);
        var wrong = false;
        using var host = await PromotionHost.StartAsync(rig, new ChangedAnswers(async (_, parameters, ask) =>
        {
            var answer = (await ask())!["result"]!.DeepClone();
            if (wrong && parameters is [JsonValue tag, ..] && tag.ToString() == "finalized")
                answer["hash"] = Keccak256.Hash("another block").ToString();
            return answer;
        }));
        await UntilAsync(async () => await PromotedAsync(rig) == 8);
        wrong = true;
        await UntilAsync(async () => await rig.Store.HaltReasonAsync(rig.ChainId, Cancellation) is not null);
        wrong = false;
        await rig.Chain.MineAsync(10);
        await PromoteAsync(host, rig);
        Assert.Equal(8, await PromotedAsync(rig));

        await rig.Store.ClearHaltAsync(rig.ChainId, Cancellation);
        await UntilAsync(async () => await PromotedAsync(rig) == 18);
    }

    [Fact]
    public async Task what_nothing_explains_halts_the_chain_and_is_tried_again_once_that_is_cleared()
    {
        await using var rig = await IngestionRig.StartAsync(servers);
        await rig.WatchAsync(await rig.Chain.DeployEchoAsync());
        await rig.Chain.MineAsync(10);
        using var host = await PromotionHost.StartAsync(rig);
        await UntilAsync(async () => await PromotedAsync(rig) == 9);
        var failing = host.Services.GetRequiredService<Failing>();
        var key = new EventKey(rig.ChainId, 14, Keccak256.Hash("block"), Keccak256.Hash("transaction"), 0);
        (failing.Block, failing.Times) = (14, 1);
        failing.Failure = new UnexplainedEvidenceException("award/1", key, new NotFound("award"));
        await rig.Chain.MineAsync(5);

        await UntilAsync(async () => await rig.Store.HaltReasonAsync(rig.ChainId, Cancellation) is not null);
        var reason = await rig.Store.HaltReasonAsync(rig.ChainId, Cancellation);
        Assert.Contains($"Evidence: block 14, log 0, {key.TransactionHash}", reason, StringComparison.Ordinal);
        Assert.InRange((await PromotedAsync(rig))!.Value, 9, 13);
        await rig.Store.ClearHaltAsync(rig.ChainId, Cancellation);
        await UntilAsync(async () => await PromotedAsync(rig) == 14);
    }

    [Fact]
    public async Task a_node_that_fails_for_a_while_is_followed_when_it_answers_again()
    {
        await using var rig = await IngestionRig.StartAsync(servers);
        await rig.Chain.MineAsync(5);
        using var host = await PromotionHost.StartAsync(rig, new Unreachable(requests: 7));
        await UntilAsync(async () => (await rig.View.HeadsAsync(rig.ChainId, Cancellation))?.Head.Number == 5);
        await rig.Chain.MineAsync(3);
        await UntilAsync(async () => await PromotedAsync(rig) == 6);
    }

    private static Task PromoteAsync(IHost host, IngestionRig rig) =>
        host.Services.GetRequiredService<IMessageBus>()
            .InvokeForTenantAsync(Spaces.Deployment, new PromoteFinalized(rig.ChainId), Cancellation);

    private static async Task<long?> PromotedAsync(IngestionRig rig) =>
        (await rig.View.HeadsAsync(rig.ChainId, Cancellation))?.Promoted.Number;

    private static async Task<IReadOnlyList<Heard>> HeardAsync(IHost host, string space = PromotionHost.Space)
    {
        await using var session = host.Services.GetRequiredService<IDocumentStore>().QuerySession(space);
        return await session.Query<Heard>().OrderBy(block => block.Sequence).ToListAsync(Cancellation);
    }

    private static async Task<string[]> HandledAsync(IHost host, string space = PromotionHost.Space)
    {
        await using var session = host.Services.GetRequiredService<IDocumentStore>().QuerySession(space);
        return [.. (await session.Query<LogHandled>().ToListAsync(Cancellation)).Select(handled => handled.Log)];
    }

    /// <summary>Waits for the running service, at most a minute.</summary>
    private static async Task UntilAsync(Func<Task<bool>> reached)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        limit.CancelAfter(TimeSpan.FromSeconds(60));
        while (!await reached())
            await Task.Delay(20, limit.Token);
    }

    /// <summary>A node that cannot be reached, for good or for a number of requests.</summary>
    private sealed class Unreachable(int requests = int.MaxValue) : DelegatingHandler(new SocketsHttpHandler())
    {
        private int left = requests;

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            left-- > 0
                ? Task.FromResult(new HttpResponseMessage(HttpStatusCode.ServiceUnavailable))
                : base.SendAsync(request, cancellationToken);
    }
}
