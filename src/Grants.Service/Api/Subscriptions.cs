using System.Runtime.CompilerServices;
using Grants.Service.Api.Limits;
using GraphQL;
using GraphQL.Execution;
using GraphQL.Resolvers;
using GraphQL.Types;
using Microsoft.Extensions.Options;
using ExecutionContext = GraphQL.Execution.ExecutionContext;

namespace Grants.Service.Api;

/// <summary>An item of a stream that can be gone on with.</summary>
/// <param name="Sequence">Its place, told in the message's <c>extensions.sequence</c>.</param>
public sealed record Told(long Sequence, object Item);

/// <summary>How a feature adds its subscriptions.</summary>
public static class Subscriptions
{
    private const string FromSequence = "fromSequence";

    /// <summary>Adds a stream whose messages say their sequence, and that goes on behind one.</summary>
    /// <param name="open">Opens the stream, behind a sequence where one is given; see <see cref="AddStream"/>.</param>
    public static void AddResumable<TGraphType>(
        this ObjectGraphType subscription,
        string name,
        string description,
        QueryArguments arguments,
        Func<IResolveFieldContext, long?, IAsyncEnumerable<Told>> open)
        where TGraphType : IGraphType =>
        subscription.AddStream<Told, TGraphType>(
            name,
            description,
            [
                .. arguments,
                new QueryArgument<LongGraphType>
                {
                    Name = FromSequence,
                    Description = "To go on after an interruption: the extensions.sequence of the last message seen. What came behind it "
                        + "is told in its order, and nothing twice.",
                },
            ],
            context => open(context, context.GetArgument<long?>(FromSequence)));

    /// <param name="open">
    /// Opens the stream. It reads arguments and services of the context at once: both are gone when the first item is made, and
    /// services must be singletons. A <see cref="ProtocolError"/> from the stream ends it with that error.
    /// </param>
    public static void AddStream<T, TGraphType>(
        this ObjectGraphType subscription,
        string name,
        string description,
        QueryArguments arguments,
        Func<IResolveFieldContext, IAsyncEnumerable<T>> open)
        where T : class
        where TGraphType : IGraphType =>
        subscription.AddField(new FieldType
        {
            Name = name,
            Description = description,
            Type = typeof(NonNullGraphType<TGraphType>),
            Arguments = arguments,
            Resolver = new FuncFieldResolver<object?>(context => context.Source),
            StreamResolver = new SourceStreamResolver<object>(context => new PulledStream<object>(open(context))),
        });
}

/// <summary>
/// Runs subscriptions by pulling: each item is resolved in a scope of its own in the subscriber's space, when the transport asks for it.
/// </summary>
internal sealed class PullingStrategy(IServiceScopeFactory scopes, IOptions<LimitOptions> limits) : SubscriptionExecutionStrategy
{
    protected override ExecutionContext CloneExecutionContext(ExecutionContext context, CancellationToken token)
    {
        var copy = base.CloneExecutionContext(context, token);
        // Those of the request are gone when the first item comes.
        copy.RequestServices = null;
        return copy;
    }

    protected override async ValueTask<ExecutionResult> ProcessDataAsync(ExecutionContext context, ExecutionNode node, object? value)
    {
        await using var scope = scopes.CreateSpaceScope(((RequestContext)context.UserContext).Space.Id);
        context.RequestServices = scope.ServiceProvider;
        return await base.ProcessDataAsync(context, node, value);
    }

    protected override async Task<IObservable<ExecutionResult>?> ResolveResponseStreamAsync(ExecutionContext context, ExecutionNode node)
    {
        var source = (PulledStream<object>)await node.FieldDefinition.StreamResolver!.ResolveAsync(
            new ReadonlyResolveFieldContext(node, context));
        return new PulledStream<ExecutionResult>(ResultsAsync(CloneExecutionContext(context, default), node, source.Items));
    }

    private async IAsyncEnumerable<ExecutionResult> ResultsAsync(
        ExecutionContext kept,
        ExecutionNode node,
        IAsyncEnumerable<object> source,
        [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        await using var items = source.GetAsyncEnumerator(cancellation);
        while (true)
        {
            using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            using var context = CloneExecutionContext(kept, deadline.Token);
            ExecutionError? end = null;
            try
            {
                if (!await items.MoveNextAsync())
                    yield break;
            }
            catch (Exception problem) when (!cancellation.IsCancellationRequested)
            {
                end = problem as ProtocolError ?? await ProcessErrorAsync(context, node, problem);
            }

            if (end is not null)
            {
                yield return new ExecutionResult { Errors = [end] };
                yield break;
            }

            deadline.CancelAfter(TimeSpan.FromSeconds(limits.Value.DeadlineSeconds));
            var told = items.Current as Told;
            var result = await ProcessDataAsync(context, node, told?.Item ?? items.Current);
            if (told is not null)
                (result.Extensions ??= [])["sequence"] = told.Sequence;
            yield return result;
        }
    }
}
