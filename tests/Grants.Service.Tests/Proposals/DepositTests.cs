using System.Text.Json.Nodes;
using Grants.Ethereum.Contracts;
using Grants.Ethereum.JsonRpc;
using Grants.Primitives;
using Grants.Service.Demo;
using Grants.Service.Tests.Embedded;
using Grants.Service.Tests.Journeys;
using Xunit;

namespace Grants.Service.Tests.Proposals;

/// <summary>Deposits against a flood of proposals: paid on chain, each once, and given back on chain.</summary>
[Collection(nameof(OpenVote))]
public sealed class DepositTests(OpenVote vote)
{
    private static readonly Person Safe = Person.Called("the DAO's safe");

    private readonly Applying applying = new(vote);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task a_deposit_is_paid_once_and_given_back_when_the_proposal_has_ended()
    {
        var programId = await applying.OpenProgramAsync("deposit", Asking());
        var first = await Applying.DraftAsync(vote.Ada, programId, Cast.Ada);
        await applying.RefusedAsync("DEPOSIT_NEEDED", () => Applying.SubmitAsync(vote.Ada, first));
        await applying.RefusedAsync("DEPOSIT_NOT_FOUND", () => SubmitAsync(vote.Ada, first, Named(Keccak256.Hash("none"), 0)));
        var tooLittle = await FinalAsync(await PayAsync(Cast.Ada, Safe.Address, 49));
        await applying.RefusedAsync("DEPOSIT_DIFFERS", () => SubmitAsync(vote.Ada, first, tooLittle));
        var paid = await FinalAsync(await PayAsync(Cast.Ada, Safe.Address, 50));
        await SubmitAsync(vote.Ada, first, paid);
        Assert.Empty(await DueAsync(programId));

        await vote.Ada.MutateAsync("withdrawProposal", "proposal", "state", Applying.Id(first), Cancellation);
        Assert.Equal([first], await DueAsync(programId));
        await ReleasedAsync(programId);
        var second = await Applying.DraftAsync(vote.Ada, programId, Cast.Ada, input => input["title"] = "Again");
        await applying.RefusedAsync("DEPOSIT_USED", () => SubmitAsync(vote.Ada, second, paid));

        await applying.RefusedAsync("FORBIDDEN", () => ReturnAsync(vote.Ada, first, paid));
        await applying.RefusedAsync("DEPOSIT_DIFFERS", () => ReturnAsync(vote.Manager, first, paid));
        var back = await FinalAsync(await PayAsync(Safe, Cast.Ada.Address, 50));
        var returned = await ReturnAsync(vote.Manager, first, back);
        Assert.Equal(
            back["transactionHash"]!.GetValue<string>(), returned["deposit"]!["returned"]!["transactionHash"]!.GetValue<string>());
        Assert.Empty(await DueAsync(programId));
        await applying.RefusedAsync("DEPOSIT_NOT_DUE", () => ReturnAsync(vote.Manager, first, tooLittle));
    }

