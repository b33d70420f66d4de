namespace Grants.Tidy.Sources;

/// <summary>C# source with comments, texts and directives blanked out, so that what is left can be scanned for its shape.</summary>
internal static class CSharpText
{
    /// <summary>Answers a text of the same length with the same line ends. Not a compiler: it reads code that compiles.</summary>
    public static string Blank(string source)
    {
        var text = source.ToCharArray();
        for (var i = 0; i < text.Length;)
        {
            var end = EndOf(source, i);
            for (var j = i; j < end && end > i + 1; j++)
                text[j] = source[j] is '\n' or '\r' ? source[j] : ' ';
            i = end;
        }

        return new string(text);
    }

    // The end of the comment, text or directive that begins here, or of the one character that does not begin any.
    private static int EndOf(string source, int i) => source[i] switch
    {
        '/' when Next(source, i) == '/' => LineEnd(source, i),
        '/' when Next(source, i) == '*' => After(source, "*/", i + 2),
        '#' when source[..i].LastIndexOf('\n') is var line && string.IsNullOrWhiteSpace(source[(line + 1)..i]) => LineEnd(source, i),
        '\'' => Escaped(source, i + 1, '\''),
        '"' or '$' or '@' => EndOfText(source, i),
        _ => i + 1,
    };

    private static int EndOfText(string source, int start)
    {
        var quote = start;
        while (quote < source.Length && source[quote] is '$' or '@')
            quote++;
        if (quote == source.Length || source[quote] != '"')
            return start + 1;
        var prefix = source[start..quote];
        var verbatim = prefix.Contains('@', StringComparison.Ordinal);
        var quotes = source.AsSpan(quote).IndexOfAnyExcept('"') is var run and >= 0 ? run : source.Length - quote;
        if (quotes >= 3 && !verbatim)
            return After(source, new string('"', quotes), quote + quotes);
        if (quotes == 2)
            return quote + 2;
        return prefix.Length == 0
            ? Escaped(source, quote + 1, '"')
            : Composed(source, quote + 1, verbatim, holes: prefix.Contains('$', StringComparison.Ordinal));
    }

    private static int Escaped(string source, int i, char quote)
    {
        while (i < source.Length && source[i] != quote)
            i += source[i] == '\\' ? 2 : 1;
        return Math.Min(i + 1, source.Length);
    }

    // A hole is code and may hold texts of its own, with quotes that do not end this one.
    private static int Composed(string source, int i, bool verbatim, bool holes)
    {
        for (var depth = 0; i < source.Length;)
        {
            var c = source[i];
            if (depth > 0)
            {
                depth += c == '{' ? 1 : c == '}' ? -1 : 0;
                i = c is '{' or '}' ? i + 1 : EndOf(source, i);
            }
            else if (c == '"' && !(verbatim && Next(source, i) == '"'))
                return i + 1;
            else if (c == '"' || (c == '\\' && !verbatim) || (holes && c == '{' && Next(source, i) == '{'))
                i += 2;
            else
            {
                depth += holes && c == '{' ? 1 : 0;
                i++;
            }
        }

        return source.Length;
    }

    private static char Next(string source, int i) => i + 1 < source.Length ? source[i + 1] : '\0';

    private static int LineEnd(string source, int i) => source.IndexOf('\n', i) is var end and >= 0 ? end : source.Length;

    private static int After(string source, string mark, int from) =>
        source.IndexOf(mark, from, StringComparison.Ordinal) is var found and >= 0 ? found + mark.Length : source.Length;
}
