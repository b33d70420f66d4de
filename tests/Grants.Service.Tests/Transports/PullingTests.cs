using System.Runtime.CompilerServices;
using Grants.Service.Api;
using GraphQL;
using GraphQL.Transport;
using GraphQL.Types;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Grants.Service.Tests.Transports;

/// <summary>A subscription makes its next item when it is asked for, in a scope of its own.</summary>
public sealed class PullingTests
{
    private int made;
    private int ended;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task nothing_is_made_before_it_is_asked_for()
    {
        await using var results = Run("subscription { numbers { value scope } }", Cancellation).GetAsyncEnumerator(Cancellation);
        Assert.Equal(0, made);
        for (var i = 1; i <= 5; i++)
        {
            Assert.True(await results.MoveNextAsync());
            Assert.Null(results.Current.Errors);
            Assert.Equal(i, made);
            Assert.Equal(i, ended);
        }
    }

    [Fact]
    public async Task a_stream_that_is_left_is_ended()
    {
        using var leave = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var result in Run("subscription { numbers { value } }", leave.Token))
                await leave.CancelAsync();
        });
        Assert.Equal(-1, made);
    }

    [Theory]
    [InlineData("refused", "NOT_FOUND", "There is no such thing.")]
    [InlineData("broken", "INTERNAL", null)]
    public async Task a_stream_that_breaks_ends_with_one_error_that_tells_nothing_of_ours(string field, string code, string? message)
    {
        var results = await Run($"subscription {{ {field} {{ value }} }}", Cancellation).ToListAsync(Cancellation);
        Assert.True(results[0].Executed);
        Assert.Equal(2, results.Count);
        Assert.False(results[1].Executed);
        var error = Assert.Single(results[1].Errors!);
        Assert.Equal(code, error.Code);
        if (message is not null)
            Assert.Equal(message, error.Message);
        Assert.DoesNotContain("secret", error.Message, StringComparison.Ordinal);
    }

    private IAsyncEnumerable<ExecutionResult> Run(string query, CancellationToken cancellation)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddScoped(_ => new Ending(() => Interlocked.Increment(ref ended)));
        services.AddScoped<ScopedSpace>();
        services.AddApi();
        services.AddTransient<NumberGraphType>();
        services.AddSingleton<ISchema>(provider => new Numbers(provider, this));
        return services.BuildServiceProvider().GetRequiredService<OperationRunner>()
            .RunAsync(new GraphQLRequest { Query = query }, new Client(new Space("metis", "Metis"), null, "nowhere"), cancellation);
    }

    private async IAsyncEnumerable<Number> CountAsync(Exception? problem, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        try
        {
            while (true)
            {
                yield return new Number(++made);
                await Task.Yield();
                cancellation.ThrowIfCancellationRequested();
                if (problem is not null)
                    throw problem;
            }
        }
        finally
        {
            made = -1;
        }
    }

    private sealed record Number(int Value);

    private sealed class Ending(Action end) : IDisposable
    {
        public void Dispose() => end();
    }

    private sealed class Numbers : Schema
    {
        public Numbers(IServiceProvider services, PullingTests test)
            : base(services)
        {
            var query = new ObjectGraphType { Name = "Query" };
            query.Field<IntGraphType>("nothing");
            Query = query;
            var subscription = new ObjectGraphType { Name = "Subscription" };
            subscription.AddStream<Number, NumberGraphType>("numbers", "Counts.", [], _ => test.CountAsync(null));
            subscription.AddStream<Number, NumberGraphType>(
                "refused", "Counts.", [], _ => test.CountAsync(new ProtocolError("NOT_FOUND", "There is no such thing.")));
            subscription.AddStream<Number, NumberGraphType>(
                "broken", "Counts.", [], _ => test.CountAsync(new InvalidOperationException("secret")));
            Subscription = subscription;
        }
    }

    private sealed class NumberGraphType : ObjectGraphType<Number>
    {
        public NumberGraphType()
        {
            Name = "Number";
            Field("value", number => number.Value);
            Field<BooleanGraphType>("scope").Resolve(context => context.RequestServices!.GetRequiredService<Ending>() is not null);
        }
    }
}
