using System.Text.Json.Nodes;
using Grants.Service.Demo;
using Grants.Service.Tests.Embedded;
using Grants.Service.Tests.Journeys;
using Xunit;

namespace Grants.Service.Tests.Proposals;

/// <summary>A committee of Vera, Viktor, Bo and the manager, of whom three must approve.</summary>
[Collection(nameof(OpenVote))]
public sealed class ReviewTests(OpenVote vote)
{
    private readonly Applying applying = new(vote);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task a_committee_sends_back_scores_and_approves_and_the_award_follows()
    {
        var (vera, viktor, bo) = await CommitteeAsync();
        var programId = await applying.OpenProgramAsync("committee", Reviewed("DECISION"));
        var proposalId = await Applying.SubmittedAsync(vote.Ada, programId, Cast.Ada);
        await applying.RefusedAsync("REVIEW_COMES_FIRST", () => vote.Manager.MutateAsync(
            "openVoting", "proposal", "state", Applying.Id(proposalId), Cancellation));
        await applying.RefusedAsync("FORBIDDEN", () => ReviewAsync(vote.Ada, proposalId, "APPROVE"));
        await ReviewAsync(vera, proposalId, "REJECT");
        var request = Applying.Id(proposalId);
        request["reason"] = "Say who audits.";
        await viktor.MutateAsync("requestChanges", "proposal", "state", request, Cancellation);
        await applying.RefusedAsync("WRONG_PROPOSAL_STATE", () => ReviewAsync(bo, proposalId, "APPROVE"));

        var revision = OpenVote.DraftInput(programId);
        revision.Remove("programId");
        revision["proposalId"] = proposalId;
        revision["body"] = "Why not. Alice audits it.";
        await vote.Ada.MutateAsync("reviseProposal", "proposal", "state", revision, Cancellation);
        Assert.Equal("IN_REVIEW", (await Applying.SubmitAsync(vote.Ada, proposalId))["state"]!.GetValue<string>());
        foreach (var reviewer in new[] { vera, viktor, bo })
            await ReviewAsync(reviewer, proposalId, "APPROVE");

        var shown = (await applying.ShownAsync(
            proposalId, "state changes { reason } reviews { reviewer verdict mean commentHtml scores { criterion weight score } }"))!;
        Assert.Equal("APPROVED", shown["state"]!.GetValue<string>());
        Assert.Equal(3, shown["reviews"]!.AsArray().Count);
        Assert.Equal("29/4", shown["reviews"]![0]!["mean"]!.GetValue<string>());
        await applying.RefusedAsync("WRONG_PROPOSAL_STATE", () => ReviewAsync(vera, proposalId, "REJECT"));
        await Eventually.TrueAsync(() => HasAwardAsync(proposalId), TimeSpan.FromMinutes(1), "the award is granted");
    }

    [Fact]
    public async Task a_screened_proposal_goes_to_the_vote()
    {
        var (vera, viktor, bo) = await CommitteeAsync();
        var programId = await applying.OpenProgramAsync("screening", Reviewed("SCREENING"));
        var proposalId = await Applying.SubmittedAsync(vote.Ada, programId, Cast.Ada);
        foreach (var reviewer in new[] { vera, viktor, bo })
            await ReviewAsync(reviewer, proposalId, "APPROVE");
        Assert.NotNull((await applying.ShownAsync(proposalId, "screenedAt"))!["screenedAt"]);
        var opened = await vote.Manager.MutateAsync("openVoting", "proposal", "state", Applying.Id(proposalId), Cancellation);
        Assert.Equal("VOTING", opened["state"]!.GetValue<string>());
    }

