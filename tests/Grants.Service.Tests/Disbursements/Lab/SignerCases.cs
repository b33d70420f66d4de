using Grants.Domain.Disbursements;
using Grants.Ethereum.Signing;
using Grants.Ethereum.Transactions;
using Grants.Primitives;
using Grants.Service.Demo;
using Grants.Service.Disbursements.Sending;
using Grants.Service.Disbursements.Signing;
using Grants.Service.Disbursements.Watching;
using Grants.Service.Tests.Disbursements.Signing;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Grants.Service.Tests.Disbursements.Lab;

/// <summary>A signer that is somewhere else, and one that believes nobody; and approvers that are contracts.</summary>
[Collection(nameof(TreasuryLab))]
public sealed class SignerCases(TreasuryLab lab)
{
    private static readonly Dictionary<string, string[]> AdaAndBo = new()
    {
        ["Ada"] = [Cast.Ada.Address.ToString()], ["Bo"] = [Cast.Bo.Address.ToString()],
    };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task a_key_service_that_signs_and_does_not_answer_signs_for_the_same_duty_again()
    {
        lab.LetAnHourPass();
        var (order, key) = (lab.Next(), PrivateKey.Create());
        await using var service = await KeyService.StartAsync(key);
        await lab.SeatAsync(key.Address);
        service.Breaks = int.MaxValue;
        await using var life = await lab.BeginAsync(options =>
        {
            options.KeyFile = null;
            (options.KmsKeyId, options.KmsEndpoint, options.Account) = ("alias/treasury", service.Endpoint, key.Address.ToString());
            options.JournalFile = $"{lab.OperatorKeyFile}.kms.journal";
        });
        await lab.GiveAsync(order);
        await Assert.ThrowsAsync<SignerFailedException>(life.StepAsync);
        lab.Clock.Ahead += TimeSpan.FromSeconds(CircuitBreaker.LongestSilenceOfSigner + 1);
        await life.LookAsync();
        Assert.Contains(await lab.IncidentsAsync(), incident => incident.Kind == IncidentKind.SilentSigner);
        Assert.Null((await lab.ControlAsync())?.Pause);
        await life.ReconcileAsync();
        service.Breaks = 5;
        await life.UntilAsync(async () => (await lab.StateAsync(order)).State == DisbursementState.Finalized
            && (await lab.LedgerAsync(key.Address))!.Open.IsEmpty);
        Assert.True(service.Signed.Count > 5);
        Assert.Null(life.Services.GetRequiredService<TreasuryHealth>().SignerSilent);
        Assert.Equal((1, 1), (await lab.PaymentsAsync(order), (await lab.StateAsync(order)).Nonces.Count));
    }

    [Fact]
    public async Task the_signer_itself_asks_for_the_approvals_and_looks_at_the_limit()
    {
        lab.Approvers = AdaAndBo;
        var order = lab.Next();
        await using var life = await lab.BeginAsync();
        await lab.GiveAsync(order);
        await lab.ApproveAsync(order, "Ada", Cast.Ada);
        Assert.Equal("ApprovalsMissing(1 of 2)", await RefusalAsync(life, order, LimitsOf(two: 1, most: 1_000)));
        await lab.ApproveAsync(order, "Bo", Cast.Bo);
        Assert.StartsWith("OverLimit(order", await RefusalAsync(life, order, LimitsOf(two: 1, most: 1)), StringComparison.Ordinal);
        await life.PayAsync(order);
        await lab.CheckAsync(life, order);
    }

    [Fact]
    public async Task an_approver_may_be_a_contract_wallet()
    {
        var wallet = await lab.DeployAsync(Artifacts.Own("ContractWallet", "address", Cast.Council.Address));
        await lab.FinalizeAsync();
        await lab.SetLimitsAsync(oneFrom: 10, twoFrom: 50);
        lab.Approvers = new() { ["Ada"] = [Cast.Ada.Address.ToString()], ["Council"] = [wallet.ToString()] };
        var order = lab.Next();
        await using var life = await lab.BeginAsync();
        await lab.GiveAsync(order);
        await lab.ApproveAsync(order, "Ada", Cast.Ada);
        await lab.ApproveAsync(order, "Council", Cast.Bo, wallet);
        await life.StepAsync();
        Assert.Equal("ApprovalsMissing(1 of 2)", (await lab.StateAsync(order)).Failure);
        await lab.RetryAsync(order);
        await lab.ApproveAsync(order, "Ada", Cast.Ada);
        await lab.ApproveAsync(order, "Council", Cast.Council, wallet);
        await life.PayAsync(order);
        await lab.SetLimitsAsync(oneFrom: 500_000, twoFrom: 500_000);
        await lab.CheckAsync(life, order);
    }

    // The signer is asked with a nonce that nobody will ever use, and refuses before it writes that down.
    private async Task<string> RefusalAsync(Life life, TreasuryOrder order, TreasuryLimits limits)
    {
        var signer = life.Services.GetRequiredService<OperatorSigner>();
        var transaction = new Eip1559Transaction(
            lab.Chain.ChainId, 1_000_000, 1, 1, 100_000, lab.Vault, UInt256.Zero, OperatorSigner.CallData([order], 7));
        var control = TreasuryControl.Evolve(
            null, new TreasuryLimitsSet(lab.Chain.ChainId, limits, Cast.Ada.Address, default, DateTimeOffset.UnixEpoch));
        var refusal = await Assert.ThrowsAsync<SigningRefusedException>(async () =>
            await signer.SignAsync(transaction, [await lab.StateAsync(order)], control, 7, Cancellation));
        return refusal.Message.Split(": ", 2)[1];
    }

    private TreasuryLimits LimitsOf(ulong two, ulong most) => new(
        lab.Token, UInt256.One, Scene.Tokens(two), Scene.Tokens(most), Scene.Tokens(1_000_000), Scene.Tokens(1_000_000));
}
