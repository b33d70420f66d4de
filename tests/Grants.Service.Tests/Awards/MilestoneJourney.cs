using System.Text.Json.Nodes;
using Grants.Domain;
using Grants.Domain.Awards;
using Grants.Ethereum.Contracts;
using Grants.Ethereum.TypedData;
using Grants.Primitives;
using Grants.Service.Audit;
using Grants.Service.Demo;
using Xunit;

namespace Grants.Service.Tests.Awards;

/// <summary>An award in two milestones under an agreement: signed, reviewed, paused, handed over, paid in part, and audited.</summary>
public sealed class MilestoneJourney(LocalServers servers)
{
    private const long Day = 86_400;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task an_award_in_milestones_is_paid_as_reviewed_and_to_whom_both_sides_agreed()
    {
        var vesting = new JsonObject
        {
            ["cliffSeconds"] = 0,
            ["durationSeconds"] = 0,
            ["pauseBudgetSeconds"] = 5 * Day,
            ["parts"] = new JsonArray
            {
                new JsonObject { ["afterSeconds"] = 10 * Day, ["share"] = 4_000, ["milestone"] = 1 },
                new JsonObject { ["afterSeconds"] = 20 * Day, ["share"] = 6_000, ["milestone"] = 2 },
            },
        };
        await using var service = await AwardService.StartAsync(servers, vesting, Scene.Tokens(50_000), "Build it, and tell us.");
        var committee = new ReviewRules(ReviewStage.Decision, [Cast.Vera.Address, Cast.Viktor.Address, Cast.Bo.Address], [], null, 0);
        var approved = await service.DraftAsync(1, Cast.Ada, Scene.Tokens(20_000), review: committee);
        await service.ApproveAsync(approved);
        var award = Award.IdOf(approved.ProposalId);
        var reserved = await service.UntilAsync(
            award, "the vault has reserved", "startsAt refusalToPay reservedAt { blockNumber }", shown => shown["reservedAt"] is not null);
        Assert.Equal("AGREEMENT_NOT_SIGNED", reserved["refusalToPay"]!.GetValue<string>());
        var start = reserved["startsAt"]!.GetValue<long>();
        var (ada, bo) = (await service.Stage.SignInAsync(Cast.Ada, Cancellation), await service.Stage.SignInAsync(Cast.Bo, Cancellation));

        await SignAsync(service, ada, award);
        await ReviewFirstAsync(service, ada, bo, award);
        await service.Stage.Chain.TravelToAsync(start + (10 * Day), Cancellation);
        await service.UntilAsync(award, "the first milestone is paid", "released", Released(8_000));
        Assert.Equal(Scene.Tokens(8_000), await BalanceAsync(service, Cast.Ada.Address));

        await PauseAsync(service, ada, award);
        await HandOverAsync(service, bo, award);
        await SubmitAsync(bo, award, 2);
        await RefusedAsync("CONFLICT_OF_INTEREST", () => ReviewAsync(bo, award, 2, "ACCEPT"));
        var viktor = await service.Stage.SignInAsync(Cast.Viktor, Cancellation);
        await viktor.MutateAsync(
            "declareConflict",
            "proposal",
            "reviewerConflicts { reviewer nature }",
            new() { ["proposalId"] = approved.ProposalId.ToString(), ["nature"] = "I work for Bo now." },
            Cancellation);
        await RefusedAsync("CONFLICT_OF_INTEREST", () => ReviewAsync(viktor, award, 2, "ACCEPT"));
        var vera = await service.Stage.SignInAsync(Cast.Vera, Cancellation);
        await ReviewAsync(vera, award, 2, "ACCEPT_PART", Scene.Tokens(9_000));
        await service.Stage.Chain.TravelToAsync(start + (21 * Day), Cancellation);
        await service.UntilAsync(
            award, "all is settled", "released clawedBack remaining", shown => shown["remaining"]!.GetValue<string>() == "0");
        Assert.Equal(Scene.Tokens(9_000), await BalanceAsync(service, Cast.Bo.Address));
        Assert.Equal(Scene.Tokens(3_000), await BalanceAsync(service, service.Scene.Treasury));
        await RefusedAsync("AWARD_ENDED", () => service.Manager.MutateAsync(
            "cancelAward", "award", "awardId", Input(award, ("mode", "KEEP_VESTED"), ("reason", "over")), Cancellation));

        var audit = (await AuditRun.CheckAsync(service.Services, Cancellation)).SelectMany(report => report.Lines).ToList();
        Assert.All(audit, line => Assert.True(line.Holds, string.Join('\n', line.Violations)));
    }

