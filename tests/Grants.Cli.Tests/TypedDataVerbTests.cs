using System.Text;
using System.Text.Json;
using Xunit;

namespace Grants.Cli.Tests;

public sealed class TypedDataVerbTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("grants-cli-");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public void typed_data_is_hashed_as_another_implementation_does()
    {
        foreach (var vector in Tool.Cases("typed-data.json"))
        {
            var hashes = new[] { "domainSeparator", "structHash", "digest" };
            var expected = hashes.Select(name => $"\"{name}\":\"{vector.GetProperty(name).GetString()}\"");
            Assert.Equal($"{{{string.Join(',', expected)}}}", Hash(vector.GetProperty("payload").GetRawText()).Line());
        }
    }

    [Fact]
    public void a_byte_order_mark_does_not_matter()
    {
        var payload = Encoding.UTF8.GetBytes(Tool.Cases("typed-data.json")[0].GetProperty("payload").GetRawText());
        Assert.Equal(Hash(payload).Line(), Hash([.. Encoding.UTF8.Preamble, .. payload]).Line());
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"types\":{},\"domain\":{},\"primaryType\":\"X\",\"message\":{}}")]
    [InlineData("{\"types\":{},\"domain\":{\"\\u001b[31m\\n\":1},\"primaryType\":\"X\",\"message\":{}}")]
    [InlineData("{\n\n  \"types\": {\n}")]
    public void what_is_not_typed_data_is_refused_in_one_line(string json) => Hash(json).Refusal();

    [Fact]
    public void bytes_that_are_no_text_are_refused() =>
        Assert.Contains("UTF-8", Hash([(byte)'{', 0xc3, 0x28]).Refusal(), StringComparison.Ordinal);

    [Fact]
    public void a_file_that_is_too_large_is_refused() =>
        Assert.Contains("4194304", Hash(new byte[5 * 1024 * 1024]).Refusal(), StringComparison.Ordinal);

    [Fact]
    public void a_file_that_cannot_be_read_is_refused()
    {
        var missing = Tool.Run("typed-data", Path.Combine(folder.FullName, "none.json")).Refusal();
        Assert.Contains("none.json", missing, StringComparison.Ordinal);
        Tool.Run("typed-data", "").Refusal();
        Tool.Run("typed-data", Path.Combine(folder.FullName, "none", "none.json")).Refusal();
        Tool.Run("typed-data", folder.FullName).Refusal();
    }

    [Fact]
    public void an_amount_of_one_more_is_another_digest()
    {
        const string Payload =
            """
            {"types":{"Pay":[{"name":"amount","type":"uint256"}]},"domain":{"name":"Grants"},"primaryType":"Pay",
            "message":{"amount":"AMOUNT"}}
            """;
        var digests = new[] { "1", "2" }.Select(amount => Digest(Payload.Replace("AMOUNT", amount, StringComparison.Ordinal)));
        Assert.Equal(2, digests.Distinct().Count());
    }

    private string Digest(string json) => JsonDocument.Parse(Hash(json).Line()).RootElement.GetProperty("digest").GetString()!;

    private Tool Hash(string json) => Hash(Encoding.UTF8.GetBytes(json));

    private Tool Hash(byte[] json)
    {
        var path = Path.Combine(folder.FullName, "typed.json");
        File.WriteAllBytes(path, json);
        return Tool.Run("typed-data", path);
    }
}
