using System.Globalization;
using Grants.Ethereum.Signing;
using Grants.Ethereum.Tests.Oracles;
using Grants.Primitives;
using Xunit;

namespace Grants.Ethereum.Tests;

public sealed class SignInMessageTests
{
    private const string Example = """
        example.com wants you to sign in with your Ethereum account:
        0xC02aaA39b223FE8D0A0e5C4F27eAD9083C756Cc2

        I accept the ExampleOrg Terms of Service: https://example.com/tos

        URI: https://example.com/login
        Version: 1
        Chain ID: 1
        Nonce: 32891756
        Issued At: 2021-09-30T16:25:24Z
        Expiration Time: 2021-09-30T17:25:24.25+02:00
        Not Before: 2021-09-30T16:00:00-00:30
        Request ID: some-id
        Resources:
        - ipfs://bafybeiemxf5abjwjbikoz4mc3a3dla6ual3jsgpdr4cjr3oz3evfyavhwq/
        - https://example.com/my-web2-claim.json
        """;

    private static readonly SignInMessage Good = new(
        "localhost:5000", Address.Zero, null, "http://localhost:5000/", SignInMessage.OnlyVersion, 31337, "abcdefgh",
        new DateTimeOffset(2024, 1, 2, 3, 4, 5, 678, TimeSpan.FromHours(2)), null, null, "", [])
    {
        Scheme = "http",
    };

    private static readonly Dictionary<string, SignInMessage> Bad = new()
    {
        ["a chain id below zero"] = Good with { ChainId = -1 },
        ["a chain id of nineteen digits"] = Good with { ChainId = long.MaxValue },
        ["a statement without characters"] = Good with { Statement = "" },
        ["a statement of two lines"] = Good with { Statement = "I accept\nURI: https://other.example/" },
        ["a statement with a letter that is not of ASCII"] = Good with { Statement = "I äccept" },
        ["a domain that is none"] = Good with { Domain = "exa mple.com" },
        ["no domain"] = Good with { Domain = "" },
        ["a domain with a scheme"] = Good with { Domain = "http://localhost:5000", Scheme = null },
        ["a domain that goes on with an address"] = Good with { Domain = $"evil.example{SignInMessage.Invitation}\n{Address.Zero}\n" },
        ["a scheme that is none"] = Good with { Scheme = "1http" },
        ["no scheme before the colon"] = Good with { Scheme = "" },
        ["a URI that is none"] = Good with { Uri = "localhost" },
        ["a URI with a space"] = Good with { Uri = "http://localhost/a b" },
        ["a URI of two lines"] = Good with { Uri = "http://localhost/\nVersion: 1" },
        ["another version"] = Good with { Version = "2" },
        ["a nonce of seven characters"] = Good with { Nonce = "abcdefg" },
        ["a nonce with a hyphen"] = Good with { Nonce = "abcd-efgh" },
        ["a request id with a space"] = Good with { RequestId = "a b" },
        ["a request id that goes on with resources"] = Good with { RequestId = "a\nResources:\n- https://evil.example/" },
        ["a resource that is none"] = Good with { Resources = [""] },
        ["a resource of two lines"] = Good with { Resources = ["https://a.example/\n- https://b.example/"] },
        ["more than may be read"] = Good with { Resources = [.. Enumerable.Repeat("https://a.example/", 500)] },
    };

    [Fact]
    public void messages_of_another_implementation_are_read_written_and_verified()
    {
        foreach (var vector in VectorFile.Cases("sign-in.json"))
        {
            var (fields, text) = (vector.GetProperty("fields"), vector.Text("text"));
            var message = SignInMessage.Parse(text);
            Assert.Equal(fields.Text("domain"), message.Domain);
            Assert.Equal(fields.Text("address"), message.Address.ToString());
            Assert.Equal(fields.Text("uri"), message.Uri);
            Assert.Equal(fields.Text("nonce"), message.Nonce);
            Assert.Equal(fields.GetProperty("chainId").GetInt64(), message.ChainId);
            Assert.Equal(fields.TryGetProperty("statement", out var statement) ? statement.GetString() : null, message.Statement);
            Assert.Equal(fields.TryGetProperty("scheme", out var scheme) ? scheme.GetString() : null, message.Scheme);
            Assert.Equal(fields.TryGetProperty("requestId", out var id) ? id.GetString() : null, message.RequestId);
            Assert.Equal(fields.TryGetProperty("resources", out var list) ? list.GetArrayLength() : 0, message.Resources.Count);
            Assert.Equal(
                DateTimeOffset.Parse(fields.Text("issuedAt"), CultureInfo.InvariantCulture), message.IssuedAt);
            Assert.Equal(text, message.ToString());
            Assert.Equal(vector.Text("digest"), PersonalMessage.Digest(text).ToString());
            Assert.True(Secp256k1.TryRecover(PersonalMessage.Digest(text), Signature.Parse(vector.Text("signature")), out var signer));
            Assert.Equal(message.Address, signer);
        }
    }

