using System.Diagnostics;
using System.Net;
using System.Text;
using Grants.Service.Access;
using Microsoft.Extensions.Options;

namespace Grants.Service.Webhooks.Sending;

/// <summary>Tells endpoints what happened: at least once, signed, again and again until they take it or the attempts are used up.</summary>
public sealed class WebhookSender : BackgroundService
{
    private readonly WebhookOptions options;
    private readonly string origin;
    private readonly DeliveryQueue queue;
    private readonly WebhookStore store;
    private readonly TimeProvider clock;
    private readonly ILogger<WebhookSender> log;
    private readonly HttpClient http;

    public WebhookSender(
        IOptions<WebhookOptions> options,
        IOptions<AccessOptions> access,
        DeliveryQueue queue,
        WebhookStore store,
        TimeProvider clock,
        ILogger<WebhookSender> log)
    {
        (this.options, origin, this.queue, this.store, this.clock, this.log) = (options.Value, access.Value.Uri, queue, store, clock, log);
        // No redirects and no proxy: either would lead around the look at the address.
        http = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            PooledConnectionLifetime = TimeSpan.FromMinutes(1),
            ConnectCallback = (context, cancellation) =>
                PublicAddress.ConnectAsync(context.DnsEndPoint, this.options.AllowPrivateNetworks, cancellation),
        })
        {
            Timeout = TimeSpan.FromSeconds(this.options.TimeoutSeconds),
        };
    }

    public override void Dispose()
    {
        http.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(options.IntervalSeconds));
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await queue.FanOutAsync(stoppingToken);
                while (await queue.TakeAsync(stoppingToken) is { Count: > 0 } due)
                    await Task.WhenAll(due.Select(delivery => AttemptAsync(delivery, stoppingToken)));
            }
            catch (Exception problem) when (!stoppingToken.IsCancellationRequested)
            {
                log.LogWarning(problem, "Webhooks cannot be sent just now");
            }
        }
    }

    private async Task AttemptAsync(DueDelivery delivery, CancellationToken cancellation)
    {
        var (at, watch) = (clock.GetUtcNow(), Stopwatch.StartNew());
        var (status, problem) = await PostAsync(delivery, at, cancellation);
        var attempt = new WebhookAttempt(at, status, problem, (int)watch.ElapsedMilliseconds);
        var isDelivered = problem is null;
        DateTimeOffset? nextAt = !isDelivered && status != (int)HttpStatusCode.Gone && delivery.Attempt <= options.Retries.Length
            ? clock.GetUtcNow().AddSeconds(options.Retries[delivery.Attempt - 1])
            : null;
        await queue.RecordAsync(delivery, attempt, isDelivered, nextAt, cancellation);
        if (status == (int)HttpStatusCode.Gone)
            await store.DisableAsync(delivery.Space, delivery.Endpoint, "It answered that it is gone (410).", cancellation);
    }

    /// <summary>The answer's status, and what was wrong; nothing where it was taken.</summary>
    private async Task<(int? Status, string? Problem)> PostAsync(DueDelivery delivery, DateTimeOffset at, CancellationToken cancellation)
    {
        var (timestamp, body) = (at.ToUnixTimeSeconds(), delivery.Body(origin));
        using var request = new HttpRequestMessage(HttpMethod.Post, delivery.Url)
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        };
        request.Headers.Add("webhook-id", delivery.MessageId);
        request.Headers.Add("webhook-timestamp", $"{timestamp}");
        request.Headers.Add("webhook-signature", delivery.Signature(timestamp, body));
        request.Headers.UserAgent.ParseAdd("Grants-Webhooks/1");
        try
        {
            // What it says is nobody's business here, and may be without end.
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
            return ((int)response.StatusCode, response.IsSuccessStatusCode ? null : $"It answered {(int)response.StatusCode}.");
        }
        catch (HttpRequestException refused)
        {
            return (null, (refused.InnerException as HttpRequestException ?? refused).Message);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return (null, $"It did not answer within {options.TimeoutSeconds:0.#} s.");
        }
    }
}
