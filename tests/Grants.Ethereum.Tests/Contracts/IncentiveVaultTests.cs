using Grants.Ethereum.Abi;
using Grants.Ethereum.Contracts;
using Grants.Ethereum.JsonRpc;
using Grants.Ethereum.Tests.Following;
using Grants.Primitives;
using Xunit;

namespace Grants.Ethereum.Tests;

public sealed class IncentiveVaultTests : IAsyncLifetime
{
    private const long ChainId = 31337;

    private static readonly Address Treasury = Address.Parse("0x00000000000000000000000000000000000000fe");
    private static readonly Address Recipient = Address.Parse("0x00000000000000000000000000000000000000ad");
    private static readonly Hash32 AwardId = Keccak256.Hash("award");
    private static readonly Hash32 OtherId = Keccak256.Hash("other award");
    private static readonly object[] Schedule = [1_700_000_000UL, 0UL, 1UL, 1UL, 1, 0, 0, Array.Empty<object>()];
    private static readonly object[] ReadSchedule =
        [Amount(1_700_000_000), Amount(0), Amount(1), Amount(1), Amount(1), Amount(0), Amount(0), Array.Empty<object>()];

    private AnvilChain chain = null!;
    private LocalAccount account = null!;
    private Address token;
    private Address vault;

    public async ValueTask InitializeAsync()
    {
        chain = await AnvilChain.StartAsync();
        account = new LocalAccount(chain);
        var owner = account.Key.Address;
        token = await account.DeployAsync("GrantToken", "string,string,address,uint256", "Token", "TKN", owner, 1_000_000);
        vault = await account.DeployAsync("IncentiveVault", "address,address", owner, Treasury);
        foreach (var role in new[] { IncentiveVault.OperatorRole, IncentiveVault.GuardianRole })
            Assert.Equal([role, owner, owner], await Emits(IncentiveVault.RoleGranted, IncentiveVault.GrantRole.Encode(role, owner)));
        var funded = await account.SendAsync(token, Erc20.TransferCall.Encode(vault, 10_000));
        Assert.Equal([owner, vault, Amount(10_000)], Decoded(Erc20.Transfer, Assert.Single(funded.Logs)));
        Assert.Equal([token, Amount(5_000)], await Emits(IncentiveVault.BudgetSet, IncentiveVault.SetBudget.Encode(token, 5_000)));
        Assert.Equal(
            [token, Amount(4_000), Amount(60)],
            await Emits(IncentiveVault.PeriodLimitSet, IncentiveVault.SetPeriodLimit.Encode(token, 4_000, 60)));
        Assert.Equal([token, Amount(900)], await Emits(IncentiveVault.OrderLimitSet, IncentiveVault.SetOrderLimit.Encode(token, 900)));
        Assert.Equal(
            [AwardId, token, Recipient, Amount(1_000), ReadSchedule],
            await Emits(IncentiveVault.Granted, IncentiveVault.Grant.Encode(AwardId, token, Recipient, 1_000, Schedule)));
    }

    public ValueTask DisposeAsync() => chain.DisposeAsync();

    [Fact]
    public async Task what_is_released_and_clawed_back_has_the_ids_computed_here()
    {
        var releaseId = IncentiveVault.ReleaseId(ChainId, vault, AwardId, 7, token, Recipient, 600);
        Assert.Equal([releaseId], await Reads(IncentiveVault.ReleaseIdOf, AwardId, 7, 600));
        Assert.Equal(
            [releaseId, AwardId, Recipient, token, Amount(7), Amount(600)],
            await Emits(IncentiveVault.Released, IncentiveVault.Release.Encode(AwardId, 7, 600, ulong.MaxValue)));
        Assert.Equal([true], await Reads(IncentiveVault.Settled, releaseId));

        var clawbackId = IncentiveVault.ClawbackId(ChainId, vault, AwardId, 8, token, Treasury, 300);
        Assert.Equal([clawbackId], await Reads(IncentiveVault.ClawbackIdOf, AwardId, 8, 300));
        Assert.Equal(
            [clawbackId, AwardId, Treasury, token, Amount(8), Amount(300)],
            await Emits(IncentiveVault.ClawedBack, IncentiveVault.Clawback.Encode(AwardId, 8, 300)));
        Assert.Equal(
            [token, Recipient, Amount(1_000), Amount(600), Amount(300), ReadSchedule], await Reads(IncentiveVault.Award, AwardId));
        var balance = await chain.Rpc.CallAsync(token, Erc20.BalanceOf.Encode(Recipient), BlockTag.Latest);
        Assert.Equal([Amount(600)], Erc20.BalanceOf.DecodeOutput(balance));
    }

    [Fact]
    public async Task why_the_vault_refuses_can_be_told()
    {
        var releaseId = IncentiveVault.ReleaseId(ChainId, vault, AwardId, 7, token, Recipient, 600);
        var release = IncentiveVault.Release.Encode(AwardId, 7, 600, ulong.MaxValue);
        await Emits(IncentiveVault.Released, release);
        var refusal = await Assert.ThrowsAsync<RpcErrorException>(
            () => chain.Rpc.CallAsync(vault, release, BlockTag.Latest, account.Key.Address));
        Assert.Equal($"AlreadySettled({releaseId})", RevertReason.Describe(refusal.RevertData, IncentiveVault.Errors));
        await Assert.ThrowsAsync<RpcErrorException>(() => chain.Rpc.EstimateGasAsync(account.Key.Address, vault, release));

        var batch = new[] { new object[] { AwardId, 7, 600, ulong.MaxValue }, [OtherId, 1, 1, ulong.MaxValue] };
        var receipt = await account.SendAsync(vault, IncentiveVault.ReleaseBatch.Encode((object)batch));
        var skipped = receipt.Logs.Select(log => Decoded(IncentiveVault.ReleaseSkipped, log)).ToArray();
        Assert.Equal([Amount(7), Amount(1)], skipped.Select(values => values[1]));
        Assert.Equal($"AwardUnknown({OtherId})", RevertReason.Describe((byte[])skipped[1][2], IncentiveVault.Errors));
    }

    [Fact]
    public async Task a_duty_is_voided_and_the_vault_paused()
    {
        Assert.Equal([OtherId], await Emits(IncentiveVault.Voided, IncentiveVault.Void.Encode(OtherId)));
        Assert.Equal([true], await Reads(IncentiveVault.IsVoided, OtherId));
        Assert.Equal([account.Key.Address], await Emits(IncentiveVault.Paused, IncentiveVault.Pause.Encode()));
        Assert.Equal([true], await Reads(IncentiveVault.IsPaused));
        Assert.Equal([account.Key.Address], await Emits(IncentiveVault.Unpaused, IncentiveVault.Unpause.Encode()));
    }

    private static UInt256 Amount(ulong amount) => amount;

    private static object[] Decoded(AbiEvent expected, RpcLog log)
    {
        Assert.True(expected.TryDecode(log, out var values), $"The log is not {expected}.");
        return values;
    }

    private async Task<object[]> Emits(AbiEvent expected, byte[] call)
    {
        var mined = await account.SendAsync(vault, call);
        Assert.True(mined.Succeeded);
        return Decoded(expected, mined.Logs.First(log => log.Address == vault));
    }

    private async Task<object[]> Reads(AbiFunction function, params object[] arguments) =>
        function.DecodeOutput(await chain.Rpc.CallAsync(vault, function.Encode(arguments), BlockTag.Latest));
}