    [Fact]
    public void every_field_of_the_example_is_read()
    {
        var message = SignInMessage.Parse(Example);
        Assert.Equal("example.com", message.Domain);
        Assert.Null(message.Scheme);
        Assert.Equal("I accept the ExampleOrg Terms of Service: https://example.com/tos", message.Statement);
        Assert.Equal(new DateTimeOffset(2021, 9, 30, 16, 25, 24, TimeSpan.Zero), message.IssuedAt);
        Assert.Equal(new DateTimeOffset(2021, 9, 30, 15, 25, 24, 250, TimeSpan.Zero), message.ExpirationTime);
        Assert.Equal(new DateTimeOffset(2021, 9, 30, 16, 30, 0, TimeSpan.Zero), message.NotBefore);
        Assert.Equal("some-id", message.RequestId);
        Assert.Equal(2, message.Resources.Count);
        Assert.Equal("https://example.com/my-web2-claim.json", message.Resources[1]);
    }

    public static TheoryData<string, string> Changes() => new()
    {
        { "example.com wants", "exa mple.com wants" },
        { "example.com wants", " wants" },
        { "example.com wants", "example.com/path wants" },
        { "example.com wants", "1https://example.com wants" },
        { "example.com wants", "exämple.com wants" },
        { "example.com wants", "example.com:port wants" },
        { "account:", "account: " },
        { "account:", "account" },
        { "0xC02a", "0xc02a" },
        { "0xC02a", "0XC02a" },
        { "Cc2\n", "Cc\n" },
        { "Cc2\n\n", "Cc2\n" },
        { "I accept", "\nI accept" },
        { "I accept", "I accept\nnothing" },
        { "I accept", "I äccept" },
        { "I accept", "I\taccept" },
        { "/tos\n\n", "/tos\n" },
        { "URI: https", "URI: " },
        { "URI: ", "Uri: " },
        { "URI: ", "URI:" },
        { "/login", "/log in" },
        { "/login", "/log%2in" },
        { "/login", "/log<in" },
        { "Version: 1", "Version: 2" },
        { "Version: 1", "Version: 01" },
        { "Chain ID: 1", "Chain ID: " },
        { "Chain ID: 1", "Chain ID: -1" },
        { "Chain ID: 1", "Chain ID: 01" },
        { "Chain ID: 1", "Chain ID: 0x1" },
        { "Chain ID: 1", "Chain ID: １" },
        { "Chain ID: 1", "Chain ID: 11111111111111111111" },
        { "32891756", "3289175" },
        { "32891756", "3289175-6" },
        { "32891756", "3289175é" },
        { "2021-09-30T16:25:24Z", "2021-09-30 16:25:24Z" },
        { "2021-09-30T16:25:24Z", "2021-09-30T16:25:24" },
        { "2021-09-30T16:25:24Z", "2021-09-30T16:25:24.Z" },
        { "2021-09-30T16:25:24Z", "2021-09-30T16:25Z" },
        { "2021-09-30T16:25:24Z", "2021-02-30T16:25:24Z" },
        { "2021-09-30T16:25:24Z", "2021-09-30T24:25:24Z" },
        { "2021-09-30T16:25:24Z", "2021-09-30T16:25:24Z " },
        { "2021-09-30T16:25:24Z", "2021-09-30T16:25:24+0200" },
        { "2021-09-30T16:25:24Z", "1632932724" },
        { "Request ID: some-id", "Request ID: some id" },
        { "Request ID: some-id", "Request ID: some/id" },
        { "Request ID: some-id", "Request ID: a\nRequest ID: b" },
        { "Resources:", "Resources: " },
        { "- ipfs", "-ipfs" },
        { "- ipfs", "* ipfs" },
        { "- ipfs", "- \n- ipfs" },
        { "claim.json", "claim.json\n" },
        { "claim.json", "claim.json\nmore" },
        { "Nonce: 32891756\n", "" },
        { "Nonce: 32891756\n", "Nonce: 32891756\r\n" },
    };

