using System.CommandLine;
using Grants.Ethereum.Transactions;
using Grants.Primitives;

namespace Grants.Cli;

/// <summary>A transaction's bytes as JSON.</summary>
internal static class DecodeTransactionVerb
{
    public static Command Create()
    {
        var raw = new Argument<string>("RAW")
        {
            Description = "The signed transaction as it is sent, legacy or of EIP-2930, EIP-1559 or EIP-7702: 0x and digits.",
        };
        var command = new Command(
            "decode-tx", "Read a signed transaction; prints it as JSON with its hash and the account it is from. Amounts are in wei.")
        {
            raw,
        };
        command.SetAction(parsed => parsed.InvocationConfiguration.Output.WriteLine(
            TransactionJson.Write(SignedTransaction.Decode(Hex.Parse(parsed.GetRequiredValue(raw))))));
        return command;
    }
}
