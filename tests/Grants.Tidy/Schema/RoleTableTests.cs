using Xunit;

namespace Grants.Tidy.Schema;

/// <summary>Who may ask for which field is a table: a field without a row, or a row without a field, fails the build.</summary>
public sealed class RoleTableTests
{
    private const string Table = "schema/graphql/roles.md";

    private static readonly string[] Roles =
    [
        "anyone", "anyone signed in", "applicant", "recipient", "program manager", "reviewer", "guardian", "treasury approver",
        "sanction signer",
    ];

    [Fact]
    public void every_field_at_the_root_has_one_row()
    {
        var running = GraphQLSchemaTests.Root.SelectMany(type => type.Fields.Select(field => $"`{type.Name}.{field.Name}`"));
        Assert.Equal(running.Order(StringComparer.Ordinal), Rows().Select(row => row.Field).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void every_row_names_roles_that_there_are() => Assert.All(Rows(), row => Assert.All(
        row.Who.Split(" or "), role => Assert.Contains(role, Roles)));

    private static IEnumerable<(string Field, string Who)> Rows() => Repository.Text(Table)!.Split('\n')
        .Select(line => line.Split('|', StringSplitOptions.TrimEntries))
        .Where(cells => cells is [_, ['`', ..], ..])
        .Select(cells => (cells[1], cells[2]));
}
