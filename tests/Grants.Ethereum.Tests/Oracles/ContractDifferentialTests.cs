using System.Text.Json;
using Grants.Ethereum.Abi;
using Grants.Primitives;
using Xunit;

namespace Grants.Ethereum.Tests.Oracles;

public sealed class ContractDifferentialTests
{
    [Fact]
    public Task viem_and_ethers_name_what_a_json_document_declares_alike() => Oracle.CompareAsync(
        ContractDraw.Contract,
        contract => new { ask = "abiSelectors", abi = JsonElement.Parse(ContractDraw.Json(contract)) },
        (contract, answer) =>
        {
            var abi = ContractAbi.Parse(ContractDraw.Json(contract));
            answer.MustBe(Oracle.Json(contract.Select(one => Selector(abi, one))), "viem", "ethers");
        });

    [Fact]
    public Task viem_and_ethers_call_a_function_of_a_json_document_alike() => Oracle.CompareAsync(
        ContractDraw.Call,
        drawn => new
        {
            ask = "abiCall", abi = JsonElement.Parse(ContractDraw.Json([drawn.Function])), values = AbiDraw.Json(drawn.Values),
        },
        (drawn, answer) =>
        {
            var function = ContractAbi.Parse(ContractDraw.Json([drawn.Function])).Function("f");
            answer.MustBe(Hex.Format(function.Encode(drawn.Values)), "viem", "ethers");
        });

    private static string Selector(ContractAbi abi, ContractDraw.Declared one) => one.Kind switch
    {
        "function" => Hex.Format(abi.Function(one.Signature).Selector),
        "error" => Hex.Format(abi.Error(one.Signature).Selector),
        _ => abi.Event(one.Signature).Topic0.ToString(),
    };
}
