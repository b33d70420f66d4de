using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Grants.Service.Hosting.Embedded;
using Grants.Service.Hosting.Embedded.Processes;
using Xunit;

namespace Grants.Service.Tests.Transports;

/// <summary>Other people's GraphQL clients in a process of node. Their packages are restored when they are not there.</summary>
internal sealed class NodeClients : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(200);

    private readonly Process node;
    private readonly Task reading;
    private readonly ConcurrentDictionary<string, Channel<JsonObject>> events = new();
    private readonly Lock gate = new();
    private int made;

    private NodeClients(Process node)
    {
        this.node = node;
        reading = ReadAsync();
    }

    internal static string Home { get; } = Path.GetFullPath(Path.Combine(Here(), "../../clients"));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<NodeClients> StartAsync(Uri service)
    {
        await RestoreAsync();
        var start = new ProcessStartInfo("node", [Path.Combine(Home, "clients.mjs"), new Uri(service, "graphql").ToString()])
        {
            WorkingDirectory = Home, RedirectStandardInput = true, RedirectStandardOutput = true,
        };
        return new NodeClients(Process.Start(start)!);
    }

    /// <param name="transport">ws or sse.</param>
    /// <param name="token">Of a session, or null.</param>
    /// <returns>The client's id.</returns>
    public string Connect(string transport, string? token = null)
    {
        var id = Id("client");
        Tell(new { command = "connect", id, transport, token });
        return id;
    }

    /// <returns>The operation's id.</returns>
    public string Subscribe(string client, string query, object? variables = null)
    {
        var id = Id("operation");
        Tell(new { command = "subscribe", id, client, query, variables });
        return id;
    }

    public void Unsubscribe(string operation) => Tell(new { command = "unsubscribe", id = operation });

    /// <summary>Ends the connection with all that runs in it; a WebSocket without a word, as a cut cable would.</summary>
    public void Leave(string client, string transport) =>
        Tell(new { command = transport == "ws" ? "terminate" : "dispose", client });

    public async Task<JsonArray> AuditAsync()
    {
        var id = Id("audit");
        Tell(new { command = "audit", id });
        return (await EventAsync(id))["answer"]!.AsArray();
    }

    /// <summary>The next event of a client or an operation.</summary>
    public async Task<JsonObject> EventAsync(string id)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        limit.CancelAfter(Patience);
        try
        {
            return await EventsOf(id).Reader.ReadAsync(limit.Token);
        }
        catch (OperationCanceledException) when (!Cancellation.IsCancellationRequested)
        {
            throw new TimeoutException($"Nothing came of {id}.");
        }
    }

    /// <summary>The data of the next result, which must be one without errors.</summary>
    public async Task<JsonNode> DataAsync(string operation)
    {
        var said = await EventAsync(operation);
        Assert.True(said["next"] is { } next && next["errors"] is null, said.ToJsonString());
        return said["next"]!["data"]!;
    }

    /// <summary>The next event must be the end.</summary>
    public async Task CompletesAsync(string operation)
    {
        var said = await EventAsync(operation);
        Assert.True(said["complete"] is not null, said.ToJsonString());
    }

    /// <summary>Waits until a client's event has this property, and returns it.</summary>
    public async Task<JsonNode> UntilAsync(string client, string property)
    {
        while (true)
        {
            if ((await EventAsync(client))[property] is { } value)
                return value;
        }
    }

    public async ValueTask DisposeAsync()
    {
        node.StandardInput.Close();
        await reading;
        await node.WaitForExitAsync(CancellationToken.None);
        node.Dispose();
    }

    private static string Here([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;

    // npm writes the file when everything is there; what is older was restored for other packages. One process at a time restores.
    internal static async Task RestoreAsync(string? folder = null)
    {
        var home = folder ?? Home;
        var (wanted, restored) = (Path.Combine(home, "package-lock.json"), Path.Combine(home, "node_modules", ".package-lock.json"));
        bool IsRestored() => File.Exists(restored) && File.GetLastWriteTimeUtc(restored) >= File.GetLastWriteTimeUtc(wanted);
        while (!IsRestored())
        {
            using var turn = DataDirectoryLock.TryOpen(LocalPackages.TurnFile(home));
            if (turn is null)
            {
                await Task.Delay(LookAgain, Cancellation);
                continue;
            }

            if (IsRestored())
                return;
            var npm = await Command.RunAsync(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"], home, Cancellation);
            Assert.True(npm.Succeeded, $"\"npm ci\" in {home} failed: {npm.Tail}");
        }
    }

    private string Id(string what) => $"{what} {Interlocked.Increment(ref made)}";

    private Channel<JsonObject> EventsOf(string id) => events.GetOrAdd(id, _ => Channel.CreateUnbounded<JsonObject>());

    private void Tell(object command)
    {
        lock (gate)
        {
            node.StandardInput.WriteLine(JsonSerializer.Serialize(command, JsonSerializerOptions.Web));
            node.StandardInput.Flush();
        }
    }

    private async Task ReadAsync()
    {
        while (await node.StandardOutput.ReadLineAsync(CancellationToken.None) is { } line)
        {
            var said = JsonNode.Parse(line)!.AsObject();
            EventsOf(said["id"]!.GetValue<string>()).Writer.TryWrite(said);
        }
    }
}
