using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Grants.Service.Tests.Webhooks;

/// <summary>Somebody's server that is told what happens, and answers as it is told to.</summary>
internal sealed class Receiver : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly ConcurrentQueue<int> answers = new();

    private Receiver(WebApplication app) => this.app = app;

    public Uri Url => new(new Uri(app.Urls.Single()), "hook");

    public ConcurrentQueue<(HeaderDictionary Headers, string Body)> Received { get; } = new();

    /// <param name="answers">The status of each answer in turn; then 204.</param>
    public static async Task<Receiver> StartAsync(params int[] answers)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Logging.SetMinimumLevel(LogLevel.None);
        builder.Services.AddRouting();
        var receiver = new Receiver(builder.Build());
        foreach (var answer in answers)
            receiver.answers.Enqueue(answer);
        receiver.app.MapPost("/hook", receiver.TakeAsync);
        await receiver.app.StartAsync();
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
