using System.Text.Json;
using Grants.Ethereum.JsonRpc;
using Grants.Ethereum.Rlp;
using Grants.Primitives;

namespace Grants.Ethereum.Proofs;

/// <summary>
/// A block's header with every field that enters its hash (Yellow Paper, 4.4). The later fields are null before the fork
/// that brought them; where one is there, all before it are.
/// </summary>
/// <param name="ParentHash">The hash of the block before it.</param>
/// <param name="OmmersHash">The hash of the list of ommers; from the Merge on of the empty list (EIP-3675).</param>
/// <param name="Beneficiary">Who receives the tips.</param>
/// <param name="StateRoot">The root of the accounts after the block.</param>
/// <param name="TransactionsRoot">See <see cref="BlockTransaction.Root"/>.</param>
/// <param name="ReceiptsRoot">See <see cref="BlockReceipt.Root"/>.</param>
/// <param name="LogsBloom">256 bytes; see <see cref="Proofs.LogsBloom"/>.</param>
/// <param name="Difficulty">Zero from the Merge on (EIP-3675).</param>
/// <param name="Number">Blocks before it.</param>
/// <param name="GasLimit">Gas that its transactions may use at most.</param>
/// <param name="GasUsed">Gas that its transactions used.</param>
/// <param name="TimestampSeconds">Unix time.</param>
/// <param name="ExtraData">Whatever its maker wrote, on most chains at most 32 bytes.</param>
/// <param name="MixHash">From the Merge on prevRandao (EIP-4399).</param>
/// <param name="Nonce">Zero from the Merge on (EIP-3675).</param>
public sealed record BlockHeader(
    Hash32 ParentHash,
    Hash32 OmmersHash,
    Address Beneficiary,
    Hash32 StateRoot,
    Hash32 TransactionsRoot,
    Hash32 ReceiptsRoot,
    byte[] LogsBloom,
    UInt256 Difficulty,
    long Number,
    long GasLimit,
    long GasUsed,
    long TimestampSeconds,
    byte[] ExtraData,
    Hash32 MixHash,
    ulong Nonce)
{
    private const int NonceLength = 8;

    /// <summary>Wei a gas, from London on (EIP-1559).</summary>
    public UInt256? BaseFeePerGas { get; init; }

    /// <summary>From Shanghai on (EIP-4895).</summary>
    public Hash32? WithdrawalsRoot { get; init; }

    /// <summary>From Cancun on (EIP-4844).</summary>
    public long? BlobGasUsed { get; init; }

    /// <summary>From Cancun on (EIP-4844).</summary>
    public long? ExcessBlobGas { get; init; }

    /// <summary>From Cancun on (EIP-4788).</summary>
    public Hash32? ParentBeaconBlockRoot { get; init; }

    /// <summary>From Prague on (EIP-7685).</summary>
    public Hash32? RequestsHash { get; init; }

    /// <summary>The hash by which the chain knows the block.</summary>
    /// <exception cref="FormatException">A field of a later fork is there, and one before it is missing.</exception>
    public Hash32 Hash => Keccak256.Hash(ToBytes());

    /// <summary>Reads a block as <c>eth_getBlockByHash</c> and <c>eth_getBlockByNumber</c> answer it.</summary>
    /// <exception cref="ProofException">Another shape.</exception>
    public static BlockHeader FromJson(JsonElement block) => ChainJson.Read("block", () => new BlockHeader(
        RpcValue.Hash(block.GetProperty("parentHash")),
        RpcValue.Hash(block.GetProperty("sha3Uncles")),
        RpcValue.Address(block.GetProperty("miner")),
        RpcValue.Hash(block.GetProperty("stateRoot")),
        RpcValue.Hash(block.GetProperty("transactionsRoot")),
        RpcValue.Hash(block.GetProperty("receiptsRoot")),
        Hex.Parse(block.GetProperty("logsBloom").GetString()!, Proofs.LogsBloom.Length),
        RpcValue.UInt256(block.GetProperty("difficulty")),
        RpcValue.Long(block.GetProperty("number")),
        RpcValue.Long(block.GetProperty("gasLimit")),
        RpcValue.Long(block.GetProperty("gasUsed")),
        RpcValue.Long(block.GetProperty("timestamp")),
        RpcValue.Data(block.GetProperty("extraData")),
        RpcValue.Hash(block.GetProperty("mixHash")),
        (ulong)UInt256.FromBytes(Hex.Parse(block.GetProperty("nonce").GetString()!, NonceLength)))
    {
        BaseFeePerGas = Optional(block, "baseFeePerGas") is { } fee ? RpcValue.UInt256(fee) : null,
        WithdrawalsRoot = Optional(block, "withdrawalsRoot") is { } withdrawals ? RpcValue.Hash(withdrawals) : null,
        BlobGasUsed = Optional(block, "blobGasUsed") is { } used ? RpcValue.Long(used) : null,
        ExcessBlobGas = Optional(block, "excessBlobGas") is { } excess ? RpcValue.Long(excess) : null,
        ParentBeaconBlockRoot = Optional(block, "parentBeaconBlockRoot") is { } beacon ? RpcValue.Hash(beacon) : null,
        RequestsHash = Optional(block, "requestsHash") is { } requests ? RpcValue.Hash(requests) : null,
    });

    /// <summary>The list that is hashed.</summary>
    internal byte[] ToBytes()
    {
        Span<byte> nonce = stackalloc byte[NonceLength];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt64BigEndian(nonce, Nonce);
        var fields = new RlpWriter()
            .Write(ParentHash)
            .Write(OmmersHash)
            .Write(Beneficiary)
            .Write(StateRoot)
            .Write(TransactionsRoot)
            .Write(ReceiptsRoot)
            .Write(LogsBloom)
            .Write(Difficulty)
            .Write(Number)
            .Write(GasLimit)
            .Write(GasUsed)
            .Write(TimestampSeconds)
            .Write(ExtraData)
            .Write(MixHash)
            .Write(nonce);
        var isComplete = true;
        Add(BaseFeePerGas is null, () => fields.Write(BaseFeePerGas!.Value));
        Add(WithdrawalsRoot is null, () => fields.Write(WithdrawalsRoot!.Value));
        Add(BlobGasUsed is null, () => fields.Write(BlobGasUsed!.Value));
        Add(ExcessBlobGas is null, () => fields.Write(ExcessBlobGas!.Value));
        Add(ParentBeaconBlockRoot is null, () => fields.Write(ParentBeaconBlockRoot!.Value));
        Add(RequestsHash is null, () => fields.Write(RequestsHash!.Value));
        return fields.ToList();

        void Add(bool isMissing, Action write)
        {
            if (isMissing)
                isComplete = false;
            else if (isComplete)
                write();
            else
                throw new FormatException("The header has a field of a later fork without those before it.");
        }
    }

    private static JsonElement? Optional(JsonElement block, string name) =>
        block.TryGetProperty(name, out var value) && !RpcValue.IsNull(value) ? value : null;
}