    private static async Task SignAsync(AwardService service, ApiClient ada, Hash32 award)
    {
        var data = await TypedDataAsync(service, "agreementTypedData(awardId: $a)", award);
        Task<JsonNode> HandInAsync(Person signer) => ada.MutateAsync(
            "signAgreement",
            "award",
            "agreementSignedBy",
            Input(award, ("signature", signer.Key.Sign(data.Digest()).ToString())),
            Cancellation);
        await RefusedAsync("INVALID_SIGNATURE", () => HandInAsync(Cast.Bo));
        Assert.Equal(Cast.Ada.Address.ToString(), (await HandInAsync(Cast.Ada))["agreementSignedBy"]!.GetValue<string>());
    }

    private static async Task ReviewFirstAsync(AwardService service, ApiClient ada, ApiClient bo, Hash32 award)
    {
        var vera = await service.Stage.SignInAsync(Cast.Vera, Cancellation);
        await RefusedAsync("FORBIDDEN", () => SubmitAsync(bo, award, 1));
        await RefusedAsync("NOT_FOUND", () => SubmitAsync(ada, award, 3));
        await RefusedAsync("MILESTONE_NOT_SUBMITTED", () => ReviewAsync(vera, award, 1, "ACCEPT"));
        await SubmitAsync(ada, award, 1);
        await RefusedAsync("FORBIDDEN", () => ReviewAsync(ada, award, 1, "ACCEPT"));
        await RefusedAsync("FORBIDDEN", () => ReviewAsync(service.Manager, award, 1, "ACCEPT"));
        await ReviewAsync(vera, award, 1, "RETURN");
        await service.Manager.MutateAsync(
            "amendMilestone",
            "award",
            "milestones { title }",
            Input(award, ("milestone", 1), ("title", "A prototype"), ("reason", "As we said.")),
            Cancellation);
        await SubmitAsync(ada, award, 1);
        var accepted = await ReviewAsync(vera, award, 1, "ACCEPT");
        var history = (await service.Stage.Public.QueryAsync(
            "query ($a: Bytes32!) { milestoneHistory(awardId: $a) { verdict before { title } after { title } } }",
            new { a = award.ToString() },
            Cancellation))["milestoneHistory"]!.AsArray();
        Assert.Equal([null, "RETURN", null, null, "ACCEPT"], history.Select(act => act!["verdict"]?.GetValue<string>()));
        Assert.Equal("Milestone 1", history[2]!["before"]!["title"]!.GetValue<string>());
        Assert.Equal("A prototype", history[2]!["after"]!["title"]!.GetValue<string>());
        Assert.Equal(["ACCEPTED", "OPEN"], accepted["milestones"]!.AsArray().Select(one => one!["status"]!.GetValue<string>()));
    }

    private static async Task PauseAsync(AwardService service, ApiClient ada, Hash32 award)
    {
        await RefusedAsync("FORBIDDEN", () => ada.MutateAsync(
            "pauseVesting", "award", "endsAt", Input(award, ("reason", "no")), Cancellation));
        var paused = await service.Manager.MutateAsync(
            "pauseVesting", "award", "endsAt pauses { toAt }", Input(award, ("reason", "An audit.")), Cancellation);
        Assert.Null(Assert.Single(paused["pauses"]!.AsArray())!["toAt"]);
        var resumed = await service.Manager.MutateAsync(
            "resumeVesting", "award", "pauses { toAt }", Input(award, ("reason", "It is clean.")), Cancellation);
        Assert.NotNull(Assert.Single(resumed["pauses"]!.AsArray())!["toAt"]);
    }

