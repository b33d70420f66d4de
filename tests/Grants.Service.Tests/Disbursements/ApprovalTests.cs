using System.Text.Json.Nodes;
using Grants.Domain.Disbursements;
using Grants.Ethereum.TypedData;
using Grants.Service.Demo;
using Grants.Service.Tests.Access;
using Xunit;

namespace Grants.Service.Tests.Disbursements;

/// <summary>What people say to the treasury, over the API: limits, approvals, a pause.</summary>
public sealed class ApprovalTests(PayoutRig rig) : IClassFixture<PayoutRig>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task a_large_payment_waits_for_two_persons()
    {
        await SetLimitsAsync();
        var order = await rig.AwardAsync(tokens: 1_500);
        await rig.GiveAsync(order);
        await rig.UntilAsync(order, state => state.Failure == "ApprovalsMissing(0 of 2)", "it waits for approval");
        await Assert.ThrowsAsync<DemoException>(() => ApproveAsync(Cast.Vera, order));
        await Assert.ThrowsAsync<DemoException>(() => ApproveAsync(Cast.Ada, order, Cast.Bo));
        await ApproveAsync(Cast.Ada, order);
        await ApproveAsync(Cast.AdaCold, order);
        await rig.UntilAsync(order, state => state.Failure == "ApprovalsMissing(1 of 2)", "it waits for another person");
        Assert.Equal(["Ada"], (await rig.StateAsync(order)).Approvals.Select(approval => approval.Person));
        await ApproveAsync(Cast.Bo, order);
        await rig.MineUntilAsync(order, DisbursementState.Finalized);
        Assert.Equal(1, await rig.PaymentsAsync(order));
    }

    [Fact]
    public async Task a_payment_over_its_limit_is_held_and_others_pass_it()
    {
        await SetLimitsAsync();
        var (large, small) = (await rig.AwardAsync(tokens: 6_000), await rig.AwardAsync(tokens: 10));
        await rig.GiveAsync(large, small);
        await rig.MineUntilAsync(small, DisbursementState.Finalized);
        await rig.UntilAsync(large, state => state.Failure == $"OverLimit(order, {Scene.Tokens(5_000)})", "it is over the limit");
        var rejected = await MutateAsync(Cast.Bo, "rejectDisbursement", "disbursement", "state failure", new()
        {
            ["orderId"] = large.OrderId.ToString(), ["reason"] = "Too much.",
        });
        Assert.Equal(("REJECTED", "Too much."), (rejected["state"]!.GetValue<string>(), rejected["failure"]!.GetValue<string>()));
    }

    [Fact]
    public async Task while_the_treasury_is_paused_nothing_is_signed_and_two_persons_resume_it()
    {
        var paused = await MutateAsync(
            Cast.Ada, "pauseTreasury", "treasury", "pause { at reason agreedToResume }", new() { ["reason"] = "A look first." });
        var pausedAt = paused["pause"]!["at"]!.GetValue<string>();
        var next = (await rig.LedgerAsync())?.Next;
        var order = await rig.AwardAsync(tokens: 10);
        await rig.GiveAsync(order);
        await AgreeAsync(Cast.Ada, pausedAt);
        await AgreeAsync(Cast.AdaCold, pausedAt);
        await rig.Chain.MineAsync(4, Cancellation);
        Assert.NotNull((await rig.ControlAsync())!.Pause);
        Assert.Equal((DisbursementState.Ordered, next), ((await rig.StateAsync(order)).State, (await rig.LedgerAsync())?.Next));
        await AgreeAsync(Cast.Bo, pausedAt);
        await rig.MineUntilAsync(order, DisbursementState.Finalized);
        Assert.Null((await rig.ControlAsync())!.Pause);
    }

    [Fact]
    public async Task a_session_alone_lowers_limits_and_does_not_let_money_go()
    {
        await SetLimitsAsync();
        await SetLimitsAsync();
        await RefusedAsync("AUTHORIZATION_REQUIRED", () => SetLimitsAsync(mostPerDay: 60_000));
        var raised = Limits(60_000);
        await Consent.SignAsync(await rig.SignInAsync(Cast.Ada), Cast.Ada, "setTreasuryLimits", Line(Limits(70_000)), raised, Cancellation);
        await RefusedAsync("INVALID_SIGNATURE", () => SendLimitsAsync(raised));
        var signed = Limits(60_000);
        await Consent.SignAsync(await rig.SignInAsync(Cast.Ada), Cast.Ada, "setTreasuryLimits", Line(signed), signed, Cancellation);
        await SendLimitsAsync(signed);
        await RefusedAsync("AUTHORIZATION_REQUIRED", () => MutateAsync(
            Cast.Ada, "resumeTreasury", "treasury", "operator", new() { ["pausedAt"] = "2026-01-01T00:00:00.000Z" }));
        await RefusedAsync("AUTHORIZATION_REQUIRED", () => MutateAsync(
            Cast.Ada,
            "retryDisbursement",
            "disbursement",
            "state",
            new() { ["orderId"] = $"0x{new string('1', 64)}", ["failure"] = "No." }));
    }

    private static async Task RefusedAsync(string code, Func<Task> act) =>
        Assert.Contains(code, (await Assert.ThrowsAsync<DemoException>(act)).Message, StringComparison.Ordinal);

    private async Task<JsonNode> AgreeAsync(Person person, string pausedAt) => await MutateAsync(
        person, "resumeTreasury", "treasury", "operator", await Consent.SignAsync(
            await rig.SignInAsync(person), person, "resumeTreasury", pausedAt, new() { ["pausedAt"] = pausedAt }, Cancellation));

    private Task<JsonNode> SetLimitsAsync(ulong mostPerDay = 50_000) => SendLimitsAsync(Limits(mostPerDay));

    private Task<JsonNode> SendLimitsAsync(JsonObject limits) =>
        MutateAsync(Cast.Ada, "setTreasuryLimits", "treasury", "limits { token effectiveAt }", limits);

    private JsonObject Limits(ulong mostPerDay) => new()
    {
        ["token"] = rig.Token.ToString(),
        ["oneApprovalFrom"] = Scene.Tokens(100).ToString(),
        ["twoApprovalsFrom"] = Scene.Tokens(1_000).ToString(),
        ["mostPerOrder"] = Scene.Tokens(5_000).ToString(),
        ["mostPerRecipient"] = Scene.Tokens(5_000).ToString(),
        ["mostPerDay"] = Scene.Tokens(mostPerDay).ToString(),
    };

    private static string Line(JsonObject limits) => string.Join(' ', limits.Select(field => field.Value!.GetValue<string>()));

    private async Task ApproveAsync(Person person, TreasuryOrder order, Person? signer = null)
    {
        var client = await rig.SignInAsync(person);
        var shown = await client.QueryAsync(
            "query ($o: Bytes32!) { disbursement(orderId: $o) { approvalTypedData } }", new { o = order.OrderId.ToString() }, Cancellation);
        var digest = TypedData.FromJson(shown["disbursement"]!["approvalTypedData"]!.GetValue<string>()).Digest();
        await client.MutateAsync("approveDisbursement", "disbursement", "approvals { person account }", new()
        {
            ["orderId"] = order.OrderId.ToString(), ["signature"] = (signer ?? person).Key.Sign(digest).ToString(),
        }, Cancellation);
    }

    private async Task<JsonNode> MutateAsync(Person person, string name, string result, string fields, JsonObject input) =>
        await (await rig.SignInAsync(person)).MutateAsync(name, result, fields, input, Cancellation);
}
