using Grants.Domain;
using Grants.Domain.Disbursements;
using Grants.Ethereum.Abi;
using Grants.Ethereum.Contracts;
using Grants.Ethereum.JsonRpc;
using Grants.Ethereum.Signing;
using Grants.Ethereum.Transactions;
using Grants.Primitives;
using Grants.Service.Demo;
using Grants.Service.Disbursements;
using Grants.Service.Tests.Embedded;
using Xunit;

namespace Grants.Service.Tests.Disbursements;

/// <summary>A vault of the test's own on a chain, whose awards have vested.</summary>
public abstract class PayoutScene
{
    protected static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly Person Deployer = Cast.Deployer;

    // Of a grant with as many tranches as there may be.
    private const long MostGas = 8_000_000;

    private int made;

    internal static Person Guardian { get; } = Person.Called("the vault's guardian");

    internal static AbiFunction RevokeRole { get; } = AbiFunction.Parse("function revokeRole(bytes32 role, address account)");

    public Devnet Chain { get; private set; } = null!;

    public Address Token { get; private set; }

    public Address Vault { get; private set; }

    internal abstract PrivateKey Operator { get; }

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Deploys token and vault; blocks are mined as transactions come.</summary>
    protected async Task BuildAsync(Devnet chain)
    {
        Chain = chain;
        foreach (var account in new[] { Deployer.Address, Guardian.Address, Operator.Address })
            await Chain.FundAsync(account, Cancellation);
        Token = await DeployAsync(Artifacts.Own(
            "GrantToken", "string,string,address,uint256", "Metis", "METIS", Deployer.Address, Scene.Tokens(20_000_000)));
        Vault = await DeployAsync(Artifacts.Own("IncentiveVault", "address,address", Deployer.Address, Cast.Ada.Address));
        await AdminAsync(IncentiveVault.GrantRole, Keccak256.Hash("MANAGER_ROLE"), Deployer.Address);
        await AdminAsync(IncentiveVault.GrantRole, IncentiveVault.GuardianRole, Guardian.Address);
        await LimitAsync(Scene.Tokens(1_000_000));
        await Chain.CallAsync(Deployer.Key, Token, Erc20.TransferCall, Cancellation, Vault, Scene.Tokens(1_000_000));
        await OperateAsync(true);
    }

    /// <summary>A call by the vault's admin.</summary>
    internal Task AdminAsync(AbiFunction function, params object[] arguments) => CallAsync(Deployer, function, arguments);

    /// <summary>A call of the vault by anybody.</summary>
    internal virtual Task CallAsync(Person by, AbiFunction function, params object[] arguments) =>
        Chain.CallAsync(by.Key, Vault, function, Cancellation, arguments);

    /// <summary>Gives the operator its role in the vault, or takes it: without it, orders wait.</summary>
    internal Task OperateAsync(bool may, Address? account = null) => AdminAsync(
        may ? IncentiveVault.GrantRole : RevokeRole, IncentiveVault.OperatorRole, account ?? Operator.Address);

    /// <summary>What may be released within a day.</summary>
    internal Task LimitAsync(UInt256 limit) => AdminAsync(IncentiveVault.SetPeriodLimit, Token, limit, (UInt256)86_400UL);

    /// <summary>An award in the vault, all vested, and the order to release it. The order is not given yet.</summary>
    internal async Task<TreasuryOrder> AwardAsync(
        ulong tokens = 100, Address? recipient = null, Func<long, VestingCurve>? vesting = null) =>
        (await AwardAsync(1, tokens, recipient, vesting))[0];

    /// <summary>As many awards, all sent before the first is looked for.</summary>
    internal async Task<IReadOnlyList<TreasuryOrder>> AwardAsync(
        int count, ulong tokens, Address? recipient = null, Func<long, VestingCurve>? vesting = null)
    {
        var (orders, now, nonce) = (
            new List<TreasuryOrder>(),
            await Chain.NowAsync(Cancellation),
            await Chain.Node.TransactionCountAsync(Deployer.Address, BlockTag.Pending, Cancellation));
        var amount = Scene.Tokens(tokens);
        var vested = vesting?.Invoke(now) ?? new LinearVesting(amount, now - 10, 0, 1);
        for (var i = 0; i < count; i++)
        {
            var number = Interlocked.Increment(ref made);
            var (award, to) = (Keccak256.Hash($"award {number}"), recipient ?? Person.Called($"recipient {number}").Address);
            var grant = IncentiveVault.Grant.Encode(award, Token, to, amount, VaultCall.ScheduleOf(vested));
            var sent = new Eip1559Transaction(
                Chain.ChainId, nonce + i, 1_000_000_000, 100_000_000_000, MostGas, Vault, UInt256.Zero, grant).Sign(Deployer.Key);
            await Chain.Node.SendRawTransactionAsync(sent.Raw, Cancellation);
            orders.Add(Order(award, to, amount));
        }

        await Eventually.TrueAsync(
            async () => await Chain.Node.TransactionCountAsync(Deployer.Address, BlockTag.Latest, Cancellation) == nonce + count,
            Patience,
            "all awards are granted");
        return orders;
    }

    internal TreasuryOrder Order(Hash32 award, Address recipient, UInt256 amount) => new(
        IncentiveVault.ReleaseId(Chain.ChainId, Vault, award, 1, Token, recipient, amount),
        TreasuryOrderKind.Release,
        Chain.ChainId,
        Vault,
        award,
        1,
        Token,
        recipient,
        amount,
        null);

    /// <summary>How often the vault says that it paid the order.</summary>
    internal async Task<int> PaymentsAsync(TreasuryOrder order)
    {
        var head = await Chain.Node.BlockNumberAsync(Cancellation);
        var logs = await Chain.Node.LogsAsync(0, head, [Vault], [IncentiveVault.Released.Topic0], Cancellation);
        return logs.Count(log => log.Topics[1] == order.OrderId);
    }

    private async Task<Address> DeployAsync(byte[] code) =>
        (await Chain.SendAsync(Deployer.Key, null, code, Cancellation)).ContractAddress!.Value;
}
