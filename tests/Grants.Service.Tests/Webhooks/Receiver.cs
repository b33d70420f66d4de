using System.Collections.Concurrent;
using System.Text;
using Grants.Service.Tests.Embedded;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Grants.Service.Tests.Webhooks;

/// <summary>Somebody's server that is told what happens, and answers as it is told to.</summary>
internal sealed class Receiver : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly ConcurrentQueue<int> answers = new();

    private Receiver(WebApplication app) => this.app = app;

    public Uri Url { get; private set; } = null!;

    public ConcurrentQueue<(HeaderDictionary Headers, string Body)> Received { get; } = new();

    /// <param name="answers">The status of each answer in turn; then 204.</param>
    public static async Task<Receiver> StartAsync(params int[] answers)
    {
        var receiver = new Receiver(BareHost.CreateBuilder().Build());
        foreach (var answer in answers)
            receiver.answers.Enqueue(answer);
        receiver.app.MapPost("/hook", receiver.TakeAsync);
        receiver.Url = new Uri(await receiver.app.ServeAsync(), "hook");
        return receiver;
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private async Task TakeAsync(HttpContext http)
    {
        using var reader = new StreamReader(http.Request.Body, Encoding.UTF8);
        var headers = new HeaderDictionary();
        foreach (var (name, value) in http.Request.Headers)
            headers[name] = value;
        Received.Enqueue((headers, await reader.ReadToEndAsync()));
        http.Response.StatusCode = answers.TryDequeue(out var status) ? status : 204;
        if (status is 301 or 302 or 307)
            http.Response.Headers.Location = Url.ToString();
    }
}
