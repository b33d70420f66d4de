using System.CommandLine;
using System.Text;
using System.Text.Json;
using Grants.Ethereum.TypedData;

namespace Grants.Cli;

/// <summary>The hashes of EIP-712.</summary>
internal static class TypedDataVerb
{
    private const int LargestFile = 4 * 1024 * 1024;

    private static readonly UTF8Encoding StrictText = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static Command Create()
    {
        var file = new Argument<string>("FILE.json")
        {
            Description = "The JSON that wallets take for eth_signTypedData_v4: types, primaryType, domain and message.",
        };
        var command = new Command(
            "typed-data", "Hash typed data (EIP-712); prints {\"domainSeparator\",\"structHash\",\"digest\"}.") { file };
        command.SetAction(parsed => parsed.InvocationConfiguration.Output.WriteLine(Hash(Read(parsed.GetRequiredValue(file)))));
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

    private static string Read(string path)
    {
        using var file = File.OpenRead(path);
        var bytes = new byte[LargestFile + 1];
        var length = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        if (length > LargestFile)
            throw new FormatException($"{path} has more than {LargestFile} bytes.");
        try
        {
            var text = bytes.AsSpan(0, length);
            return StrictText.GetString(text.StartsWith(Encoding.UTF8.Preamble) ? text[Encoding.UTF8.Preamble.Length..] : text);
        }
        catch (DecoderFallbackException wrong)
        {
            throw new FormatException($"{path} is not UTF-8.", wrong);
        }
    }
}
