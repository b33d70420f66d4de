using System.Globalization;
using GraphQL;
using GraphQL.Types;

namespace Grants.Service.Api.Nodes;

public static class NodesGraphQL
{
    /// <summary>
    /// How many ids one may ask for at once. Fewer than a page: what some are made of is read from the events, each of a stream of its own.
    /// </summary>
    public const int Most = 20;

    public static void Extend(ObjectGraphType query)
    {
        query.Field<NodeGraphType>("node")
            .Description("What has this id; null where there is nothing of it in this space, or not for who asks.")
            .Argument<NonNullGraphType<IdGraphType>>("id")
            .ResolveAsync(async context => (await GlobalIds.FindAsync(context, [TextOf(context.GetArgument<object>("id"))]))[0]);
        query.Field<NonNullGraphType<ListGraphType<NodeGraphType>>>("nodes")
            .Description("As node, for each id in its place. Each id is paid for as an object.")
            .Argument<NonNullGraphType<ListGraphType<NonNullGraphType<IdGraphType>>>>("ids", $"At most {Most}.")
            .ResolveAsync(async context =>
            {
                var ids = context.GetArgument<List<object>>("ids");
                return ids.Count <= Most
                    ? await GlobalIds.FindAsync(context, [.. ids.Select(TextOf)])
                    : throw new ProtocolError("BAD_USER_INPUT", $"ids must be at most {Most}.");
            });
    }

    // An id may be written as a number.
    private static string TextOf(object id) => Convert.ToString(id, CultureInfo.InvariantCulture)!;
}
