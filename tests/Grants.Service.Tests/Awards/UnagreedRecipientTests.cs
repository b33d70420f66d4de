using System.Net;
using System.Text.Json.Nodes;
using Grants.Domain.Awards;
using Grants.Domain.Disbursements;
using Grants.Ethereum.Contracts;
using Grants.Primitives;
using Grants.Service.Demo;
using Grants.Service.Tests.Embedded;
using Marten;
using Xunit;

namespace Grants.Service.Tests.Awards;

public sealed class UnagreedRecipientTests(LocalServers servers)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task an_order_that_waits_is_not_sent_to_a_recipient_on_whom_nobody_agreed()
    {
        var vesting = new JsonObject { ["cliffSeconds"] = 0, ["durationSeconds"] = 864_000, ["tranches"] = 1 };
        await using var service = await AwardService.StartAsync(servers, vesting, Scene.Tokens(10));
        var (chain, scene) = (service.Stage.Chain, service.Scene);
        Task LimitAsync(UInt256 limit) => chain.CallAsync(
            Cast.Deployer.Key, scene.Vault, IncentiveVault.SetPeriodLimit, Cancellation, scene.Token, limit, (UInt256)86_400UL);
        await LimitAsync(UInt256.Zero);
        var approved = await service.DraftAsync(1, Cast.Ada, Scene.Tokens(10));
        await service.ApproveAsync(approved);
        var award = Award.IdOf(approved.ProposalId);
        var reserved = await service.UntilAsync(
            award, "the vault has reserved", "startsAt reservedAt { blockNumber }", shown => shown["reservedAt"] is not null);
        await chain.TravelToAsync(reserved["startsAt"]!.GetValue<long>() + 864_000, Cancellation);
        await service.UntilAsync(
            award, "the release is ordered", "releases { releaseId }", shown => shown["releases"]!.AsArray().Count == 1);
        await TheFileSaysWhatHoldsItAsync(service, award);

        await chain.CallAsync(Cast.Ada.Key, scene.Vault, IncentiveVault.ProposeRecipient, Cancellation, award, Cast.Bo.Address);
        await chain.CallAsync(Cast.Bo.Key, scene.Vault, IncentiveVault.AcceptRecipient, Cancellation, award);
        await LimitAsync(Scene.Tokens(10));
        await service.UntilAsync(
            award, "the change is final", "refusalToPay", shown => shown["refusalToPay"]?.GetValue<string>() == "RECIPIENT_NOT_AGREED");
        await Eventually.TrueAsync(
            async () => (await OrderAsync(service)).Failure?.Contains("another recipient", StringComparison.Ordinal) == true,
            TimeSpan.FromMinutes(1),
            "the order is held back");
        Assert.Equal(UInt256.Zero, await chain.ReadAsync(scene.Token, Erc20.BalanceOf, Cancellation, Cast.Bo.Address));

        // The vault goes back to the one who was approved: the order is paid as it was given.
        await chain.CallAsync(Cast.Bo.Key, scene.Vault, IncentiveVault.ProposeRecipient, Cancellation, award, Cast.Ada.Address);
        await chain.CallAsync(Cast.Ada.Key, scene.Vault, IncentiveVault.AcceptRecipient, Cancellation, award);
        await service.UntilAsync(
            award, "it is paid", "released", shown => shown["released"]!.GetValue<string>() == Scene.Tokens(10).ToString());
        Assert.Equal(Scene.Tokens(10), await chain.ReadAsync(scene.Token, Erc20.BalanceOf, Cancellation, Cast.Ada.Address));
    }

    private static async Task TheFileSaysWhatHoldsItAsync(AwardService service, Hash32 award)
    {
        using var file = await service.FileAsync($"programs/{AwardService.ProgramId}/payouts.csv");
        Assert.Equal("text/csv", file.Content.Headers.ContentType!.MediaType);
        Assert.Equal($"{AwardService.ProgramId}-payouts.csv", file.Content.Headers.ContentDisposition!.FileName);
        var lines = (await file.Content.ReadAsStringAsync(Cancellation)).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(2, lines.Length);
        var order = await OrderAsync(service);
        Assert.StartsWith(
            $"{award},1,{Cast.Ada.Address},{service.Scene.Token},{Scene.Tokens(10)},", lines[1], StringComparison.Ordinal);
        Assert.Contains($",{order.Order.OrderId},", lines[1], StringComparison.Ordinal);
        Assert.Contains("PeriodLimitExceeded(", lines[1], StringComparison.Ordinal);
        using var later = await service.FileAsync($"programs/{AwardService.ProgramId}/payouts.csv?until=soon");
        using var nowhere = await service.FileAsync("programs/nowhere/payouts.csv");
        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.NotFound), (later.StatusCode, nowhere.StatusCode));
    }

    private static async Task<Disbursement> OrderAsync(AwardService service)
    {
        await using var session = service.Session();
        return await session.Query<Disbursement>().SingleAsync(one => one.Order.Kind == TreasuryOrderKind.Release, Cancellation);
    }
}
