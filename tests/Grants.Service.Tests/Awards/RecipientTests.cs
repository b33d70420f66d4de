using System.Text.Json.Nodes;
using Grants.Domain;
using Grants.Domain.Awards;
using Grants.Domain.Disbursements;
using Grants.Ethereum.Contracts;
using Grants.Ethereum.JsonRpc;
using Grants.Ethereum.Transactions;
using Grants.Ethereum.TypedData;
using Grants.Primitives;
using Grants.Service.Audit;
using Grants.Service.Demo;
using Grants.Service.Tests.Embedded;
using Marten;
using Xunit;

namespace Grants.Service.Tests.Awards;

/// <summary>Who signs for an award, and who is paid when that changes in the very block of a payment.</summary>
public sealed class RecipientTests(LocalServers servers)
{
    private const long Day = 86_400;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task a_contract_wallet_signs_the_agreement_and_a_payment_that_meets_a_change_of_recipient_settles_its_order_once()
    {
        var vesting = new JsonObject { ["cliffSeconds"] = 0, ["durationSeconds"] = 10 * Day, ["tranches"] = 1 };
        await using var service = await AwardService.StartAsync(servers, vesting, Scene.Tokens(30), "Build it, and tell us.");
        var council = service.Scene.CouncilWallet;
        var approvals = new[]
        {
            await service.DraftAsync(1, Cast.Ada, Scene.Tokens(10)),
            await service.DraftAsync(2, Cast.Vera, Scene.Tokens(20), council, new ReviewRules(
                ReviewStage.Decision, [Cast.Viktor.Address], [], null, 0, ManagersJudgeMilestones: true)),
        };
        foreach (var approved in approvals)
            await service.ApproveAsync(approved);
        var (adas, councils) = (Award.IdOf(approvals[0].ProposalId), Award.IdOf(approvals[1].ProposalId));
        var reserved = await service.UntilAsync(
            adas, "the vault has reserved", "startsAt reservedAt { blockNumber }", shown => shown["reservedAt"] is not null);

        await SignAsync(service, councils, Cast.Vera, "INVALID_SIGNATURE");
        Assert.Equal(council.ToString(), await SignAsync(service, councils, Cast.Council));
        Assert.True(await WasSignedByContractAsync(service, councils));
        await SignAsync(service, adas, Cast.Ada);
        Assert.False(await WasSignedByContractAsync(service, adas));

        var order = await PaidAsTheRecipientChangesAsync(service, adas, reserved["startsAt"]!.GetValue<long>() + (10 * Day));
        await service.UntilAsync(
            adas, "it is paid", "released", shown => shown["released"]!.GetValue<string>() == Scene.Tokens(10).ToString());
        await service.UntilAsync(
            councils, "the council is paid", "released", shown => shown["released"]!.GetValue<string>() == Scene.Tokens(20).ToString());
        await Eventually.TrueAsync(
            async () => (await OrderAsync(service, adas))!.State == DisbursementState.Finalized && await IsClosedAsync(service, order),
            TimeSpan.FromMinutes(1),
            "the order is settled and its nonce closed");
        var settled = (await OrderAsync(service, adas))!;
        Assert.Equal((1, null), (settled.Nonces.Count, settled.Failure));
        Assert.Equal(Scene.Tokens(10), await BalanceAsync(service, Cast.Bo.Address));
        Assert.Equal(Scene.Tokens(1_000_020), await BalanceAsync(service, council));
        Assert.Equal(UInt256.Zero, await BalanceAsync(service, Cast.Ada.Address));
        var audit = (await AuditRun.CheckAsync(service.Services, Cancellation)).SelectMany(report => report.Lines).ToList();
        Assert.All(audit, line => Assert.True(line.Holds, string.Join('\n', line.Violations)));
    }

