using Grants.Service.Api.History;
using GraphQL;
using GraphQL.DataLoader;
using Marten;

namespace Grants.Service.Api.Lists;

/// <summary>
/// What the rows of a page ask for one by one and get together: keys are collected until the first answer is needed, and then read at
/// once. It is read once only; whoever asks later has another one, so that nothing is told that was read before.
/// </summary>
/// <param name="read">Reads what there is of these keys.</param>
public sealed class Batch<TKey, T>(Func<IReadOnlyCollection<TKey>, Task<IReadOnlyDictionary<TKey, T>>> read)
    where TKey : notnull
{
    private readonly HashSet<TKey> keys = [];
    private Task<IReadOnlyDictionary<TKey, T>>? found;

    /// <summary>Whether it is too late to ask.</summary>
    public bool IsRead => found is not null;

    /// <summary>The answer is what <paramref name="tell"/> makes of all that was found, for these keys or others.</summary>
    public IDataLoaderResult Ask<TAnswer>(IEnumerable<TKey> asked, Func<IReadOnlyDictionary<TKey, T>, TAnswer> tell)
    {
        keys.UnionWith(asked);
        return new Answer(async () => tell(await (found ??= keys.Count == 0 ? Nothing : read(keys))));
    }

    private static Task<IReadOnlyDictionary<TKey, T>> Nothing =>
        Task.FromResult<IReadOnlyDictionary<TKey, T>>(new Dictionary<TKey, T>());

    private sealed class Answer(Func<Task<object?>> tell) : IDataLoaderResult
    {
        public Task<object?> GetResultAsync(CancellationToken cancellationToken = default) => tell();
    }
}

public static class Batches
{
    /// <summary>Documents of a space by their ids.</summary>
    public static Batch<string, T> Documents<T>(this IResolveFieldContext context, string space, Func<T, string> id)
        where T : class
    {
        var (store, cancellation) = (context.Service<IDocumentStore>(), context.CancellationToken);
        return context.Batch<string, T>(space, async ids =>
        {
            await using var session = store.QuerySession(space);
            return (await session.LoadManyAsync<T>(cancellation, [.. ids])).ToDictionary(id);
        });
    }

    /// <summary>Aggregates of a space by their ids, as they were at the moment that the row is of which asks for them.</summary>
    public static Batch<string, T> Aggregates<T>(
        this IResolveFieldContext context, string space, Func<T, string> id, Func<T?, object, T?> evolve)
        where T : class
    {
        if (AsOf.MomentOfRow(context) is not { } moment)
            return context.Documents(space, id);
        var (store, cancellation) = (context.Service<IDocumentStore>(), context.CancellationToken);
        return context.Batch<string, T>($"{space} at {moment}", async ids =>
        {
            await using var session = store.QuerySession(space);
            var streams = await session.EventsAsync([.. ids], moment, cancellation);
            return streams.Select(events => events.Aggregate((T?)null, evolve)).OfType<T>().ToDictionary(id);
        });
    }

    /// <summary>The request's batch of such rows of a space, or a new one where there is none to ask any more.</summary>
    public static Batch<TKey, T> Batch<TKey, T>(
        this IResolveFieldContext context, string space, Func<IReadOnlyCollection<TKey>, Task<IReadOnlyDictionary<TKey, T>>> read)
        where TKey : notnull
    {
        var request = (RequestContext)context.UserContext;
        var name = $"batch of {typeof(T).Name} of {space}";
        if (request.GetValueOrDefault(name) is not Batch<TKey, T> { IsRead: false } batch)
            request[name] = batch = new Batch<TKey, T>(read);
        return batch;
    }
}
