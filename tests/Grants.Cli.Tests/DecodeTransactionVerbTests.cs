using System.Text.Json;
using Grants.Ethereum.Signing;
using Grants.Ethereum.Transactions;
using Grants.Primitives;
using Xunit;

namespace Grants.Cli.Tests;

public sealed class DecodeTransactionVerbTests
{
    private static readonly Address Other = Address.Parse("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed");

    [Fact]
    public void transactions_are_those_that_another_implementation_encoded()
    {
        foreach (var vector in Tool.Cases("transactions-eip1559.json"))
        {
            var printed = JsonDocument.Parse(Tool.Run("decode-tx", vector.GetProperty("raw").GetString()!).Line()).RootElement;
            Assert.Equal(vector.GetProperty("hash").GetString(), printed.GetProperty("hash").GetString());
            Assert.Equal(vector.GetProperty("from").GetString(), printed.GetProperty("from").GetString());
            foreach (var member in vector.GetProperty("tx").EnumerateObject())
                Assert.True(JsonElement.DeepEquals(member.Value, printed.GetProperty(member.Name)), member.ToString());
        }
    }

    [Fact]
    public void every_type_is_told_with_its_own_members()
    {
        var key = PrivateKey.Parse("0x" + new string('1', 64));
        var list = new AccessListEntry[] { new(Other, [Hash32.Zero]) };
        var authorization = new Authorization(1088, Other, ulong.MaxValue).Sign(key);
        Told(
            new LegacyTransaction(null, 1, 2, 3, null, 4, [5]),
            key,
            "\"type\":\"legacy\",\"chainId\":null,\"nonce\":1,\"gasPrice\":\"2\"", "\"to\":null");
        Told(new LegacyTransaction(1088, 1, 2, 3, Other, 4, []), key, "\"chainId\":1088", $"\"to\":\"{Other}\"", "\"data\":\"0x\"");
        Told(
            new Eip2930Transaction(1088, 1, UInt256.MaxValue, 3, Other, 4, []) { AccessList = list },
            key,
            $"\"type\":\"eip2930\",\"chainId\":1088,\"nonce\":1,\"gasPrice\":\"{UInt256.MaxValue}\"",
            $"\"accessList\":[{{\"address\":\"{Other}\",\"storageKeys\":[\"{Hash32.Zero}\"]}}]");
        Told(
            new Eip1559Transaction(1088, 1, 2, 3, 4, null, 5, []),
            key,
            "\"type\":\"eip1559\"",
            "\"maxPriorityFeePerGas\":\"2\",\"maxFeePerGas\":\"3\",\"gas\":\"4\",\"to\":null",
            "\"accessList\":[]");
        Told(
            new Eip7702Transaction(1088, 1, 2, 3, 4, Other, 5, [6], [authorization]) { AccessList = list },
            key,
            "\"type\":\"eip7702\"",
            $"\"authorizationList\":[{{\"chainId\":\"1088\",\"address\":\"{Other}\",\"nonce\":\"18446744073709551615\",\"yParity\":",
            $"\"r\":\"{Hex.Format(authorization.R.ToBytes())}\",\"s\":\"{Hex.Format(authorization.S.ToBytes())}\"}}]");
    }

    [Theory]
    [InlineData("")]
    [InlineData("0x")]
    [InlineData("0x02")]
    [InlineData("0x05c0")]
    [InlineData("0x02c0")]
    [InlineData("0x02f8ff")]
    [InlineData("0xzz")]
    [InlineData("02c0")]
    [InlineData("0x02c")]
    public void what_is_no_transaction_is_refused_in_one_line(string raw) => Tool.Run("decode-tx", raw).Refusal();

    [Fact]
    public void a_byte_more_or_less_is_refused()
    {
        var raw = Tool.Cases("transactions-eip1559.json")[0].GetProperty("raw").GetString()!;
        Tool.Run("decode-tx", raw + "00").Refusal();
        Tool.Run("decode-tx", raw[..^2]).Refusal();
    }

    private static void Told(Transaction transaction, PrivateKey key, params string[] parts)
    {
        var signed = transaction.Sign(key);
        var line = Tool.Run("decode-tx", Hex.Format(signed.Raw)).Line();
        Assert.All(
            [.. parts, $"\"hash\":\"{signed.Hash}\",\"from\":\"{key.Address}\"}}"],
            part => Assert.Contains(part, line, StringComparison.Ordinal));
        using var json = JsonDocument.Parse(line);
    }
}
