using Grants.Ethereum.Abi;
using Grants.Ethereum.JsonRpc;
using Grants.Ethereum.Signing;
using Grants.Ethereum.Transactions;
using Grants.Primitives;

namespace Grants.Service.Demo;

/// <summary>The local L2 as the story's people use it: they send signed transactions; only time and reorgs are the devnet's own.</summary>
public sealed class Devnet(EthereumRpc node, long chainId)
{
    private const long GasLimit = 8_000_000;

    public EthereumRpc Node => node;

    public long ChainId => chainId;

    /// <summary>Gives an account 1,000 of the native token for gas.</summary>
    public Task FundAsync(Address account, CancellationToken cancellation) =>
        node.RequestAsync("anvil_setBalance", [account.ToString(), "0x3635c9adc5dea00000"], cancellation);

    /// <summary>Sends a call and waits until it is in a block.</summary>
    /// <exception cref="DemoException">It reverted.</exception>
    public async Task<RpcReceipt> SendAsync(
        PrivateKey from, Address? to, byte[] data, CancellationToken cancellation)
    {
        var head = await node.BlockAsync(BlockTag.Latest, cancellation) ?? throw new DemoException("The L2 has no head.");
        var tip = await node.MaxPriorityFeeAsync(cancellation);
        var transaction = new Eip1559Transaction(
            chainId,
            await node.TransactionCountAsync(from.Address, BlockTag.Pending, cancellation),
            tip,
            (head.BaseFeePerGas!.Value * 2) + tip,
            GasLimit,
            to,
            UInt256.Zero,
            data).Sign(from);
        await node.SendRawTransactionAsync(transaction.Raw, cancellation);
        RpcReceipt? receipt;
        while ((receipt = await node.ReceiptAsync(transaction.Hash, cancellation)) is null)
            await Task.Delay(20, cancellation);
        return receipt.Succeeded ? receipt : throw new DemoException($"A transaction of {from.Address} to {to} reverted.");
    }

    /// <summary>Sends a contract call.</summary>
    public Task<RpcReceipt> CallAsync(
        PrivateKey from, Address to, AbiFunction function, CancellationToken cancellation, params object[] arguments) =>
        SendAsync(from, to, function.Encode(arguments), cancellation);

    /// <summary>The first answer of a view, a whole number.</summary>
    public async Task<UInt256> ReadAsync(
        Address contract, AbiFunction function, CancellationToken cancellation, params object[] arguments) =>
        (UInt256)function.DecodeOutput(
            await node.CallAsync(contract, function.Encode(arguments), BlockTag.Latest, cancellation: cancellation))[0];

    public async Task<long> NowAsync(CancellationToken cancellation) =>
        (await node.BlockAsync(BlockTag.Latest, cancellation))!.TimestampSeconds;

    /// <summary>Moves the chain's clock forward and mines a block at the new time.</summary>
    public async Task TravelToAsync(long timestampSeconds, CancellationToken cancellation)
    {
        await node.RequestAsync("evm_setNextBlockTimestamp", [timestampSeconds], cancellation);
        await MineAsync(1, cancellation);
    }

    public async Task MineAsync(int blocks, CancellationToken cancellation)
    {
        for (var i = 0; i < blocks; i++)
            await node.RequestAsync("evm_mine", [], cancellation);
    }

    /// <summary>Replaces the newest blocks by empty ones; their transactions are gone.</summary>
    public Task ReorgAsync(int depth, CancellationToken cancellation) =>
        node.RequestAsync("anvil_reorg", [depth, Array.Empty<object>()], cancellation);
}
