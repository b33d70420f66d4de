using System.Buffers;
using System.Text.RegularExpressions;

namespace Grants.Ethereum.Signing;

/// <summary>The parts of RFC 3986 that sign-in messages use.</summary>
internal static partial class UriSyntax
{
    private const string Unreserved = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
    private const string SubDelimiters = "!$&'()*+,;=";

    private static readonly SearchValues<char> PathCharacters = SearchValues.Create(Unreserved + SubDelimiters + ":@%");
    private static readonly SearchValues<char> AuthorityCharacters = SearchValues.Create(Unreserved + SubDelimiters + ":@%[]");
    private static readonly SearchValues<char> UriCharacters = SearchValues.Create(Unreserved + SubDelimiters + ":@%/?#[]");
    private static readonly SearchValues<char> TextCharacters = SearchValues.Create(Unreserved + SubDelimiters + ":/?#[]@ ");

    /// <summary>Zero or more pchar.</summary>
    public static bool IsPathText(string text) => Consists(text, PathCharacters);

    /// <summary>Zero or more of reserved, unreserved and space.</summary>
    public static bool IsPlainText(string text) => !text.AsSpan().ContainsAnyExcept(TextCharacters);

    public static bool IsScheme(string text) => text.Length > 0
        && char.IsAsciiLetter(text[0])
        && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '+' or '-' or '.');

    public static bool IsAuthority(string text) => text.Length > 0
        && Consists(text, AuthorityCharacters)
        && Uri.TryCreate($"https://{text}/", UriKind.Absolute, out var uri)
        && uri.AbsolutePath == "/";

    public static bool IsUri(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon > 0
            && IsScheme(text[..colon])
            && Consists(text, UriCharacters)
            && text.Count(c => c == '#') <= 1
            && IpLiteral().Replace(text, string.Empty, 1).AsSpan().IndexOfAny('[', ']') < 0
            && Uri.TryCreate(text, UriKind.Absolute, out _);
    }

    // Brackets stand around an IP address at the host's place and nowhere else.
    [GeneratedRegex(@"(?<=^[A-Za-z][^:/]*://([^/?#\[\]@]*@)?)\[[^\[\]]*\](?=[:/?#]|$)")]
    private static partial Regex IpLiteral();

    private static bool Consists(string text, SearchValues<char> characters)
    {
        if (text.AsSpan().ContainsAnyExcept(characters))
            return false;
        for (var at = text.IndexOf('%', StringComparison.Ordinal); at >= 0; at = text.IndexOf('%', at + 1))
        {
            if (at + 2 >= text.Length || !char.IsAsciiHexDigit(text[at + 1]) || !char.IsAsciiHexDigit(text[at + 2]))
                return false;
        }

        return true;
    }
}
