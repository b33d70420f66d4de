using System.Globalization;
using System.Text;
using Grants.Primitives;

namespace Grants.Ethereum.Signing;

/// <summary>Messages that people sign as text, by EIP-191 version 0x45.</summary>
public static class PersonalMessage
{
    /// <summary>The hash that is signed for the text's UTF-8 bytes.</summary>
    public static Hash32 Digest(string text) => Digest(Encoding.UTF8.GetBytes(text));

    /// <summary>The hash that is signed for the bytes.</summary>
    public static Hash32 Digest(ReadOnlySpan<byte> message)
    {
        var prefix = string.Create(CultureInfo.InvariantCulture, $"\u0019Ethereum Signed Message:\n{message.Length}");
        return Keccak256.Hash([.. Encoding.ASCII.GetBytes(prefix), .. message]);
    }
}
