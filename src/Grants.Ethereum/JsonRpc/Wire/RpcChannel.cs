using System.Net;
using System.Text.Json;

namespace Grants.Ethereum.JsonRpc.Wire;

/// <summary>
/// Requests and answers of JSON-RPC 2.0 over HTTP. The answer is a stranger's: its size, depth and time are bounded and
/// every departure from the protocol is an <see cref="RpcTransportException"/>.
/// </summary>
internal sealed class RpcChannel(HttpClient http, Uri endpoint, RpcResilience? resilience)
{
    public const int LargestBody = RpcHttp.LargestBody;
    private const string BatchName = "batch";

    private readonly RpcHttp http = new(http, endpoint);
    private readonly RpcPipeline pipeline = new(resilience, endpoint.Host);

    private long lastId;

    public TimeSpan Timeout
    {
        get => http.Timeout;
        set => http.Timeout = value;
    }

    /// <summary>Sends a request and reads its result. What <paramref name="read"/> throws for a wrong shape is translated.</summary>
    public Task<T> RequestAsync<T>(string method, object?[] parameters, Func<JsonElement, T> read, CancellationToken cancellation) =>
        SendAsync(method, RpcMethod.IsRead(method), token => OnceAsync(method, parameters, read, token), cancellation);

    /// <summary>Asks for a list and reads it as it arrives. An item that was not asked for makes the answer malformed.</summary>
    /// <param name="method">One that reads.</param>
    /// <param name="parameters">By position.</param>
    /// <param name="tryRead">Reads an item.</param>
    /// <param name="asked">Whether an item was asked for.</param>
    /// <param name="cancellation">Ends the request.</param>
    public Task<IReadOnlyList<T>> RequestListAsync<T>(
        string method, object?[] parameters, ItemReader<T> tryRead, Func<T, bool> asked, CancellationToken cancellation)
    {
        return SendAsync(method, mayBeRepeated: true, OnceAsync, cancellation);

        async Task<IReadOnlyList<T>> OnceAsync(CancellationToken token)
        {
            var id = Interlocked.Increment(ref lastId);
            return await http.PostAsync(method, Body(RpcAnswer.Request(id, method, parameters)), ReadAsync, token);

            async Task<IReadOnlyList<T>> ReadAsync(HttpResponseMessage response, CancellationToken limit)
            {
                if (response.StatusCode != HttpStatusCode.OK)
                    return Translate<IReadOnlyList<T>>(
                        method, response.StatusCode, await RpcHttp.BodyAsync(response.Content, limit), root => Refused<T>(root, id));
                try
                {
                    return await new ListAnswer<T>(id, tryRead, asked).ReadAsync(response.Content, limit);
                }
                catch (Exception wrong) when (RpcAnswer.IsMalformed(wrong))
                {
                    throw RpcAnswer.Malformed(method, wrong);
                }
            }
        }
    }

    /// <summary>Sends requests in one body and sorts the answers, which may come in any order.</summary>
    public Task<IReadOnlyList<RpcOutcome>> BatchAsync(IReadOnlyList<RpcRequest> requests, CancellationToken cancellation)
    {
        return SendAsync(BatchName, requests.All(request => RpcMethod.IsRead(request.Method)), OnceAsync, cancellation);

        async Task<IReadOnlyList<RpcOutcome>> OnceAsync(CancellationToken token)
        {
            var firstId = Interlocked.Add(ref lastId, requests.Count) - requests.Count + 1;
            var body = Body(requests.Select((request, i) => RpcAnswer.Request(firstId + i, request.Method, request.Parameters)));
            var (status, answer) = await http.PostAsync(BatchName, body, WholeAsync, token);
            return Translate(BatchName, status, answer, root => BatchAnswer.Sort(root, firstId, requests.Count));
        }
    }

    private async Task<T> OnceAsync<T>(string method, object?[] parameters, Func<JsonElement, T> read, CancellationToken cancellation)
    {
        var id = Interlocked.Increment(ref lastId);
        var (status, body) = await http.PostAsync(method, Body(RpcAnswer.Request(id, method, parameters)), WholeAsync, cancellation);
        return Translate(method, status, body, root =>
        {
            var result = RpcAnswer.Result(root, id);
            return status == HttpStatusCode.OK ? read(result) : throw RpcHttp.Unusable(method, status);
        });
    }

    private async Task<T> SendAsync<T>(
        string method, bool mayBeRepeated, Func<CancellationToken, Task<T>> once, CancellationToken cancellation)
    {
        using var span = RpcTelemetry.Start(method, endpoint.Host);
        try
        {
            return await pipeline.RunAsync(mayBeRepeated, once, cancellation);
        }
        catch (Exception failure)
        {
            RpcTelemetry.Fail(span, failure);
            throw;
        }
    }

    private static T Translate<T>(string method, HttpStatusCode status, ReadOnlyMemory<byte> body, Func<JsonElement, T> read)
    {
        try
        {
            using var answer = JsonDocument.Parse(body, RpcAnswer.Options);
            return read(answer.RootElement);
        }
        catch (Exception wrong) when (RpcAnswer.IsMalformed(wrong))
        {
            throw status == HttpStatusCode.OK ? RpcAnswer.Malformed(method, wrong) : RpcHttp.Unusable(method, status);
        }
    }

    private static IReadOnlyList<T> Refused<T>(JsonElement root, long id) =>
        throw new FormatException($"A refusal came with a result: {RpcAnswer.Result(root, id).ValueKind}.");

    private static async Task<(HttpStatusCode Status, ReadOnlyMemory<byte> Body)> WholeAsync(
        HttpResponseMessage response, CancellationToken cancellation) =>
        (response.StatusCode, await RpcHttp.BodyAsync(response.Content, cancellation));

    private static byte[] Body<T>(T request) => JsonSerializer.SerializeToUtf8Bytes(request);
}
