using System.Globalization;
using System.Text.Json;
using Grants.Ethereum.Signing;
using Xunit;

namespace Grants.Ethereum.Tests.Oracles;

public sealed partial class SignInDifferentialTests
{
    [Fact]
    public Task what_is_written_is_read_by_siwe_with_the_same_fields() => Oracle.CompareAsync(
        SignInDraw.Message,
        message => new { ask = "parseSignIn", text = message.ToString() },
        (message, answer) =>
        {
            answer.MustBe(Fields(message), "siwe");
            var read = SignInMessage.Parse(message.ToString());
            Assert.Equivalent(message, read, strict: true);
        });

    [Fact]
    public Task what_siwe_writes_is_what_is_written_and_is_read() => Oracle.CompareAsync(
        SignInDraw.Message,
        message => new { ask = "writeSignIn", fields = Fields(message) },
        (message, answer) =>
        {
            answer.MustBe(message.ToString(), "siwe");
            Assert.Equal(message.ToString(), SignInMessage.Parse(answer.Of("siwe").GetString()!).ToString());
        });

    [Fact]
    public async Task changed_messages_are_read_or_refused_alike_but_for_what_is_listed()
    {
        var (read, refused) = (0, 0);
        await Oracle.CompareAsync(
            SignInDraw.Changed,
            text => new { ask = "parseSignIn", text },
            (text, answer) =>
            {
                if (SignInMessage.TryParse(text, out var message, out var error))
                {
                    read++;
                    Compare(answer.Of("siwe"), message);
                }
                else
                {
                    refused++;
                    Assert.True(answer.IsRefusal("siwe") || IsStricter(answer.Of("siwe"), text), $"siwe reads it. {error}");
                }
            });
        Assert.True(read > 0 && refused > 0, $"{read} read, {refused} refused.");
    }

    /// <summary>What siwe reads and we refuse on purpose.</summary>
    private static bool IsStricter(JsonElement siwe, string text)
    {
        // The statement has at least one character.
        if (siwe.Text("statement") is "")
            return true;
        // A chain id has one way to be written, and fits 64 bits.
        if (!text.Contains($"\nChain ID: {siwe.GetProperty("chainId").GetRawText()}\n", StringComparison.Ordinal))
            return true;
        // T and Z are upper case, and no minute has 61 seconds.
        if (new[] { "issuedAt", "expirationTime", "notBefore" }.Any(name => siwe.Text(name)?.AsSpan().IndexOfAny("tz") >= 0
            || siwe.Text(name)?.AsSpan(16).StartsWith(":60") == true))
            return true;
        // A host has to be a name of the DNS or an IP address, a port below 65,536, and http has an authority.
        var resources = siwe.GetProperty("resources");
        string[] uris =
        [
            siwe.Text("uri"),
            $"https://{siwe.Text("domain")}/",
            .. resources.ValueKind == JsonValueKind.Array ? resources.EnumerateArray().Select(uri => uri.GetString()!) : [],
        ];
        return !uris.All(uri => Uri.TryCreate(uri, UriKind.Absolute, out _));
    }

    private static void Compare(JsonElement siwe, SignInMessage message)
    {
        var fields = Fields(message);
        foreach (var field in fields.EnumerateObject())
        {
            var said = siwe.GetProperty(field.Name);
            if (field.Name is "issuedAt" or "expirationTime" or "notBefore" && said.ValueKind == JsonValueKind.String)
                Assert.InRange(Instant(said) - Instant(field.Value), -Tick, Tick);
            else if (field.Name == "resources" && message.Resources.Count == 0)
                Assert.True(said.ValueKind == JsonValueKind.Null || said.GetArrayLength() == 0);
            else
                Assert.True(JsonElement.DeepEquals(field.Value, said), $"{field.Name}: siwe reads {said}, we {field.Value}.");
        }
    }

    /// <summary>More than seven decimal places are cut here and rounded there.</summary>
    private static TimeSpan Tick { get; } = new(1);

    private static DateTimeOffset Instant(JsonElement text) =>
        DateTimeOffset.Parse(text.GetString()!, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind);

    private static JsonElement Fields(SignInMessage message) => Oracle.Json(new
    {
        message.Scheme,
        message.Domain,
        message.Address,
        message.Statement,
        message.Uri,
        message.Version,
        message.ChainId,
        message.Nonce,
        issuedAt = Time(message.IssuedAt),
        expirationTime = Time(message.ExpirationTime),
        notBefore = Time(message.NotBefore),
        message.RequestId,
        resources = message.Resources.Count == 0 ? null : message.Resources,
    });

    private static string? Time(DateTimeOffset? time) =>
        time?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture);
}
