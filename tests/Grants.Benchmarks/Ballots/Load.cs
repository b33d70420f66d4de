using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Grants.Benchmarks.Ballots;

/// <param name="Acknowledged">Ballots with a receipt.</param>
/// <param name="Took">From the first request to the last answer.</param>
/// <param name="Latencies">Of each request, sorted.</param>
internal sealed record LoadFigures(int Acknowledged, TimeSpan Took, TimeSpan[] Latencies)
{
    public TimeSpan Percentile(double part) => Latencies[(int)(part * (Latencies.Length - 1))];
}

/// <summary>
/// Sends requests that are ready as bytes over plain sockets, a few at a time, each lane when its last one is answered. Little
/// else, because it shares the processor with what it measures.
/// </summary>
internal static class Load
{
    public static async Task<LoadFigures> SendAsync(Uri service, IReadOnlyList<byte[]> requests, int lanes)
    {
        var latencies = new TimeSpan[requests.Count];
        var (next, acknowledged) = (-1, 0);
        var begun = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, lanes).Select(_ => Task.Run(async () =>
        {
            using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(IPAddress.Loopback, service.Port);
            var buffer = new byte[1024 * 1024];
            while (Interlocked.Increment(ref next) is var number && number < requests.Count)
            {
                var sent = Stopwatch.GetTimestamp();
                await socket.SendAsync(requests[number]);
                Interlocked.Add(ref acknowledged, Count(await ReadAsync(socket, buffer), "\"logIndex\":"u8));
                latencies[number] = Stopwatch.GetElapsedTime(sent);
            }
        })));
        var took = Stopwatch.GetElapsedTime(begun);
        Array.Sort(latencies);
        return new LoadFigures(acknowledged, took, latencies);
    }

    /// <summary>A request by POST.</summary>
    public static byte[] Request(byte[] json) =>
    [
        .. Encoding.ASCII.GetBytes(
            $"POST /graphql HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: {json.Length}\r\n\r\n"),
        .. json,
    ];

    // An answer is either chunked, and ends with an empty chunk, or has a length.
    private static async Task<ReadOnlyMemory<byte>> ReadAsync(Socket socket, byte[] buffer)
    {
        for (var read = 0; ;)
        {
            var count = await socket.ReceiveAsync(buffer.AsMemory(read));
            if (count == 0)
                throw new IOException("The service closed the connection.");
            read += count;
            var answer = buffer.AsMemory(0, read);
            if (answer.Span.EndsWith("\r\n0\r\n\r\n"u8) || IsWhole(answer.Span))
                return answer;
        }
    }

    private static bool IsWhole(ReadOnlySpan<byte> answer)
    {
        var (body, length) = (answer.IndexOf("\r\n\r\n"u8), answer.IndexOf("Content-Length: "u8));
        return body > 0 && length > 0 && length < body
            && System.Buffers.Text.Utf8Parser.TryParse(answer[(length + 16)..], out int bytes, out _)
            && answer.Length >= body + 4 + bytes;
    }

    private static int Count(ReadOnlyMemory<byte> answer, ReadOnlySpan<byte> word)
    {
        var count = 0;
        var rest = answer.Span;
        for (var place = rest.IndexOf(word); place >= 0; place = rest.IndexOf(word))
        {
            count++;
            rest = rest[(place + word.Length)..];
        }

        return count;
    }
}
