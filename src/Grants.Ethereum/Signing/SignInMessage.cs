using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using Grants.Primitives;

namespace Grants.Ethereum.Signing;

/// <summary>
/// A request to sign in with an account, by EIP-4361. Parsing accepts only the grammar of the standard, with a checksummed
/// address; what the values must be is for the caller to judge.
/// </summary>
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

    /// <exception cref="FormatException">The text departs from the standard.</exception>
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
    public override string ToString()
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
