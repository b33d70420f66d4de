using System.Diagnostics;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Grants.Chaos;

/// <summary>
/// Stands before a node and speaks JSON-RPC over HTTP, single and in batches. What it does to calls is a list of faults that may
/// change while it runs; it keeps every call with its answer. Without a fault the node answers.
/// </summary>
public sealed class FaultProxy : IAsyncDisposable
{
    private readonly HttpClient http = new() { Timeout = Timeout.InfiniteTimeSpan };
    private readonly Stopwatch clock = Stopwatch.StartNew();
    private readonly List<RecordedCall> calls = [];
    private readonly Lock gate = new();
    private readonly WebApplication app;
    private Fault[] faults = [];
    private volatile Uri node;
    private long bodies;

    private FaultProxy(Uri node)
    {
        this.node = node;
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0);
            kestrel.Limits.MaxRequestBodySize = null;
        });
        app = builder.Build();
        app.Run(HandleAsync);
    }

    /// <summary>Where clients reach it.</summary>
    public Uri Endpoint { get; private set; } = null!;

    /// <summary>The node behind it. Another one may take its seat while clients go on.</summary>
    public Uri Node
    {
        get => node;
        set => node = value;
    }

    /// <summary>Whether it keeps calls; one that runs for hours should not.</summary>
    private bool Keeps { get; init; } = true;

    /// <summary>Every call so far, those in a batch one by one, in the order of their answers.</summary>
    public IReadOnlyList<RecordedCall> Calls
    {
        get
        {
            lock (gate)
                return [.. calls];
        }
    }

    public static Task<FaultProxy> StartAsync(Uri node, params Fault[] faults) => StartAsync(new FaultProxy(node) { faults = faults });

    /// <summary>One that forgets what came through it.</summary>
    public static Task<FaultProxy> StartForgettingAsync(Uri node, params Fault[] faults) =>
        StartAsync(new FaultProxy(node) { faults = faults, Keeps = false });

    private static async Task<FaultProxy> StartAsync(FaultProxy proxy)
    {
        await proxy.app.StartAsync();
        proxy.Endpoint = new Uri(proxy.app.Urls.Single());
        return proxy;
    }

    /// <summary>Adds a fault, which sees a call before those that are there.</summary>
    /// <returns>Takes it away again.</returns>
    public IDisposable Add(Fault fault)
    {
        lock (gate)
            faults = [fault, .. faults];
        return new Removal(() =>
        {
            lock (gate)
                faults = [.. faults.Where(one => one != fault)];
        });
    }

    /// <summary>The node is honest and quick again.</summary>
    public void Heal()
    {
        lock (gate)
            faults = [];
    }

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        http.Dispose();
    }

    private async Task HandleAsync(HttpContext context)
    {
        var request = await JsonNode.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted);
        var asked = request is JsonArray batch ? batch.ToArray() : [request];
        var answers = new JsonArray();
        var body = Interlocked.Increment(ref bodies);
        foreach (var one in asked)
        {
            var call = new RpcCall(one!["method"]!.GetValue<string>(), one["params"]?.DeepClone().AsArray() ?? []) { Body = body };
            var reply = await AnswerAsync(call, context.RequestAborted);
            Record(call, reply);
            switch (reply)
            {
                case RpcReply.Severed:
                    context.Abort();
                    return;
                case RpcReply.Page page:
                    await WriteAsync(context, page);
                    return;
                default:
                    answers.Add(ToJson(reply, one["id"]?.DeepClone()));
                    break;
            }
        }

        var answer = request is JsonArray ? answers : answers[0]!;
        await WriteAsync(context, new RpcReply.Page(StatusCodes.Status200OK, answer.ToJsonString(), "application/json"));
    }

    private async Task<RpcReply> AnswerAsync(RpcCall call, CancellationToken gone)
    {
        Fault[] chain;
        lock (gate)
            chain = faults;
        try
        {
            return await FromAsync(0, call);
        }
        catch (Exception) when (gone.IsCancellationRequested)
        {
            return new RpcReply.Severed();
        }

        Task<RpcReply> FromAsync(int next, RpcCall asked) =>
            next == chain.Length ? ForwardAsync(asked, gone) : chain[next](asked, on => FromAsync(next + 1, on), gone);
    }

    private async Task<RpcReply> ForwardAsync(RpcCall call, CancellationToken gone)
    {
        var request = new JsonObject
        {
            ["jsonrpc"] = "2.0", ["id"] = 1, ["method"] = call.Method, ["params"] = call.Parameters.DeepClone(),
        };
        using var content = new StringContent(request.ToJsonString(), Encoding.UTF8, "application/json");
        using var response = await http.PostAsync(node, content, gone);
        var answer = await response.Content.ReadAsByteArrayAsync(gone);
        var json = JsonNode.Parse(answer)!.AsObject();
        return json["error"] is { } error
            ? new RpcReply.Error(error["code"]!.GetValue<int>(), error["message"]!.GetValue<string>(), error["data"]?.DeepClone())
            : new RpcReply.Result(json["result"]?.DeepClone());
    }

    private void Record(RpcCall call, RpcReply reply)
    {
        if (!Keeps)
            return;
        lock (gate)
            calls.Add(new RecordedCall(calls.Count, clock.Elapsed, call, reply));
    }

    private static JsonObject ToJson(RpcReply reply, JsonNode? id)
    {
        var answer = new JsonObject { ["jsonrpc"] = "2.0", ["id"] = id };
        if (reply is RpcReply.Error error)
        {
            answer["error"] = new JsonObject { ["code"] = error.Code, ["message"] = error.Message };
            if (error.Data is { } data)
                answer["error"]!["data"] = data.DeepClone();
        }
        else
        {
            answer["result"] = ((RpcReply.Result)reply).Value?.DeepClone();
        }

        return answer;
    }

    private static async Task WriteAsync(HttpContext context, RpcReply.Page page)
    {
        context.Response.StatusCode = page.Status;
        context.Response.ContentType = page.ContentType;
        if (page.RetryAfterSeconds is { } seconds)
            context.Response.Headers.RetryAfter = $"{seconds}";
        await context.Response.WriteAsync(page.Body, context.RequestAborted);
    }

    private sealed class Removal(Action remove) : IDisposable
    {
        public void Dispose() => remove();
    }
}
