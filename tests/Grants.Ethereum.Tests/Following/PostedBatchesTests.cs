using Grants.Ethereum.Abi;
using Grants.Ethereum.Contracts.Rollups;
using Grants.Ethereum.Following.Finality;
using Grants.Ethereum.JsonRpc;
using Grants.Primitives;
using Xunit;

namespace Grants.Ethereum.Tests.Following;

public sealed class PostedBatchesTests
{
    private const long Metis = 1088;

    [Fact]
    public void nothing_is_posted_where_no_log_says_so() =>
        Assert.Null(PostedBatches.HeightOf([Appended(0, 50, 0, chain: 7), Deleted(0)], Metis));

    [Fact]
    public void the_last_batch_says_how_far() => Assert.Equal(80, PostedBatches.HeightOf([Appended(1, 30, 50), Appended(0, 50, 0)], Metis));

    [Fact]
    public void a_batch_of_another_chain_in_the_same_contract_says_nothing() =>
        Assert.Equal(50, PostedBatches.HeightOf([Appended(9, 900, 9_000, chain: 7), Appended(0, 50, 0)], Metis));

    [Fact]
    public void what_was_taken_back_is_not_posted() => Assert.Equal(
        80, PostedBatches.HeightOf([Deleted(2), Appended(3, 10, 90), Appended(2, 10, 80), Appended(1, 30, 50)], Metis));

    [Fact]
    public void what_was_posted_anew_is() =>
        Assert.Equal(85, PostedBatches.HeightOf([Appended(2, 5, 80), Deleted(2), Appended(3, 10, 90), Appended(2, 10, 80)], Metis));

    private static RpcLog Appended(ulong batch, ulong size, ulong before, long chain = Metis) => Log(
        StateCommitmentChain.StateBatchAppended,
        batch,
        "uint256,bytes32,uint256,uint256,bytes",
        chain,
        Hash32.Zero,
        size,
        before,
        Array.Empty<byte>());

    private static RpcLog Deleted(ulong batch) => Log(StateCommitmentChain.StateBatchDeleted, batch, "uint256,bytes32", Metis, Hash32.Zero);

    private static RpcLog Log(AbiEvent declaration, ulong batch, string types, params object[] data) => new(
        Address.Zero,
        [declaration.Topic0, new Hash32(((UInt256)batch).ToBytes())],
        AbiCodec.Encode([.. types.Split(',').Select(AbiType.Parse)], data),
        1, Hash32.Zero, Hash32.Zero, 0, 0);
}
