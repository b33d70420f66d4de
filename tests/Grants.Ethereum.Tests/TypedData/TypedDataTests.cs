using System.Numerics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Grants.Ethereum.Signing;
using Grants.Ethereum.TypedData;
using Grants.Primitives;
using Xunit;

namespace Grants.Ethereum.Tests;

public sealed class TypedDataTests
{
    private const string Mail = """
        {
          "types": {
            "EIP712Domain": [
              {"name": "name", "type": "string"}, {"name": "version", "type": "string"},
              {"name": "chainId", "type": "uint256"}, {"name": "verifyingContract", "type": "address"}
            ],
            "Person": [{"name": "name", "type": "string"}, {"name": "wallet", "type": "address"}],
            "Mail": [{"name": "from", "type": "Person"}, {"name": "to", "type": "Person"}, {"name": "contents", "type": "string"}]
          },
          "primaryType": "Mail",
          "domain": {
            "name": "Ether Mail", "version": "1", "chainId": 1, "verifyingContract": "0xCcCCccccCCCCcCCCCCCcCcCccCcCCCcCcccccccC"
          },
          "message": {
            "from": {"name": "Cow", "wallet": "0xCD2a3d9F938E13CD947Ec05AbC7FE734Df8DD826"},
            "to": {"name": "Bob", "wallet": "0xbBbBBBBbbBBBbbbBbbBbbbbBBbBbbbbBbBbbBBbB"},
            "contents": "Hello, Bob!"
          }
        }
        """;

    [Fact]
    public void the_example_of_eip_712_is_hashed_and_signed()
    {
        var mail = TypedData.TypedData.FromJson(Mail);
        Assert.Equal("Mail(Person from,Person to,string contents)Person(string name,address wallet)", mail.EncodeType());
        Assert.Equal("0xf2cee375fa42b42143804025fc449deafd50cc031ca257e0b194a650a912090f", mail.DomainSeparator.ToString());
        Assert.Equal("0xc52c0ee5d84264471806290a3f2c4cecfc5490626bf912d01f240d7a274b371e", mail.StructHash.ToString());
        Assert.Equal("0xbe609aee343fb3c4b28e1df9e632fca64fcfaede20f02e86244efddf30957bd2", mail.Digest().ToString());
        var cow = PrivateKey.Parse(Keccak256.Hash("cow").ToString());
        Assert.Equal(
            "0x4355c47d63924e8a72e509b65029052eb6c299d53a04e167c5775fd466751c9d"
            + "07299936d304c153f6443dfa05f40ff007d72911b6f72307f996231605b915621c",
            cow.Sign(mail.Digest()).ToString());
    }

    [Fact]
    public void another_implementation_hashes_all_types_alike()
    {
        foreach (var vector in VectorFile.Cases("typed-data.json"))
        {
            var data = TypedData.TypedData.FromJson(vector.GetProperty("payload").GetRawText());
            Assert.Equal(vector.Text("encodeType"), data.EncodeType());
            Assert.Equal(vector.Text("domainSeparator"), data.DomainSeparator.ToString());
            Assert.Equal(vector.Text("structHash"), data.StructHash.ToString());
            Assert.Equal(vector.Text("digest"), data.Digest().ToString());
            Assert.Equal(vector.Text("digest"), TypedData.TypedData.FromJson(data.ToJson()).Digest().ToString());
            var key = PrivateKey.Parse(vector.Text("privateKey"));
            Assert.Equal(vector.Text("signer"), key.Address.ToString());
            Assert.Equal(vector.Text("signature"), key.Sign(data.Digest()).ToString());
        }
    }

    [Fact]
    public void json_is_what_wallets_take()
    {
        var data = Single("uint256", UInt256.MaxValue, new TypedDataDomain("Grants", "1", 1088));
        Assert.Equal(
            """
            {"types":{"EIP712Domain":[{"name":"name","type":"string"},{"name":"version","type":"string"},
            {"name":"chainId","type":"uint256"}],"Thing":[{"name":"value","type":"uint256"}]},"primaryType":"Thing",
            "domain":{"name":"Grants","version":"1","chainId":1088},
            "message":{"value":"115792089237316195423570985008687907853269984665640564039457584007913129639935"}}
            """.ReplaceLineEndings(""),
            data.ToJson());
    }

