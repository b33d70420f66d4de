using System.Text.Json.Nodes;
using Grants.Domain.Disbursements;
using Grants.Ethereum.Contracts.Treasuries;
using Grants.Ethereum.JsonRpc;
using Grants.Ethereum.TypedData;
using Grants.Primitives;
using Grants.Service.Demo;
using Grants.Service.Disbursements.Safes;
using Grants.Service.Tests.Embedded;
using Grants.Service.Tests.RealContracts;
using Grants.Service.Tests.Vesting;
using Xunit;

namespace Grants.Service.Tests.Disbursements;

/// <summary>A treasury whose orders a real Safe does: two of three owners, of whom one is a contract.</summary>
public sealed class SafeRig(LocalServers servers) : IAsyncLifetime
{
    public PayoutRig Payouts { get; } = new(servers);

    internal Address Safe { get; private set; }

    /// <summary>The owner that is a contract.</summary>
    internal Address Wallet { get; private set; }

    public async ValueTask InitializeAsync()
    {
        await Payouts.InitializeAsync();
        var (npm, cancellation) = (new NpmContracts(Payouts.Chain.Node), TestContext.Current.CancellationToken);
        Wallet = await npm.OwnAsync("ContractWallet", "address", Cast.Council.Address);
        Safe = await npm.SafeAsync(2, Cast.Ada.Address, Cast.Bo.Address, Wallet);
        await Payouts.OperateAsync(false);
        await Payouts.Chain.MineAsync(4, cancellation);
        await Payouts.RestartAsync("Treasury:Safe", Safe.ToString());
    }

    public ValueTask DisposeAsync() => Payouts.DisposeAsync();
}

/// <summary>What is ordered is proposed to the owners of a Safe, over the API, and no key of the service pays.</summary>
public sealed class SafeTests(SafeRig treasury) : IClassFixture<SafeRig>
{
    private const string Shown =
        "proposalId state safe nonce safeTxHash to data orderIds typedData confirmations { owner } executionCall { to data } "
        + "executedAt { blockNumber }";

    private readonly PayoutRig rig = treasury.Payouts;
    private readonly Address safe = treasury.Safe;
    private readonly Address wallet = treasury.Wallet;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task what_is_ordered_is_done_by_a_safe_when_enough_of_its_owners_have_signed()
    {
        await rig.OperateAsync(false, safe);
        TreasuryOrder[] orders = [await rig.AwardAsync(), await rig.AwardAsync()];
        await rig.GiveAsync(orders);
        await rig.UntilAsync(orders[1], state => state.Failure is not null, "it is refused without the role");
        await rig.OperateAsync(true, safe);
        var proposal = await ProposalAsync(orders[1], 1);
        var hash = Hash32.Parse(Text(proposal, "safeTxHash"));
        Assert.Equal(orders.Select(order => $"{order.OrderId}"), proposal["orderIds"]!.AsArray().Select(id => id!.GetValue<string>()));
        Assert.Equal((safe.ToString(), rig.Vault.ToString()), (Text(proposal, "safe"), Text(proposal, "to")));
        Assert.Equal(hash, TypedData.FromJson(Text(proposal, "typedData")).Digest());
        var transaction = new SafeTransaction(
            rig.Chain.ChainId, safe, NonceIn(proposal), rig.Vault, Hex.Parse(Text(proposal, "data")));
        Assert.Equal(hash, await transaction.AskHashAsync(rig.Chain.Node, Cancellation));

        await Assert.ThrowsAsync<DemoException>(() => ConfirmAsync(proposal, Cast.Vera.Address, Cast.Vera));
        await Assert.ThrowsAsync<DemoException>(() => ConfirmAsync(proposal, Cast.Ada.Address, Cast.Bo));
        Assert.Null((await ConfirmAsync(proposal, Cast.Ada.Address, Cast.Ada))["executionCall"]);
        var enough = await ConfirmAsync(proposal, wallet, Cast.Council);
        Assert.Equal(2, enough["confirmations"]!.AsArray().Count);
        Assert.Equal(safe.ToString(), Text(enough["executionCall"]!, "to"));
        await SendAsync(enough);

        foreach (var order in orders)
        {
            await rig.MineUntilAsync(order, DisbursementState.Finalized);
            Assert.Equal(1, await rig.PaymentsAsync(order));
            Assert.Equal([new NonceOf(safe, NonceIn(proposal))], (await rig.StateAsync(order)).Nonces);
        }

        var done = await UntilAsync(orders[0], "EXECUTED");
        Assert.NotNull(done["executedAt"]);
        Assert.Equal(0, await rig.Chain.Node.TransactionCountAsync(rig.Operator.Address, BlockTag.Latest, Cancellation));
    }

