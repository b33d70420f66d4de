using System.Globalization;
using Grants.Service.Api.History;
using GraphQL;
using GraphQL.Resolvers;
using GraphQL.Types;
using Marten;

namespace Grants.Service.Api;

/// <summary>One page of a list, in the order of the keyset.</summary>
/// <param name="Edges">Each with its place, which becomes a cursor where one is asked for.</param>
/// <param name="Total">Of the whole list, where it is known anyway.</param>
public sealed record Page<T>(IReadOnlyList<(string Place, T Node)> Edges, bool HasNextPage, int? Total = null);

/// <summary>What is told of a page beside its rows.</summary>
/// <param name="End">The place of its last row; null where it has none.</param>
public sealed record PageEnd(string List, string? End, bool HasNextPage);

public sealed class PageInfoGraphType : ObjectGraphType<PageEnd>
{
    public PageInfoGraphType()
    {
        Name = "PageInfo";
        AddField(new FieldType
        {
            Name = "endCursor",
            Type = typeof(StringGraphType),
            Resolver = new FuncFieldResolver<PageEnd, object?>(context => context.Source is { End: { } end } page
                ? Pages.CursorAsync(context, page.List, end)
                : default),
        });
        Field<NonNullGraphType<BooleanGraphType>>("hasNextPage").Resolve(context => context.Source.HasNextPage);
    }
}

/// <summary>Relay connections over state documents, by a keyset on the document's id. <c>first</c> is mandatory, 1 to 100.</summary>
public static class Pages
{
    internal const string Total = "totalCount";

    internal const string OfTotal =
        "All that the arguments mean, on whichever page. Counted where it is selected, for as much as ten objects.";

    public static void AddConnection<T, TGraphType>(
        this ObjectGraphType query,
        string name,
        string description,
        QueryArguments filters,
        Func<T, string> id,
        Func<IResolveFieldContext, IQueryable<T>, string?, IQueryable<T>> select)
        where T : notnull
        where TGraphType : ObjectGraphType<T> =>
        query.AddPages<T, TGraphType>(name, description, filters, async (context, first, after) =>
        {
            var source = context.Service<IQuerySession>().Query<T>();
            var rows = await select(context, source, after).Take(first + 1).ToListAsync(context.CancellationToken);
            return new Page<T>([.. rows.Take(first).Select(row => (id(row), row))], rows.Count > first);
        });

    /// <summary>A connection over a list that is read in one piece; its cursors are places in the list.</summary>
    public static void AddListConnection<T, TGraphType>(
        this ObjectGraphType query,
        string name,
        string description,
        QueryArguments filters,
        Func<IResolveFieldContext, Task<IReadOnlyList<T>>> load)
        where T : notnull
        where TGraphType : ObjectGraphType<T>
    {
        var connection = query.AddPages<T, TGraphType>(name, description, filters, async (context, first, after) =>
        {
            var begin = after is null ? 0 : int.TryParse(after, NumberStyles.None, CultureInfo.InvariantCulture, out var place)
                ? place + 1
                : throw new ProtocolError("BAD_USER_INPUT", "after is not a cursor of this list.");
            var all = await load(context);
            return new Page<T>(
                [.. all.Index().Skip(begin).Take(first).Select(row => ($"{row.Index}", row.Item))],
                all.Count > begin + first,
                all.Count);
        });
        connection.Field<NonNullGraphType<IntGraphType>>(Total).Description(OfTotal).Resolve(context => context.Source.Total!.Value);
    }

    /// <summary>A connection over rows that are read behind a key; its cursors are keys.</summary>
    /// <param name="key">The key of a row.</param>
    /// <param name="load">Reads at most so many rows behind a key, or from the first where it is null.</param>
    public static void AddKeysetConnection<T, TGraphType>(
        this ObjectGraphType query,
        string name,
        string description,
        QueryArguments filters,
        Func<T, string> key,
        Func<IResolveFieldContext, int, string?, Task<IReadOnlyList<T>>> load)
        where T : notnull
        where TGraphType : ObjectGraphType<T> =>
        query.AddPages<T, TGraphType>(name, description, filters, async (context, first, after) =>
        {
            var rows = await load(context, first + 1, after);
            return new Page<T>([.. rows.Take(first).Select(row => (key(row), row))], rows.Count > first);
        });

