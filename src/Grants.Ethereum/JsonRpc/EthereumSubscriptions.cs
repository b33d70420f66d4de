using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Threading.Channels;
using Grants.Ethereum.JsonRpc.Wire;
using Grants.Primitives;

namespace Grants.Ethereum.JsonRpc;

/// <summary>
/// What a node tells unasked, over WebSocket (eth_subscribe). A broken connection is made anew after a pause that grows and is
/// jittered. Nothing rests on it: a hint that it is time to ask, never a substitute for asking.
/// </summary>
public sealed class EthereumSubscriptions
{
    private readonly Uri endpoint;
    private readonly SubscriptionOptions options;

    /// <summary>Nothing is connected before somebody reads.</summary>
    /// <param name="endpoint">A ws or wss address.</param>
    /// <param name="options">Null for the defaults.</param>
    /// <exception cref="ArgumentException">Another kind of address.</exception>
    public EthereumSubscriptions(Uri endpoint, SubscriptionOptions? options = null)
    {
        if (endpoint.Scheme != Uri.UriSchemeWs && endpoint.Scheme != Uri.UriSchemeWss)
            throw new ArgumentException("The address of a WebSocket begins with ws or wss.", nameof(endpoint));
        (this.endpoint, this.options) = (endpoint, options ?? new SubscriptionOptions());
    }

    /// <summary>
    /// Every new head, a reorganization's included. Heads are left out where the connection was broken and, oldest first,
    /// where the reader is more than the buffer behind: numbers and parents tell.
    /// </summary>
    /// <exception cref="RpcErrorException">The node refuses the subscription.</exception>
    /// <exception cref="RpcTransportException">More failures in a row than the options allow.</exception>
    public IAsyncEnumerable<RpcBlock> HeadsAsync(CancellationToken cancellation = default) =>
        StreamAsync(["newHeads"], RpcValue.Block, null, BoundedChannelFullMode.DropOldest, cancellation);

    /// <summary>
    /// Every new log of the addresses with the first topics; null means any, an empty list ends at once. A reader who is the
    /// buffer behind holds the node up.
    /// </summary>
    /// <exception cref="RpcErrorException">The node refuses the subscription.</exception>
    /// <exception cref="RpcTransportException">More failures in a row than the options allow.</exception>
    public IAsyncEnumerable<LogNotice> LogsAsync(
        IReadOnlyCollection<Address>? addresses = null,
        IReadOnlyCollection<Hash32>? topics0 = null,
        CancellationToken cancellation = default)
    {
        var filter = new LogFilter(addresses, topics0);
        return filter.IsNothing
            ? AsyncEnumerable.Empty<LogNotice>()
            : StreamAsync<LogNotice>(
                ["logs", filter.ToParameter()],
                result => RpcValue.AnyLog(result, out var removed) is var log && filter.Asks(log)
                    ? removed ? new LogNotice.Removed(log) : new LogNotice.Emitted(log)
                    : throw new FormatException("It holds a log that was not asked for."),
                new LogNotice.Gap(),
                BoundedChannelFullMode.Wait,
                cancellation);
    }

    private async IAsyncEnumerable<T> StreamAsync<T>(
        object[] parameters,
        Func<JsonElement, T> read,
        T? gap,
        BoundedChannelFullMode whenFull,
        [EnumeratorCancellation] CancellationToken cancellation)
        where T : class
    {
        var buffer = Channel.CreateBounded<T>(
            new BoundedChannelOptions(options.Buffer) { FullMode = whenFull, SingleReader = true, SingleWriter = true });
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var pump = PumpAsync(new Subscription<T>(parameters, read, gap), buffer.Writer, end.Token);
        try
        {
            await foreach (var item in buffer.Reader.ReadAllAsync(cancellation))
                yield return item;
        }
        finally
        {
            await end.CancelAsync();
            await pump;
        }
    }

    /// <summary>Fills the buffer until canceled; never throws, what ends it goes to the reader.</summary>
    private async Task PumpAsync<T>(Subscription<T> subscription, ChannelWriter<T> writer, CancellationToken cancellation)
        where T : class
    {
        var (failures, subscribed) = (0, false);
        try
        {
            while (true)
            {
                var (worked, failure) = await ConnectionAsync(subscription, writer, subscribed, cancellation);
                subscribed |= worked is not null;
                failures = worked is true ? 1 : failures + 1;
                if (failures > options.MostFailures)
                    throw failure;
                await Task.Delay(Pause(failures), options.Time, cancellation);
            }
        }
        catch (Exception ended)
        {
            writer.Complete(ended);
        }
    }

    /// <summary>
    /// One connection, until it fails. Whether it worked: null where nothing was subscribed, false where it broke before it
    /// was of use, so that a node that breaks each connection is not asked ever faster.
    /// </summary>
    private async Task<(bool? Worked, RpcTransportException Failure)> ConnectionAsync<T>(
        Subscription<T> subscription, ChannelWriter<T> writer, bool again, CancellationToken cancellation)
        where T : class
    {
        bool? worked = null;
        var start = options.Time.GetTimestamp();
        try
        {
            using var socket = new RpcSocket(endpoint, options);
            await socket.OpenAsync(subscription.Parameters, cancellation);
            worked = false;
            if (again && subscription.Gap is { } gap)
                await writer.WriteAsync(gap, cancellation);
            while (true)
            {
                var item = await socket.NextAsync(subscription.Read, cancellation);
                worked = true;
                await writer.WriteAsync(item, cancellation);
            }
        }
        catch (RpcTransportException failure)
        {
            return (worked is false ? options.Time.GetElapsedTime(start) > options.LongestPause : worked, failure);
        }
    }

    /// <summary>Between half of and the whole of the longest pause after so many failures.</summary>
    private TimeSpan Pause(int failures)
    {
        var longest = Math.Min(options.LongestPause.Ticks, options.FirstPause.Ticks * Math.Pow(2, Math.Min(failures - 1, 30)));
        return TimeSpan.FromTicks((long)(longest / 2 * (1 + Random.Shared.NextDouble())));
    }

    private sealed record Subscription<T>(object[] Parameters, Func<JsonElement, T> Read, T? Gap)
        where T : class;
}
