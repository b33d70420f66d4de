using Grants.Domain;
using Grants.Domain.VotingPower;
using Grants.Ethereum.Abi;
using Grants.Ethereum.Contracts;
using Grants.Ethereum.JsonRpc;
using Grants.Primitives;
using Grants.Service.Ingestion;
using Grants.Service.Tests.Ingestion;
using Grants.Service.VotingPower;
using Microsoft.Extensions.Options;
using Xunit;

namespace Grants.Service.Tests.VotingPower;

/// <summary>
/// A chain with ten accounts that act at random, an index of it, and the contracts' own word at any block. Blocks hold several
/// transactions, some of which revert.
/// </summary>
internal sealed class PowerRig(IngestionRig ingestion) : IAsyncDisposable
{
    private const int FinalDepth = 2;

    /// <summary>The accounts of anvil's test mnemonic, for which it signs.</summary>
    public IReadOnlyList<Address> Accounts { get; private set; } = [];

    public EthereumRpc Node => ingestion.Chain.Rpc;

    public ChainView View => ingestion.View;

    public long ChainId => ingestion.ChainId;

    public NodeAnswers Answers { get; init; } = new(ingestion.Chain.Rpc, Options.Create(new PowerOptions()));

    public PowerStore Store => new(ingestion.Database, ingestion.View, Answers);

    public IngestionRig Ingestion => ingestion;

    public static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<PowerRig> StartAsync(LocalServers servers)
    {
        var rig = new PowerRig(await IngestionRig.StartAsync(servers, FinalDepth));
        var accounts = await rig.Node.RequestAsync("eth_accounts", [], Cancellation);
        rig.Accounts = [.. accounts.EnumerateArray().Select(one => Address.Parse(one.GetString()!))];
        return rig;
    }

    /// <summary>Deploys in a block of its own, from the first account.</summary>
    public async Task<Address> DeployAsync(byte[] creationCode)
    {
        var hash = await SendAsync(Accounts[0], null, creationCode);
        await MineAsync();
        return (await Node.ReceiptAsync(hash, Cancellation))!.ContractAddress!.Value;
    }

    /// <summary>Calls in a block of its own, and must succeed.</summary>
    public async Task CallAsync(int account, Address contract, byte[] data, ulong wei = 0)
    {
        var hash = await SendAsync(Accounts[account], contract, data, wei);
        await MineAsync();
        Assert.True((await Node.ReceiptAsync(hash, Cancellation))!.Succeeded);
    }

    /// <summary>Mines so many blocks of one to five random transactions each.</summary>
    public async Task ActAsync(int blocks, Random random, Func<Random, (int Account, Address Contract, byte[] Data)> draw)
    {
        for (var i = 0; i < blocks; i++)
        {
            for (var j = random.Next(1, 6); j > 0; j--)
            {
                var (account, contract, data) = draw(random);
                await SendAsync(Accounts[account], contract, data);
            }

            await MineAsync();
        }
    }

    /// <summary>Makes everything so far final, and indexes the logs of these contracts from a block on.</summary>
    public async Task IndexAsync(IEnumerable<Address> contracts, long fromBlock = 0)
    {
        for (var i = 0; i <= FinalDepth; i++)
            await MineAsync();
        foreach (var contract in contracts)
            await ingestion.WatchAsync(contract, fromBlock);
        await IngestionRig.ToEndAsync(await ingestion.OpenAsync());
    }

    public async Task<BlockRef> BlockAsync(long number)
    {
        var block = (await Node.BlockAsync(BlockTag.At(number), Cancellation))!;
        return new BlockRef(block.Number, block.Hash, block.TimestampSeconds);
    }

    /// <summary>Some final blocks, the last one among them.</summary>
    public async Task<IReadOnlyList<BlockRef>> FinalBlocksAsync(int count, long first, Random random)
    {
        var last = (await View.HeadsAsync(ChainId, Cancellation))!.Finalized.Number;
        var numbers = Enumerable.Range(0, count - 1).Select(_ => random.NextInt64(first, last)).Append(last).Distinct().Order();
        var blocks = new List<BlockRef>();
        foreach (var number in numbers)
            blocks.Add(await BlockAsync(number));
        return blocks;
    }

    /// <summary>
    /// The power at a block from the index. The same must come out of the node's own logs with the recorded answers alone.
    /// </summary>
    public async Task<MaterialisedPower> ReadAsync(PowerRules rules, BlockRef block)
    {
        Assert.Null(rules.Validate());
        var (power, rejection) = await Store.MaterialiseAsync(ChainId, rules, 0, block, Cancellation);
        Assert.Null(rejection);
        var (again, problem) = await PowerAudit.RecomputeAsync(
            rules, block, power!.Readings, NodeLogs, Answers.At(block.Hash, Cancellation));
        Assert.Null(problem);
        Assert.Equal((power.Snapshot.Root, power.Supply), (again!.Snapshot.Root, again.Supply));
        var (alone, _) = await PowerAudit.RecomputeAsync(rules, block, power.Readings, NodeLogs, Silent);
        Assert.Equal(power.Snapshot.Root, alone!.Snapshot.Root);
        return power;
    }

    public Task<IReadOnlyList<RpcLog>> NodeLogs(Address contract, Hash32 topic0, long toBlock) =>
        Node.LogsAsync(0, toBlock, [contract], [topic0], Cancellation);

    /// <summary>A node that has no state.</summary>
    public static Task<IReadOnlyList<ContractAnswer>?> Silent(IReadOnlyList<ContractRead> reads) =>
        Task.FromResult<IReadOnlyList<ContractAnswer>?>(null);

    /// <summary>What a view answers at a block.</summary>
    public async Task<object> AskAsync(BlockRef block, Address contract, AbiFunction view, params object[] arguments) =>
        view.DecodeOutput(await Node.CallAsync(contract, view.Encode(arguments), block.Hash, cancellation: Cancellation))[0];

    public async Task<UInt256> NumberAsync(BlockRef block, Address contract, AbiFunction view, params object[] arguments) =>
        (UInt256)await AskAsync(block, contract, view, arguments);

    /// <summary>Everybody's power by the contracts' own word, those with nothing left out.</summary>
    public async Task<IEnumerable<AccountPower>> ByWordAsync(Func<Address, Task<UInt256>> power)
    {
        var powers = new List<AccountPower>();
        foreach (var account in Accounts)
            powers.Add(new AccountPower(account, await power(account)));
        return powers.Where(one => !one.Power.IsZero).OrderBy(one => one.Account);
    }

    /// <summary>A block that is later than the one before it by two seconds or more: a clock of seconds tells them apart.</summary>
    public async Task MineAsync()
    {
        await Node.RequestAsync("evm_increaseTime", [2], Cancellation);
        await ingestion.Chain.MineAsync();
    }

    public ValueTask DisposeAsync() => ingestion.DisposeAsync();

    public async Task<Hash32> SendAsync(Address from, Address? to, byte[] data, ulong wei = 0)
    {
        var transaction = new Dictionary<string, object>
        {
            ["from"] = from, ["data"] = Hex.Format(data), ["gas"] = "0x500000", ["value"] = $"0x{wei:x}",
        };
        if (to is { } target)
            transaction["to"] = target;
        return Hash32.Parse((await Node.RequestAsync("eth_sendTransaction", [transaction], Cancellation)).GetString()!);
    }
}
