using Grants.Ethereum.Rlp;
using Grants.Ethereum.Signing;
using Grants.Primitives;

namespace Grants.Ethereum.Transactions;

/// <summary>
/// A transaction before it is signed: a <see cref="LegacyTransaction"/>, an <see cref="Eip2930Transaction"/>, an
/// <see cref="Eip1559Transaction"/> or an <see cref="Eip7702Transaction"/> (EIP-2718), and nothing else.
/// </summary>
/// <param name="Nonce">How many transactions the sender has sent before.</param>
/// <param name="GasLimit">Gas that it may use at most.</param>
/// <param name="To">The recipient; null creates a contract from the data.</param>
/// <param name="Value">Wei that go to the recipient.</param>
/// <param name="Data">The data of the call, or the code of the creation.</param>
public abstract record Transaction(long Nonce, long GasLimit, Address? To, UInt256 Value, byte[] Data)
{
    /// <summary>The type of EIP-2718; null for a legacy transaction, which has no envelope.</summary>
    public abstract byte? TypeNumber { get; }

    /// <summary>What the sender signs.</summary>
    public Hash32 SigningHash => Keccak256.Hash(SigningBytes());

    /// <summary>Signs with the key of the account that sends.</summary>
    public SignedTransaction Sign(PrivateKey key) => new(this, key.Sign(SigningHash));

    internal virtual byte[] SigningBytes() => Fields().ToList(TypeNumber!.Value);

    internal virtual byte[] SignedBytes(Signature signature) => Fields()
        .Write(signature.YParity)
        .Write(signature.R)
        .Write(signature.S)
        .ToList(TypeNumber!.Value);

    /// <summary>The fields before the signature, in the order of the type's EIP.</summary>
    internal abstract RlpWriter Fields();

    /// <summary>The end of every type with an envelope: parity, r, s, and nothing.</summary>
    internal static Signature ReadSignature(ref RlpReader fields)
    {
        var yParity = fields.ReadLong();
        return ReadSignature(ref fields, yParity is 0 or 1 ? (int)yParity : -1);
    }

    internal static Signature ReadSignature(ref RlpReader fields, int yParity)
    {
        var (r, s) = (fields.ReadUInt256(), fields.ReadUInt256());
        fields.ExpectEnd();
        return Signature.TryCreate(r, s, yParity, out var signature, out var error) ? signature : throw new FormatException(error);
    }
}
