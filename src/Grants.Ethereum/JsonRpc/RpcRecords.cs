using Grants.Primitives;

namespace Grants.Ethereum.JsonRpc;

/// <summary>The part of a block's header that is used, as eth_getBlockByNumber and eth_getBlockByHash answer it (EIP-1474).</summary>
/// <param name="Number">Blocks before it.</param>
/// <param name="Hash">Its name, as the node says; see <see cref="Proofs.BlockHeader"/> for what proves it.</param>
/// <param name="ParentHash">The hash of the block before it.</param>
/// <param name="TimestampSeconds">Unix time.</param>
/// <param name="BaseFeePerGas">Wei a gas; null on chains without EIP-1559.</param>
/// <param name="LogsBloom">256 bytes; see <see cref="Proofs.LogsBloom"/>.</param>
public sealed record RpcBlock(
    long Number, Hash32 Hash, Hash32 ParentHash, long TimestampSeconds, UInt256? BaseFeePerGas, byte[] LogsBloom)
{
    /// <summary>
    /// The root of its receipts (Yellow Paper, 4.4); null where the header was not hashed again, so that nothing can be proved by it.
    /// </summary>
    public Hash32? ReceiptsRoot { get; init; }

    /// <summary>Its number, hash and time.</summary>
    public BlockRef Ref => new(Number, Hash, TimestampSeconds);
}

/// <summary>A log of a mined transaction, as eth_getLogs answers it (EIP-1474).</summary>
/// <param name="Address">The contract that logged.</param>
/// <param name="Topics">None to four.</param>
/// <param name="Data">What the contract logged besides.</param>
/// <param name="BlockNumber">The height of its block.</param>
/// <param name="BlockHash">The hash of its block.</param>
/// <param name="TransactionHash">The hash of its transaction.</param>
/// <param name="TransactionIndex">The position of its transaction in the block, from zero.</param>
/// <param name="LogIndex">Its own position in the block, from zero.</param>
public sealed record RpcLog(
    Address Address,
    IReadOnlyList<Hash32> Topics,
    byte[] Data,
    long BlockNumber,
    Hash32 BlockHash,
    Hash32 TransactionHash,
    int TransactionIndex,
    int LogIndex);

/// <summary>What became of a mined transaction, as eth_getTransactionReceipt answers it (EIP-1474).</summary>
/// <param name="TransactionHash">The transaction.</param>
/// <param name="BlockNumber">The height of its block.</param>
/// <param name="BlockHash">The hash of its block.</param>
/// <param name="Succeeded">Whether it did not revert (EIP-658).</param>
/// <param name="GasUsed">Gas of this transaction alone.</param>
/// <param name="ContractAddress">The contract that it created, if any.</param>
/// <param name="Logs">Of this transaction alone, by their index.</param>
public sealed record RpcReceipt(
    Hash32 TransactionHash,
    long BlockNumber,
    Hash32 BlockHash,
    bool Succeeded,
    long GasUsed,
    Address? ContractAddress,
    IReadOnlyList<RpcLog> Logs);
