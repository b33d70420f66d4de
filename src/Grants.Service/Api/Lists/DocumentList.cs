using Grants.Service.Api.History;
using GraphQL;
using GraphQL.Types;
using Marten;

namespace Grants.Service.Api.Lists;

/// <summary>What a request means of a list.</summary>
/// <param name="Lasting">By what never changes of a document, so that its past may be found by how it is now.</param>
/// <param name="Passing">By what may change.</param>
public sealed record DocumentChoice<T>(Criteria Lasting, Criteria Passing, Keyset<T> Order)
    where T : notnull
{
    /// <summary>The documents of now that are meant.</summary>
    public IQueryable<T> Of(IQuerySession session) => Passing.Of(Lasting.Of(session.Query<T>()));
}

/// <summary>A list of the documents of an aggregate, as they are now or were at a moment.</summary>
/// <param name="Id">Of a document, and of its stream.</param>
/// <param name="Evolve">Folds the events of a stream.</param>
/// <param name="Choose">What the arguments mean.</param>
/// <param name="Disclose">What may be told of a document as it was, by how it is now. Left out, all of it.</param>
/// <param name="Space">Whose documents. Left out, those of the space that is asked.</param>
public sealed record DocumentList<T>(
    Func<T, string> Id,
    Func<T?, object, T?> Evolve,
    Func<IResolveFieldContext, DocumentChoice<T>> Choose,
    Func<T, T, T>? Disclose = null,
    string? Space = null)
    where T : class
{
    internal IQuerySession SessionOf(IResolveFieldContext context)
    {
        var own = context.Service<IQuerySession>();
        return Space is null ? own : (IQuerySession)own.ForTenant(Space);
    }

    /// <summary>At most so many rows as they are now, from the first or behind a row.</summary>
    internal async Task<Page<T>> PageOfNowAsync(IResolveFieldContext context, int first, string? after)
    {
        var (session, choice) = (SessionOf(context), Choose(context));
        var rows = await choice.Order.ReadAsync(session, choice.Of(session), first + 1, after, context.CancellationToken);
        return new Page<T>([.. rows.Take(first).Select(row => (Id(row), row))], rows.Count > first);
    }

    /// <summary>The same at a moment, with what the whole list had then.</summary>
    internal async Task<Page<T>> PageOfPastAsync(IResolveFieldContext context, AsOfInput moment, int first, string? after)
    {
        var rows = await this.ReadPastAsync(
            SessionOf(context), Choose(context), moment, PastBounds.Default, context.CancellationToken);
        var begin = after is null ? 0 : rows.Index().Where(row => Id(row.Item) == after).Select(row => row.Index + 1).SingleOrDefault();
        if (after is not null && begin == 0)
            throw new ProtocolError("BAD_USER_INPUT", "after is not a cursor of this list at this moment.");
        return new Page<T>(
            [.. rows.Skip(begin).Take(first).Select(row => (Id(row), row))], rows.Count > begin + first, rows.Count);
    }
}

public static class DocumentLists
{
    /// <summary>A connection over documents with <c>asOf</c> and <c>totalCount</c>; its cursors are their ids, and the moment.</summary>
    public static void AddDocumentConnection<T, TGraphType>(
        this ObjectGraphType query, string name, string description, QueryArguments filters, DocumentList<T> list)
        where T : class
        where TGraphType : ObjectGraphType<T> =>
        query.AddPages<T, TGraphType>(
            name,
            description,
            [.. filters, new QueryArgument<InputType<AsOfInput>> { Name = AsOf.Name, Description = AsOf.OfList }],
            (context, first, after) => AsOf.MomentOf(context) is { } moment
                ? list.PageOfPastAsync(context, moment, first, after)
                : list.PageOfNowAsync(context, first, after))
            .Field<NonNullGraphType<IntGraphType>>(Pages.Total)
            .Description(Pages.OfTotal)
            .ResolveAsync(async context => context.Source.Total
                ?? await list.Choose(context.Parent!).Of(list.SessionOf(context)).CountAsync(context.CancellationToken));
}
