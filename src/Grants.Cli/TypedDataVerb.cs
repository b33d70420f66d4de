using System.CommandLine;
using System.Text.Json;
using Grants.Ethereum.TypedData;

namespace Grants.Cli;

/// <summary>The hashes of EIP-712.</summary>
internal static class TypedDataVerb
{
    public static Command Create()
    {
        var file = new Argument<string>("FILE.json")
        {
            Description = "The JSON that wallets take for eth_signTypedData_v4: types, primaryType, domain and message.",
        };
        var command = new Command(
            "typed-data", "Hash typed data (EIP-712); prints {\"domainSeparator\",\"structHash\",\"digest\"}.") { file };
        command.SetAction(parsed => parsed.InvocationConfiguration.Output.WriteLine(Hash(InputFile.Read(parsed.GetRequiredValue(file)))));
        return command;
    }

    private static string Hash(string json)
    {
        var data = TypedData.FromJson(json);
        return JsonSerializer.Serialize(new Dictionary<string, string>
        {
            ["domainSeparator"] = data.DomainSeparator.ToString(),
            ["structHash"] = data.StructHash.ToString(),
            ["digest"] = data.Digest().ToString(),
        });
    }
}
