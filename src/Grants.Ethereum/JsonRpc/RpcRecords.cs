using Grants.Primitives;

namespace Grants.Ethereum.JsonRpc;

/// <summary>
/// The part of a block's header that is used. The base fee is in wei a gas, and null on chains without EIP-1559; the
/// bloom filter has 256 bytes.
/// </summary>
public sealed record RpcBlock(
    long Number, Hash32 Hash, Hash32 ParentHash, long TimestampSeconds, UInt256? BaseFeePerGas, byte[] LogsBloom)
{
    public BlockRef Ref => new(Number, Hash, TimestampSeconds);
}

/// <summary>A log of a mined transaction, with none to four topics. The log index is its position in the block.</summary>
public sealed record RpcLog(
    Address Address,
    IReadOnlyList<Hash32> Topics,
    byte[] Data,
    long BlockNumber,
    Hash32 BlockHash,
    Hash32 TransactionHash,
    int TransactionIndex,
    int LogIndex);

/// <summary>What became of a mined transaction, and the contract that it created, if any.</summary>
public sealed record RpcReceipt(
    Hash32 TransactionHash,
    long BlockNumber,
    Hash32 BlockHash,
    bool Succeeded,
    long GasUsed,
    Address? ContractAddress,
    IReadOnlyList<RpcLog> Logs);
