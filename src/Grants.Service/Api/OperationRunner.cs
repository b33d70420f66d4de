using System.Runtime.CompilerServices;
using Grants.Service.Api.Documents;
using GraphQL;
using GraphQL.Execution;
using GraphQL.Transport;
using GraphQL.Types;
using GraphQLParser.AST;

namespace Grants.Service.Api;

/// <summary>A request whose document was looked at.</summary>
/// <param name="Known">The document, where it was executed before.</param>
/// <param name="Refusal">Why it is not executed; null where it is.</param>
public sealed record InspectedOperation(GraphQLRequest Request, OperationType Type, GraphQLDocument? Known, ProtocolError? Refusal);

/// <summary>Runs operations, whichever way they came: guarded, with a deadline, in a scope of their own and of their space.</summary>
public sealed class OperationRunner(
    IDocumentExecuter<ISchema> executer, KnownDocuments documents, IServiceScopeFactory scopes, ILogger<OperationRunner> log)
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
        var operation = Inspect(request);
        var first = await ExecuteAsync(operation, space, caller, cancellation);
        if (operation.Type != OperationType.Subscription || first.Streams is null)
        {
            // A subscription that cannot begin has not been executed, whatever the engine calls it.
            first.Executed &= operation.Type != OperationType.Subscription;
            yield return first;
            yield break;
        }

        var stream = (PulledStream<ExecutionResult>)first.Streams.Values.Single();
        await foreach (var result in stream.Items.WithCancellation(cancellation))
            yield return result;
    }

    /// <summary>Looks at the document before anything is executed.</summary>
    public InspectedOperation Inspect(GraphQLRequest request)
    {
        if (documents.Find(request.Query!) is { } known)
            return new InspectedOperation(request, DocumentGuard.OperationOf(known), known, null);
        var (type, refusal) = DocumentGuard.Inspect(request.Query!);
        return new InspectedOperation(request, type, null, refusal);
    }

    /// <summary>Executes an operation, unless it is refused.</summary>
    public async Task<ExecutionResult> ExecuteAsync(
        InspectedOperation operation, Space space, Caller? caller, CancellationToken cancellation)
    {
        var (request, _, known, refusal) = operation;
        if (refusal is not null)
            return new ExecutionResult { Errors = [refusal] };
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        deadline.CancelAfter(Deadline);
        await using var scope = scopes.CreateSpaceScope(space.Id);
        try
        {
            var result = await executer.ExecuteAsync(options =>
            {
                options.Query = request.Query;
                if (known is not null)
                    (options.Document, options.ValidationRules) = (known, []);
                options.OperationName = request.OperationName;
                options.Variables = request.Variables;
                options.RequestServices = scope.ServiceProvider;
                options.UserContext = new RequestContext(space, caller);
                options.CancellationToken = deadline.Token;
                options.UnhandledExceptionDelegate = Conceal;
            });
            foreach (var error in result.Errors?.OfType<DocumentError>() ?? [])
                error.Code = "BAD_USER_INPUT";
            if (known is null && result is { Executed: true, Document: { } document })
                documents.Add(request.Query!, document);
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
