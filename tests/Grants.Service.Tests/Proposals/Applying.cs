using System.Text.Json.Nodes;
using Grants.Service.Demo;
using Grants.Service.Tests.Journeys;
using Xunit;

namespace Grants.Service.Tests.Proposals;

/// <summary>What applicants, reviewers and managers do through the API, on programs of the test's own.</summary>
internal sealed class Applying(OpenVote vote)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Opens a program whose input is changed first.</summary>
    /// <returns>Its id.</returns>
    public async Task<string> OpenProgramAsync(string name, Action<JsonObject>? change = null)
    {
        var programId = $"{name}-{Guid.CreateVersion7():n}"[..Math.Min(48, name.Length + 33)];
        var input = VotingActs.ProgramInput(vote.Scene, programId, Scene.Tokens(1_000), 3_600);
        change?.Invoke(input);
        await vote.Manager.MutateAsync("openProgram", "program", "programId", input, Cancellation);
        return programId;
    }

    public static async Task<string> DraftAsync(ApiClient client, string programId, Person applicant, Action<JsonObject>? change = null)
    {
        var input = OpenVote.DraftInput(programId);
        input["recipient"] = applicant.Address.ToString();
        change?.Invoke(input);
        return (await client.MutateAsync("draftProposal", "proposal", "proposalId", input, Cancellation))["proposalId"]!.GetValue<string>();
    }

    public static Task<JsonNode> SubmitAsync(ApiClient client, string proposalId) =>
        client.MutateAsync("submitProposal", "proposal", "state contentHash", Id(proposalId), Cancellation);

    public static async Task<string> SubmittedAsync(
        ApiClient client, string programId, Person applicant, Action<JsonObject>? change = null)
    {
        var proposalId = await DraftAsync(client, programId, applicant, change);
        await SubmitAsync(client, proposalId);
        return proposalId;
    }

    public async Task<JsonNode?> ShownAsync(string proposalId, string fields, ApiClient? client = null)
    {
        var query = $"query ($p: Bytes32!) {{ proposal(proposalId: $p) {{ {fields} }} }}";
        return (await (client ?? vote.Public).QueryAsync(query, new { p = proposalId }, Cancellation))["proposal"];
    }

    /// <summary>Requires that an act is refused with a code, and that nothing of proposals and programs is written.</summary>
    /// <returns>The whole answer.</returns>
    public async Task<string> RefusedAsync(string code, Func<Task> act)
    {
        var before = await CountAsync();
        var refused = await Assert.ThrowsAsync<DemoException>(act);
        Assert.Contains($"\"{code}\"", refused.Message, StringComparison.Ordinal);
        Assert.Equal(before, await CountAsync());
        return refused.Message;
    }

    public static JsonObject Id(string proposalId) => new() { ["proposalId"] = proposalId };

    // Proposals that ended are released in the background; all else is written by who asked.
    private async Task<long> CountAsync()
    {
        await using var command = vote.Database.CreateCommand(
            """
            select count(*) from grants.mt_events
            where type ~ '^(proposal|program|recipient|review|changes|deposit|conflict)_' or type = 'submission_admitted'
            """);
        return (long)(await command.ExecuteScalarAsync(Cancellation))!;
    }
}
