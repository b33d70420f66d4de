using Grants.Ethereum.Rlp;
using Grants.Ethereum.Signing;
using Grants.Primitives;

namespace Grants.Ethereum.Transactions;

/// <summary>A transaction that can be sent by eth_sendRawTransaction, of any type of EIP-2718 that is known here.</summary>
/// <param name="Transaction">What was signed.</param>
/// <param name="Signature">Of the account that sends.</param>
public sealed record SignedTransaction(Transaction Transaction, Signature Signature)
{
    private const byte FirstOfLists = 0xc0;

    /// <summary>The bytes to send: a list (legacy), or a type and a list (EIP-2718).</summary>
    public byte[] Raw => Transaction.SignedBytes(Signature);

    /// <summary>The Keccak-256 hash of the bytes, by which the chain knows the transaction.</summary>
    public Hash32 Hash => Keccak256.Hash(Raw);

    /// <summary>The account that signed. Computed at every call.</summary>
    /// <exception cref="FormatException">No account can have made the signature.</exception>
    public Address Sender => Secp256k1.TryRecover(Transaction.SigningHash, Signature, out var sender)
        ? sender
        : throw new FormatException("No account can have made the signature.");

    /// <summary>
    /// Reads the bytes of a legacy transaction (with EIP-155 or without), or one of EIP-2930, EIP-1559 or EIP-7702. What is
    /// read has no other encoding; a high s, as it was allowed before EIP-2, is refused in every type.
    /// </summary>
    /// <exception cref="FormatException">Another type, an encoding that is not canonical, or an impossible signature.</exception>
    public static SignedTransaction Decode(ReadOnlySpan<byte> raw)
    {
        if (raw.IsEmpty)
            throw new FormatException("The transaction is empty.");
        return raw[0] switch
        {
            >= FirstOfLists => LegacyTransaction.Read(RlpReader.List(raw)),
            Eip2930Transaction.Type => Eip2930Transaction.Read(RlpReader.List(raw[1..])),
            Eip1559Transaction.Type => Eip1559Transaction.Read(RlpReader.List(raw[1..])),
            Eip7702Transaction.Type => Eip7702Transaction.Read(RlpReader.List(raw[1..])),
            var other => throw new FormatException($"Transactions of type {other} are not read."),
        };
    }
}
