using Grants.Ethereum.Abi;
using Grants.Ethereum.JsonRpc;
using Grants.Ethereum.Tests.Following;
using Grants.Primitives;
using Xunit;

namespace Grants.Service.Tests.Governors;

/// <summary>A chain of its own with ten unlocked accounts, whose blocks are two seconds apart and mined when the test says so.</summary>
public sealed class DaoChain : IAsyncDisposable
{
    public const long BlockSeconds = 2;

    private DaoChain(AnvilChain anvil, long id, Address[] accounts)
    {
        (Anvil, Id, Accounts) = (anvil, id, accounts);
    }

    public AnvilChain Anvil { get; }

    public EthereumRpc Node => Anvil.Rpc;

    public long Id { get; }

    public Address[] Accounts { get; }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <param name="finalDepth">How far below the head a block is final: an even number.</param>
    public static async Task<DaoChain> StartAsync(int finalDepth = 2)
    {
        var anvil = await AnvilChain.StartAsync(finalDepth);
        await anvil.Rpc.RequestAsync("anvil_setBlockTimestampInterval", [BlockSeconds], Cancellation);
        var accounts = await anvil.Rpc.RequestAsync("eth_accounts", [], Cancellation);
        return new DaoChain(
            anvil,
            await anvil.Rpc.ChainIdAsync(Cancellation),
            [.. accounts.EnumerateArray().Select(account => Address.Parse(account.GetString()!))]);
    }

    /// <summary>Hands a transaction in; it is in the next block, and may revert there.</summary>
    public async Task<Hash32> SendAsync(Address from, Address? to, byte[] data)
    {
        var transaction = new Dictionary<string, object>
        {
            ["from"] = from.ToString(), ["data"] = Hex.Format(data), ["gas"] = "0x7a1200",
        };
        if (to is { } called)
            transaction["to"] = called.ToString();
        return Hash32.Parse((await Node.RequestAsync("eth_sendTransaction", [transaction], Cancellation)).GetString()!);
    }

    /// <summary>Sends a call in a block of its own, and fails if it reverts.</summary>
    public async Task<RpcReceipt> CallAsync(Address from, Address to, AbiFunction function, params object[] arguments)
    {
        var hash = await SendAsync(from, to, function.Encode(arguments));
        await MineAsync();
        var receipt = await ReceiptAsync(hash);
        Assert.True(receipt.Succeeded, $"{function.Name} of {to} reverted.");
        return receipt;
    }

    public async Task<Address> DeployAsync(byte[] code)
    {
        var hash = await SendAsync(Accounts[0], null, code);
        await MineAsync();
        var receipt = await ReceiptAsync(hash);
        Assert.True(receipt.Succeeded, "A contract cannot be deployed.");
        return receipt.ContractAddress!.Value;
    }

    public Task MineAsync(int blocks = 1) => Node.RequestAsync("anvil_mine", [$"0x{blocks:x}", $"0x{BlockSeconds:x}"], Cancellation);

    public async Task<BlockRef> HeadAsync()
    {
        var head = await Anvil.HeadAsync();
        return new BlockRef(head.Number, head.Hash, head.TimestampSeconds);
    }

    /// <summary>What a view answers in a block; null where it reverts.</summary>
    public async Task<object[]?> AskAsync(BlockRef block, Address contract, AbiFunction function, params object[] arguments)
    {
        try
        {
            return function.DecodeOutput(
                await Node.CallAsync(contract, function.Encode(arguments), block.Hash, cancellation: Cancellation));
        }
        catch (RpcErrorException)
        {
            return null;
        }
    }

    public async Task<RpcReceipt> ReceiptAsync(Hash32 transaction)
    {
        RpcReceipt? receipt;
        while ((receipt = await Node.ReceiptAsync(transaction, Cancellation)) is null)
            await Task.Yield();
        return receipt;
    }

    public ValueTask DisposeAsync() => Anvil.DisposeAsync();
}
