using System.Net;
using System.Net.Http.Json;
using Grants.Primitives;
using Grants.Service.Api;
using Grants.Service.Api.Limits;
using Grants.Service.Tests.Embedded;
using Grants.Service.Tests.Transports;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Xunit;

namespace Grants.Service.Tests.Api;

/// <summary>What becomes of those who send again and again what is refused, and of those beside them.</summary>
public sealed class HeldRefusalTests
{
    private const int Day = 86_400;

    private static readonly string Bomb = $"{{ {string.Concat(Enumerable.Repeat("a ", 2_000))}}}";

    private static readonly Space Metis = new("metis", "Metis");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task the_first_refusals_are_told_at_once_and_the_next_ones_are_held()
    {
        using var refusals = Of(atOnce: 2, held: 10);
        var flood = new Client(Metis, null, "192.0.2.1");
        Assert.True(await refusals.WaitAsync(flood, Cancellation));
        Assert.True(await refusals.WaitAsync(flood, Cancellation));
        using var left = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var third = refusals.WaitAsync(flood, left.Token).AsTask();
        Assert.False(third.IsCompleted);
        await left.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => third);
    }

    [Fact]
    public async Task another_network_and_another_account_are_told_at_once()
    {
        using var refusals = Of(atOnce: 1, held: 0);
        var account = new Caller(new Address([.. new byte[19], 7]), "token");
        Assert.True(await refusals.WaitAsync(new Client(Metis, null, "192.0.2.1"), Cancellation));
        Assert.False(await refusals.WaitAsync(new Client(Metis, null, "192.0.2.1"), Cancellation));
        Assert.True(await refusals.WaitAsync(new Client(Metis, null, "192.0.2.2"), Cancellation));
        Assert.True(await refusals.WaitAsync(new Client(Metis, account, "192.0.2.1"), Cancellation));
    }

    [Fact]
    public async Task what_is_held_is_bounded_and_whoever_leaves_makes_room()
    {
        using var refusals = Of(atOnce: 1, held: 1);
        var flood = new Client(Metis, null, "192.0.2.1");
        Assert.True(await refusals.WaitAsync(flood, Cancellation));
        using var left = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var held = refusals.WaitAsync(flood, left.Token).AsTask();
        Assert.False(await refusals.WaitAsync(flood, Cancellation));
        await left.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => held);
        using var again = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var next = refusals.WaitAsync(flood, again.Token).AsTask();
        Assert.False(next.IsCompleted);
        await again.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next);
    }

    [Fact]
    public async Task whoever_floods_is_hung_up_on_and_still_answered_what_is_no_bomb()
    {
        await using var app = BareApi.Build(_ => { }, services => services.Configure<LimitOptions>(
            limits => (limits.RefusalsPerMinute, limits.HeldRefusals) = (1, 0)));
        using var http = new HttpClient { BaseAddress = await app.ServeAsync() };
        using (var refused = await AskAsync(http, Bomb))
            Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        await Assert.ThrowsAsync<HttpRequestException>(async () =>
        {
            for (var i = 0; i < 10; i++)
                (await AskAsync(http, Bomb)).Dispose();
        });
        using var answered = await AskAsync(http, "{ __typename }");
        Assert.Equal(HttpStatusCode.OK, answered.StatusCode);
    }

    private static HeldRefusals Of(int atOnce, int held) => new(Options.Create(
        new LimitOptions { RefusalsPerMinute = atOnce, HeldRefusals = held, RefusalHoldSeconds = Day }));

    private static Task<HttpResponseMessage> AskAsync(HttpClient http, string query) =>
        http.PostAsJsonAsync(new Uri("graphql", UriKind.Relative), new { query }, Cancellation);
}
