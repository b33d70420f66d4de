using System.Text.Json;
using System.Text.Json.Nodes;
using Grants.Ethereum.Proofs;
using Grants.Primitives;
using Xunit;

namespace Grants.Ethereum.Tests;

public sealed class BlockHeaderTests
{
    /// <summary>The first block of Ethereum's main network.</summary>
    private static readonly string Genesis = $$"""
        {
          "parentHash": "{{Hash32.Zero}}",
          "sha3Uncles": "0x1dcc4de8dec75d7aab85b567b6ccd41ad312451b948a7413f0a142fd40d49347",
          "miner": "0x0000000000000000000000000000000000000000",
          "stateRoot": "0xd7f8974fb5ac78d9ac099b9ad5018bedc2ce0a72dad1827a1709da30580f0544",
          "transactionsRoot": "{{MerkleTrie.EmptyRoot}}",
          "receiptsRoot": "{{MerkleTrie.EmptyRoot}}",
          "logsBloom": "0x{{new string('0', 512)}}",
          "difficulty": "0x400000000",
          "number": "0x0",
          "gasLimit": "0x1388",
          "gasUsed": "0x0",
          "timestamp": "0x0",
          "extraData": "0x11bbe8db4e347b4e8c937c1c8370e4b5ed33adb3db69cbdb7a38e1e50b1b82fa",
          "mixHash": "{{Hash32.Zero}}",
          "nonce": "0x0000000000000042"
        }
        """;

    [Fact]
    public void the_first_block_has_its_hash() => Assert.Equal(
        "0xd4e56740f876aef8c010b86a40d5f56745a118d0906a34e69aec8c0db1cb8fa3", Read(Genesis).Hash.ToString());

    [Fact]
    public void every_field_enters_the_hash()
    {
        var header = Read(Genesis);
        var london = header with { BaseFeePerGas = 0 };
        var shanghai = london with { WithdrawalsRoot = MerkleTrie.EmptyRoot };
        var cancun = shanghai with { BlobGasUsed = 0, ExcessBlobGas = 0, ParentBeaconBlockRoot = Hash32.Zero };
        BlockHeader[] headers =
        [
            header, london, shanghai, cancun, cancun with { RequestsHash = Hash32.Zero }, cancun with { BlobGasUsed = 1 },
            cancun with { ExcessBlobGas = 1 }, header with { Nonce = 0 }, header with { MixHash = MerkleTrie.EmptyRoot },
            header with { ExtraData = [] }, header with { TimestampSeconds = 1 }, header with { GasUsed = 1 },
            header with { GasLimit = 1 }, header with { Number = 1 }, header with { Difficulty = 1 },
        ];
        Assert.Equal(headers.Length, headers.Select(each => each.Hash).Distinct().Count());
    }

    [Fact]
    public void a_later_field_without_an_earlier_one_is_refused()
    {
        var header = Read(Genesis);
        Assert.Throws<FormatException>(() => (header with { WithdrawalsRoot = Hash32.Zero }).Hash);
        Assert.Throws<FormatException>(() => (header with { BaseFeePerGas = 1, RequestsHash = Hash32.Zero }).Hash);
    }

    [Theory]
    [InlineData("parentHash", "\"0x00\"")]
    [InlineData("stateRoot", "null")]
    [InlineData("number", "0")]
    [InlineData("number", "\"0x00\"")]
    [InlineData("number", "\"0xffffffffffffffff\"")]
    [InlineData("nonce", "\"0x42\"")]
    [InlineData("logsBloom", "\"0x\"")]
    [InlineData("miner", "\"0x\"")]
    [InlineData("baseFeePerGas", "true")]
    [InlineData("extraData", "[]")]
    public void another_shape_is_refused(string name, string value)
    {
        var block = JsonNode.Parse(Genesis)!;
        block[name] = JsonNode.Parse(value);
        Assert.Throws<ProofException>(() => Read(block.ToJsonString()));
        block.AsObject().Remove("gasLimit");
        Assert.Throws<ProofException>(() => Read(block.ToJsonString()));
    }

    private static BlockHeader Read(string json) => BlockHeader.FromJson(JsonSerializer.Deserialize<JsonElement>(json));
}
