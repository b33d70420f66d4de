using Grants.Service.Api.Limits;
using GraphQLParser;
using Xunit;

namespace Grants.Service.Tests.Api;

public sealed class OperationCostTests
{
    private static readonly HashSet<string> Ballots = ["castBallot", "castBallots"];

    [Theory]
    [InlineData("{ __typename }", 1)]
    [InlineData("{ me { account } }", 1)]
    [InlineData("{ programs(first: 10) { edges { node { name } } pageInfo { hasNextPage } } }", 11)]
    [InlineData("{ proposals(first: 50) { edges { node { vote { outcome { voters } } } } } }", 151)]
    [InlineData("mutation { a: draftProposal { proposal { title } } }", 11)]
    [InlineData("mutation { castBallot { ballot { logIndex } } }", 2)]
    [InlineData("mutation { castBallots { results { code } } }", 2)]
    [InlineData("{ ...a ...a } fragment a on Query { b { c } }", 2)]
    [InlineData("{ __schema { types { name } } }", 101)]
    [InlineData("{ programs(first: 50) { totalCount edges { node { name } } } }", 61)]
    [InlineData("{ programs(first: 50, asOf: { sequence: 1 }) { totalCount edges { node { name } } } }", 161)]
    [InlineData("{ programs(first: 50, asOf: null) { edges { node { name } } } }", 51)]
    [InlineData("query ($m: AsOfInput) { programs(first: 50, asOf: $m) { edges { node { name } } } }", 51)]
    [InlineData("query ($m: AsOfInput = { sequence: 1 }) { programs(first: 50, asOf: $m) { edges { node { name } } } }", 151)]
    [InlineData("{ proposal(asOf: { sequence: 1 }) { title } }", 1)]
    [InlineData("{ programs(first: 50) { ...c again: totalCount } } fragment c on ProgramsConnection { ... { totalCount } }", 21)]
    [InlineData("{ nodes(ids: []) { id } node(id: 1) { id } }", 2)]
    [InlineData("{ nodes(ids: 1) { id } }", 1)]
    [InlineData("{ nodes(ids: [1, 2, 3]) { id ... on Proposal { vote { voteId } } } }", 6)]
    [InlineData("query ($ids: [ID!]! = [1, 2]) { nodes(ids: $ids) { id } }", 2)]
    public void objects_pages_and_mutations_are_counted(string text, int cost) => Assert.Equal(cost, Of(text));

    // What is no number in range is refused later; it must not make anything cheaper before.
    [Theory]
    [InlineData("{ programs(first: -1000000) { edges { node { name } } } me { account } }", 102)]
    [InlineData("{ programs(first: 0) { edges { node { name } } } }", 101)]
    [InlineData("{ programs(first: 101) { edges { node { name } } } }", 101)]
    [InlineData("{ programs(first: 99999999999999999999) { edges { node { name } } } }", 101)]
    [InlineData("{ programs(first: \"1\") { edges { node { name } } } }", 101)]
    [InlineData("query ($n: Int!) { programs(first: $n) { edges { node { name } } } }", 101)]
    [InlineData("query ($n: Int = 7) { programs(first: $n) { edges { node { name } } } }", 8)]
    public void a_page_out_of_range_counts_as_the_largest(string text, int cost) => Assert.Equal(cost, Of(text));

    [Theory]
    [InlineData(1, 2)]
    [InlineData(100, 101)]
    [InlineData(-5, 101)]
    [InlineData(100_000, 101)]
    [InlineData(null, 101)]
    [InlineData("7", 8)]
    public void a_page_by_a_variable_is_counted_anew_each_time(object? first, int cost) => Assert.Equal(
        cost,
        OperationCost.Of(
            Parser.Parse("query ($n: Int!) { programs(first: $n) { edges { node { name } } } }"),
            new Dictionary<string, object?> { ["n"] = first },
            Ballots));

    [Fact]
    public void ids_by_a_variable_are_counted_as_they_are_sent()
    {
        var document = Parser.Parse("query ($ids: [ID!]! = [1]) { nodes(ids: $ids) { id } }");
        int Of(object? ids) => OperationCost.Of(document, new Dictionary<string, object?> { ["ids"] = ids }, Ballots);
        Assert.Equal((5, 1, 1), (Of(new List<object?> { "a", "b", "c", "d", null }), Of("many letters"), Of(null)));
    }

    [Fact]
    public void pages_in_pages_multiply_and_never_overflow()
    {
        Assert.Equal(1 + (100 * (1 + 1 + (100 * 1))), Of("{ a(first: 100) { node { b(first: 100) { node { c } } } } }"));
        Assert.Equal(
            int.MaxValue,
            Of("{ a(first: 100) { a(first: 100) { a(first: 100) { a(first: 100) { a(first: 100) { a(first: 100) { b { c } } } } } } } }"));
    }

    [Theory]
    [InlineData("mutation { castBallot { ballot { logIndex } } }", true)]
    [InlineData("mutation { a: castBallots { results { code } } b: castBallot { ballot { logIndex } } }", true)]
    [InlineData("mutation { castBallot { ballot { logIndex } } draftProposal { proposal { title } } }", false)]
    [InlineData("mutation { ...f } fragment f on Mutation { castBallot { ballot { logIndex } } }", false)]
    [InlineData("query { castBallot { ballot { logIndex } } }", false)]
    public void an_operation_of_ballots_alone_is_not_charged(string text, bool isCasting) =>
        Assert.Equal(isCasting, OperationCost.IsUncharged(Parser.Parse(text), Ballots));

    private static int Of(string text) => OperationCost.Of(Parser.Parse(text), null, Ballots);
}
