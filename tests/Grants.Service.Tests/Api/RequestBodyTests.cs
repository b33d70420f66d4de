using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Grants.Service.Tests.Transports;
using Xunit;

namespace Grants.Service.Tests.Api;

/// <summary>What is no request of GraphQL in strict JSON is refused before anything looks into it.</summary>
public sealed class RequestBodyTests(BareApi api) : IClassFixture<BareApi>, IDisposable
{
    private readonly HttpClient http = new() { BaseAddress = api.Url };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("""{"query":"{ __typename }","query":"{ __typename }"}""")]
    [InlineData("""{"query":"{ __typename }","variables":{"a":1,"a":2}}""")]
    [InlineData("""{"query":"{ __typename }","admin":true}""")]
    [InlineData("""{"query":"{ __typename }","variables":{"a":"\u0000"}}""")]
    [InlineData("""{"query":"{ __typename }","variables":{"a":"\ud800"}}""")]
    [InlineData("""{"query":"{ __typename }","variables":[1]}""")]
    [InlineData("""{"query":1}""")]
    [InlineData("""{"query":"{ __typename }"} {}""")]
    [InlineData("""{"query":"{ __typename }",}""")]
    [InlineData("""[{"query":"{ __typename }"},{"query":"{ __typename }"}]""")]
    [InlineData("null")]
    [InlineData("")]
    [InlineData("\ufeff{\"query\":\"{ __typename }\"}")]
    public async Task it_is_refused(string body) => await AnsweredAsync(HttpStatusCode.BadRequest, Encoding.UTF8.GetBytes(body));

    [Fact]
    public async Task what_is_no_utf8_is_refused() => await AnsweredAsync(
        HttpStatusCode.BadRequest, [.. "{\"query\":\"{ __typename } #"u8, 0xC3, 0x28, .. "\"}"u8]);

    [Fact]
    public async Task json_that_is_nested_too_deeply_is_refused()
    {
        var nested = string.Concat(Enumerable.Repeat("[", 40)) + string.Concat(Enumerable.Repeat("]", 40));
        await AnsweredAsync(
            HttpStatusCode.BadRequest, Encoding.UTF8.GetBytes($"{{\"query\":\"{{ __typename }}\",\"variables\":{{\"a\":{nested}}}}}"));
    }

    [Theory]
    [InlineData(65_536, 200)]
    [InlineData(65_537, 413)]
    [InlineData(1_100_000, 413)]
    public async Task a_body_may_be_64_kibibytes(int length, int status)
    {
        const string Head = """{"query":"{ __typename }","variables":{"a":""";
        var body = $"{Head}\"{new string('x', length - Head.Length - 4)}\"}}}}";
        await AnsweredAsync((HttpStatusCode)status, Encoding.UTF8.GetBytes(body));
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    public async Task a_compressed_body_is_not_unpacked(string encoding) => await AnsweredAsync(
        HttpStatusCode.UnsupportedMediaType, [0x1f, 0x8b, 8, 0], content => content.Headers.ContentEncoding.Add(encoding));

    [Theory]
    [InlineData("text/plain")]
    [InlineData("multipart/form-data")]
    [InlineData("application/x-www-form-urlencoded")]
    public async Task what_a_form_could_send_from_elsewhere_is_no_request(string type) => await AnsweredAsync(
        HttpStatusCode.UnsupportedMediaType,
        """{"query":"{ __typename }"}"""u8.ToArray(),
        content => content.Headers.ContentType = new MediaTypeHeaderValue(type));

    public void Dispose() => http.Dispose();

    private async Task AnsweredAsync(HttpStatusCode status, byte[] body, Action<HttpContent>? change = null)
    {
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        change?.Invoke(content);
        using var response = await http.PostAsync(new Uri("graphql", UriKind.Relative), content, Cancellation);
        Assert.Equal(status, response.StatusCode);
    }
}