    internal static ObjectGraphType<Page<T>> AddPages<T, TGraphType>(
        this ObjectGraphType query,
        string name,
        string description,
        QueryArguments filters,
        Func<IResolveFieldContext, int, string?, Task<Page<T>>> load)
        where T : notnull
        where TGraphType : ObjectGraphType<T>
    {
        var arguments = new List<QueryArgument>(filters)
        {
            new QueryArgument<NonNullGraphType<IntGraphType>> { Name = "first", Description = "How many, 1 to 100." },
            new QueryArgument<StringGraphType> { Name = "after", Description = "The cursor behind which the page begins." },
        };
        var connection = Connection<T, TGraphType>(name);
        query.AddField(new FieldType
        {
            Name = name,
            Description = description,
            ResolvedType = new NonNullGraphType(connection),
            Arguments = new QueryArguments(arguments),
            Resolver = new FuncFieldResolver<object?>(async context =>
            {
                var first = context.GetArgument<int>("first");
                if (first is < 1 or > 100)
                    throw new ProtocolError("BAD_USER_INPUT", "first must be 1 to 100.");
                var (moment, after) = (AsOf.PlaceOf(context), context.GetArgument<string?>("after"));
                var page = await load(context, first, after is null ? null : await OpenAsync(context, name, moment, after));
                return moment.Length == 0
                    ? page
                    : page with { Edges = [.. page.Edges.Select(edge => (moment + edge.Place, edge.Node))] };
            }),
        });
        return connection;
    }

    private static async Task<string> OpenAsync(IResolveFieldContext context, string list, string moment, string cursor)
    {
        var place = await context.Service<CursorSeal>().OpenAsync(context.Space(), list, cursor, context.CancellationToken);
        return place.StartsWith(moment, StringComparison.Ordinal)
            ? place[moment.Length..]
            : throw new ProtocolError("BAD_USER_INPUT", "after is not a cursor of this list at this moment.");
    }

    private static ObjectGraphType<Page<T>> Connection<T, TGraphType>(string name)
        where TGraphType : ObjectGraphType<T>
    {
        var title = char.ToUpperInvariant(name[0]) + name[1..];
        var edge = new ObjectGraphType<(string Place, T Node)> { Name = $"{title}Edge" };
        edge.AddField(new FieldType
        {
            Name = "cursor",
            Type = typeof(NonNullGraphType<StringGraphType>),
            Resolver = new FuncFieldResolver<(string Place, T Node), object?>(
                context => CursorAsync(context, name, context.Source.Place)),
        });
        edge.Field<NonNullGraphType<TGraphType>>("node").Resolve(context => context.Source.Node);
        var connection = new ObjectGraphType<Page<T>> { Name = $"{title}Connection" };
        connection.AddField(new FieldType
        {
            Name = "edges",
            ResolvedType = new NonNullGraphType(new ListGraphType(new NonNullGraphType(edge))),
            Resolver = new FuncFieldResolver<Page<T>, object>(context => context.Source.Edges),
        });
        connection.Field<NonNullGraphType<PageInfoGraphType>>("pageInfo").Resolve(context =>
            new PageEnd(name, context.Source.Edges.Count == 0 ? null : context.Source.Edges[^1].Place, context.Source.HasNextPage));
        return connection;
    }

    // A page has as many seals as cursors are asked for: mostly one, at its end.
    internal static async ValueTask<object?> CursorAsync(IResolveFieldContext context, string list, string place) =>
        await context.Service<CursorSeal>().SealAsync(context.Space(), list, place, context.CancellationToken);
}
