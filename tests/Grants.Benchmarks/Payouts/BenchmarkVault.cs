using System.Diagnostics;
using Grants.Domain;
using Grants.Domain.Disbursements;
using Grants.Ethereum.Abi;
using Grants.Ethereum.Contracts;
using Grants.Ethereum.JsonRpc;
using Grants.Ethereum.Transactions;
using Grants.Primitives;
using Grants.Service;
using Grants.Service.Demo;
using Grants.Service.Disbursements;
using Grants.Service.Disbursements.Signing;
using Grants.Service.Hosting;
using Grants.Service.Ingestion;
using Microsoft.Extensions.DependencyInjection;

namespace Grants.Benchmarks.Payouts;

/// <summary>A vault whose awards have all vested.</summary>
internal sealed class BenchmarkVault
{
    private static readonly AbiFunction TransferBatch =
        AbiFunction.Parse("function transferBatch(address token, address[] to, uint256 amount)");

    private readonly Address vault;
    private readonly Address token;

    private BenchmarkVault(Devnet chain, Address vault, Address token) => (Chain, this.vault, this.token) = (chain, vault, token);

    public Devnet Chain { get; }

    public static async Task<BenchmarkVault> BuildAsync(ServiceRun run)
    {
        var services = run.App.Services;
        var chain = new Devnet(services.GetRequiredService<EthereumRpc>(), services.GetRequiredService<ChainIdentity>().ChainId);
        var (deployer, sender) = (Cast.Deployer, services.GetRequiredService<OperatorAccount>().Address!.Value);
        await chain.FundAsync(deployer.Address, default);
        await chain.FundAsync(sender, default);
        var from = await chain.Node.BlockNumberAsync();
        var token = await DeployAsync(Artifacts.Own(
            "GrantToken", "string,string,address,uint256", "Metis", "METIS", deployer.Address, Scene.Tokens(20_000_000)));
        var vault = await DeployAsync(Artifacts.Own("IncentiveVault", "address,address", deployer.Address, Cast.Ada.Address));
        await chain.CallAsync(deployer.Key, vault, IncentiveVault.GrantRole, default, Keccak256.Hash("MANAGER_ROLE"), deployer.Address);
        await chain.CallAsync(deployer.Key, vault, IncentiveVault.GrantRole, default, IncentiveVault.OperatorRole, sender);
        await chain.CallAsync(
            deployer.Key, vault, IncentiveVault.SetPeriodLimit, default, token, Scene.Tokens(10_000_000), (UInt256)86_400UL);
        await chain.CallAsync(deployer.Key, token, Erc20.TransferCall, default, vault, Scene.Tokens(10_000_000));
        await services.GetRequiredService<ChainWatches>().WatchAsync(chain.ChainId, vault, from, default);
        return new BenchmarkVault(chain, vault, token);

        async Task<Address> DeployAsync(byte[] code) => (await chain.SendAsync(deployer.Key, null, code, default)).ContractAddress!.Value;
    }

    public async Task<IReadOnlyList<TreasuryOrder>> AwardAsync(int count)
    {
        var (orders, amount, now) = (new List<TreasuryOrder>(), Scene.Tokens(1), await Chain.NowAsync(default));
        var nonce = await Chain.Node.TransactionCountAsync(Cast.Deployer.Address, BlockTag.Pending);
        var schedule = VaultCall.ScheduleOf(new LinearVesting(amount, now - 10, 0, 1));
        for (var i = 0; i < count; i++)
        {
            var (award, to) = (Keccak256.Hash($"award {i}"), new Address(Keccak256.Hash($"recipient {i}").ToBytes().AsSpan(12)));
            var grant = new Eip1559Transaction(
                Chain.ChainId,
                nonce + i,
                1_000_000_000,
                100_000_000_000,
                1_000_000,
                vault,
                UInt256.Zero,
                IncentiveVault.Grant.Encode(award, token, to, amount, schedule));
            await Chain.Node.SendRawTransactionAsync(grant.Sign(Cast.Deployer.Key).Raw);
            orders.Add(new TreasuryOrder(
                IncentiveVault.ReleaseId(Chain.ChainId, vault, award, 1, token, to, amount),
                TreasuryOrderKind.Release,
                Chain.ChainId,
                vault,
                award,
                1,
                token,
                to,
                amount,
                null));
        }

        while (await Chain.Node.TransactionCountAsync(Cast.Deployer.Address, BlockTag.Latest) < nonce + count)
            await Task.Delay(20);
        return orders;
    }

    /// <summary>Of all transactions that paid.</summary>
    public async Task<long> GasAsync()
    {
        var logs = await Chain.Node.LogsAsync(0, await Chain.Node.BlockNumberAsync(), [vault], [IncentiveVault.Released.Topic0]);
        var gas = 0L;
        foreach (var transaction in logs.Select(log => log.TransactionHash).Distinct())
            gas += (await Chain.Node.ReceiptAsync(transaction))!.GasUsed;
        return gas;
    }

    /// <summary>
    /// Bare transfers of the token to as many new accounts, so many a transaction, with no vault and no ledger: the seconds that they take,
    /// and the gas of each.
    /// </summary>
    public async Task<(double Seconds, long GasEach)> TransferAsync(int count, int batch)
    {
        var contract = (await Chain.SendAsync(Cast.Deployer.Key, null, Artifacts.Own("BatchTransfer", ""), default)).ContractAddress!.Value;
        var approve = AbiFunction.Parse("function approve(address spender, uint256 amount)");
        await Chain.CallAsync(Cast.Deployer.Key, token, approve, default, contract, UInt256.MaxValue);
        var nonce = await Chain.Node.TransactionCountAsync(Cast.Deployer.Address, BlockTag.Pending);
        var clock = Stopwatch.StartNew();
        var sent = new List<Hash32>();
        foreach (var some in Enumerable.Range(0, count).Chunk(batch))
        {
            var to = some.Select(object (i) => new Address(Keccak256.Hash($"payee {i}").ToBytes().AsSpan(12))).ToArray();
            sent.Add(await Chain.Node.SendRawTransactionAsync(new Eip1559Transaction(
                Chain.ChainId,
                nonce + sent.Count,
                1_000_000_000,
                100_000_000_000,
                100_000 + (70_000L * some.Length),
                contract,
                UInt256.Zero,
                TransferBatch.Encode(token, to, Scene.Tokens(1))).Sign(Cast.Deployer.Key).Raw));
        }

        var gas = 0L;
        foreach (var hash in sent)
        {
            RpcReceipt? receipt;
            while ((receipt = await Chain.Node.ReceiptAsync(hash)) is null)
                await Task.Delay(5);
            gas += receipt.Succeeded ? receipt.GasUsed : throw new InvalidOperationException($"The transfers of {hash} reverted.");
        }

        return (clock.Elapsed.TotalSeconds, gas / count);
    }

    /// <summary>Of a transfer of the token to somebody new, in a transaction of its own.</summary>
    public async Task<long> PlainGasAsync() => (await Chain.CallAsync(
        Cast.Deployer.Key, token, Erc20.TransferCall, default, Person.Called($"{Guid.NewGuid()}").Address, Scene.Tokens(1))).GasUsed;
}