    // Both sign; the vault follows in its own two steps; nothing is paid until both have happened and three days have passed.
    private static async Task HandOverAsync(AwardService service, ApiClient bo, Hash32 award)
    {
        var data = await TypedDataAsync(service, $"recipientChangeTypedData(awardId: $a, to: \"{Cast.Bo.Address}\")", award);
        Task<JsonNode> AgreeAsync(Person from) => bo.MutateAsync(
            "changeRecipient",
            "award",
            "agreedRecipient refusalToPay",
            Input(
                award,
                ("to", Cast.Bo.Address.ToString()),
                ("fromSignature", from.Key.Sign(data.Digest()).ToString()),
                ("toSignature", Cast.Bo.Key.Sign(data.Digest()).ToString())),
            Cancellation);
        await RefusedAsync("INVALID_SIGNATURE", () => AgreeAsync(Cast.Bo));
        Assert.Equal("RECIPIENT_NOT_AGREED", (await AgreeAsync(Cast.Ada))["refusalToPay"]!.GetValue<string>());
        var (chain, vault) = (service.Stage.Chain, service.Scene.Vault);
        await chain.CallAsync(Cast.Ada.Key, vault, IncentiveVault.ProposeRecipient, Cancellation, award, Cast.Bo.Address);
        await chain.CallAsync(Cast.Bo.Key, vault, IncentiveVault.AcceptRecipient, Cancellation, award);
        await service.UntilAsync(
            award,
            "the change is final",
            "recipient refusalToPay",
            shown => shown["recipient"]!.GetValue<string>() == Cast.Bo.Address.ToString() && shown["refusalToPay"] is null);
    }

    private static Task<JsonNode> SubmitAsync(ApiClient client, Hash32 award, int milestone) => client.MutateAsync(
        "submitMilestone",
        "award",
        "milestones { status }",
        Input(
            award,
            ("milestone", milestone),
            ("evidenceHash", Keccak256.Hash("evidence").ToString()),
            ("evidenceLink", "https://example.org/evidence")),
        Cancellation);

    private static Task<JsonNode> ReviewAsync(ApiClient client, Hash32 award, int milestone, string verdict, UInt256? amount = null) =>
        client.MutateAsync(
            "reviewMilestone",
            "award",
            "milestones { status accepted }",
            Input(
                award,
                ("milestone", milestone),
                ("evidenceHash", Keccak256.Hash("evidence").ToString()),
                ("verdict", verdict),
                ("amount", amount?.ToString()),
                ("reason", "We looked at it.")),
            Cancellation);

    private static async Task<TypedData> TypedDataAsync(AwardService service, string field, Hash32 award) => TypedData.FromJson(
        (await service.Stage.Public.QueryAsync(
            $"query ($a: Bytes32!) {{ data: {field} }}", new { a = award.ToString() }, Cancellation))["data"]!.GetValue<string>());

    private static JsonObject Input(Hash32 award, params IEnumerable<(string Name, JsonNode? Value)> members)
    {
        var input = new JsonObject { ["awardId"] = award.ToString() };
        foreach (var (name, value) in members)
            input[name] = value;
        return input;
    }

    private static Func<JsonNode, bool> Released(ulong tokens) =>
        shown => shown["released"]!.GetValue<string>() == Scene.Tokens(tokens).ToString();

    private static Task<UInt256> BalanceAsync(AwardService service, Address account) =>
        service.Stage.Chain.ReadAsync(service.Scene.Token, Erc20.BalanceOf, Cancellation, account);

    private static async Task RefusedAsync(string code, Func<Task<JsonNode>> mutate) =>
        Assert.Contains(code, (await Assert.ThrowsAsync<DemoException>(mutate)).Message, StringComparison.Ordinal);
}
