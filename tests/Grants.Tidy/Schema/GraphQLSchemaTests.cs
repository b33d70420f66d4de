using Grants.Service.Api;
using GraphQL;
using GraphQL.Types;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Grants.Tidy.Schema;

/// <summary>The API's face is a file that is reviewed.</summary>
public sealed class GraphQLSchemaTests
{
    internal static ISchema Schema => Running.Value;

    private static readonly Lazy<ISchema> Running = new(() =>
    {
        var services = new ServiceCollection();
        services.AddApi();
        var schema = services.BuildServiceProvider().GetRequiredService<ISchema>();
        schema.Initialize();
        return schema;
    });

    /// <summary>Query, mutation and subscription as they run.</summary>
    internal static IEnumerable<IObjectGraphType> Root => [Running.Value.Query, Running.Value.Mutation!, Running.Value.Subscription!];

    [Fact]
    public void the_running_schema_is_the_approved_one() =>
        Approved.Matches("schema/graphql/schema.graphql", GraphQLEndpoint.Sdl(Running.Value));

    [Fact]
    public void no_field_is_a_floating_point_number()
    {
        var floats = Running.Value.AllTypes.OfType<IComplexGraphType>()
            .SelectMany(type => type.Fields.Select(field => (Type: type.Name, field.Name, Of: field.ResolvedType?.GetNamedType().Name)))
            .Where(field => field.Of is "Float" or "Decimal")
            .ToList();
        Assert.Empty(floats);
    }

    [Fact]
    public void every_mutation_takes_one_input_and_answers_with_user_errors()
    {
        var mutations = Running.Value.Mutation!.Fields.ToList();
        Assert.NotEmpty(mutations);
        Assert.All(mutations, mutation =>
        {
            var input = Assert.Single(mutation.Arguments!);
            Assert.Contains("clientMutationId", ((IInputObjectGraphType)input.ResolvedType!.GetNamedType()).Fields.Select(f => f.Name));
            Assert.Contains("userErrors", ((IObjectGraphType)mutation.ResolvedType!.GetNamedType()).Fields.Select(f => f.Name));
        });
    }
}
