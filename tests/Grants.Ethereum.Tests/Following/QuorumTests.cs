using System.Collections.Immutable;
using Grants.Chaos;
using Grants.Ethereum.Following;
using Grants.Ethereum.Following.Finality;
using Grants.Ethereum.JsonRpc;
using Grants.Primitives;
using Xunit;

namespace Grants.Ethereum.Tests.Following;

/// <summary>Three nodes of one chain, each behind a proxy; the first is the one that is read.</summary>
public sealed class QuorumTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task what_all_have_as_final_is_final()
    {
        await using var nodes = await ThreeNodes.StartAsync();
        Assert.Equal(8, await nodes.FinalAsync(needed: 3));
        Assert.Empty(nodes.Splits);
    }

    [Fact]
    public async Task one_that_is_behind_or_silent_does_not_hold_up_two()
    {
        await using var nodes = await ThreeNodes.StartAsync();
        nodes.Proxies[2].Add(ChainFaults.Behind(() => 5));
        Assert.Equal(8, await nodes.FinalAsync(needed: 2));
        nodes.Proxies[2].Add(Faults.Drop());
        Assert.Equal(8, await nodes.FinalAsync(needed: 2));
        Assert.Equal([Opinion.IsBehind, Opinion.IsSilent], nodes.Splits.Select(said => said[2]).Distinct());
    }

    [Fact]
    public async Task what_too_few_have_waits_for_the_slowest_that_is_needed()
    {
        await using var nodes = await ThreeNodes.StartAsync();
        nodes.Proxies[1].Add(ChainFaults.Behind(() => 3));
        nodes.Proxies[2].Add(ChainFaults.Behind(() => 5));
        Assert.Equal(5, await nodes.FinalAsync(needed: 2));
        Assert.Equal(3, await nodes.FinalAsync(needed: 3));
    }

    [Fact]
    public async Task k_never_shrinks()
    {
        await using var nodes = await ThreeNodes.StartAsync();
        nodes.Proxies[1].Add(Faults.Drop());
        nodes.Proxies[2].Add(Faults.Refuse(-32000, "no backend is currently healthy to serve traffic"));
        Assert.Null(await nodes.FinalAsync(needed: 2));
        nodes.Proxies[1].Heal();
        Assert.Equal(8, await nodes.FinalAsync(needed: 2));
        Assert.Throws<ArgumentException>(() => new Quorum(nodes.Endpoints(), 4));
    }

    [Fact]
    public async Task one_that_has_another_chain_is_outvoted_and_heard_of()
    {
        await using var nodes = await ThreeNodes.StartAsync();
        await nodes.PoisonAsync(2);
        Assert.Equal(8, await nodes.FinalAsync(needed: 2));
        Assert.Equal([Opinion.Agrees, Opinion.Agrees, Opinion.Contradicts], Assert.Single(nodes.Splits));
        Assert.Null(await nodes.FinalAsync(needed: 3));
    }

    [Fact]
    public async Task two_that_are_poisoned_alike_decide_nothing_without_one_of_ours()
    {
        await using var nodes = await ThreeNodes.StartAsync();
        nodes.Proxies[2].Add(Faults.Drop());
        Assert.Null(await nodes.FinalAsync(needed: 2, ours: 2));
        // Without a node of our own, two of three would be enough for whoever poisons two and silences the third.
        Assert.Equal(8, await nodes.FinalAsync(needed: 2));
    }

    [Fact]
    public async Task a_node_alone_against_what_was_final_is_not_a_violation_and_all_of_them_are()
    {
        await using var nodes = await ThreeNodes.StartAsync();
        var known = await nodes.KnownAsync();
        await nodes.PoisonAsync(0);
        await Assert.ThrowsAsync<RpcTransportException>(() => nodes.Follower(needed: 2).NextAsync(known, new([]), Cancellation));
        await nodes.PoisonAsync(1);
        await nodes.PoisonAsync(2);
        Assert.IsType<ChainUpdate.FinalityViolated>(await nodes.Follower(needed: 2).NextAsync(known, new([]), Cancellation));
    }

    [Fact]
    public async Task what_L1_has_is_final_whatever_the_tags_say()
    {
        await using var nodes = await ThreeNodes.StartAsync();
        foreach (var proxy in nodes.Proxies)
            proxy.Add(ChainFaults.FinalizedAt(_ => null));
        long? posted = null;
        var finality = new PostedFinality(new Quorum(nodes.Endpoints(), 2), _ => Task.FromResult(posted));
        var follower = new ChainFollower(nodes.Endpoints()[0].Rpc, finality, new FollowerLimits());
        var known = await nodes.KnownAsync(final: 2);
        Assert.Null(await follower.NextAsync(known, new([]), Cancellation));
        posted = 6;
        var advanced = Assert.IsType<ChainUpdate.FinalizedAdvanced>(await follower.NextAsync(known, new([]), Cancellation));
        Assert.Equal(6, advanced.Finalized.Value.Number);
        await nodes.PoisonAsync(1);
        nodes.Proxies[2].Add(Faults.Drop());
        Assert.Null(await follower.NextAsync(known, new([]), Cancellation));
        posted = 1;
        Assert.IsType<ChainUpdate.FinalityViolated>(await follower.NextAsync(known, new([]), Cancellation));
    }

    private sealed class ThreeNodes : IAsyncDisposable
    {
        private readonly List<AnvilChain> chains = [];

        public List<FaultProxy> Proxies { get; } = [];

        public List<ImmutableArray<Opinion>> Splits { get; } = [];

        public static async Task<ThreeNodes> StartAsync()
        {
            var nodes = new ThreeNodes();
            nodes.chains.Add(await AnvilChain.StartAsync(genesisSeconds: 1_700_000_000));
            await nodes.chains[0].MineAsync(10);
            for (var i = 0; i < 3; i++)
                nodes.Proxies.Add(await FaultProxy.StartAsync(nodes.chains[0].Endpoint));
            return nodes;
        }

        public ChainEndpoint[] Endpoints(int? ours = null) =>
            [.. Proxies.Select((proxy, i) => new ChainEndpoint($"{i}", new EthereumRpc(new HttpClient(), proxy.Endpoint), i == ours))];

        public ChainFollower Follower(int needed, int? ours = null)
        {
            var quorum = new Quorum(Endpoints(ours), needed) { Split = (_, said) => Splits.Add(said) };
            return new ChainFollower(quorum.Endpoints[0].Rpc, new TagFinality(quorum), new FollowerLimits());
        }

        /// <summary>The next block that becomes final from the first one on; null for none.</summary>
        public async Task<long?> FinalAsync(int needed, int? ours = null) =>
            await Follower(needed, ours).NextAsync(await WalkAsync(), new([]), Cancellation) is ChainUpdate.FinalizedAdvanced final
                ? final.Finalized.Value.Number
                : null;

        /// <summary>The chain up to its head, of which the first block is final.</summary>
        public async Task<KnownChain> WalkAsync()
        {
            var headers = await new BlockReader(chains[0].Rpc).HeadersAsync(0, 10, Cancellation);
            return new KnownChain(headers[0].Hash, [.. headers.Select(header => header.Ref)]);
        }

        public async Task<KnownChain> KnownAsync(long final = 8)
        {
            var known = await WalkAsync();
            return known.Apply(new ChainUpdate.FinalizedAdvanced(new Final<BlockRef>(known.At(final)!.Value)));
        }

        /// <summary>The node follows another chain of the same beginning from here on.</summary>
        public async Task PoisonAsync(int node)
        {
            if (chains.Count == 1)
            {
                chains.Add(await AnvilChain.StartAsync(genesisSeconds: 1_700_000_000));
                await chains[1].DeployEchoAsync();
                await chains[1].MineAsync(9);
            }

            Proxies[node].Node = chains[1].Endpoint;
        }

        public async ValueTask DisposeAsync()
        {
            foreach (var proxy in Proxies)
                await proxy.DisposeAsync();
            foreach (var chain in chains)
                await chain.DisposeAsync();
        }
    }
}
