using System.Collections.Concurrent;
using System.Net.WebSockets;
using GraphQL;
using GraphQL.Transport;

namespace Grants.Service.Api.Transports;

/// <summary>One connection of graphql-transport-ws in a space: its session, and the operations that run in it.</summary>
internal sealed class SocketConnection(
    SocketOutbox outbox,
    OperationRunner operations,
    IGraphQLTextSerializer serializer,
    Client stranger,
    FindSession sessions,
    TransportOptions options,
    ILogger log) : IAsyncDisposable
{
    /// <summary>What the client still wants, by its ids.</summary>
    private readonly ConcurrentDictionary<string, CancellationTokenSource> wanted = new();

    /// <summary>What runs, wanted or not: of these there is a bound. Only the reading side touches it.</summary>
    private readonly List<Task> running = [];

    private Task hurry = Task.CompletedTask;
    private volatile bool isAsked;
    private bool isOpen;
    private LiveSession? session;
    private CancellationTokenRegistration sessionEnd;

    /// <summary>Serves the client until the socket ends.</summary>
    public async Task ServeAsync(SocketInbox inbox)
    {
        hurry = HurryAsync();
        try
        {
            while (await inbox.ReadAsync() is { } text)
                await HandleAsync(SocketMessage.Read(text, serializer));
        }
        catch (SocketFault fault)
        {
            await outbox.CloseAsync(fault.Code, fault.Message);
        }
        catch (Exception problem) when (problem is not (OperationCanceledException or WebSocketException))
        {
            await BreakAsync(problem);
        }

        await inbox.DrainAsync();
    }

    public async ValueTask DisposeAsync()
    {
        outbox.Leave();
        foreach (var operation in wanted.Values)
            await operation.CancelAsync();
        await Task.WhenAll([hurry, .. running]);
        await sessionEnd.DisposeAsync();
        session?.Dispose();
    }

    private Task HandleAsync(SocketMessage message) => message switch
    {
        SocketMessage.Init when isAsked =>
            throw new SocketFault(SocketClose.TooManyInitialisationRequests, "Too many initialisation requests"),
        SocketMessage.Init init => OpenAsync(init.Authorization),
        SocketMessage.Ping ping => outbox.SendAsync(new OperationMessage { Type = "pong", Payload = ping.Payload }),
        SocketMessage.Subscribe when !isOpen => throw new SocketFault(SocketClose.Unauthorized, "Unauthorized"),
        SocketMessage.Subscribe subscribe => StartAsync(subscribe),
        SocketMessage.Complete complete =>
            wanted.TryRemove(complete.Id, out var operation) ? operation.CancelAsync() : Task.CompletedTask,
        _ => Task.CompletedTask,
    };

    private async Task HurryAsync()
    {
        await Task.Delay(TimeSpan.FromSeconds(options.InitSeconds), outbox.Gone).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!isAsked)
            await outbox.CloseAsync(SocketClose.ConnectionInitialisationTimeout, "Connection initialisation timeout");
    }

    private async Task OpenAsync(string? authorization)
    {
        isAsked = true;
        if (authorization is not null)
        {
            session = await sessions(authorization, outbox.Gone) ?? throw new SocketFault(SocketClose.Forbidden, "Forbidden");
            sessionEnd = session.Ended.Register(() => _ = outbox.CloseAsync(SocketClose.Forbidden, "The session has ended"));
        }

        isOpen = true;
        await outbox.SendAsync(new OperationMessage { Type = "connection_ack" });
    }

    private Task StartAsync(SocketMessage.Subscribe subscribe)
    {
        var operation = new CancellationTokenSource();
        if (!wanted.TryAdd(subscribe.Id, operation))
            throw new SocketFault(SocketClose.SubscriberAlreadyExists, $"Subscriber for {subscribe.Id} already exists");
        running.RemoveAll(task => task.IsCompleted);
        if (running.Count >= options.OperationsPerConnection)
            return EndAsync("error", subscribe.Id, operation, new ExecutionErrors { TooMany() });
        running.Add(Task.Run(() => RunAsync(subscribe, operation)));
        return Task.CompletedTask;
    }

    private ProtocolError TooMany() =>
        new("RATE_LIMITED", $"At most {options.OperationsPerConnection} operations run at the same time in one connection.");

    private async Task RunAsync(SocketMessage.Subscribe subscribe, CancellationTokenSource operation)
    {
        var id = subscribe.Id;
        // The client may have said that it wants no more, and even used the id again.
        bool IsWanted() => wanted.TryGetValue(id, out var current) && current == operation;
        try
        {
            var client = stranger with { Caller = session?.Caller };
            await foreach (var result in operations.RunAsync(subscribe.Request, client, operation.Token))
            {
                if (result.Executed)
                    await outbox.SendAsync(new OperationMessage { Id = id, Type = "next", Payload = result }, IsWanted);
                else
                    await EndAsync("error", id, operation, result.Errors);
            }

            await EndAsync("complete", id, operation, null);
        }
        catch (Exception over) when (over is OperationCanceledException or WebSocketException or ObjectDisposedException)
        {
            // The client does not want it any more, or is gone.
        }
        catch (Exception problem)
        {
            await BreakAsync(problem);
        }
    }

    /// <summary>The last message of an operation, unless it had one. From here on its id is free again.</summary>
    private Task EndAsync(string type, string id, CancellationTokenSource operation, ExecutionErrors? errors) => outbox.SendAsync(
        new OperationMessage { Id = id, Type = type, Payload = errors?.ToArray() },
        () => wanted.TryRemove(KeyValuePair.Create(id, operation)));

    private Task BreakAsync(Exception problem)
    {
        log.LogError(problem, "A GraphQL connection broke");
        return outbox.CloseAsync(SocketClose.InternalServerError, "Internal server error");
    }
}
