using System.Collections.Immutable;
using Grants.Ethereum.JsonRpc;
using Grants.Primitives;

namespace Grants.Ethereum.Following.Finality;

/// <summary>One of the nodes that are asked about a chain, over JSON-RPC.</summary>
/// <param name="Name">For people.</param>
/// <param name="Rpc">Its client.</param>
/// <param name="IsOurs">Whether we run it. Rented nodes may be poisoned together.</param>
public sealed record ChainEndpoint(string Name, EthereumRpc Rpc, bool IsOurs = false);

/// <summary>What an endpoint said of a block (eth_getBlockByNumber).</summary>
public enum Opinion
{
    /// <summary>It has that very block.</summary>
    Agrees,

    /// <summary>It has another block of that height.</summary>
    Contradicts,

    /// <summary>It does not have the height, or not as final.</summary>
    IsBehind,

    /// <summary>It gives no usable answer.</summary>
    IsSilent,
}

/// <summary>
/// k of n endpoints, asked by eth_getBlockByNumber. k is fixed: endpoints that fail do not make it smaller. Where one of them is our
/// own, one of our own must be among those that agree, so that rented ones alone decide nothing.
/// </summary>
public sealed class Quorum
{
    private readonly int needed;

    /// <summary>Takes the endpoints.</summary>
    /// <param name="endpoints">At least as many as are needed.</param>
    /// <param name="needed">How many must agree: at least one.</param>
    /// <exception cref="ArgumentException">More are needed than there are.</exception>
    public Quorum(IEnumerable<ChainEndpoint> endpoints, int needed)
    {
        Endpoints = [.. endpoints];
        ArgumentOutOfRangeException.ThrowIfLessThan(needed, 1);
        if (needed > Endpoints.Length)
            throw new ArgumentException($"{needed} of {Endpoints.Length} endpoints cannot agree.", nameof(needed));
        this.needed = needed;
    }

    /// <summary>Hears of every vote that was not unanimous: the block, and what each endpoint said, in their order.</summary>
    public Action<BlockRef, ImmutableArray<Opinion>>? Split { get; init; }

    /// <summary>Who is asked.</summary>
    public ImmutableArray<ChainEndpoint> Endpoints { get; }

    /// <summary>Whether nobody but the node that is read has a say.</summary>
    public bool IsOne => Endpoints.Length == 1;

    /// <summary>
    /// The height up to which enough endpoints call their chain final, by the tag; null where they do not reach it.
    /// </summary>
    internal async Task<long?> FinalHeightAsync(CancellationToken cancellation)
    {
        var heights = await EachAsync(async endpoint => (await endpoint.Rpc.BlockAsync(BlockTag.Finalized, cancellation))?.Number);
        var sorted = heights.Where(height => height is not null).OrderDescending().ToList();
        return sorted.Count >= needed ? sorted[needed - 1] : null;
    }

    /// <summary>Whether enough endpoints have that very block.</summary>
    /// <param name="block">A block.</param>
    /// <param name="isFinal">Whether they must also call it final, by the tag.</param>
    /// <param name="cancellation">Ends the questions.</param>
    public async Task<bool> HasAsync(BlockRef block, bool isFinal, CancellationToken cancellation)
    {
        var opinions = await EachAsync(async Task<Opinion?> (endpoint) =>
        {
            if (isFinal && !(await endpoint.Rpc.BlockAsync(BlockTag.Finalized, cancellation) is { } final && final.Number >= block.Number))
                return Opinion.IsBehind;
            var theirs = await endpoint.Rpc.BlockAsync(BlockTag.At(block.Number), cancellation);
            return theirs is null ? Opinion.IsBehind : theirs.Hash == block.Hash ? Opinion.Agrees : Opinion.Contradicts;
        });
        ImmutableArray<Opinion> said = [.. opinions.Select(opinion => opinion ?? Opinion.IsSilent)];
        if (said.Any(opinion => opinion != Opinion.Agrees))
            Split?.Invoke(block, said);
        return said.Count(opinion => opinion == Opinion.Agrees) >= needed
            && (Endpoints.All(endpoint => !endpoint.IsOurs)
                || Endpoints.Zip(said).Any(one => one.First.IsOurs && one.Second == Opinion.Agrees));
    }

    private async Task<T?[]> EachAsync<T>(Func<ChainEndpoint, Task<T?>> ask) => await Task.WhenAll(Endpoints.Select(async endpoint =>
    {
        try
        {
            return await ask(endpoint);
        }
        catch (RpcException)
        {
            return default; // Silence is no consent: it counts for nothing, and the vote that lacks it says so.
        }
    }));
}