    [Fact]
    public async Task what_the_owners_did_instead_at_that_nonce_ends_a_proposal_and_a_person_has_the_order_proposed_again()
    {
        await rig.OperateAsync(true, safe);
        var order = await rig.AwardAsync();
        await rig.GiveAsync(order);
        var proposal = await ProposalAsync(order, 1);
        await ConfirmAsync(proposal, Cast.Ada.Address, Cast.Ada);
        var late = (await ConfirmAsync(proposal, Cast.Bo.Address, Cast.Bo))["executionCall"]!;
        var other = new SafeTransaction(rig.Chain.ChainId, safe, NonceIn(proposal), Cast.Ada.Address, []);
        await new UnlockedAccount(rig.Chain.Node).SendAsync(safe, other.Execution([Signed(other, Cast.Bo), Signed(other, Cast.Ada)]));

        await rig.MineUntilAsync(order, DisbursementState.Failed);
        Assert.Equal(
            $"Nonce {NonceIn(proposal)} of the Safe {safe} was used by another transaction.", (await rig.StateAsync(order)).Failure);
        await UntilAsync(order, "REPLACED");
        await Assert.ThrowsAsync<DemoException>(() => ConfirmAsync(proposal, wallet, Cast.Council));
        await Assert.ThrowsAsync<RpcErrorException>(() => rig.Chain.Node.CallAsync(
            safe, Hex.Parse(Text(late, "data")), BlockTag.Latest, cancellation: Cancellation));

        var failure = (await rig.StateAsync(order)).Failure!;
        await rig.InvokeAsync(new RetryDisbursement(order.OrderId, Cast.Ada.Address, failure, DateTimeOffset.UtcNow));
        var again = await ProposalAsync(order, 2);
        Assert.Equal(NonceIn(proposal) + 1, NonceIn(again));
        await ConfirmAsync(again, Cast.Bo.Address, Cast.Bo);
        await SendAsync(await ConfirmAsync(again, Cast.Ada.Address, Cast.Ada));
        await rig.MineUntilAsync(order, DisbursementState.Finalized);
        Assert.Equal(1, await rig.PaymentsAsync(order));
    }

    [Fact]
    public async Task the_safe_names_what_is_proposed_as_we_do_whatever_it_is()
    {
        var random = new Random(23);
        for (var i = 0; i < 40; i++)
        {
            var (to, data) = (new byte[Address.Length], new byte[random.Next(200)]);
            random.NextBytes(to);
            random.NextBytes(data);
            var transaction = new SafeTransaction(rig.Chain.ChainId, safe, random.NextInt64(long.MaxValue), new Address(to), data);
            Assert.Equal(transaction.Hash, await transaction.AskHashAsync(rig.Chain.Node, Cancellation));
        }
    }

    [Fact]
    public void who_is_no_owner_any_more_does_not_count()
    {
        var state = new SafeProposal(
            "safe/1", 1, safe, 7, [], rig.Vault, "0x00", default, 1, DateTimeOffset.UnixEpoch, SafeProposalState.Proposed);
        var hash = SafeOwners.TransactionOf(state).Hash;
        var proposal = state with
        {
            SafeTxHash = hash,
            Confirmations = [.. new[] { Cast.Ada, Cast.Bo }.Select(person =>
                new SafeConfirmation(person.Address, person.Key.Sign(hash).ToString(), DateTimeOffset.UnixEpoch))],
        };
        Assert.NotNull(new SafeOwners([Cast.Ada.Address, Cast.Bo.Address], 2).Execution(proposal));
        Assert.Null(new SafeOwners([Cast.Ada.Address, Cast.Vera.Address], 2).Execution(proposal));
        Assert.Null(new SafeOwners([Cast.Ada.Address, Cast.Bo.Address], 3).Execution(proposal));
    }

    private async Task<JsonNode> ProposalAsync(TreasuryOrder order, int count)
    {
        await rig.UntilAsync(order, state => state.Nonces.Count == count, "it is proposed");
        return (await ProposalsAsync(order))[^1]!;
    }

    private async Task<JsonNode> UntilAsync(TreasuryOrder order, string state)
    {
        JsonNode? last = null;
        await Eventually.TrueAsync(
            async () =>
            {
                await rig.Chain.MineAsync(1, Cancellation);
                last = (await ProposalsAsync(order))[^1]!;
                return Text(last, "state") == state;
            },
            TimeSpan.FromMinutes(1),
            $"the proposal is {state}");
        return last!;
    }

    private async Task<JsonArray> ProposalsAsync(TreasuryOrder order)
    {
        var shown = await (await rig.SignInAsync(Cast.Vera)).QueryAsync(
            $"query ($o: Bytes32!) {{ disbursement(orderId: $o) {{ safeProposals {{ {Shown} }} }} }}",
            new { o = order.OrderId.ToString() },
            Cancellation);
        return shown["disbursement"]!["safeProposals"]!.AsArray();
    }

    // Whoever brings it.
    private async Task<JsonNode> ConfirmAsync(JsonNode proposal, Address owner, Person signer) =>
        await (await rig.SignInAsync(Cast.Vera)).MutateAsync("confirmSafeProposal", "safeProposal", Shown, new()
        {
            ["proposalId"] = Text(proposal, "proposalId"),
            ["owner"] = owner.ToString(),
            ["signature"] = signer.Key.Sign(Hash32.Parse(Text(proposal, "safeTxHash"))).ToString(),
        }, Cancellation);

    private Task<RpcReceipt> SendAsync(JsonNode proposal) =>
        new UnlockedAccount(rig.Chain.Node).SendAsync(safe, Hex.Parse(Text(proposal["executionCall"]!, "data")));

    private static OwnerSignature Signed(SafeTransaction transaction, Person person) =>
        new(person.Address, person.Key.Sign(transaction.Hash).ToBytes(), IsContract: false);

    private static string Text(JsonNode node, string field) => node[field]!.GetValue<string>();

    private static long NonceIn(JsonNode node) => long.Parse(node["nonce"]!.ToString(), System.Globalization.CultureInfo.InvariantCulture);
}
