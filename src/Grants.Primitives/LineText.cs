using System.Globalization;
using System.Text;

namespace Grants.Primitives;

/// <summary>One line that people read and compare with their eyes: what they cannot see must not be in it.</summary>
public static class LineText
{
    /// <summary>More marks over one another than any language has are made to cover other lines.</summary>
    private const int MarksMax = 8;

    private const int ZeroWidthNonJoiner = 0x200C;
    private const int ZeroWidthJoiner = 0x200D;

    /// <summary>
    /// Whether the text has 1 to so many UTF-16 units that are not all blank, without control characters, line ends, characters that turn
    /// the direction of writing or have no width (joiners within a word or an emoji aside), and halves of surrogate pairs.
    /// </summary>
    public static bool IsLine(string text, int lengthMax)
    {
        if (string.IsNullOrWhiteSpace(text) || text.Length > lengthMax)
            return false;
        var marks = 0;
        var before = default(Rune);
        foreach (var rune in text.EnumerateRunes())
        {
            var category = Rune.GetUnicodeCategory(rune);
            marks = category is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark ? marks + 1 : 0;
            // Half of a surrogate pair is read as the replacement character.
            if (marks > MarksMax || rune == Rune.ReplacementChar || IsUnseen(rune, category, before))
                return false;
            before = rune;
        }

        return before.Value is not (ZeroWidthJoiner or ZeroWidthNonJoiner);
    }

    private static bool IsUnseen(Rune rune, UnicodeCategory category, Rune before) => category switch
    {
        UnicodeCategory.Format => rune.Value is not (ZeroWidthJoiner or ZeroWidthNonJoiner) || before.Value < 0x80
            || before.Value is ZeroWidthJoiner or ZeroWidthNonJoiner,
        UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator => true,
        _ => false,
    };
}
