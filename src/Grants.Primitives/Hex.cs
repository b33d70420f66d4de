using System.Diagnostics.CodeAnalysis;

namespace Grants.Primitives;

/// <summary>Hexadecimal text as Ethereum writes it: <c>0x</c>, then two digits a byte, lower case when written.</summary>
public static class Hex
{
    /// <summary>Writes <c>0x</c> and the bytes in lower case.</summary>
    public static string Format(ReadOnlySpan<byte> bytes) => "0x" + Convert.ToHexStringLower(bytes);

    /// <summary>Reads <c>0x</c> followed by an even number of digits of either case.</summary>
    /// <exception cref="FormatException">The prefix is missing, a digit is not hexadecimal, or their number is odd.</exception>
    public static byte[] Parse(string text)
    {
        if (TryParse(text, out var bytes))
            return bytes;
        throw new FormatException(Reason(text));
    }

    /// <summary>Reads as <see cref="Parse(string)"/> does, without throwing.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out byte[]? bytes)
    {
        bytes = null;
        if (text is null || text.Length % 2 != 0 || !text.StartsWith("0x", StringComparison.Ordinal))
            return false;
        var parsed = new byte[(text.Length - 2) / 2];
        if (Convert.FromHexString(text.AsSpan(2), parsed, out _, out var written) != System.Buffers.OperationStatus.Done
            || written != parsed.Length)
            return false;
        bytes = parsed;
        return true;
    }

    /// <summary>Reads exactly <paramref name="length"/> bytes.</summary>
    /// <exception cref="FormatException">Not hexadecimal, or of another length.</exception>
    public static byte[] Parse(string text, int length)
    {
        var bytes = Parse(text);
        return bytes.Length == length
            ? bytes
            : throw new FormatException($"Expected {length} bytes of hexadecimal, found {bytes.Length}.");
    }

    private static string Reason(string? text) => text switch
    {
        null => "Hexadecimal text is missing.",
        _ when !text.StartsWith("0x", StringComparison.Ordinal) => "Hexadecimal text must begin with 0x.",
        _ when text.Length % 2 != 0 => "Hexadecimal text must have two digits a byte.",
        _ => "Hexadecimal text has a character that is not a digit.",
    };
}
