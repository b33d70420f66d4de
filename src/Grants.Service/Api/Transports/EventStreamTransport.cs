using System.Text;
using GraphQL;
using GraphQL.Transport;
using Microsoft.Extensions.Options;

namespace Grants.Service.Api.Transports;

/// <summary>
/// Server-sent events, an operation a connection: the "distinct connections mode" of graphql-sse. Whatever is wrong with
/// the operation is said in the stream, because browsers show nothing of a response that is none.
/// </summary>
public sealed class EventStreamTransport(
    OperationRunner operations, IGraphQLTextSerializer serializer, IOptions<TransportOptions> options, IHostApplicationLifetime lifetime)
{
    private static readonly byte[] Complete = "event: complete\ndata:\n\n"u8.ToArray();
    private static readonly byte[] SignOfLife = ":\n\n"u8.ToArray();

    public async Task AnswerAsync(HttpContext http, GraphQLRequest request, Client client, LiveSession? session)
    {
        http.Response.ContentType = $"{AnswerFormat.EventStream}; charset=utf-8";
        http.Response.Headers.CacheControl = "no-cache";
        http.Response.Headers["X-Accel-Buffering"] = "no";
        using var end = CancellationTokenSource.CreateLinkedTokenSource(
            http.RequestAborted, lifetime.ApplicationStopping, session?.Ended ?? default);
        try
        {
            await WriteAsync(http, SignOfLife, end.Token);
            await using var results = operations.RunAsync(request, client, end.Token).GetAsyncEnumerator(end.Token);
            while (await NextAsync(http, results, end))
                await WriteAsync(http, Next(results.Current), end.Token);
            await WriteAsync(http, Complete, end.Token);
        }
        catch (OperationCanceledException) when (session?.Ended.IsCancellationRequested == true)
        {
            var over = new ExecutionResult { Errors = [new ProtocolError("UNAUTHENTICATED", "The session has ended.")] };
            await WriteAsync(http, Next(over), http.RequestAborted);
            await WriteAsync(http, Complete, http.RequestAborted);
        }
        catch (OperationCanceledException)
        {
            // The client left, or we stop: it sees the connection end without "complete" and comes again.
        }
    }

    /// <summary>Waits for the next result, and meanwhile lets the client and all between know that we are here.</summary>
    private async Task<bool> NextAsync(HttpContext http, IAsyncEnumerator<ExecutionResult> results, CancellationTokenSource end)
    {
        var next = results.MoveNextAsync().AsTask();
        try
        {
            while (await Task.WhenAny(next, Task.Delay(TimeSpan.FromSeconds(options.Value.KeepAliveSeconds), end.Token)) != next)
            {
                end.Token.ThrowIfCancellationRequested();
                await WriteAsync(http, SignOfLife, end.Token);
            }
        }
        catch
        {
            // The stream cannot be left while it still moves.
            await end.CancelAsync();
            await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }

        return await next;
    }

    private static async Task WriteAsync(HttpContext http, ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        await http.Response.Body.WriteAsync(bytes, cancellation);
        await http.Response.Body.FlushAsync(cancellation);
    }

    private byte[] Next(ExecutionResult result) => Encoding.UTF8.GetBytes($"event: next\ndata: {serializer.Serialize(result)}\n\n");
}
