using System.Runtime.CompilerServices;
using GraphQL;
using GraphQL.Execution;
using GraphQL.Transport;
using GraphQL.Types;
using GraphQLParser.AST;

namespace Grants.Service.Api;

/// <summary>Runs operations, whichever way they came: guarded, with a deadline, in a scope of their own and of their space.</summary>
public sealed class OperationRunner(
    IDocumentExecuter<ISchema> executer, IServiceScopeFactory scopes, ILogger<OperationRunner> log)
{
    /// <summary>How long a query, a mutation or one item of a subscription may take.</summary>
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);

    /// <summary>
    /// The results of an operation: one of a query or mutation, any number of a subscription. A result that is not
    /// <see cref="ExecutionResult.Executed"/> is the last one and has errors.
    /// </summary>
    public async IAsyncEnumerable<ExecutionResult> RunAsync(
        GraphQLRequest request, Space space, Caller? caller, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var (operation, refusal) = DocumentGuard.Inspect(request.Query!);
        var first = refusal is null
            ? await ExecuteAsync(request, space, caller, cancellation)
            : new ExecutionResult { Errors = [refusal] };
        if (operation != OperationType.Subscription || first.Streams is null)
        {
            // A subscription that cannot begin has not been executed, whatever the engine calls it.
            first.Executed &= operation != OperationType.Subscription;
            yield return first;
            yield break;
        }

        var stream = (PulledStream<ExecutionResult>)first.Streams.Values.Single();
        await foreach (var result in stream.Items.WithCancellation(cancellation))
            yield return result;
    }

    /// <summary>Executes a document that is known to be harmless.</summary>
    public async Task<ExecutionResult> ExecuteAsync(
        GraphQLRequest request, Space space, Caller? caller, CancellationToken cancellation)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        deadline.CancelAfter(Deadline);
        await using var scope = scopes.CreateSpaceScope(space.Id);
        try
        {
            var result = await executer.ExecuteAsync(options =>
            {
                options.Query = request.Query;
                options.OperationName = request.OperationName;
                options.Variables = request.Variables;
                options.RequestServices = scope.ServiceProvider;
                options.UserContext = new RequestContext(space, caller);
                options.CancellationToken = deadline.Token;
                options.UnhandledExceptionDelegate = Conceal;
            });
            foreach (var error in result.Errors?.OfType<DocumentError>() ?? [])
                error.Code = "BAD_USER_INPUT";
            return result;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return new ExecutionResult
            {
                Errors =
                [
                    new ProtocolError(ProtocolError.CostExceeded, $"The operation took more than {Deadline.TotalSeconds:0} seconds."),
                ],
            };
        }
    }

    // What broke is for the log; the client gets a trace id and nothing else. A subscription outlives the services of its
    // request, so they are not asked for the log.
    private Task Conceal(UnhandledExceptionContext context)
    {
        var trace = System.Diagnostics.Activity.Current?.TraceId.ToString() ?? Guid.CreateVersion7().ToString("N");
        log.LogError(context.OriginalException, "A resolver failed; trace {Trace}", trace);
        context.Exception = new ProtocolError("INTERNAL", $"Something broke on our side. Trace {trace}.");
        return Task.CompletedTask;
    }
}
