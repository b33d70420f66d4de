using System.Globalization;

namespace Grants.Service.Api.Documents;

/// <summary>
/// Whether every character of a document can be stored and shown: the null character and halves of surrogate pairs cannot, written as
/// they are or as an escape.
/// </summary>
internal static class EscapedText
{
    public static bool IsSound(string text)
    {
        var high = false;
        for (var i = 0; i < text.Length;)
        {
            var (unit, length) = At(text, i);
            if (unit == 0 || (unit is >= 0xDC00 and <= 0xDFFF) != high)
                return false;
            high = unit is >= 0xD800 and <= 0xDBFF;
            i += length;
        }

        return !high;
    }

    // The code unit that stands here, and in how many characters it is written.
    private static (int Unit, int Length) At(string text, int i)
    {
        if (text[i] != '\\' || i + 1 == text.Length)
            return (text[i], 1);
        if (text[i + 1] != 'u')
            return (text[i + 1], 2);
        if (i + 2 < text.Length && text[i + 2] == '{')
        {
            var end = text.IndexOf('}', i + 2);
            return end > 0 && Hexadecimal(text.AsSpan(i + 3, Math.Min(end - i - 3, 8))) is { } point
                ? Braced(point, end + 1 - i)
                : ('u', 2);
        }

        return i + 6 <= text.Length && Hexadecimal(text.AsSpan(i + 2, 4)) is { } unit ? (unit, 6) : ('u', 2);
    }

    // A surrogate in braces is no character, even beside its other half.
    private static (int Unit, int Length) Braced(int point, int length) => (point is >= 0xD800 and <= 0xDFFF ? 0 : point, length);

    private static int? Hexadecimal(ReadOnlySpan<char> digits) =>
        int.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value) && value >= 0 ? value : null;
}
