using System.Text;
using System.Text.Json;
using Grants.Ethereum.Transactions;
using Grants.Primitives;

namespace Grants.Cli;

/// <summary>
/// A signed transaction as one JSON object, with the members' names of the JSON-RPC standard (EIP-1474). Amounts are decimal
/// strings, so that no reader loses digits.
/// </summary>
internal static class TransactionJson
{
    public static string Write(SignedTransaction signed)
    {
        // An impossible sender is found before anything is written.
        var (transaction, from) = (signed.Transaction, signed.Sender);
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            WriteType(json, transaction);
            json.WriteNumber("nonce", transaction.Nonce);
            WriteFees(json, transaction);
            json.WriteString("gas", ((UInt256)transaction.GasLimit).ToString());
            json.WriteString("to", transaction.To?.ToString());
            json.WriteString("value", transaction.Value.ToString());
            json.WriteString("data", Hex.Format(transaction.Data));
            WriteLists(json, transaction);
            json.WriteNumber("yParity", signed.Signature.YParity);
            json.WriteString("r", Hex.Format(signed.Signature.R.ToBytes()));
            json.WriteString("s", Hex.Format(signed.Signature.S.ToBytes()));
            json.WriteString("hash", signed.Hash.ToString());
            json.WriteString("from", from.ToString());
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static void WriteType(Utf8JsonWriter json, Transaction transaction)
    {
        var (type, chainId) = transaction switch
        {
            LegacyTransaction legacy => ("legacy", legacy.ChainId),
            Eip2930Transaction listed => ("eip2930", listed.ChainId),
            Eip1559Transaction dynamic => ("eip1559", dynamic.ChainId),
            Eip7702Transaction delegating => ("eip7702", delegating.ChainId),
            _ => throw new FormatException($"Transactions of type {transaction.TypeNumber} are not written."),
        };
        json.WriteString("type", type);
        if (chainId is { } id)
            json.WriteNumber("chainId", id);
        else
            json.WriteNull("chainId");
    }

    private static void WriteFees(Utf8JsonWriter json, Transaction transaction)
    {
        var fees = transaction switch
        {
            LegacyTransaction legacy => [("gasPrice", legacy.GasPrice)],
            Eip2930Transaction listed => [("gasPrice", listed.GasPrice)],
            Eip1559Transaction dynamic =>
                [("maxPriorityFeePerGas", dynamic.MaxPriorityFeePerGas), ("maxFeePerGas", dynamic.MaxFeePerGas)],
            Eip7702Transaction delegating =>
                [("maxPriorityFeePerGas", delegating.MaxPriorityFeePerGas), ("maxFeePerGas", delegating.MaxFeePerGas)],
            _ => Array.Empty<(string, UInt256)>(),
        };
        foreach (var (name, fee) in fees)
            json.WriteString(name, fee.ToString());
    }

    private static void WriteLists(Utf8JsonWriter json, Transaction transaction)
    {
        var accessList = transaction switch
        {
            Eip2930Transaction listed => listed.AccessList,
            Eip1559Transaction dynamic => dynamic.AccessList,
            Eip7702Transaction delegating => delegating.AccessList,
            _ => null,
        };
        if (accessList is not null)
            WriteAccessList(json, accessList);
        if (transaction is Eip7702Transaction { Authorizations: { } authorizations })
            WriteAuthorizations(json, authorizations);
    }

    private static void WriteAccessList(Utf8JsonWriter json, IReadOnlyList<AccessListEntry> entries)
    {
        json.WriteStartArray("accessList");
        foreach (var entry in entries)
        {
            json.WriteStartObject();
            json.WriteString("address", entry.Address.ToString());
            json.WriteStartArray("storageKeys");
            foreach (var key in entry.StorageKeys)
                json.WriteStringValue(key.ToString());
            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteAuthorizations(Utf8JsonWriter json, IReadOnlyList<SignedAuthorization> authorizations)
    {
        json.WriteStartArray("authorizationList");
        foreach (var signed in authorizations)
        {
            json.WriteStartObject();
            json.WriteString("chainId", signed.Authorization.ChainId.ToString());
            json.WriteString("address", signed.Authorization.Implementation.ToString());
            json.WriteString("nonce", ((UInt256)signed.Authorization.Nonce).ToString());
            json.WriteNumber("yParity", signed.YParity);
            json.WriteString("r", Hex.Format(signed.R.ToBytes()));
            json.WriteString("s", Hex.Format(signed.S.ToBytes()));
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