    [Fact]
    public void a_chain_id_that_a_json_number_would_lose_is_text()
    {
        var data = Single("bool", true, new TypedDataDomain(null, null, long.MaxValue));
        Assert.Contains("\"domain\":{\"chainId\":\"9223372036854775807\"}", data.ToJson(), StringComparison.Ordinal);
        Assert.Equal(data.Digest(), TypedData.TypedData.FromJson(data.ToJson()).Digest());
    }

    [Fact]
    public void a_changed_domain_is_another_domain()
    {
        var domain = new TypedDataDomain("Grants", "1", 1088);
        var separators = new[]
        {
            domain,
            domain with { Name = "Other" },
            domain with { Version = "2" },
            domain with { ChainId = 1 },
            domain with { ChainId = null },
            domain with { VerifyingContract = Address.Zero },
        }.Select(one => Single("bool", true, one).DomainSeparator);
        Assert.Equal(6, separators.Distinct().Count());
    }

    [Fact]
    public void integers_are_read_from_numbers_decimal_and_hexadecimal_text()
    {
        var digests = new[] { "255", "\"255\"", "\"0xff\"", "\"0xFF\"" }.Select(
            value => TypedData.TypedData.FromJson(Thing("int16", value)).Digest());
        Assert.Single(digests.Distinct());
        Assert.Equal(Single("int16", new BigInteger(-255)).Digest(), TypedData.TypedData.FromJson(Thing("int16", "-255")).Digest());
    }

    [Theory]
    [InlineData("uint8", "256")]
    [InlineData("uint8", "-1")]
    [InlineData("uint8", "1.5")]
    [InlineData("uint8", "1e2")]
    [InlineData("uint8", "\"\"")]
    [InlineData("uint8", "\"0x\"")]
    [InlineData("uint8", "\"--1\"")]
    [InlineData("uint8", "\"01\"")]
    [InlineData("uint8", "null")]
    [InlineData("uint8", "true")]
    [InlineData("int8", "128")]
    [InlineData("bool", "1")]
    [InlineData("bool", "\"true\"")]
    [InlineData("address", "\"0x00\"")]
    [InlineData("address", "\"0xbbbBBBBbbBBBbbbBbbBbbbbBBbBbbbbBbBbbBBbB\"")]
    [InlineData("bytes", "\"00\"")]
    [InlineData("bytes4", "\"0x00\"")]
    [InlineData("bytes32", "\"0x00\"")]
    [InlineData("string", "7")]
    [InlineData("string", "null")]
    [InlineData("bytes", "null")]
    [InlineData("address", "null")]
    [InlineData("string", "\"\\ud800\"")]
    [InlineData("bool[]", "true")]
    [InlineData("bool[2]", "[true]")]
    [InlineData("bool[]", "[null]")]
    [InlineData("Thing", "{}")]
    [InlineData("Other", "{}")]
    [InlineData("uint", "1")]
    [InlineData("uint7", "1")]
    [InlineData("bool[0]", "[]")]
    [InlineData("bool[x]", "[]")]
    [InlineData("[]", "[]")]
    [InlineData("(bool)", "[true]")]
    [InlineData("bool ", "true")]
    [InlineData("", "true")]
    public void a_type_that_is_unknown_or_a_value_that_does_not_fit_is_refused(string type, string value) =>
        Assert.Throws<TypedDataException>(() => TypedData.TypedData.FromJson(Thing(type, value)));

    public static TheoryData<string, string> Changes() => new()
    {
        { "primaryType", "\"Nobody\"" },
        { "primaryType", "7" },
        { "primaryType", "null" },
        { "domain", "{\"salt\":\"0x00\"}" },
        { "domain", "{\"name\":\"Ether Mail\"}" },
        { "domain", "{\"chainId\":-1}" },
        { "domain", "{\"chainId\":9223372036854775808}" },
        { "domain", "[]" },
        { "domain", "{\"name\":null}" },
        { "domain", "{\"verifyingContract\":null}" },
        { "message", "{}" },
        { "message", "[]" },
        { "message", "null" },
        { "types", "{}" },
        { "types", "[]" },
        { "types", "{\"Mail\":{}}" },
        { "types", "{\"Mail\":[{\"name\":\"a\"}]}" },
        { "types", "{\"Mail\":[{\"name\":\"a b\",\"type\":\"bool\"}]}" },
        { "types", "{\"Mail\":[{\"name\":\"a\",\"type\":\"bool\"},{\"name\":\"a\",\"type\":\"bool\"}]}" },
    };

