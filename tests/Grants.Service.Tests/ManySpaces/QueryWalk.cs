using Grants.Primitives;
using GraphQL;
using GraphQL.Types;

namespace Grants.Service.Tests.ManySpaces;

/// <summary>A question to one root field of the queries.</summary>
/// <param name="Key">The field and how it is asked; not about what.</param>
internal sealed record Question(string Key, string Document);

/// <summary>
/// Asks every root field of the queries, whatever fields there are: what it takes and tells is found in the schema, so that a field that
/// is new is asked too.
/// </summary>
internal static class QueryWalk
{
    private const int Depth = 3;

    /// <summary>Questions to the fields that take ids.</summary>
    /// <param name="ids">Each in the place of the arguments of 32 bytes.</param>
    /// <param name="name">In the place of every text that names something.</param>
    public static IEnumerable<Question> About(ISchema schema, string[] ids, string name, Address account) =>
        from field in schema.Query.Fields
        where field.Arguments?.Any(IsId) == true
        from optional in field.Arguments!.Where(IsOptionalHash).Select(argument => argument.Name).DefaultIfEmpty()
        from id in field.Arguments!.Any(IsHash) ? ids : [string.Empty]
        select new Question($"{field.Name} {optional}", Document(field, argument =>
            IsOptionalHash(argument) && argument.Name != optional ? null
            : IsHash(argument) ? $"\"{id}\""
            : IsId(argument) ? $"\"{name}\""
            : Plain(argument, account)));

    /// <summary>Questions to the fields that take none: they speak of the space, or of nothing that is of a space.</summary>
    public static IEnumerable<Question> AboutNothing(ISchema schema, Address account) =>
        from field in schema.Query.Fields
        where field.Arguments?.Any(IsId) != true
        select new Question(field.Name, Document(field, argument => Plain(argument, account)));

    private static string Document(FieldType field, Func<QueryArgument, string?> valueOf)
    {
        var arguments = (field.Arguments ?? [])
            .Select(argument => (argument.Name, Value: valueOf(argument)))
            .Where(argument => argument.Value is not null)
            .Select(argument => $"{argument.Name}: {argument.Value}")
            .ToList();
        var list = arguments.Count == 0 ? string.Empty : $"({string.Join(", ", arguments)})";
        return $"{{ {field.Name}{list}{Selection(field.ResolvedType!, Depth)} }}";
    }

    // Everything that can be asked without an argument.
    private static string Selection(IGraphType type, int depth)
    {
        if (type.GetNamedType() is not IComplexGraphType inner)
            return string.Empty;
        var fields = inner.Fields
            .Where(field => field.Arguments?.Any(argument => argument.ResolvedType is NonNullGraphType) != true)
            .Where(field => depth > 0 || field.ResolvedType!.GetNamedType() is not IComplexGraphType)
            .Select(field => $"{field.Name}{Selection(field.ResolvedType!, depth - 1)}")
            .ToList();
        return fields.Count == 0 ? " { __typename }" : $" {{ {string.Join(' ', fields)} }}";
    }

    private static bool IsHash(QueryArgument argument) => NameOf(argument) == "Bytes32";

    private static bool IsOptionalHash(QueryArgument argument) => IsHash(argument) && argument.ResolvedType is not NonNullGraphType;

    private static bool IsId(QueryArgument argument) =>
        IsHash(argument) || (NameOf(argument) == "String" && argument.Name.EndsWith("Id", StringComparison.Ordinal));

    private static string? Plain(QueryArgument argument, Address account) =>
        argument.ResolvedType is NonNullGraphType { ResolvedType: { } type } ? Value(type, argument.Name, account) : null;

    private static string Value(IGraphType type, string name, Address account) => type switch
    {
        ListGraphType => "[]",
        EnumerationGraphType kinds => kinds.Values.First().Name,
        IInputObjectGraphType input => $"{{ {string.Join(", ", input.Fields
            .Where(field => field.ResolvedType is NonNullGraphType)
            .Select(field => $"{field.Name}: {Value(((NonNullGraphType)field.ResolvedType!).ResolvedType!, field.Name, account)}"))} }}",
        _ => type.Name switch
        {
            "Address" => $"\"{account}\"",
            "Bytes32" => $"\"{Hash32.Zero}\"",
            "UInt256" or "String" or "ID" => "\"1\"",
            "DateTime" => "\"2026-01-31T12:00:00Z\"",
            // A page of everything that can be asked for would cost more than one may ask for.
            "Int" when name == "first" => "3",
            "Int" or "BasisPoints" => "100",
            "Long" => "0",
            "Boolean" => "true",
            var other => throw new InvalidOperationException($"Say what to ask for with a {other}, as {name} is one."),
        },
    };

    private static string NameOf(QueryArgument argument) => argument.ResolvedType!.GetNamedType().Name;
}
