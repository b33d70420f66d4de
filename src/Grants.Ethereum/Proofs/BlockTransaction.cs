using System.Text.Json;
using Grants.Ethereum.JsonRpc;
using Grants.Ethereum.Signing;
using Grants.Ethereum.Transactions;
using Grants.Primitives;

namespace Grants.Ethereum.Proofs;

/// <summary>The transactions of a block, as nodes answer them (EIP-1474) and as the header's root holds them.</summary>
public static class BlockTransaction
{
    private const int FirstOfEip155 = 35;

    /// <summary>
    /// Reads a transaction from a block that was asked for with full transactions. Its hash and sender are computed, never
    /// taken from the answer.
    /// </summary>
    /// <exception cref="ProofException">Another shape, a type that is not known, or an impossible signature.</exception>
    public static SignedTransaction FromJson(JsonElement transaction) => ChainJson.Read("transaction", () =>
    {
        var type = Optional(transaction, "type") is { } number ? RpcValue.Long(number) : 0;
        var (unsigned, yParity) = type switch
        {
            0 => Legacy(transaction),
            1 => (Eip2930(transaction), Parity(transaction)),
            2 => (Eip1559(transaction), Parity(transaction)),
            4 => (Eip7702(transaction), Parity(transaction)),
            _ => throw new ProofException($"Transactions of type {type} are not read."),
        };
        return Signature.TryCreate(Amount(transaction, "r"), Amount(transaction, "s"), yParity, out var signature, out var error)
            ? new SignedTransaction(unsigned, signature)
            : throw new ProofException(error);
    });

    /// <summary>The root that the header has of the transactions of its block, in their order.</summary>
    public static Hash32 Root(IEnumerable<SignedTransaction> transactions) =>
        MerkleTrie.OrderedRoot(transactions.Select(transaction => transaction.Raw));

    private static (Transaction Transaction, int YParity) Legacy(JsonElement json)
    {
        var v = Amount(json, "v");
        var isBound = v >= FirstOfEip155;
        var transaction = new LegacyTransaction(
            isBound ? (long)((v - FirstOfEip155) / 2) : null,
            Number(json, "nonce"),
            Amount(json, "gasPrice"),
            Number(json, "gas"),
            Recipient(json),
            Amount(json, "value"),
            RpcValue.Data(json.GetProperty("input")));
        if (!isBound && v != 27 && v != 28)
            throw new ProofException("v of a legacy transaction is not 27, 28, or 35 and above.");
        return (transaction, (v % 2).IsZero ? 1 : 0);
    }

    private static Eip2930Transaction Eip2930(JsonElement json) => new(
        Number(json, "chainId"),
        Number(json, "nonce"),
        Amount(json, "gasPrice"),
        Number(json, "gas"),
        Recipient(json),
        Amount(json, "value"),
        RpcValue.Data(json.GetProperty("input")))
    {
        AccessList = AccessList(json),
    };

    private static Eip1559Transaction Eip1559(JsonElement json) => new(
        Number(json, "chainId"),
        Number(json, "nonce"),
        Amount(json, "maxPriorityFeePerGas"),
        Amount(json, "maxFeePerGas"),
        Number(json, "gas"),
        Recipient(json),
        Amount(json, "value"),
        RpcValue.Data(json.GetProperty("input")))
    {
        AccessList = AccessList(json),
    };

    private static Eip7702Transaction Eip7702(JsonElement json) => new(
        Number(json, "chainId"),
        Number(json, "nonce"),
        Amount(json, "maxPriorityFeePerGas"),
        Amount(json, "maxFeePerGas"),
        Number(json, "gas"),
        RpcValue.Address(json.GetProperty("to")),
        Amount(json, "value"),
        RpcValue.Data(json.GetProperty("input")),
        [.. json.GetProperty("authorizationList").EnumerateArray().Select(Authorization)])
    {
        AccessList = AccessList(json),
    };

    private static SignedAuthorization Authorization(JsonElement json) => new(
        new Authorization(
            Amount(json, "chainId"), RpcValue.Address(json.GetProperty("address")), (ulong)Amount(json, "nonce")),
        (byte)Number(json, "yParity"),
        Amount(json, "r"),
        Amount(json, "s"));

    private static AccessListEntry[] AccessList(JsonElement json) =>
    [
        .. json.GetProperty("accessList").EnumerateArray().Select(entry => new AccessListEntry(
            RpcValue.Address(entry.GetProperty("address")),
            [.. entry.GetProperty("storageKeys").EnumerateArray().Select(RpcValue.Hash)])),
    ];

    /// <summary>Early nodes write it as v only.</summary>
    private static int Parity(JsonElement json) => RpcValue.Int(Optional(json, "yParity") ?? json.GetProperty("v"));

    private static Address? Recipient(JsonElement json) => Optional(json, "to") is { } to ? RpcValue.Address(to) : null;

    private static long Number(JsonElement json, string name) => RpcValue.Long(json.GetProperty(name));

    private static UInt256 Amount(JsonElement json, string name) => RpcValue.UInt256(json.GetProperty(name));

    private static JsonElement? Optional(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && !RpcValue.IsNull(value) ? value : null;
}
