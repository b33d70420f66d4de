using System.Net;
using System.Net.Http.Headers;

namespace Grants.Ethereum.JsonRpc.Wire;

/// <summary>A POST and its answer: a stranger's, so its size and time are bounded and every failure has one type.</summary>
internal sealed class RpcHttp(HttpClient http, Uri endpoint)
{
    public const int LargestBody = 8 * 1024 * 1024;
    private const int SmallBody = 16 * 1024;
    private const int LargeBody = 1024 * 1024;

    private static readonly MediaTypeHeaderValue Json = new("application/json");

    public string Host => endpoint.Host;

    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Sends a body; <paramref name="read"/> takes the answer, which is OK or a refusal that the node may explain.</summary>
    public async Task<T> PostAsync<T>(
        string method, byte[] body, Func<HttpResponseMessage, CancellationToken, Task<T>> read, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Timeout);
        try
        {
            using var content = new ByteArrayContent(body) { Headers = { ContentType = Json } };
            using var request = new HttpRequestMessage(HttpMethod.Post, endpoint) { Content = content };
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
            // Providers say what is wrong with a request under these; every other status is the transport's own.
            if (response.StatusCode is not (HttpStatusCode.OK or HttpStatusCode.BadRequest or HttpStatusCode.RequestEntityTooLarge))
                throw Unusable(method, response.StatusCode, response.Headers.RetryAfter?.Delta);
            return await read(response, limit.Token);
        }
        catch (OperationCanceledException late) when (!cancellation.IsCancellationRequested)
        {
            throw new RpcTransportException($"No answer to {method} within {Timeout.TotalSeconds} s.", late);
        }
        catch (Exception broken) when (broken is HttpRequestException or IOException)
        {
            throw new RpcTransportException($"{method} failed: {broken.Message}", broken);
        }
    }

    /// <summary>The whole body.</summary>
    public static async Task<ReadOnlyMemory<byte>> BodyAsync(HttpContent content, CancellationToken cancellation)
    {
        RefuseLarge(content.Headers.ContentLength);
        await using var stream = await content.ReadAsStreamAsync(cancellation);
        var buffer = new byte[(int)Math.Min(content.Headers.ContentLength ?? SmallBody, LargeBody) + 1];
        var length = 0;
        while (true)
        {
            var read = await stream.ReadAsync(buffer.AsMemory(length), cancellation);
            length += read;
            if (read == 0)
                return buffer.AsMemory(0, length);
            RefuseLarge(length);
            if (length == buffer.Length)
                Array.Resize(ref buffer, Math.Min(buffer.Length * 2, LargestBody + 1));
        }
    }

    public static void RefuseLarge(long? length)
    {
        if (length > LargestBody)
            throw new RpcTransportException($"The answer has more than {LargestBody} bytes.") { IsTransient = false };
    }

    public static RpcTransportException Unusable(string method, HttpStatusCode status, TimeSpan? retryAfter = null) =>
        new($"HTTP {(int)status} in answer to {method}.", status: status)
        {
            RetryAfter = retryAfter,
            IsTransient = status is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests
                or >= HttpStatusCode.InternalServerError,
        };
}
