using Grants.Ethereum.Abi;
using Grants.Ethereum.JsonRpc;
using Grants.Primitives;

namespace Grants.Ethereum.Contracts;

/// <summary>A read of a contract, as one of several of <see cref="Multicall3"/>.</summary>
/// <param name="Target">The contract.</param>
/// <param name="Data">The data of the call.</param>
public sealed record ContractRead(Address Target, byte[] Data);

/// <summary>What a read of several by <see cref="Multicall3"/> returned, or what it reverted with.</summary>
/// <param name="Succeeded">Whether it did not revert.</param>
/// <param name="Data">The returned values, encoded by the contract ABI, or the error.</param>
public sealed record ContractAnswer(bool Succeeded, byte[] Data);

/// <summary>Many reads in one call, by the contract Multicall3 (github.com/mds1/multicall3).</summary>
public static class Multicall3
{
    /// <summary>Multicall3: runs calls one after another; each says whether its failure fails all.</summary>
    public static readonly AbiFunction Aggregate3 = AbiFunction.Parse(
        "function aggregate3((address target, bool allowFailure, bytes callData)[] calls) payable "
        + "returns ((bool success, bytes returnData)[] returnData)");

    private const int DefaultReadsPerCall = 200;

    /// <summary>Where the contract is on most chains; a chain of one's own may have it elsewhere.</summary>
    public static Address Canonical { get; } = Address.Parse("0xcA11bde05977b3631167028862bE2a173976CA11");

    /// <summary>
    /// Asks all at one block, so many in one call, and answers in their order. One that reverts does not spoil the others. A
    /// read of an address without code succeeds and returns nothing.
    /// </summary>
    /// <exception cref="AbiException">There is no Multicall3 at the address.</exception>
    /// <exception cref="RpcException">The node did not run a call; one that takes too much gas in sum is among these.</exception>
    public static async Task<IReadOnlyList<ContractAnswer>> ReadAsync(
        EthereumRpc rpc,
        Address multicall,
        IReadOnlyList<ContractRead> reads,
        Hash32 atBlockHash,
        int readsPerCall = DefaultReadsPerCall,
        CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(readsPerCall, 1);
        var answers = new List<ContractAnswer>(reads.Count);
        foreach (var chunk in reads.Chunk(readsPerCall))
        {
            object calls = chunk.Select(read => new object[] { read.Target, true, read.Data }).ToArray();
            var returned = await rpc.CallAsync(multicall, Aggregate3.Encode(calls), atBlockHash, cancellation: cancellation);
            var results = (object[])Aggregate3.DecodeOutput(returned)[0];
            if (results.Length != chunk.Length)
                throw new AbiException($"{chunk.Length} reads have {results.Length} answers.");
            answers.AddRange(results.Cast<object[]>().Select(result => new ContractAnswer((bool)result[0], (byte[])result[1])));
        }

        return answers;
    }
}
