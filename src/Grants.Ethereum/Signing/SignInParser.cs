using System.Globalization;
using Grants.Primitives;

namespace Grants.Ethereum.Signing;

/// <summary>Reads a sign-in message line by line, as the grammar of EIP-4361 has it.</summary>
internal sealed class SignInParser
{
    private const int LongestText = 8_192;
    private const int ShortestNonce = 8;
    private const int LongestChainId = 18;
    private const string RequestId = "Request ID: ";

    private readonly string[] lines;
    private int next;

    private SignInParser(string text) => lines = text.Split('\n');

    private string? Next => next < lines.Length ? lines[next] : null;

    public static SignInMessage Parse(string text) => text.Length <= LongestText
        ? new SignInParser(text).Message()
        : throw new FormatException($"The sign-in message has more than {LongestText} characters.");

    private SignInMessage Message()
    {
        var (scheme, domain) = Origin();
        var address = Address();
        Expect("");
        var statement = Next is "" ? null : Line();
        if (statement is not null)
            Check(UriSyntax.IsPlainText(statement), "statement");
        Expect("");
        var message = new SignInMessage(
            domain,
            address,
            statement,
            Checked("URI: ", UriSyntax.IsUri),
            Checked("Version: ", version => version == SignInMessage.OnlyVersion),
            ChainId(),
            Checked("Nonce: ", nonce => nonce.Length >= ShortestNonce && nonce.All(char.IsAsciiLetterOrDigit)),
            Time("Issued At: ") ?? throw Wrong("Issued At"),
            Time("Expiration Time: "),
            Time("Not Before: "),
            Next?.StartsWith(RequestId, StringComparison.Ordinal) is true ? Checked(RequestId, UriSyntax.IsPathText) : null,
            Resources())
        {
            Scheme = scheme,
        };
        Check(Next is null, "end");
        return message;
    }

    private (string? Scheme, string Domain) Origin()
    {
        var line = Line();
        Check(line.EndsWith(SignInMessage.Invitation, StringComparison.Ordinal), "first line");
        var origin = line[..^SignInMessage.Invitation.Length];
        var separator = origin.IndexOf("://", StringComparison.Ordinal);
        var scheme = separator < 0 ? null : origin[..separator];
        Check(scheme is null || UriSyntax.IsScheme(scheme), "scheme");
        var domain = separator < 0 ? origin : origin[(separator + 3)..];
        Check(UriSyntax.IsAuthority(domain), "domain");
        return (scheme, domain);
    }

    private Address Address()
    {
        var line = Line();
        Check(Primitives.Address.TryParse(line, out var address) && line == address.ToString(), "checksummed address");
        return address;
    }

    private long ChainId()
    {
        var text = Checked(
            "Chain ID: ",
            digits => digits.Length is > 0 and <= LongestChainId
                && digits.All(char.IsAsciiDigit)
                && (digits[0] != '0' || digits.Length == 1));
        return long.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);
    }

    private List<string> Resources()
    {
        var resources = new List<string>();
        if (Next is null)
            return resources;
        Expect("Resources:");
        while (Next is not null)
            resources.Add(Checked("- ", UriSyntax.IsUri, "resource"));
        return resources;
    }

    private DateTimeOffset? Time(string tag)
    {
        if (Optional(tag) is not { } text)
            return null;
        Check(TryTime(text, out var time), tag.TrimEnd(' ', ':'));
        return time;
    }

    /// <summary>The date-time of RFC 3339. Digits after the seventh decimal place are cut off.</summary>
    private static bool TryTime(string text, out DateTimeOffset time)
    {
        const string Seconds = "yyyy-MM-dd'T'HH:mm:ss";
        const int SecondsLength = 19;
        const int MostDigits = 7;
        time = default;
        if (text.Length <= SecondsLength)
            return false;
        var zone = text.AsSpan(SecondsLength);
        var fraction = "";
        if (zone[0] == '.')
        {
            var digits = zone[1..].IndexOfAnyExceptInRange('0', '9');
            if (digits <= 0)
                return false;
            fraction = zone.Slice(1, Math.Min(digits, MostDigits)).ToString();
            zone = zone[(digits + 1)..];
        }

        var normal = $"{text.AsSpan(0, SecondsLength)}.{fraction.PadRight(MostDigits, '0')}{(zone is "Z" ? "+00:00" : zone)}";
        return (zone is "Z" || (zone.Length == 6 && zone[0] is '+' or '-'))
            && DateTimeOffset.TryParseExact(
                normal, Seconds + ".fffffffzzz", CultureInfo.InvariantCulture, DateTimeStyles.None, out time);
    }

    private string Checked(string tag, Func<string, bool> isValid, string? what = null)
    {
        what ??= tag.TrimEnd(' ', ':');
        var value = Optional(tag) ?? throw Wrong(what);
        Check(isValid(value), what);
        return value;
    }

    private string? Optional(string tag) =>
        Next is { } line && line.StartsWith(tag, StringComparison.Ordinal) ? Line()[tag.Length..] : null;

    private void Expect(string line) => Check(Line() == line, line.Length == 0 ? "blank line" : line);

    private string Line() => next < lines.Length ? lines[next++] : throw Wrong("line");

    private static void Check(bool isRight, string what)
    {
        if (!isRight)
            throw Wrong(what);
    }

    private static FormatException Wrong(string what) => new($"The sign-in message has no right {what}.");
}
