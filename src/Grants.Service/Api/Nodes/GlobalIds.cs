using GraphQL;
using GraphQL.Types;
using Marten;

namespace Grants.Service.Api.Nodes;

/// <summary>What has a global id.</summary>
public sealed class NodeGraphType : InterfaceGraphType
{
    public NodeGraphType()
    {
        Name = "Node";
        Description = "What node finds again by its id alone.";
        Field<NonNullGraphType<IdGraphType>>("id").Description(GlobalIds.Description);
    }
}

/// <summary>Reads what there is of these keys, as far as who asks may see it; by their keys.</summary>
public delegate Task<IReadOnlyDictionary<string, object>> NodeReader(IResolveFieldContext context, IReadOnlyCollection<string> keys);

/// <summary>
/// Ids that name a thing of any type within one space. They are sealed as cursors are: an id that was made up, or given in another
/// space, names nothing.
/// </summary>
public static class GlobalIds
{
    internal const string Description = "Opaque; names this in this space among everything that node finds.";

    // What a cursor's list is to a cursor; no list has this name.
    private const string Sealed = "node";
    private const string Reader = "reader of nodes";

    /// <summary>Gives a type its global id, and <c>node</c> the way to it.</summary>
    /// <param name="type">Has its name already.</param>
    /// <param name="key">Names one of this type in its space, for ever.</param>
    /// <param name="read">Reads what there is of these keys, and that who asks may see.</param>
    public static void IsNode<T>(
        this ObjectGraphType<T> type,
        Func<T, string> key,
        Func<IResolveFieldContext, IReadOnlyCollection<string>, Task<IEnumerable<T>>> read)
        where T : notnull
    {
        type.Interface<NodeGraphType>();
        type.Field<NonNullGraphType<IdGraphType>>("id").Description(Description).ResolveAsync(async context =>
            await context.Service<CursorSeal>()
                .SealAsync(context.Space(), Sealed, $"{type.Name}/{key(context.Source)}", context.CancellationToken));
        type.Metadata[Reader] = (NodeReader)(async (context, keys) =>
            (await read(context, keys)).ToDictionary(key, object (node) => node));
    }

    /// <summary>Documents of the space.</summary>
    public static async Task<IEnumerable<T>> DocumentsAsync<T>(IResolveFieldContext context, IReadOnlyCollection<string> keys)
        where T : class => await context.Service<IQuerySession>().LoadManyAsync<T>(context.CancellationToken, [.. keys]);

    /// <summary>What these ids name, each in its place; null for what there is not, or not for who asks. One read for each type.</summary>
    internal static async Task<IReadOnlyList<object?>> FindAsync(IResolveFieldContext context, IReadOnlyList<string> ids)
    {
        var names = new List<(string Type, string Key)?>(ids.Count);
        foreach (var id in ids)
            names.Add(await NameAsync(context, id));
        var found = new Dictionary<(string, string), object>();
        foreach (var ofType in names.OfType<(string Type, string Key)>().Distinct().GroupBy(name => name.Type))
        {
            // A type that is no node any more has none.
            if (context.Schema.AllTypes[ofType.Key]?.GetMetadata<NodeReader>(Reader) is not { } reader)
                continue;
            foreach (var (key, node) in await reader(context, [.. ofType.Select(name => name.Key)]))
                found[(ofType.Key, key)] = node;
        }

        return [.. names.Select(name => name is { } known ? found.GetValueOrDefault(known) : null)];
    }

    private static async Task<(string Type, string Key)?> NameAsync(IResolveFieldContext context, string id) =>
        await context.Service<CursorSeal>().TryOpenAsync(context.Space(), Sealed, id, context.CancellationToken) is { } name
            ? (name[..name.IndexOf('/', StringComparison.Ordinal)], name[(name.IndexOf('/', StringComparison.Ordinal) + 1)..])
            : null;
}