    [Fact]
    public async Task who_has_an_interest_does_not_review()
    {
        var (vera, viktor, _) = await CommitteeAsync();
        var programId = await applying.OpenProgramAsync("interest", Reviewed("DECISION"));
        var proposalId = await Applying.SubmittedAsync(vote.Ada, programId, Cast.Ada, input => input["conflicts"] = new JsonArray
        {
            new JsonObject { ["account"] = Cast.Vera.Address.ToString(), ["nature"] = "A cousin." },
        });
        await applying.RefusedAsync("CONFLICT_OF_INTEREST", () => ReviewAsync(vera, proposalId, "APPROVE"));
        await ReviewAsync(viktor, proposalId, "APPROVE");
        Assert.Equal("IN_REVIEW", (await applying.ShownAsync(proposalId, "state"))!["state"]!.GetValue<string>());
    }

    [Fact]
    public async Task a_rejection_is_appealed_once_and_a_guardian_may_uphold_it()
    {
        var (vera, viktor, _) = await CommitteeAsync();
        var programId = await applying.OpenProgramAsync("appeal", Reviewed("DECISION"));
        var proposalId = await Applying.SubmittedAsync(vote.Ada, programId, Cast.Ada);
        await ReviewAsync(vera, proposalId, "REJECT");
        await ReviewAsync(viktor, proposalId, "REJECT");
        Assert.Equal("REJECTED", (await applying.ShownAsync(proposalId, "state"))!["state"]!.GetValue<string>());
        JsonObject Because(bool? isUpheld = null)
        {
            var input = Applying.Id(proposalId);
            input["reason"] = "They misread it.";
            if (isUpheld is { } decision)
                input["isUpheld"] = decision;
            return input;
        }

        await applying.RefusedAsync("NOT_FOUND", () => vera.MutateAsync("appealProposal", "proposal", "state", Because(), Cancellation));
        await vote.Ada.MutateAsync("appealProposal", "proposal", "state", Because(), Cancellation);
        await applying.RefusedAsync("FORBIDDEN", () => vote.Ada.MutateAsync(
            "decideProposalAppeal", "proposal", "state", Because(true), Cancellation));
        var guardian = await vote.SignInAsync(Cast.Council);
        var decided = await guardian.MutateAsync(
            "decideProposalAppeal", "proposal", "state appeal { isUpheld decidedBy decisionReason }", Because(true), Cancellation);
        Assert.Equal("APPROVED", decided["state"]!.GetValue<string>());
        Assert.Equal(Cast.Council.Address.ToString(), decided["appeal"]!["decidedBy"]!.GetValue<string>());
        await Eventually.TrueAsync(() => HasAwardAsync(proposalId), TimeSpan.FromMinutes(1), "the award is granted");
    }

    private async Task<(ApiClient Vera, ApiClient Viktor, ApiClient Bo)> CommitteeAsync() =>
        (await vote.SignInAsync(Cast.Vera), await vote.SignInAsync(Cast.Viktor), await vote.SignInAsync(Cast.Bo));

    private async Task<JsonNode> ReviewAsync(ApiClient reviewer, string proposalId, string verdict)
    {
        var input = Applying.Id(proposalId);
        input["contentHash"] = (await applying.ShownAsync(proposalId, "contentHash"))!["contentHash"]!.GetValue<string>();
        input["verdict"] = verdict;
        input["scores"] = new JsonArray { 8, 5 };
        input["comment"] = "So *I* think.";
        return await reviewer.MutateAsync("recordReview", "proposal", "state", input, Cancellation);
    }

    private async Task<bool> HasAwardAsync(string proposalId) => (await vote.Public.QueryAsync(
        "query ($p: Bytes32!) { award(proposalId: $p) { amount } }", new { p = proposalId }, Cancellation))["award"] is not null;

    private static Action<JsonObject> Reviewed(string stage) => input => input["review"] = new JsonObject
    {
        ["stage"] = stage,
        ["reviewers"] = new JsonArray
        {
            Cast.Vera.Address.ToString(), Cast.Viktor.Address.ToString(), Cast.Bo.Address.ToString(), Cast.Manager.Address.ToString(),
        },
        ["rubric"] = new JsonArray
        {
            new JsonObject { ["name"] = "Impact", ["weight"] = 3 }, new JsonObject { ["name"] = "Team", ["weight"] = 1 },
        },
        ["appealSeconds"] = 3_600,
    };
}
