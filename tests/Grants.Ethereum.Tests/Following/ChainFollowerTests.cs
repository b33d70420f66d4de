using Grants.Ethereum.Following;
using Grants.Ethereum.Following.Finality;
using Grants.Ethereum.JsonRpc;
using Grants.Primitives;
using Xunit;

namespace Grants.Ethereum.Tests.Following;

public sealed class ChainFollowerTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task every_log_is_found_once_whether_by_range_or_at_the_head()
    {
        await using var chain = await AnvilChain.StartAsync();
        var (one, two) = (await chain.DeployEchoAsync(), await chain.DeployEchoAsync());
        for (var i = 0; i < 60; i++)
            await chain.MineWithLogsAsync(i % 3 == 0 ? [one, two, one] : []);

        var walk = await Walk.FromGenesisAsync(chain.Rpc, one);
        await walk.ToEndAsync();
        Assert.Contains(walk.Updates, update => update is ChainUpdate.BlocksAppended { Blocks.Length: > 32 });
        for (var i = 0; i < 5; i++)
        {
            await chain.MineWithLogsAsync(two, one);
            await walk.ToEndAsync();
        }

        Assert.Equal(await chain.LogsAsync(one), walk.Logs, SameLog);
        Assert.Equal((await chain.HeadAsync()).Ref, walk.Known.Head);
    }

    [Fact]
    public async Task finality_follows_the_nodes_tag()
    {
        await using var chain = await AnvilChain.StartAsync();
        await chain.MineAsync(10);
        var walk = await Walk.FromGenesisAsync(chain.Rpc);
        await walk.ToEndAsync();
        Assert.Equal(8, walk.Known.Finalized.Number);
        await chain.MineAsync();
        await walk.ToEndAsync();
        Assert.Equal(9, walk.Known.Finalized.Number);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(12)]
    public async Task a_reorg_is_walked_back_to_the_common_ancestor(int depth)
    {
        await using var chain = await AnvilChain.StartAsync(finalDepth: 32);
        var echo = await chain.DeployEchoAsync();
        for (var i = 0; i < 20; i++)
            await chain.MineWithLogsAsync(echo);
        var walk = await Walk.FromGenesisAsync(chain.Rpc, echo);
        await walk.ToEndAsync();
        var before = walk.Known;

        await chain.ReorgAsync(depth, echo, echo);
        await walk.ToEndAsync();

        var reorg = Assert.Single(walk.Updates.OfType<ChainUpdate.Reorged>());
        Assert.Equal(before.At(21 - depth), reorg.Ancestor);
        Assert.Equal(before.Above(21 - depth), reorg.Removed);
        Assert.Equal(await chain.LogsAsync(echo), walk.Logs, SameLog);
        Assert.Equal((await chain.HeadAsync()).Ref, walk.Known.Head);
    }

    [Fact]
    public async Task a_fork_below_a_final_block_is_a_violation()
    {
        await using var chain = await AnvilChain.StartAsync();
        var echo = await chain.DeployEchoAsync();
        for (var i = 0; i < 10; i++)
            await chain.MineWithLogsAsync(echo);
        var walk = await Walk.FromGenesisAsync(chain.Rpc);
        await walk.ToEndAsync();

        await chain.ReorgAsync(5, echo);

        var violated = Assert.IsType<ChainUpdate.FinalityViolated>(await walk.NextAsync());
        Assert.Equal(walk.Known.Finalized, violated.Known);
        Assert.Equal((await chain.Rpc.BlockAsync(BlockTag.At(violated.Known.Number), Cancellation))!.Ref, violated.Reported);
    }

    [Fact]
    public async Task a_fork_deeper_than_allowed_is_a_violation()
    {
        await using var chain = await AnvilChain.StartAsync(finalDepth: 64);
        var echo = await chain.DeployEchoAsync();
        for (var i = 0; i < 20; i++)
            await chain.MineWithLogsAsync(echo);
        var walk = await Walk.FromGenesisAsync(chain.Rpc);
        await walk.ToEndAsync();
        await chain.ReorgAsync(15, echo);
        Assert.IsType<ChainUpdate.FinalityViolated>(await walk.NextAsync(new FollowerLimits(ReorgDepth: 10)));
        Assert.IsType<ChainUpdate.Reorged>(await walk.NextAsync());
    }

    [Fact]
    public async Task another_chain_behind_the_same_address_is_a_violation()
    {
        await using var chain = await AnvilChain.StartAsync(genesisSeconds: 1_700_000_000);
        await chain.MineAsync(10);
        var walk = await Walk.FromGenesisAsync(chain.Rpc);
        await walk.ToEndAsync();
        await using var other = await AnvilChain.StartAsync(genesisSeconds: 1_800_000_000);
        Assert.IsType<ChainUpdate.FinalityViolated>(await walk.NextAsync(rpc: other.Rpc));
    }

    [Fact]
    public async Task a_node_that_is_behind_has_nothing_new_and_behind_what_was_final_is_not_listened_to()
    {
        await using var chain = await AnvilChain.StartAsync(finalDepth: 8);
        var echo = await chain.DeployEchoAsync();
        for (var i = 0; i < 30; i++)
            await chain.MineWithLogsAsync(echo);
        var walk = await Walk.FromGenesisAsync(chain.Rpc, echo);
        await walk.ToEndAsync();

        for (var height = 31; height >= 23; height--)
        {
            var behind = height;
            Assert.Null(await walk.NextAsync(rpc: chain.Through(ChangedAnswers.Behind(() => behind, finalDepth: behind - 23))));
        }

        for (var height = 30; height >= 0; height--)
        {
            var behind = height;
            await Assert.ThrowsAnyAsync<RpcTransportException>(
                () => walk.NextAsync(rpc: chain.Through(ChangedAnswers.Behind(() => behind, finalDepth: 8))));
        }
    }

    [Fact]
    public async Task a_node_that_speaks_of_a_block_before_it_has_it_has_nothing_new()
    {
        await using var chain = await AnvilChain.StartAsync();
        await chain.MineAsync(3);
        var walk = await Walk.FromGenesisAsync(chain.Rpc);
        await walk.ToEndAsync();
        await chain.MineAsync(3);
        var asked = 0;
        Assert.Null(await walk.NextAsync(rpc: chain.Through(ChangedAnswers.Behind(() => asked++ == 1 ? 6 : 3))));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(20)]
    public async Task a_limited_range_is_found_by_halving(int limit)
    {
        await using var chain = await AnvilChain.StartAsync();
        var echo = await chain.DeployEchoAsync();
        for (var i = 0; i < 70; i++)
            await chain.MineWithLogsAsync(echo);
        var walk = await Walk.FromGenesisAsync(chain.Through(ChangedAnswers.LimitedTo(limit)), echo);
        await walk.ToEndAsync();
        Assert.Equal(await chain.LogsAsync(echo), walk.Logs, SameLog);
    }

    [Fact]
    public async Task an_empty_answer_is_not_believed_where_the_bloom_allows_a_log()
    {
        await using var chain = await AnvilChain.StartAsync();
        var echo = await chain.DeployEchoAsync();
        for (var i = 0; i < 40; i++)
            await chain.MineWithLogsAsync(echo);
        var walk = await Walk.FromGenesisAsync(chain.Through(ChangedAnswers.ForgettingOnce(_ => true)), echo);
        await walk.ToEndAsync();
        Assert.Equal(40, walk.Logs.Count);
        Assert.Equal(await chain.LogsAsync(echo), walk.Logs, SameLog);
    }

    [Fact]
    public async Task following_begins_at_the_asked_block_or_at_the_last_final_one()
    {
        await using var chain = await AnvilChain.StartAsync();
        await chain.MineAsync(10);
        var follower = Walk.Follower(chain.Rpc);
        Assert.Equal(3, (await follower.BeginAsync(3, Cancellation))!.Value.Start.Ref.Number);
        Assert.Equal(8, (await follower.BeginAsync(9, Cancellation))!.Value.Start.Ref.Number);
        Assert.Equal(8, (await follower.BeginAsync(null, Cancellation))!.Value.Start.Ref.Number);
        Assert.Equal(0, (await follower.BeginAsync(-1, Cancellation))!.Value.Start.Ref.Number);
    }

    private static bool SameLog(RpcLog expected, RpcLog actual) =>
        expected with { Topics = [], Data = [] } == actual with { Topics = [], Data = [] }
        && expected.Topics.SequenceEqual(actual.Topics)
        && expected.Data.SequenceEqual(actual.Data);

    /// <summary>A follower's caller: applies every update and keeps the logs of the blocks that are not orphaned.</summary>
    private sealed class Walk(EthereumRpc node, KnownChain known, WatchedAddresses watched)
    {
        private readonly List<FollowedBlock> blocks = [];

        public KnownChain Known { get; private set; } = known;

        public List<ChainUpdate> Updates { get; } = [];

        public IReadOnlyList<RpcLog> Logs => [.. blocks.SelectMany(block => block.Logs)];

        public static ChainFollower Follower(EthereumRpc node, FollowerLimits? limits = null) =>
            new(node, new TagFinality(new Quorum([new ChainEndpoint("node", node)], 1)), limits ?? new FollowerLimits());

        public static async Task<Walk> FromGenesisAsync(EthereumRpc node, params Address[] watched)
        {
            var (genesis, start) = (await Follower(node).BeginAsync(0, Cancellation))!.Value;
            return new Walk(node, new KnownChain(genesis, [start.Ref]), new WatchedAddresses(watched));
        }

        public Task<ChainUpdate?> NextAsync(FollowerLimits? limits = null, EthereumRpc? rpc = null) =>
            Follower(rpc ?? node, limits).NextAsync(Known, watched, Cancellation);

        public async Task ToEndAsync()
        {
            var follower = Follower(node);
            while (await follower.NextAsync(Known, watched, Cancellation) is { } update)
            {
                Assert.IsNotType<ChainUpdate.FinalityViolated>(update);
                Updates.Add(update);
                Known = Known.Apply(update);
                if (update is ChainUpdate.BlocksAppended appended)
                    blocks.AddRange(appended.Blocks);
                if (update is ChainUpdate.Reorged reorged)
                    blocks.RemoveAll(block => block.Ref.Number > reorged.Ancestor.Number);
            }
        }
    }
}
