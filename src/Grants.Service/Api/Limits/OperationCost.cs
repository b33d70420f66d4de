using System.Globalization;
using Grants.Service.Api.History;
using GraphQLParser.AST;

namespace Grants.Service.Api.Limits;

/// <summary>
/// What an operation may cost at most, in units, from its text and variables alone: an object is 1, a leaf nothing, a page
/// <c>first</c> times its item, 10 for each count of its whole list and 100 where it is of the past, <c>nodes</c> its item and 1 for each
/// id, a mutation 10. Linear: a fragment is counted once, however often it is spread.
/// </summary>
public static class OperationCost
{
    /// <summary>The most that one operation may cost.</summary>
    public const int OperationMax = 1_000;

    private const int PageMax = 100;
    private const long Most = int.MaxValue;

    // Those of a page itself: what is paid for is its items.
    private static readonly HashSet<string> OfPages = new(StringComparer.Ordinal) { "edges", "pageInfo" };

    // Reads as many rows as there are, whatever the page's length.
    private const string Count = "totalCount";
    private const int OfCount = 10;

    // The past of a list is that of all its rows, whatever the page's length.
    private const int OfPast = 100;

    // Reads an object for each of its ids.
    private const string ById = "nodes";

    // Of many types at once, or work of another kind than reading.
    private static readonly Dictionary<string, int> Roots = new(StringComparer.Ordinal) { ["__schema"] = 100, ["__type"] = 10 };

    /// <param name="document">Passed the guard: it has one operation, and no fragment contains itself.</param>
    /// <param name="variables">As sent; what is no number in 1..100 counts as 100.</param>
    /// <param name="uncharged">The mutations that cost as little as an object; an operation of nothing else is not charged at all.</param>
    public static int Of(
        GraphQLDocument document, IReadOnlyDictionary<string, object?>? variables, IReadOnlySet<string> uncharged)
    {
        var operation = document.Definitions.OfType<GraphQLOperationDefinition>().Single();
        var counting = new Counting(document, operation, variables, uncharged);
        return (int)Math.Clamp(counting.OfRoot(), 1, Most);
    }

    /// <summary>Whether the operation does nothing but what is not charged.</summary>
    public static bool IsUncharged(GraphQLDocument document, IReadOnlySet<string> uncharged) =>
        document.Definitions.OfType<GraphQLOperationDefinition>().Single() is { Operation: OperationType.Mutation } operation
        && operation.SelectionSet.Selections.All(
            selection => selection is GraphQLField field && uncharged.Contains(field.Name.StringValue));

    /// <summary>Of a set of fields.</summary>
    /// <param name="Item">Paid for each item of a page.</param>
    /// <param name="Once">Paid once, however long the page.</param>
    private readonly record struct Cost(long Item, long Once)
    {
        public Cost And(Cost other) => new(Math.Min(Most, Item + other.Item), Math.Min(Most, Once + other.Once));

        public long Of(long items) => Math.Min(Most, (items * Item) + Once);
    }

    private sealed class Counting(
        GraphQLDocument document,
        GraphQLOperationDefinition operation,
        IReadOnlyDictionary<string, object?>? variables,
        IReadOnlySet<string> uncharged)
    {
        private readonly Dictionary<string, Cost> known = new(StringComparer.Ordinal);

        public long OfRoot() => OfSet(operation.SelectionSet, isRoot: true).Of(1);

        private Cost OfSet(GraphQLSelectionSet? selections, bool isRoot)
        {
            var sum = default(Cost);
            foreach (var selection in selections?.Selections ?? [])
            {
                sum = sum.And(selection switch
                {
                    GraphQLField { Name.StringValue: Count, SelectionSet: null } => new Cost(0, OfCount),
                    GraphQLField field => new Cost(OfField(field, isRoot), 0),
                    GraphQLInlineFragment inline => OfSet(inline.SelectionSet, isRoot),
                    GraphQLFragmentSpread spread => OfFragment(spread.FragmentName.Name.StringValue, isRoot),
                    _ => default,
                });
            }

            return sum;
        }

        private Cost OfFragment(string name, bool isRoot)
        {
            if (known.TryGetValue(name, out var counted))
                return counted;
            var fragment = document.Definitions.OfType<GraphQLFragmentDefinition>()
                .FirstOrDefault(one => one.FragmentName.Name.StringValue == name);
            return known[name] = OfSet(fragment?.SelectionSet, isRoot);
        }

        private long OfField(GraphQLField field, bool isRoot)
        {
            if (field.Name.StringValue == ById)
            {
                var ids = IdsOf(field);
                return Math.Min(Most, ids + OfSet(field.SelectionSet, isRoot: false).Of(ids));
            }

            var own = OwnOf(field, field.Name.StringValue, isRoot);
            own += IsOfPast(field) ? OfPast : 0;
            return Math.Min(Most, own + OfSet(field.SelectionSet, isRoot: false).Of(PageOf(field)));
        }

        private long OwnOf(GraphQLField field, string name, bool isRoot)
        {
            if (isRoot && operation.Operation == OperationType.Mutation && !name.StartsWith("__", StringComparison.Ordinal))
                return uncharged.Contains(name) ? 1 : 10;
            if (Roots.TryGetValue(name, out var root))
                return root;
            return field.SelectionSet is null || OfPages.Contains(name) ? 0 : 1;
        }

        private static GraphQLValue? ArgumentOf(GraphQLField field, string name) =>
            field.Arguments?.Items.Find(argument => argument.Name.StringValue == name)?.Value;

        private bool IsOfPast(GraphQLField field) =>
            ArgumentOf(field, "first") is not null && ArgumentOf(field, AsOf.Name) switch
            {
                null or GraphQLNullValue => false,
                GraphQLVariable variable => IsGiven(variable.Name.StringValue),
                _ => true,
            };

        private bool IsGiven(string name) => variables is not null && variables.TryGetValue(name, out var given)
            ? given is not null
            : Declared(name)?.DefaultValue is not (null or GraphQLNullValue);

        private GraphQLVariableDefinition? Declared(string name) =>
            operation.Variables?.Items.Find(variable => variable.Variable.Name.StringValue == name);

        private long PageOf(GraphQLField field)
        {
            var first = ArgumentOf(field, "first");
            var page = first switch
            {
                null => 1,
                GraphQLIntValue number => Read(number.Value.ToString()),
                GraphQLVariable variable => OfVariable(variable.Name.StringValue),
                _ => PageMax,
            };
            return page is >= 1 and <= PageMax ? page : PageMax;
        }

        // A single id is a list of one; what is no list at all is refused later.
        private long IdsOf(GraphQLField field)
        {
            var ids = field.Arguments?.Items.Find(argument => argument.Name.StringValue == "ids")?.Value;
            if (ids is not GraphQLVariable { Name.StringValue: var name })
                return LengthOf(ids);
            if (variables is not null && variables.TryGetValue(name, out var given))
                return given is IEnumerable<object?> list ? Math.Max(1, list.LongCount()) : 1;
            return LengthOf(Declared(name)?.DefaultValue);
        }

        private static long LengthOf(GraphQLValue? value) =>
            value is GraphQLListValue { Values.Count: > 1 and var count } ? count : 1;

        private long OfVariable(string name)
        {
            if (variables is not null && variables.TryGetValue(name, out var given))
                return given is null ? PageMax : Read(Convert.ToString(given, CultureInfo.InvariantCulture)!);
            return Declared(name)?.DefaultValue is GraphQLIntValue number ? Read(number.Value.ToString()) : PageMax;
        }

        private static long Read(string text) =>
            long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : PageMax;
    }
}
