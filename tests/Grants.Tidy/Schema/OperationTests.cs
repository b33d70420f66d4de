using Grants.Service.Api.Documents;
using Grants.Service.Api.Limits;
using GraphQL.Validation;
using GraphQLParser;
using Xunit;

namespace Grants.Tidy.Schema;

/// <summary>The documents that clients may name instead of sending them.</summary>
public sealed class OperationTests
{
    [Fact]
    public async Task every_one_is_valid_against_the_schema_and_within_the_limits()
    {
        Assert.NotEmpty(PersistedDocuments.All);
        foreach (var text in PersistedDocuments.All.Values)
        {
            Assert.Null(DocumentGuard.Inspect(text).Refusal);
            var document = Parser.Parse(text);
            var cost = OperationCost.Of(document, new Dictionary<string, object?> { ["first"] = 50 }, new HashSet<string>());
            Assert.True(cost <= OperationCost.OperationMax, text);
            var result = await new DocumentValidator().ValidateAsync(new ValidationOptions
            {
                Schema = GraphQLSchemaTests.Schema,
                Document = document,
                Operation = Operation(document),
                Variables = GraphQL.Inputs.Empty,
                Extensions = GraphQL.Inputs.Empty,
            });
            // Variables are not given here, and refused.
            Assert.Empty(result.Errors.Where(error => error.Code != "INVALID_VALUE").Select(error => $"{error.Message} {text}"));
        }
    }

    [Fact]
    public void every_one_is_in_the_file_of_its_name() => Assert.Equal(
        Repository.Files.Where(file => file.StartsWith("schema/graphql/operations/", StringComparison.Ordinal))
            .Select(file => PersistedDocuments.IdOf(Repository.Text(file)!)).Order(),
        PersistedDocuments.All.Keys.Order());

    private static GraphQLParser.AST.GraphQLOperationDefinition Operation(GraphQLParser.AST.GraphQLDocument document) =>
        document.Definitions.OfType<GraphQLParser.AST.GraphQLOperationDefinition>().Single();
}
