using Xunit;

namespace Grants.Ethereum.Tests.Oracles;

public sealed class TypedDataDifferentialTests
{
    [Fact]
    public Task viem_and_ethers_hash_alike() => Oracle.CompareAsync(
        TypedDataDraw.Tree, Request, (data, answer) => answer.MustBe(Hashes(data), "viem", "ethers"));

    [Fact]
    public Task viem_hashes_types_that_contain_themselves_alike() => Oracle.CompareAsync(
        TypedDataDraw.Recursive, Request, (data, answer) => answer.MustBe(Hashes(data), "viem"), shareOfCases: 10);

    [Fact]
    public Task what_is_written_as_json_is_read_with_the_same_hashes() => Oracle.CompareAsync(
        TypedDataDraw.Tree,
        Request,
        (data, answer) => answer.MustBe(Hashes(TypedData.TypedData.FromJson(data.ToJson())), "viem"),
        shareOfCases: 10);

    private static object Request(TypedData.TypedData data) => new { ask = "typedDataHash", json = data.ToJson() };

    private static System.Text.Json.JsonElement Hashes(TypedData.TypedData data) => Oracle.Json(
        new { digest = data.Digest(), domainSeparator = data.DomainSeparator, structHash = data.StructHash });
}
