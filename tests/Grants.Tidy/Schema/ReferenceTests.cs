using GraphQL;
using GraphQL.Types;
using Xunit;

namespace Grants.Tidy.Schema;

/// <summary>The reference of the operations is written from the schema.</summary>
public sealed class ReferenceTests
{
    private const string Head = """
        # Every operation

        Written from the schema; `ops/approve` writes it anew. Types are in [schema.graphql](schema.graphql), who may ask in
        [roles.md](roles.md).

        """;

    [Fact]
    public void every_operation_is_in_the_file() => Approved.Matches(
        "schema/graphql/reference.md", Head + string.Concat(GraphQLSchemaTests.Root.Select(Section)));

    private static string Section(IObjectGraphType root) =>
        $"\n## {root.Name}\n" + string.Concat(root.Fields.OrderBy(field => field.Name, StringComparer.Ordinal).Select(Entry));

    private static string Entry(FieldType field) =>
        $"\n### {field.Name}\n\n{field.Description}\n\nGives `{field.ResolvedType}`.\n"
        + (field.Arguments is { Count: > 0 } arguments ? $"\n{string.Concat(arguments.Select(Argument))}" : string.Empty);

    private static string Argument(QueryArgument argument) =>
        $"- `{argument.Name}: {argument.ResolvedType}`{(argument.Description is { } text ? $" {text}" : string.Empty)}\n"
        + (argument.ResolvedType?.GetNamedType() is IInputObjectGraphType input
            ? string.Concat(input.Fields.Select(field =>
                $"  - `{field.Name}: {field.ResolvedType}`{(field.Description is { } about ? $" {about}" : string.Empty)}\n"))
            : string.Empty);
}