    [Theory]
    [MemberData(nameof(Changes))]
    public void a_departure_from_the_grammar_is_refused(string part, string replacement)
    {
        Assert.Contains(part, Example, StringComparison.Ordinal);
        Assert.False(SignInMessage.TryParse(Example.Replace(part, replacement, StringComparison.Ordinal), out var message, out var error));
        Assert.Null(message);
        Assert.NotEmpty(error);
    }

    [Fact]
    public void text_that_is_missing_cut_off_or_endless_is_refused()
    {
        Assert.False(SignInMessage.TryParse(null, out _, out _));
        Assert.False(SignInMessage.TryParse("", out _, out _));
        Assert.False(SignInMessage.TryParse(Example + new string('x', 10_000), out _, out _));
        var issued = Example.IndexOf("24Z", StringComparison.Ordinal) + 3;
        for (var length = 0; length < issued; length++)
            Assert.False(SignInMessage.TryParse(Example[..length], out _, out _));
        Assert.True(SignInMessage.TryParse(Example[..issued], out _, out _));
        Assert.Throws<FormatException>(() => SignInMessage.Parse("nothing"));
    }

    [Fact]
    public void fields_in_another_order_are_refused()
    {
        const string NotBefore = "Not Before: 2021-09-30T16:00:00-00:30\n", RequestId = "Request ID: some-id\n";
        var swapped = Example.Replace(NotBefore + RequestId, RequestId + NotBefore, StringComparison.Ordinal);
        Assert.NotEqual(Example, swapped);
        Assert.False(SignInMessage.TryParse(swapped, out _, out _));
    }

    [Theory]
    [InlineData("- ipfs://bafybeiemxf5abjwjbikoz4mc3a3dla6ual3jsgpdr4cjr3oz3evfyavhwq/", "- no uri", "resource")]
    [InlineData("- ipfs://bafybeiemxf5abjwjbikoz4mc3a3dla6ual3jsgpdr4cjr3oz3evfyavhwq/", "* ipfs://a", "resource")]
    [InlineData("URI: https://example.com/login", "URI: no uri", "URI")]
    [InlineData("URI: https://example.com/login", "URL: https://example.com/login", "URI")]
    [InlineData("Chain ID: 1", "Chain ID: one", "Chain ID")]
    [InlineData("Nonce: 32891756", "Nonce: 1", "Nonce")]
    [InlineData("24Z\nExpiration", "24\nExpiration", "Issued At")]
    [InlineData("17:25:24.25+02:00", "soon", "Expiration Time")]
    [InlineData("16:00:00-00:30", "24:00:00-00:30", "Not Before")]
    [InlineData("some-id", "some id", "Request ID")]
    public void a_refusal_says_what_is_wrong(string part, string replacement, string what)
    {
        Assert.False(SignInMessage.TryParse(Example.Replace(part, replacement, StringComparison.Ordinal), out _, out var error));
        Assert.Equal($"The sign-in message has no right {what}.", error);
    }

    [Fact]
    public void what_is_written_is_read_again()
    {
        var again = SignInMessage.Parse(Good.ToString());
        Assert.Equal(Good.ToString(), again.ToString());
        Assert.Equal(Good.IssuedAt, again.IssuedAt);
        Assert.Equal("", again.RequestId);
    }

    public static TheoryData<string> Unwritable() => [.. Bad.Keys];

    [Theory]
    [MemberData(nameof(Unwritable))]
    public void what_would_not_be_read_as_it_is_is_not_written(string what) =>
        Assert.Throws<FormatException>(() => Bad[what].ToString());

    [Fact]
    public void whatever_is_put_into_a_message_is_read_again_or_not_written()
    {
        var (written, refused) = (0, 0);
        for (var seed = 0; seed < 5_000; seed++)
        {
            var message = SignInDraw.Disfigured(new Random(seed));
            string text;
            try
            {
                text = message.ToString();
            }
            catch (FormatException)
            {
                refused++;
                continue;
            }

            written++;
            Assert.Equivalent(message, SignInMessage.Parse(text), strict: true);
        }

        Assert.True(written > 500 && refused > 500, $"{written} written, {refused} refused");
    }
}
