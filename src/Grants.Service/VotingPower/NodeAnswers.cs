using Grants.Ethereum.Abi;
using Grants.Ethereum.Contracts;
using Grants.Ethereum.JsonRpc;
using Grants.Primitives;
using Microsoft.Extensions.Options;

namespace Grants.Service.VotingPower;

/// <summary>Settings <c>VotingPower</c>.</summary>
public sealed class PowerOptions
{
    /// <summary>Where the chain has Multicall3; where there is none, contracts are asked one by one.</summary>
    public string Multicall3 { get; set; } = Ethereum.Contracts.Multicall3.Canonical.ToString();
}

/// <summary>What contracts answer at a block, by the node's word: asked by the block's hash, so many in one call.</summary>
public sealed class NodeAnswers(EthereumRpc node, IOptions<PowerOptions> options)
{
    private const int RevertCode = 3;

    private const int RequestsPerBatch = 100;

    private readonly Address multicall = Address.Parse(options.Value.Multicall3);

    /// <summary>Asks at the block with this hash.</summary>
    public CallSource At(Hash32 blockHash, CancellationToken cancellation) => At(node, multicall, blockHash, cancellation);

    /// <summary>
    /// Asks a node at the block with this hash. One that has no state of the block any more cannot tell. Where there is no
    /// Multicall3, contracts are asked one by one.
    /// </summary>
    /// <exception cref="RpcTransportException">The node is away: asked later it may tell.</exception>
    public static CallSource At(EthereumRpc node, Address multicall, Hash32 blockHash, CancellationToken cancellation) => async reads =>
    {
        try
        {
            return await Multicall3.ReadAsync(node, multicall, reads, blockHash, cancellation: cancellation);
        }
        catch (AbiException)
        {
            return await OneByOneAsync(node, reads, blockHash, cancellation);
        }
        catch (RpcErrorException)
        {
            return null;
        }
    };

    private static async Task<IReadOnlyList<ContractAnswer>?> OneByOneAsync(
        EthereumRpc node, IReadOnlyList<ContractRead> reads, Hash32 blockHash, CancellationToken cancellation)
    {
        var block = new Dictionary<string, object> { ["blockHash"] = blockHash.ToString(), ["requireCanonical"] = true };
        var answers = new List<ContractAnswer>(reads.Count);
        try
        {
            foreach (var chunk in reads.Chunk(RequestsPerBatch))
            {
                var outcomes = await node.BatchAsync(
                    [.. chunk.Select(read => new RpcRequest("eth_call", CallOf(read), block))], cancellation);
                if (outcomes.Any(outcome => outcome.Error is { Code: not RevertCode }))
                    return null;
                answers.AddRange(outcomes.Select(outcome => outcome.Error is null
                    ? new ContractAnswer(true, Hex.Parse(outcome.Result.GetString()!))
                    : new ContractAnswer(false, [])));
            }
        }
        catch (RpcErrorException)
        {
            return null;
        }

        return answers;
    }

    private static Dictionary<string, object> CallOf(ContractRead read) =>
        new() { ["to"] = read.Target.ToString(), ["data"] = Hex.Format(read.Data) };
}
