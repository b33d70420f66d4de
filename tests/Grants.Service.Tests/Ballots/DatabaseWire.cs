using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace Grants.Service.Tests.Ballots;

/// <summary>When the wire to the database breaks, and for how long.</summary>
public enum Cut
{
    BeforeTheCommit,
    AfterTheCommit,
    BeforeTheCommitAndStayAway,
    AfterTheCommitAndStayAway,
}

/// <summary>Lies between a client and the database, and breaks at the next commit where it is told to.</summary>
internal sealed class DatabaseWire : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource end = new();
    private readonly EndPoint database;
    private readonly List<Socket> clients = [];
    private readonly Task accepting;
    private Cut? next;
    private volatile bool away;
    private int cuts;

    private DatabaseWire(string connectionString)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString);
        database = new UnixDomainSocketEndPoint(Path.Combine(settings.Host!, $".s.PGSQL.{settings.Port}"));
        listener.Start();
        (settings.Host, settings.Port, settings.SslMode) = ("127.0.0.1", ((IPEndPoint)listener.LocalEndpoint).Port, SslMode.Disable);
        ConnectionString = settings.ConnectionString;
        accepting = AcceptAsync();
    }

    /// <summary>Of the database, over this wire.</summary>
    public string ConnectionString { get; }

    /// <summary>How often it broke.</summary>
    public int Cuts => Volatile.Read(ref cuts);

    public static DatabaseWire To(string connectionString) => new(connectionString);

    /// <summary>Breaks the connection that commits next.</summary>
    public void Cut(Cut when) => next = when;

    /// <summary>Breaks all connections now, and stays away.</summary>
    public void Cut()
    {
        away = true;
        lock (clients)
            clients.ForEach(client => client.Close());
    }

    /// <summary>Lets clients connect again.</summary>
    public void Heal() => away = false;

    public async ValueTask DisposeAsync()
    {
        await end.CancelAsync();
        listener.Stop();
        await accepting;
        end.Dispose();
    }

    private async Task AcceptAsync()
    {
        var wires = new List<Task>();
        try
        {
            while (true)
            {
                var client = await listener.AcceptSocketAsync(end.Token);
                if (away)
                    client.Dispose();
                else
                    wires.Add(CarryAsync(client));
                lock (clients)
                    clients.Add(client);
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(wires);
        }
    }

    private async Task CarryAsync(Socket client)
    {
        using var server = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await server.ConnectAsync(database);
        using (client)
        {
            var committed = new TaskCompletionSource();
            Cut? cut = null;
            var there = CopyAsync(client, server, async bytes =>
            {
                if (next is not { } when || bytes.Span.IndexOf("COMMIT\0"u8) < 0)
                    return true;
                (next, cut) = (null, when);
                away = when is Ballots.Cut.BeforeTheCommitAndStayAway or Ballots.Cut.AfterTheCommitAndStayAway;
                if (when is Ballots.Cut.AfterTheCommit or Ballots.Cut.AfterTheCommitAndStayAway)
                {
                    await server.SendAsync(bytes, end.Token);
                    await committed.Task;
                }

                Interlocked.Increment(ref cuts);
                return false;
            });
            var back = CopyAsync(server, client, _ =>
            {
                // What comes after the commit is its answer: it arrives here and gets no further.
                if (cut is not null)
                    committed.TrySetResult();
                return ValueTask.FromResult(cut is null);
            });
            await there;
            client.Close();
            server.Close();
            await back;
        }
    }

    private async Task CopyAsync(Socket from, Socket to, Func<ReadOnlyMemory<byte>, ValueTask<bool>> mayPass)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (await from.ReceiveAsync(buffer, end.Token) is > 0 and var count)
            {
                if (!await mayPass(buffer.AsMemory(0, count)))
                    return;
                await to.SendAsync(buffer.AsMemory(0, count), end.Token);
            }
        }
        catch (Exception broken) when (broken is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // Either end is gone; so is the other.
        }
    }
}