    [Theory]
    [MemberData(nameof(Changes))]
    public void other_shapes_are_refused(string property, string value)
    {
        var json = JsonNode.Parse(Mail)!.AsObject();
        json[property] = JsonNode.Parse(value);
        Assert.Throws<TypedDataException>(() => TypedData.TypedData.FromJson(json.ToJsonString()));
        json.Remove(property);
        Assert.Throws<TypedDataException>(() => TypedData.TypedData.FromJson(json.ToJsonString()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{")]
    [InlineData("{}")]
    [InlineData("""{"types":{},"types":{},"primaryType":"A","domain":{},"message":{}}""")]
    public void other_json_is_refused(string json) => Assert.Throws<TypedDataException>(() => TypedData.TypedData.FromJson(json));

    [Fact]
    public void a_member_that_the_type_has_not_is_refused()
    {
        var json = JsonNode.Parse(Mail)!.AsObject();
        json["message"]!["hidden"] = "value";
        Assert.Throws<TypedDataException>(() => TypedData.TypedData.FromJson(json.ToJsonString()));
        var thing = new Dictionary<string, object> { ["value"] = true, ["hidden"] = true };
        Assert.Throws<TypedDataException>(() => new TypedData.TypedData(new TypedDataDomain("A", "1", 1), "Thing", Types("bool"), thing));
    }

    [Fact]
    public void endless_nesting_is_refused()
    {
        var deepType = "bool" + string.Concat(Enumerable.Repeat("[]", 100));
        Assert.Throws<TypedDataException>(() => TypedData.TypedData.FromJson(Thing(deepType, "[]")));
        Assert.Throws<TypedDataException>(() => TypedData.TypedData.FromJson(Thing("bool", new string('[', 100_000))));
        var chain = Enumerable.Range(0, 20_000)
            .ToDictionary(i => $"T{i}", i => new[] { new { name = "next", type = i == 19_999 ? "bool" : $"T{i + 1}" } });
        var json = JsonSerializer.Serialize(
            new { types = chain, primaryType = "T0", domain = new { name = "A" }, message = new { next = true } });
        Assert.Throws<TypedDataException>(() => TypedData.TypedData.FromJson(json));
    }

    [Fact]
    public void a_type_may_refer_to_itself_in_a_list()
    {
        const string Tree = """
            {"types":{"Tree":[{"name":"branches","type":"Tree[]"}]},"primaryType":"Tree","domain":{"name":"A"},
            "message":{"branches":[{"branches":[]},{"branches":[]}]}}
            """;
        var tree = TypedData.TypedData.FromJson(Tree);
        Assert.Equal("Tree(Tree[] branches)", tree.EncodeType());
        var typeHash = Keccak256.Hash("Tree(Tree[] branches)").ToBytes();
        var leaf = Keccak256.Hash([.. typeHash, .. Keccak256.Hash([]).ToBytes()]).ToBytes();
        Assert.Equal(Keccak256.Hash([.. typeHash, .. Keccak256.Hash([.. leaf, .. leaf]).ToBytes()]), tree.StructHash);
    }

    private static string Thing(string type, string value) =>
        $$"""
        {"types":{"Thing":[{"name":"value","type":"{{type}}"}]},"primaryType":"Thing","domain":{"name":"A"},"message":{"value": {{value}} }
        }
        """;

    private static TypedData.TypedData Single(string type, object value, TypedDataDomain? domain = null) => new(
        domain ?? new TypedDataDomain("A", null, null), "Thing", Types(type), new Dictionary<string, object> { ["value"] = value });

    private static Dictionary<string, IReadOnlyList<TypedDataField>> Types(string type) =>
        new() { ["Thing"] = [new TypedDataField("value", type)] };
}