    [Fact]
    public async Task of_two_programs_that_are_given_one_transfer_at_once_one_takes_it()
    {
        var (one, other) = (await applying.OpenProgramAsync("one", Asking()), await applying.OpenProgramAsync("other", Asking()));
        var paid = await FinalAsync(await PayAsync(Cast.Ada, Safe.Address, 50));
        string[] drafts = [await Applying.DraftAsync(vote.Ada, one, Cast.Ada), await Applying.DraftAsync(vote.Ada, other, Cast.Ada)];
        var answers = await Task.WhenAll(drafts.Select(async draft =>
        {
            try
            {
                await SubmitAsync(vote.Ada, draft, paid.DeepClone().AsObject());
                return "taken";
            }
            catch (DemoException refused)
            {
                return refused.Message.Contains("DEPOSIT_USED", StringComparison.Ordinal) ? "used" : refused.Message;
            }
        }));
        Assert.Equal(["taken", "used"], answers.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task what_is_cancelled_as_spam_loses_its_deposit()
    {
        var programId = await applying.OpenProgramAsync("spam", Asking());
        var paid = await FinalAsync(await PayAsync(Cast.Ada, Safe.Address, 50));
        var proposalId = await Applying.DraftAsync(vote.Ada, programId, Cast.Ada);
        await SubmitAsync(vote.Ada, proposalId, paid);
        var spam = Applying.Id(proposalId);
        (spam["reason"], spam["isSpam"]) = ("An advertisement.", true);
        var guardian = await vote.SignInAsync(Cast.Council);
        var cancelled = await guardian.MutateAsync("cancelProposal", "proposal", "deposit { forfeitedBecause }", spam, Cancellation);
        Assert.Equal("An advertisement.", cancelled["deposit"]!["forfeitedBecause"]!.GetValue<string>());
        Assert.Empty(await DueAsync(programId));
    }

    [Fact]
    public Task a_vault_holds_no_deposits() => applying.RefusedAsync(
        "INVALID_VALUE", () => applying.OpenProgramAsync("vault", Asking(vote.Scene.Vault)));

    private Action<JsonObject> Asking(Address? holder = null) => input => input["intake"] = new JsonObject
    {
        ["deposit"] = new JsonObject
        {
            ["token"] = vote.Scene.Token.ToString(),
            ["amount"] = "50",
            ["holder"] = (holder ?? Safe.Address).ToString(),
            ["isForfeitedAsSpam"] = true,
        },
    };

    private async Task<RpcReceipt> PayAsync(Person from, Address to, ulong amount)
    {
        await vote.Chain.FundAsync(from.Address, Cancellation);
        await vote.Chain.CallAsync(
            Cast.Deployer.Key, vote.Scene.Token, Erc20.TransferCall, Cancellation, from.Address, (UInt256)amount);
        return await vote.Chain.CallAsync(from.Key, vote.Scene.Token, Erc20.TransferCall, Cancellation, to, (UInt256)amount);
    }

    // Mines until the service has the transfer's block as final, by what it says of the chain.
    private async Task<JsonObject> FinalAsync(RpcReceipt receipt)
    {
        await Eventually.TrueAsync(
            async () =>
            {
                await vote.Chain.MineAsync(1, Cancellation);
                var chains = await vote.Public.QueryAsync("{ chains { finalized { number } } }", null, Cancellation);
                return chains["chains"]![0]!["finalized"]!["number"]!.GetValue<long>() >= receipt.BlockNumber;
            },
            TimeSpan.FromMinutes(1),
            "the transfer is final");
        return Named(receipt.TransactionHash, receipt.Logs[^1].LogIndex);
    }

    private Task ReleasedAsync(string programId) => Eventually.TrueAsync(
        async () =>
        {
            await using var command = vote.Database.CreateCommand(
                "select count(*) from grants.mt_events where type = 'submission_released' and stream_id = $1");
            command.Parameters.Add(new() { Value = $"submissions/{programId}" });
            return (long)(await command.ExecuteScalarAsync(Cancellation))! == 1;
        },
        TimeSpan.FromMinutes(1),
        "the place is free");

    private static JsonObject Named(Hash32 transaction, int logIndex) =>
        new() { ["transactionHash"] = transaction.ToString(), ["logIndex"] = logIndex };

    private static Task<JsonNode> SubmitAsync(ApiClient client, string proposalId, JsonObject deposit)
    {
        var input = Applying.Id(proposalId);
        input["deposit"] = deposit.DeepClone();
        return client.MutateAsync("submitProposal", "proposal", "deposit { amount holder evidence { blockNumber } }", input, Cancellation);
    }

    private static Task<JsonNode> ReturnAsync(ApiClient client, string proposalId, JsonObject transfer)
    {
        var input = Applying.Id(proposalId);
        input["transfer"] = transfer.DeepClone();
        return client.MutateAsync("recordDepositReturned", "proposal", "deposit { returned { transactionHash } }", input, Cancellation);
    }

    private async Task<IEnumerable<string>> DueAsync(string programId) => (await vote.Public.QueryAsync(
        "query ($p: String) { depositsToReturn(programId: $p, first: 10) { edges { node { proposalId } } } }",
        new { p = programId },
        Cancellation))["depositsToReturn"]!["edges"]!.AsArray().Select(edge => edge!["node"]!["proposalId"]!.GetValue<string>());
}
