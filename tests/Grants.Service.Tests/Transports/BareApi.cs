using Grants.Service.Access;
using Grants.Service.Api;
using Grants.Service.Api.Limits;
using Grants.Service.Api.Transports;
using Grants.Service.Tests.Embedded;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Grants.Service.Tests.Transports;

/// <summary>The API at an address of its own, with nothing behind it: what travels, and not what it means.</summary>
public sealed class BareApi : IAsyncLifetime
{
    /// <summary>Of a page that may connect, besides those of the service.</summary>
    public const string Friend = "https://console.example.org";

    private WebApplication app = null!;

    public Uri Url { get; private set; } = null!;

    public Uri Socket => new UriBuilder(Url) { Scheme = "ws", Path = "graphql" }.Uri;

    public async ValueTask InitializeAsync()
    {
        app = Build(transports =>
        {
            transports.InitSeconds = 60;
            transports.Origins = [Friend];
        });
        Url = await app.ServeAsync();
    }

    public async ValueTask DisposeAsync() => await app.DisposeAsync();

    /// <param name="add">What shall stand behind it after all.</param>
    internal static WebApplication Build(Action<TransportOptions> configure, Action<IServiceCollection>? add = null)
    {
        var builder = BareHost.CreateBuilder();
        builder.Services.AddSpaces(builder.Configuration);
        builder.Services.AddApi();
        builder.Services.Configure<AccessOptions>(access => access.Uri = "https://grants.example.org");
        // The first request compiles all that it passes through.
        builder.Services.Configure<LimitOptions>(limits => limits.DeadlineSeconds = 30);
        builder.Services.Configure(configure);
        add?.Invoke(builder.Services);
        var app = builder.Build();
        app.MapGraphQL();
        return app;
    }
}
