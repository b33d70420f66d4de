using System.Runtime.CompilerServices;
using Grants.Service.Api.Documents;
using Grants.Service.Api.Errors;
using Grants.Service.Api.Limits;
using GraphQL;
using GraphQL.Execution;
using GraphQL.Transport;
using GraphQL.Types;
using GraphQLParser.AST;
using Microsoft.Extensions.Options;

namespace Grants.Service.Api;

/// <summary>A request whose document was looked at.</summary>
/// <param name="Document">Null where it cannot be read.</param>
/// <param name="IsKnown">Whether it was executed before.</param>
/// <param name="Refusal">Why it is not executed; null where it is.</param>
public sealed record InspectedOperation(
    GraphQLRequest Request, OperationType Type, GraphQLDocument? Document, bool IsKnown, ProtocolError? Refusal);

/// <summary>Runs operations, whichever way they came: guarded, charged, in time, in a scope of their own and of their space.</summary>
public sealed class OperationRunner(
    IDocumentExecuter<ISchema> executer,
    KnownDocuments documents,
    CostBuckets buckets,
    ExecutionGate gate,
    UnchargedMutations uncharged,
    IServiceScopeFactory scopes,
    IOptions<LimitOptions> limits,
    ILogger<OperationRunner> log)
{
    /// <summary>
    /// The results of an operation: one of a query or mutation, any number of a subscription. A result that is not
    /// <see cref="ExecutionResult.Executed"/> is the last one and has errors.
    /// </summary>
    public async IAsyncEnumerable<ExecutionResult> RunAsync(
        GraphQLRequest request, Client client, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var operation = Inspect(request);
        var (first, _) = await ExecuteAsync(operation, client, cancellation);
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
        if (PersistedDocuments.Resolve(request, limits.Value.PersistedOnly) is { } unknown)
            return new InspectedOperation(request, default, null, IsKnown: false, unknown);
        if (documents.Find(request.Query!) is { } known)
            return new InspectedOperation(request, DocumentGuard.OperationOf(known), known, IsKnown: true, null);
        var (document, refusal) = DocumentGuard.Inspect(request.Query!);
        return new InspectedOperation(
            request, document is null ? default : DocumentGuard.OperationOf(document), document, IsKnown: false, refusal);
    }

    /// <summary>Executes an operation, unless it is refused.</summary>
    /// <returns>The result, and what was charged for it; null where it was refused before.</returns>
    public async Task<(ExecutionResult Result, CostCharge? Charge)> ExecuteAsync(
        InspectedOperation operation, Client client, CancellationToken cancellation)
    {
        var (result, charge) = await ChargeAsync(operation, client, cancellation);
        if (result.Errors is { } errors)
            result.Errors = [.. errors.Select(error => Messages.Of(client.Language, error))];
        return (result, charge);
    }

    private async Task<(ExecutionResult Result, CostCharge? Charge)> ChargeAsync(
        InspectedOperation operation, Client client, CancellationToken cancellation)
    {
        if (operation.Refusal is not null)
            return (Refused(operation.Refusal), null);
        if (OperationCost.IsUncharged(operation.Document!, uncharged.Names))
            return (await ExecuteInTimeAsync(operation, client, cancellation), null);
        var cost = OperationCost.Of(operation.Document!, operation.Request.Variables, uncharged.Names);
        if (cost > OperationCost.OperationMax)
            return (Refused(new ProtocolError(
                ProtocolError.CostExceeded, $"The operation may cost {cost} units, above {OperationCost.OperationMax}.")), null);
        var charge = buckets.Take(client, cost);
        if (!charge.IsTaken)
            return (WithCost(Refused(new ProtocolError(
                ProtocolError.RateLimited, $"Too much was asked for; ask again in {charge.RetryAfterSeconds} s.")), charge), charge);
        return (WithCost(await ExecuteInTimeAsync(operation, client, cancellation), charge), charge);
    }

    private async Task<ExecutionResult> ExecuteInTimeAsync(
        InspectedOperation operation, Client client, CancellationToken cancellation)
    {
        var time = TimeSpan.FromSeconds(operation.Type == OperationType.Mutation
            ? limits.Value.MutationDeadlineSeconds
            : limits.Value.DeadlineSeconds);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        deadline.CancelAfter(time);
        try
        {
            var isBounded = !OperationCost.IsUncharged(operation.Document!, uncharged.Names);
            using var place = isBounded ? await gate.EnterAsync(deadline.Token) : null;
            return isBounded && place is null
                ? Refused(new ProtocolError(ProtocolError.Overloaded, "Too many operations wait; ask again in a moment."))
                : await ExecuteAsync(operation, client, deadline);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return Refused(new ProtocolError(
                ProtocolError.CostExceeded, $"The operation took more than {time.TotalSeconds:0.#} seconds."));
        }
    }

    private async Task<ExecutionResult> ExecuteAsync(InspectedOperation operation, Client client, CancellationTokenSource deadline)
    {
        var request = operation.Request;
        await using var scope = scopes.CreateSpaceScope(client.Space.Id);
        var result = await executer.ExecuteAsync(options =>
        {
            options.Query = request.Query;
            if (operation.IsKnown)
                (options.Document, options.ValidationRules) = (operation.Document, []);
            options.OperationName = request.OperationName;
            options.Variables = request.Variables;
            options.RequestServices = scope.ServiceProvider;
            options.UserContext = new RequestContext(client);
            options.CancellationToken = deadline.Token;
            options.UnhandledExceptionDelegate = Conceal;
        });
        foreach (var error in result.Errors?.OfType<DocumentError>() ?? [])
            error.Code = "BAD_USER_INPUT";
        if (!operation.IsKnown && result is { Executed: true, Document: { } document })
            documents.Add(request.Query!, document);
        return result;
    }

    private static ExecutionResult Refused(ProtocolError error) => new() { Errors = [error] };

    private static ExecutionResult WithCost(ExecutionResult result, CostCharge charge)
    {
        result.Extensions ??= [];
        result.Extensions["cost"] = new
        {
            requestedQueryCost = charge.Cost,
            throttleStatus = new { maximumAvailable = charge.Limit, currentlyAvailable = charge.Left, restoreRate = charge.PerSecond },
        };
        return result;
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