    // The release waits in the pool; both steps of the change overtake it by their tips. The vault computes another id than ordered.
    private static async Task<Disbursement> PaidAsTheRecipientChangesAsync(AwardService service, Hash32 award, long dueAt)
    {
        var (chain, vault) = (service.Stage.Chain, service.Scene.Vault);
        byte[] LimitOf(UInt256 limit) => IncentiveVault.SetPeriodLimit.Encode(service.Scene.Token, limit, (UInt256)86_400UL);
        await chain.SendAsync(Cast.Deployer.Key, vault, LimitOf(UInt256.Zero), Cancellation);
        await chain.TravelToAsync(dueAt, Cancellation);
        await service.UntilAsync(
            award, "the release is ordered", "releases { releaseId }", shown => shown["releases"]!.AsArray().Count == 1);
        await chain.Node.RequestAsync("evm_setAutomine", [false], Cancellation);
        try
        {
            await SendAsync(chain, Cast.Deployer, vault, LimitOf(Scene.Tokens(30)), 1);
            await chain.MineAsync(1, Cancellation);
            await Eventually.TrueAsync(
                async () => await OrderAsync(service, award) is { } one
                    && await TransactionAsync(service, one) is { State: TransactionState.Sent },
                TimeSpan.FromMinutes(2),
                "the release is in the pool");
            await SendAsync(chain, Cast.Ada, vault, IncentiveVault.ProposeRecipient.Encode(award, Cast.Bo.Address), 60);
            await SendAsync(chain, Cast.Bo, vault, IncentiveVault.AcceptRecipient.Encode(award), 50);
            await chain.MineAsync(1, Cancellation);
        }
        finally
        {
            await chain.Node.RequestAsync("evm_setAutomine", [true], CancellationToken.None);
        }

        var order = (await OrderAsync(service, award))!;
        var receipt = (await chain.Node.ReceiptAsync((await TransactionAsync(service, order))!.Last.TransactionHash, Cancellation))!;
        var paid = Assert.Single(
            receipt.Logs, log => IncentiveVault.Released.TryDecode(log, out var values) && (Hash32)values![1] == award);
        Assert.NotEqual(order.Order.OrderId, paid.Topics[1]);
        return order;
    }

    private static async Task SendAsync(Devnet chain, Person from, Address to, byte[] data, ulong tipGwei)
    {
        var tip = (UInt256)(tipGwei * 1_000_000_000);
        var head = (await chain.Node.BlockAsync(BlockTag.Latest, Cancellation))!;
        var nonce = await chain.Node.TransactionCountAsync(from.Address, BlockTag.Pending, Cancellation);
        await chain.Node.SendRawTransactionAsync(
            new Eip1559Transaction(
                chain.ChainId, nonce, tip, (head.BaseFeePerGas!.Value * 2) + tip, 500_000, to, UInt256.Zero, data).Sign(from.Key).Raw,
            Cancellation);
    }

    private static async Task<string?> SignAsync(AwardService service, Hash32 award, Person key, string? refused = null)
    {
        var shown = await service.Stage.Public.QueryAsync(
            "query ($a: Bytes32!) { agreementTypedData(awardId: $a) }", new { a = award.ToString() }, Cancellation);
        var digest = TypedData.FromJson(shown["agreementTypedData"]!.GetValue<string>()).Digest();
        var input = new JsonObject { ["awardId"] = award.ToString(), ["signature"] = key.Key.Sign(digest).ToString() };
        Task<JsonNode> HandInAsync() => service.Manager.MutateAsync("signAgreement", "award", "agreementSignedBy", input, Cancellation);
        if (refused is null)
            return (await HandInAsync())["agreementSignedBy"]!.GetValue<string>();
        Assert.Contains(refused, (await Assert.ThrowsAsync<DemoException>(HandInAsync)).Message, StringComparison.Ordinal);
        return null;
    }

    private static async Task<bool> WasSignedByContractAsync(AwardService service, Hash32 award)
    {
        await using var session = service.Session();
        var events = await session.Events.FetchStreamAsync(Award.StreamId(award), token: Cancellation);
        return Assert.Single(events.Select(e => e.Data).OfType<AgreementSigned>()).IsContract;
    }

    private static async Task<Disbursement?> OrderAsync(AwardService service, Hash32 award)
    {
        await using var session = service.Session();
        var releases = await session.Query<Disbursement>()
            .Where(one => one.Order.Kind == TreasuryOrderKind.Release)
            .ToListAsync(Cancellation);
        return releases.SingleOrDefault(one => one.Order.AwardId == award);
    }

    private static async Task<TreasuryTransaction?> TransactionAsync(AwardService service, Disbursement order)
    {
        if (order.Nonces is not [.., var nonce])
            return null;
        await using var session = service.DeploymentSession();
        return await session.LoadAsync<TreasuryTransaction>(
            TreasuryTransaction.StreamId(order.Order.ChainId, nonce.Signer, nonce.Nonce), Cancellation);
    }

    private static async Task<bool> IsClosedAsync(AwardService service, Disbursement order) =>
        (await TransactionAsync(service, order))!.State == TransactionState.Closed;

    private static Task<UInt256> BalanceAsync(AwardService service, Address account) =>
        service.Stage.Chain.ReadAsync(service.Scene.Token, Erc20.BalanceOf, Cancellation, account);
}
