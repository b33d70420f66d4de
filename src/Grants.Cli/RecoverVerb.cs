using System.CommandLine;
using Grants.Ethereum.Signing;
using Grants.Primitives;

namespace Grants.Cli;

/// <summary>Who signed a digest.</summary>
internal static class RecoverVerb
{
    public static Command Create()
    {
        var digest = new Argument<string>("DIGEST") { Description = "What was signed: 0x and 64 digits." };
        var signature = new Argument<string>("SIGNATURE")
        {
            Description = "r, s and the recovery value 0, 1, 27 or 28: 0x and 130 digits. An s in the upper half is refused (EIP-2).",
        };
        var command = new Command("recover", "Find the account that signed a digest; prints its checksummed address (EIP-55).")
        {
            digest,
            signature,
        };
        command.SetAction(parsed => parsed.InvocationConfiguration.Output.WriteLine(
            Recover(parsed.GetRequiredValue(digest), parsed.GetRequiredValue(signature))));
        return command;
    }

    private static Address Recover(string digest, string signature)
    {
        if (!Hash32.TryParse(digest, out var hash))
            throw new FormatException("A digest is 0x and 64 hexadecimal digits.");
        return Secp256k1.TryRecover(hash, Signature.Parse(signature), out var signer)
            ? signer
            : throw new FormatException("No account can have made the signature.");
    }
}
