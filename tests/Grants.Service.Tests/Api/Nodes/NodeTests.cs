using System.Text.Json.Nodes;
using Grants.Service.Api;
using Grants.Service.Api.Nodes;
using Grants.Service.Demo;
using Grants.Service.Tests.Journeys;
using Xunit;

namespace Grants.Service.Tests.Api.Nodes;

/// <summary>A global id leads to the one thing that it was given for, and only those who may see it.</summary>
[Collection(nameof(OpenVote))]
public sealed class NodeTests(OpenVote vote)
{
    private const string Fields = "__typename id ... on Program { programId } ... on Proposal { proposalId }";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task an_id_leads_to_what_told_it_whoever_asks()
    {
        var (program, proposal) = await IdsAsync();
        var data = await vote.Public.QueryAsync(
            $"query ($a: ID!, $b: ID!) {{ a: node(id: $a) {{ {Fields} }} b: node(id: $b) {{ {Fields} }} }}",
            new { a = program, b = proposal },
            Cancellation);
        Assert.Equal(
            ("Program", program, OpenVote.ProgramId),
            (Text(data["a"], "__typename"), Text(data["a"], "id"), Text(data["a"], "programId")));
        Assert.Equal(
            ("Proposal", proposal, Text(vote.Open, "proposalId")),
            (Text(data["b"], "__typename"), Text(data["b"], "id"), Text(data["b"], "proposalId")));
    }

    [Fact]
    public async Task many_are_told_each_in_its_place_and_what_there_is_not_as_null()
    {
        var (program, proposal) = await IdsAsync();
        var nodes = await NodesAsync(vote.Public, proposal, "7", program, proposal);
        Assert.Equal(
            ["Proposal", null, "Program", "Proposal"],
            nodes.Select(node => node?["__typename"]?.GetValue<string>()));
    }

    [Fact]
    public async Task a_draft_is_found_by_its_applicant_alone()
    {
        var draft = await vote.Ada.MutateAsync(
            "draftProposal", "proposal", "id proposalId", OpenVote.DraftInput(OpenVote.ProgramId), Cancellation);
        var id = Text(draft, "id");
        Assert.Equal(Text(draft, "proposalId"), Text(Assert.Single(await NodesAsync(vote.Ada, id)), "proposalId"));
        Assert.Null(Assert.Single(await NodesAsync(vote.Public, id)));
        Assert.Null(Assert.Single(await NodesAsync(vote.Manager, id)));
    }

    [Fact]
    public async Task changed_in_any_place_it_names_nothing()
    {
        var (program, _) = await IdsAsync();
        foreach (var place in new[] { 0, program.Length / 2, program.Length - 2 })
        {
            var changed = program.ToCharArray();
            changed[place] = changed[place] == 'A' ? 'B' : 'A';
            Assert.Null(Assert.Single(await NodesAsync(vote.Public, new string(changed))));
        }
    }

    // Sealed with the right key and yet for something else: for a list, another space, a type that is no node, one that is not there.
    [Fact]
    public async Task sealed_for_something_else_it_names_nothing()
    {
        var seal = new CursorSeal(vote.Database);
        ValueTask<string> Sealed(string space, string list, string name) => seal.SealAsync(space, list, name, Cancellation);
        var name = $"Program/{OpenVote.ProgramId}";
        Assert.NotNull(Assert.Single(await NodesAsync(vote.Public, await Sealed(OpenVote.Space, "node", name))));
        foreach (var id in new[]
        {
            await Sealed(OpenVote.Space, "programs", name),
            await Sealed("other", "node", name),
            await Sealed(OpenVote.Space, "node", $"Space/{OpenVote.Space}"),
            await Sealed(OpenVote.Space, "node", "Nothing/1"),
            await Sealed(OpenVote.Space, "node", "Program/no-such-program"),
            await Sealed(OpenVote.Space, "node", "Breach/no-such-breach"),
        })
        {
            Assert.Null(Assert.Single(await NodesAsync(vote.Public, id)));
        }
    }

    [Fact]
    public async Task more_than_may_be_asked_for_at_once_are_refused()
    {
        var ids = Enumerable.Range(0, NodesGraphQL.Most + 1).Select(i => $"{i}").ToArray();
        Assert.Equal(NodesGraphQL.Most, (await NodesAsync(vote.Public, ids[1..])).Count);
        var refused = await Assert.ThrowsAsync<DemoException>(() => NodesAsync(vote.Public, ids));
        Assert.Contains("BAD_USER_INPUT", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task a_number_is_an_id_as_well() =>
        Assert.Equal("""{"node":null,"nodes":[null]}""", (await vote.Public.QueryAsync(
            "{ node(id: 7) { id } nodes(ids: 7) { id } }", null, Cancellation)).ToJsonString());

    private async Task<(string Program, string Proposal)> IdsAsync()
    {
        var data = await vote.Public.QueryAsync(
            "query ($g: String!, $p: Bytes32!) { program(programId: $g) { id } proposal(proposalId: $p) { id } }",
            new { g = OpenVote.ProgramId, p = Text(vote.Open, "proposalId") },
            Cancellation);
        return (Text(data["program"], "id"), Text(data["proposal"], "id"));
    }

    private static async Task<JsonArray> NodesAsync(ApiClient client, params string[] ids) => (await client.QueryAsync(
        $"query ($ids: [ID!]!) {{ nodes(ids: $ids) {{ {Fields} }} }}", new { ids }, Cancellation))["nodes"]!.AsArray();

    private static string Text(JsonNode? of, string field) => of![field]!.GetValue<string>();
}
