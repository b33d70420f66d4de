using System.Globalization;
using System.Text;
using Grants.Primitives;

namespace Grants.Ethereum.Abi;

/// <summary>Says in words why a call reverted, by the errors of Solidity and those that a caller knows.</summary>
public static class RevertReason
{
    private const int LongestReason = 300;

    private static readonly AbiError Error = AbiError.Parse("error Error(string message)");
    private static readonly AbiError Panic = AbiError.Parse("error Panic(uint256 code)");

    /// <summary>
    /// The message of <c>require</c>, the meaning of a panic, or the name and arguments of a known error. The text comes
    /// from whoever wrote the contract: it is cut and its control characters are replaced.
    /// </summary>
    public static string Describe(ReadOnlySpan<byte> data, IEnumerable<AbiError> known)
    {
        if (data.IsEmpty)
            return "reverted without a reason";
        if (Error.TryDecode(data, out var message))
            return Printable((string)message[0]);
        if (Panic.TryDecode(data, out var code))
            return $"panic: {Meaning((UInt256)code[0])}";
        foreach (var error in known)
        {
            if (error.TryDecode(data, out var arguments))
                return Printable($"{error.Name}({string.Join(", ", arguments.Select(Text))})");
        }

        return $"reverted with unknown data {Hex.Format(data[..Math.Min(data.Length, 36)])}";
    }

    /// <summary>The codes of Solidity's "Panic via assert and error via require".</summary>
    private static string Meaning(UInt256 code) => code <= 0xff
        ? (ulong)code switch
        {
            0x01 => "an assertion failed",
            0x11 => "arithmetic overflow or underflow",
            0x12 => "division by zero",
            0x21 => "conversion to a missing enum value",
            0x22 => "wrongly encoded storage byte array",
            0x31 => "pop of an empty array",
            0x32 => "index out of bounds",
            0x41 => "too much memory",
            0x51 => "call of an uninitialized function",
            var other => string.Create(CultureInfo.InvariantCulture, $"code 0x{other:x2}"),
        }
        : $"code {code}";

    private static string Text(object value) => value switch
    {
        byte[] bytes => Hex.Format(bytes),
        object[] items => $"[{string.Join(", ", items.Select(Text))}]",
        string text => $"\"{text}\"",
        _ => value.ToString()!,
    };

    private static string Printable(string text)
    {
        var printable = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            if (printable.Length >= LongestReason)
                return printable.Append('…').ToString();
            var hidden = Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format
                or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
            printable.Append(hidden ? "�" : rune.ToString());
        }

        return printable.ToString();
    }
}
