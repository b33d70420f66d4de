using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using Grants.Primitives;

namespace Grants.Ethereum.Signing;

/// <summary>
/// A request to sign in with an account, by EIP-4361. Only the grammar of the standard is read, with a checksummed address, and
/// only what would be read as the same message is written; what the values must be is for the caller to judge.
/// </summary>
/// <param name="Domain">The authority of RFC 3986 that asks: a host, with a port where it is not the scheme's own.</param>
/// <param name="Address">The account that signs.</param>
/// <param name="Statement">What the person agrees to: characters of RFC 3986 and spaces, at least one; or null.</param>
/// <param name="Uri">What the signing is about, by RFC 3986.</param>
/// <param name="Version">Always <see cref="OnlyVersion"/>.</param>
/// <param name="ChainId">The chain that the session is bound to (EIP-155): not negative, at most 18 digits.</param>
/// <param name="Nonce">At least eight letters and digits, against replay.</param>
/// <param name="IssuedAt">When the message was made, by RFC 3339; to a ten-millionth of a second.</param>
/// <param name="ExpirationTime">From when on it is no longer valid, where that is said.</param>
/// <param name="NotBefore">From when on it is valid, where that is said.</param>
/// <param name="RequestId">A name for the request in the asker's system: characters of a path of RFC 3986, or nothing.</param>
/// <param name="Resources">URIs of RFC 3986 that the person is to look at, in their order.</param>
public sealed record SignInMessage(
    string Domain,
    Address Address,
    string? Statement,
    string Uri,
    string Version,
    long ChainId,
    string Nonce,
    DateTimeOffset IssuedAt,
    DateTimeOffset? ExpirationTime,
    DateTimeOffset? NotBefore,
    string? RequestId,
    IReadOnlyList<string> Resources)
{
    /// <summary>The version that the standard defines.</summary>
    public const string OnlyVersion = "1";

    /// <summary>The scheme of the origin that asks; https where it is absent.</summary>
    public string? Scheme { get; init; }

    internal const string Invitation = " wants you to sign in with your Ethereum account:";

    /// <summary>Reads the text that was signed, of at most 8,192 characters.</summary>
    /// <exception cref="FormatException">The text departs from the standard; the message says where.</exception>
    public static SignInMessage Parse(string text) => SignInParser.Parse(text);

    /// <summary>Reads as <see cref="Parse"/> does, without throwing.</summary>
    public static bool TryParse(
        string? text, [NotNullWhen(true)] out SignInMessage? message, [NotNullWhen(false)] out string? error)
    {
        (message, error) = (null, null);
        try
        {
            message = SignInParser.Parse(text ?? throw new FormatException("The sign-in message is missing."));
            return true;
        }
        catch (FormatException wrong)
        {
            error = wrong.Message;
            return false;
        }
    }

    /// <summary>The text to sign. Times are written in UTC.</summary>
    /// <exception cref="FormatException">
    /// A field is not of the standard, or would be read as something else, such as one with a line break.
    /// </exception>
    public override string ToString()
    {
        var text = Compose();
        var read = SignInParser.Parse(text);
        return read with { Resources = Resources } == this && read.Resources.SequenceEqual(Resources)
            ? text
            : throw new FormatException("A field of the sign-in message would be read as others.");
    }

    private string Compose()
    {
        var text = new StringBuilder();
        if (Scheme is not null)
            text.Append(Scheme).Append("://");
        text.Append(Domain).Append(Invitation).Append('\n').Append(Address).Append("\n\n");
        if (Statement is not null)
            text.Append(Statement).Append('\n');
        text.Append("\nURI: ").Append(Uri)
            .Append("\nVersion: ").Append(Version)
            .Append("\nChain ID: ").Append(CultureInfo.InvariantCulture, $"{ChainId}")
            .Append("\nNonce: ").Append(Nonce)
            .Append("\nIssued At: ").Append(Time(IssuedAt));
        if (ExpirationTime is { } expiration)
            text.Append("\nExpiration Time: ").Append(Time(expiration));
        if (NotBefore is { } notBefore)
            text.Append("\nNot Before: ").Append(Time(notBefore));
        if (RequestId is not null)
            text.Append("\nRequest ID: ").Append(RequestId);
        if (Resources.Count > 0)
            text.Append("\nResources:");
        foreach (var resource in Resources)
            text.Append("\n- ").Append(resource);
        return text.ToString();
    }

    private static string Time(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture);
}
