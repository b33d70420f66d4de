using Grants.Service.Api.Lists;
using Marten;

namespace Grants.Service.Api.History;

/// <summary>How much of the past is folded for one list.</summary>
/// <param name="Documents">The most streams.</param>
/// <param name="Events">The most of their events, all together.</param>
public sealed record PastBounds(int Documents, int Events)
{
    public static PastBounds Default { get; } = new(1_000, 10_000);
}

/// <summary>
/// Lists as they were. The documents of now say which streams there are; their events until the moment are read together and folded; and
/// the database judges and orders what they were by the same expressions as the documents of now.
/// </summary>
public static class PastLists
{
    /// <summary>The whole list at a moment, in its order. Takes three statements, however long it is.</summary>
    /// <param name="choice">What is meant of it; what it says of lasting things is taken from how the documents are now.</param>
    /// <param name="moment">One that is still to come is now.</param>
    /// <exception cref="ProtocolError">There is more to fold than the bounds allow.</exception>
    public static async Task<IReadOnlyList<T>> ReadPastAsync<T>(
        this DocumentList<T> list,
        IQuerySession session,
        DocumentChoice<T> choice,
        AsOfInput moment,
        PastBounds bounds,
        CancellationToken cancellation)
        where T : class
    {
        var documents = await choice.Lasting.Of(session.Query<T>()).Take(bounds.Documents + 1).ToListAsync(cancellation);
        if (documents.Count > bounds.Documents)
            throw TooLong(bounds);
        if (documents.Count == 0)
            return [];
        var then = new Dictionary<string, T>(documents.Count);
        var events = await session.EventsAsync([.. documents.Select(list.Id)], moment, cancellation, bounds.Events + 1);
        if (events.Sum(stream => stream.Count()) > bounds.Events)
            throw TooLong(bounds);
        foreach (var now in documents)
        {
            var state = events[list.Id(now)].Aggregate((T?)null, list.Evolve);
            if (state is not null)
                then.Add(list.Id(now), list.Disclose is null ? state : list.Disclose(state, now));
        }

        return then.Count == 0 ? [] : [.. (await JudgeAsync(session, choice, [.. then.Values], cancellation)).Select(id => then[id])];
    }

    // The ids of those that are left in, in their order.
    private static Task<IReadOnlyList<string>> JudgeAsync<T>(
        IQuerySession session, DocumentChoice<T> choice, T[] documents, CancellationToken cancellation)
        where T : class
    {
        var conditions = choice.Passing.All.Select(one => $"({one.Sql})").DefaultIfEmpty("true");
        var json = session.DocumentStore.Options.Serializer().ToJson(documents);
        return session.QueryAsync<string>(
            $"""
            select d.id from (select one ->> 'id' as id, one as data from jsonb_array_elements(?::jsonb) one) d
            where {string.Join(" and ", conditions)} order by {choice.Order.Clause}
            """,
            cancellation,
            [json, .. choice.Passing.All.Select(one => one.Text)]);
    }

    private static ProtocolError TooLong(PastBounds bounds) => new(
        ProtocolError.PastTooLong,
        $"The past of more than {bounds.Documents:N0} rows or {bounds.Events:N0} events is not folded; narrow the list.");
}
