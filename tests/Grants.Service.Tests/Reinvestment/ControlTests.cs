using System.Text.Json.Nodes;
using Grants.Domain.Awards;
using Grants.Ethereum.Abi;
using Grants.Primitives;
using Grants.Service.Demo;
using Grants.Service.Tests.Access;
using Grants.Service.Tests.Awards;
using Grants.Service.Tests.Embedded;
using Grants.Service.Tests.RealContracts;
using Grants.Service.Tests.Vesting;
using Grants.Service.Tests.Webhooks;
using Xunit;

namespace Grants.Service.Tests.Reinvestment;

public sealed class ControlTests(LocalServers servers)
{
    private static readonly Address Buyer = Address.Parse("0x00000000000000000000000000000000000000a1");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task a_safe_that_is_handed_to_another_owner_is_told_though_no_token_moves()
    {
        var vesting = new JsonObject { ["cliffSeconds"] = 0, ["durationSeconds"] = 864_000, ["tranches"] = 1 };
        await using var receiver = await Receiver.StartAsync();
        await using var service = await AwardService.StartAsync(
            servers, vesting, Scene.Tokens(10), settings: new() { ["Webhooks:AllowPrivateNetworks"] = "true" });
        await ListenAsync(service, receiver.Url);
        var npm = new NpmContracts(service.Stage.Chain.Node);
        var safe = await npm.SafeAsync(1, UnlockedAccount.Address);
        var approved = await service.DraftAsync(1, Cast.Ada, Scene.Tokens(10), safe);
        await service.ApproveAsync(approved);
        var award = Award.IdOf(approved.ProposalId);
        await service.UntilAsync(award, "the vault has reserved", "reservedAt { blockNumber }", shown => shown["reservedAt"] is not null);

        var add = AbiFunction.Parse("function addOwnerWithThreshold(address owner, uint256 threshold)").Encode(Buyer, (UInt256)2UL);
        byte[] approvedBySender = [.. new byte[12], .. UnlockedAccount.Address.ToBytes(), .. new byte[32], 1];
        await npm.SendAsync(
            safe,
            "function execTransaction(address to, uint256 value, bytes data, uint8 operation, uint256 safeTxGas, uint256 baseGas, "
                + "uint256 gasPrice, address gasToken, address refundReceiver, bytes signatures)",
            safe, (UInt256)0UL, add, 0, (UInt256)0UL, (UInt256)0UL, (UInt256)0UL, Address.Zero, Address.Zero, approvedBySender);

        var changes = await service.Stage.UntilAsync(
            "the changes are told",
            async () => (await service.Stage.Public.QueryAsync(
                "query ($a: Bytes32!) { controlChanges(awardId: $a, first: 9) { edges { node { "
                    + "wallet change account threshold nextStep } } } }",
                new { a = award.ToString() },
                Cancellation))["controlChanges"]!["edges"],
            edges => edges.AsArray().Count == 2,
            Cancellation);
        var (added, threshold) = (changes[0]!["node"]!, changes[1]!["node"]!);
        Assert.Equal(
            ("OWNER_ADDED", Buyer.ToString()), (added["change"]!.GetValue<string>(), added["account"]!.GetValue<string>()));
        Assert.Equal(
            ("THRESHOLD_CHANGED", "2"), (threshold["change"]!.GetValue<string>(), threshold["threshold"]!.GetValue<string>()));
        Assert.Contains("who holds the wallet", added["nextStep"]!.GetValue<string>(), StringComparison.Ordinal);

        // Nobody has to look for it: the program's people are told of each change once.
        await Eventually.TrueAsync(
            () => Task.FromResult(receiver.Received.Count >= 2), TimeSpan.FromMinutes(1), "the changes are told to the webhook");
        var told = receiver.Received.Select(one => (Id: one.Headers["webhook-id"].ToString(), Body: JsonNode.Parse(one.Body)!)).ToList();
        Assert.Equal(2, told.Select(one => one.Id).Distinct().Count());
        Assert.All(told, one => Assert.Equal("grants.wallet.control_changed", one.Body["type"]!.GetValue<string>()));
        Assert.All(told, one => Assert.Contains($"{award}", one.Body["subject"]!.GetValue<string>(), StringComparison.Ordinal));
    }

    private static async Task ListenAsync(AwardService service, Uri url)
    {
        const string Told = "wallet.control_changed";
        var input = new JsonObject { ["url"] = url.ToString(), ["events"] = new JsonArray { Told } };
        var signed = await Consent.SignAsync(
            service.Stage.Public, Cast.Manager, "registerWebhook", $"{url} {Told}", input, Cancellation);
        await service.Manager.MutateAsync("registerWebhook", "webhook", "webhookId", signed, Cancellation);
    }
}
