using Grants.Ethereum.Abi;
using Grants.Ethereum.JsonRpc;
using Grants.Ethereum.Signing;
using Grants.Ethereum.TypedData;
using Grants.Primitives;

namespace Grants.Ethereum.Contracts.Treasuries;

/// <summary>An owner's signature of a transaction of a Safe (github.com/safe-global/safe-smart-account).</summary>
/// <param name="Owner">An account or a contract.</param>
/// <param name="Bytes">65 bytes of ECDSA, or what a contract takes by ERC-1271.</param>
/// <param name="IsContract">Whether the owner is a contract, which is asked.</param>
public sealed record OwnerSignature(Address Owner, byte[] Bytes, bool IsContract);

/// <summary>
/// What the owners of a Safe (github.com/safe-global/safe-smart-account, 1.3.0 or later) sign and it does once, at its nonce. Always a CALL
/// that sends nothing along, with no gas of its own and no refund: a call that reverts leaves the nonce as it was, and can be done later.
/// </summary>
/// <param name="ChainId">The EIP-155 chain id.</param>
/// <param name="Safe">Who does it.</param>
/// <param name="Nonce">The Safe's own, not that of an account.</param>
/// <param name="To">Whom it calls.</param>
/// <param name="Data">The call.</param>
public sealed record SafeTransaction(long ChainId, Address Safe, long Nonce, Address To, byte[] Data)
{
    private const int Call = 0;

    private const int Word = 32;

    private static readonly AbiFunction Exec = AbiFunction.Parse(
        "function execTransaction(address to, uint256 value, bytes data, uint8 operation, uint256 safeTxGas, uint256 baseGas, "
        + "uint256 gasPrice, address gasToken, address refundReceiver, bytes signatures) returns (bool success)");

    private static readonly AbiFunction GetTransactionHash = AbiFunction.Parse(
        "function getTransactionHash(address to, uint256 value, bytes data, uint8 operation, uint256 safeTxGas, uint256 baseGas, "
        + "uint256 gasPrice, address gasToken, address refundReceiver, uint256 nonce) view returns (bytes32)");

    private static readonly AbiFunction GetNonce = AbiFunction.Parse("function nonce() view returns (uint256)");

    /// <summary>What the owners sign, for eth_signTypedData_v4.</summary>
    public TypedData.TypedData ToTyped() => Grants.Ethereum.TypedData.TypedData.Of(
        new TypedDataDomain(null, null, ChainId, Safe),
        "SafeTx",
        [
            ("to", "address", To),
            ("value", "uint256", UInt256.Zero),
            ("data", "bytes", Data),
            ("operation", "uint8", Call),
            ("safeTxGas", "uint256", UInt256.Zero),
            ("baseGas", "uint256", UInt256.Zero),
            ("gasPrice", "uint256", UInt256.Zero),
            ("gasToken", "address", Address.Zero),
            ("refundReceiver", "address", Address.Zero),
            ("nonce", "uint256", (UInt256)(ulong)Nonce),
        ]);

    /// <summary>The safeTxHash, by which owners, tools and the Safe's events name it.</summary>
    public Hash32 Hash => ToTyped().Digest();

    /// <summary>The call of the Safe that does it. Anybody may send it: the signatures count, and not who brings them.</summary>
    /// <param name="signatures">Of different owners, exactly as many as must sign.</param>
    public byte[] Execution(IReadOnlyList<OwnerSignature> signatures) => Exec.Encode([.. Arguments, Packed(signatures)]);

    /// <summary>What the Safe itself calls it.</summary>
    /// <exception cref="RpcException">The node does not answer, or there is no Safe.</exception>
    public async Task<Hash32> AskHashAsync(EthereumRpc node, CancellationToken cancellation)
    {
        var call = GetTransactionHash.Encode([.. Arguments, (UInt256)(ulong)Nonce]);
        var answer = await node.CallAsync(Safe, call, BlockTag.Latest, cancellation: cancellation);
        return answer.Length == Word ? new Hash32(answer) : throw new RpcTransportException($"There is no Safe at {Safe}.");
    }

    /// <summary>The nonce that a Safe does next.</summary>
    /// <exception cref="RpcException">The node does not answer, or there is no Safe.</exception>
    public static async Task<long> NextNonceAsync(EthereumRpc node, Address safe, BlockTag at, CancellationToken cancellation)
    {
        var answer = await node.CallAsync(safe, GetNonce.Encode(), at, cancellation: cancellation);
        return answer.Length == Word
            ? (long)(UInt256)GetNonce.DecodeOutput(answer)[0]
            : throw new RpcTransportException($"There is no Safe at {safe}.");
    }

    private object[] Arguments =>
        [To, UInt256.Zero, Data, Call, UInt256.Zero, UInt256.Zero, UInt256.Zero, Address.Zero, Address.Zero];

    // By ascending owner. A contract's is a reference (owner, offset, 0) to its bytes behind the last of them.
    private static byte[] Packed(IReadOnlyList<OwnerSignature> signatures)
    {
        var (heads, tails) = (new List<byte>(), new List<byte>());
        foreach (var signature in signatures.OrderBy(signature => signature.Owner))
        {
            if (!signature.IsContract)
            {
                heads.AddRange(signature.Bytes);
                continue;
            }

            heads.AddRange([.. new byte[Word - Address.Length], .. signature.Owner.ToBytes()]);
            heads.AddRange([.. WordOf((signatures.Count * Signature.Length) + tails.Count), 0]);
            tails.AddRange([.. WordOf(signature.Bytes.Length), .. signature.Bytes]);
        }

        return [.. heads, .. tails];
    }

    private static byte[] WordOf(int number) => ((UInt256)(ulong)number).ToBytes();
}
