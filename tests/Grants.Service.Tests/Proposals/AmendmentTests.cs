using System.Text.Json.Nodes;
using Grants.Service.Demo;
using Grants.Service.Tests.Journeys;
using Xunit;

namespace Grants.Service.Tests.Proposals;

/// <summary>A program's terms change, and what was submitted under the old ones keeps them.</summary>
[Collection(nameof(OpenVote))]
public sealed class AmendmentTests(OpenVote vote)
{
    private readonly Applying applying = new(vote);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task running_proposals_keep_the_terms_of_their_submission()
    {
        var programId = await applying.OpenProgramAsync("amended");
        var before = await Applying.SubmittedAsync(vote.Ada, programId, Cast.Ada);
        var rules = VotingActs.ProgramInput(vote.Scene, programId, Scene.Tokens(1), 60)["votingRules"]!.DeepClone();
        var program = await AmendAsync(vote.Manager, programId, 1, change => change["votingRules"] = rules);
        Assert.Equal(2, program["version"]!.GetValue<int>());
        Assert.Equal("Shorter votes.", program["amendments"]![0]!["reason"]!.GetValue<string>());
        Assert.Equal(3_600, program["first"]!["votingRules"]!["votingPeriodSeconds"]!.GetValue<int>());
        Assert.Equal(60, program["votingRules"]!["votingPeriodSeconds"]!.GetValue<int>());
        var bo = await vote.SignInAsync(Cast.Bo);
        var after = await Applying.SubmittedAsync(bo, programId, Cast.Bo);
        Assert.Equal((3_600, 1), (await VotingPeriodAsync(before), await VersionAsync(before)));
        Assert.Equal((60, 2), (await VotingPeriodAsync(after), await VersionAsync(after)));
    }

    [Fact]
    public async Task an_amendment_is_refused_to_others_of_an_older_version_and_beyond_the_vault()
    {
        var programId = await applying.OpenProgramAsync("refused");
        await applying.RefusedAsync("FORBIDDEN", () => AmendAsync(vote.Ada, programId, 1, change => change["name"] = "Mine"));
        await AmendAsync(vote.Manager, programId, 1, change => change["name"] = "Ours");
        await applying.RefusedAsync("STALE_VERSION", () => AmendAsync(vote.Manager, programId, 1, change => change["name"] = "Theirs"));
        await applying.RefusedAsync("BUDGET_NOT_FUNDED", () => AmendAsync(
            vote.Manager, programId, 2, change => change["budget"] = Scene.Tokens(1_000_000).ToString()));
        var raised = await AmendAsync(vote.Manager, programId, 2, change => change["budget"] = Scene.Tokens(2_000).ToString());
        Assert.Equal(Scene.Tokens(2_000).ToString(), raised["budgetLeft"]!.GetValue<string>());
        await applying.RefusedAsync("KIND_NOT_SUPPORTED", () => applying.OpenProgramAsync("kind", input => input["kind"] = "MEV"));
    }

    private static Task<JsonNode> AmendAsync(ApiClient client, string programId, int version, Action<JsonObject> change)
    {
        var input = new JsonObject { ["programId"] = programId, ["expectedVersion"] = version, ["reason"] = "Shorter votes." };
        change(input);
        return client.MutateAsync(
            "amendProgram",
            "program",
            "version budgetLeft amendments { reason } votingRules { votingPeriodSeconds } first: terms(version: 1) { votingRules { "
                + "votingPeriodSeconds } }",
            input,
            Cancellation);
    }

    private async Task<int> VersionAsync(string proposalId) =>
        (await applying.ShownAsync(proposalId, "programVersion"))!["programVersion"]!.GetValue<int>();

    private async Task<int> VotingPeriodAsync(string proposalId)
    {
        await vote.Manager.MutateAsync("openVoting", "proposal", "state", Applying.Id(proposalId), Cancellation);
        var shown = (await applying.ShownAsync(proposalId, "vote { rules { votingPeriodSeconds } }"))!;
        return shown["vote"]!["rules"]!["votingPeriodSeconds"]!.GetValue<int>();
    }
}
