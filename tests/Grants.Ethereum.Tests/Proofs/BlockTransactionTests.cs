using System.Text.Json;
using System.Text.Json.Nodes;
using Grants.Ethereum.Proofs;
using Xunit;

namespace Grants.Ethereum.Tests;

public sealed class BlockTransactionTests
{
    private const string Legacy = """
        {
          "nonce": "0x9",
          "gasPrice": "0x4a817c800",
          "gas": "0x5208",
          "to": "0x3535353535353535353535353535353535353535",
          "value": "0xde0b6b3a7640000",
          "input": "0x",
          "v": "0x25",
          "r": "0x28ef61340bd939bc2195fe537567866003e1a15d3c71ff63e1590620aa636276",
          "s": "0x67cbe9d8997f761aecb703304b3800ccf555c9f3dc64214b297fb1966a3b6d83"
        }
        """;

    [Fact]
    public void the_example_of_eip_155_is_read()
    {
        var transaction = Read(_ => { });
        Assert.Equal("0x33469b22e9f636356c4160a87eb19df52b7412e8eac32a4a55ffe88ea8350788", transaction.Hash.ToString());
        Assert.Equal("0x9d8A62f656a8d1615C1294fd71e9CFb3E4855A4F", transaction.Sender.ToString());
    }

    [Theory]
    [InlineData("v", "\"0x1d\"")]
    [InlineData("v", "\"0x0\"")]
    [InlineData("v", "\"0xffffffffffffffffffffffffffffffff\"")]
    [InlineData("s", "\"0xffffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0\"")]
    [InlineData("r", "\"0x0\"")]
    [InlineData("r", "null")]
    [InlineData("nonce", "9")]
    [InlineData("to", "\"0x35\"")]
    [InlineData("input", "null")]
    [InlineData("type", "\"0x1\"")]
    [InlineData("type", "\"0x3\"")]
    [InlineData("type", "\"0x7e\"")]
    public void another_shape_is_refused(string name, string value) =>
        Assert.Throws<ProofException>(() => Read(transaction => transaction[name] = JsonNode.Parse(value)));

    private static Transactions.SignedTransaction Read(Action<JsonNode> change)
    {
        var transaction = JsonNode.Parse(Legacy)!;
        change(transaction);
        return BlockTransaction.FromJson(JsonSerializer.SerializeToElement(transaction));
    }
}
