using System.Text.Json.Nodes;
using Grants.Service.Demo;
using Grants.Service.Tests.Proposals;
using Xunit;

namespace Grants.Service.Tests.Journeys;

/// <summary>
/// The table of roles, asked on the running service: each field by each role. What the table does not give is denied, and what it gives
/// is answered, or refused for another reason than who asks.
/// </summary>
[Collection(nameof(OpenVote))]
public sealed class RoleTableTests(OpenVote vote)
{
    private static readonly string[] Denials = ["UNAUTHENTICATED", "FORBIDDEN", "NOT_FOUND"];

    // Who may is told from the object, which has to be there: TrickJourney asks for these where there are an award, its breach and its
    // sanction, and MilestoneJourney where there is a milestone.
    private static readonly HashSet<string> OfAbsent = new(StringComparer.Ordinal)
    {
        "recipient", "sanction signer", "applicant or recipient",
    };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task who_is_not_signed_in_does_what_is_for_anyone_and_nothing_else()
    {
        var schema = await SchemaShape.ReadAsync(vote.Public, Cancellation);
        var events = await RunningService.CountEventsAsync(vote.Database, Cancellation);
        var wrong = new List<string>();
        foreach (var (type, field, who) in RoleTable.Rows())
        {
            var answer = await schema.AskAsync(vote.Http, null, type, field, null, Cancellation);
            if (SchemaShape.CodeOf(answer, field) == "UNAUTHENTICATED" != (who != "anyone"))
                wrong.Add($"{type}.{field} is for {who}: {answer.ToJsonString()}");
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.Equal(events, await RunningService.CountEventsAsync(vote.Database, Cancellation));
    }

    [Fact]
    public async Task each_role_does_what_the_table_gives_it_and_nothing_else()
    {
        var schema = await SchemaShape.ReadAsync(vote.Public, Cancellation);
        var people = await PeopleAsync();
        var rows = RoleTable.Rows().Where(row => row.Type == "Mutation" && !OfAbsent.Contains(row.Who));
        var wrong = await RoleTable.WrongAsync(
            schema,
            vote.Http,
            rows.OrderBy(row => row.Field == "signOut"), // whoever has signed out is nobody
            people.Clients,
            people.Target,
            Denials,
            isThere: false,
            Cancellation);
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [Fact]
    public async Task whoever_is_signed_in_reads_what_is_for_anyone_and_of_the_rest_nothing()
    {
        var schema = await SchemaShape.ReadAsync(vote.Public, Cancellation);
        var stranger = await vote.SignInAsync(Person.Called("a reader"));
        var wrong = new List<string>();
        foreach (var (type, field, who) in RoleTable.Rows().Where(row => row.Type != "Mutation"))
        {
            var answer = await schema.AskAsync(vote.Http, stranger.Token, type, field, null, Cancellation);
            var code = SchemaShape.CodeOf(answer, field);
            var isEmpty = (answer["data"]?[field] as JsonObject)?["pageInfo"] is { } page
                && !page["hasNextPage"]!.GetValue<bool>()
                && page["endCursor"] is null;
            if (code is "UNAUTHENTICATED" or "FORBIDDEN" || (who is not "anyone" && !isEmpty))
                wrong.Add($"{type}.{field} is for {who}: {answer.ToJsonString()}");
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    // The target is a proposal of the applicant's, in a program of one reviewer.
    private async Task<(IReadOnlyList<(string[] Roles, ApiClient Client)> Clients, Dictionary<string, string> Target)> PeopleAsync()
    {
        var (applicant, reviewer) = (Person.Called("an applicant of the table"), Person.Called("a reviewer of the table"));
        var programId = await new Applying(vote).OpenProgramAsync("table", input => input["review"] = new JsonObject
        {
            ["stage"] = "DECISION",
            ["reviewers"] = new JsonArray { reviewer.Address.ToString() },
            ["rubric"] = new JsonArray { new JsonObject { ["name"] = "Impact", ["weight"] = 1 } },
        });
        var client = await vote.SignInAsync(applicant);
        var proposalId = await Applying.SubmittedAsync(client, programId, applicant);
        return (
            [
                ([], await vote.SignInAsync(Person.Called("a stranger of the table"))),
                (["reviewer"], await vote.SignInAsync(reviewer)),
                (["treasury approver"], await vote.SignInAsync(OpenVote.Approver)),
                // A session of its own: the fixture's is others' as well.
                (["program manager"], await vote.SignInAsync(Cast.Manager)),
                (["guardian"], await vote.SignInAsync(Cast.Council)),
                (["applicant"], client),
            ],
            new() { ["proposalId"] = proposalId, ["programId"] = programId });
    }
}
