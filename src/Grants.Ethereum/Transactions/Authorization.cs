using Grants.Ethereum.Rlp;
using Grants.Ethereum.Signing;
using Grants.Primitives;

namespace Grants.Ethereum.Transactions;

/// <summary>
/// The wish of an account to have the code of <paramref name="Implementation"/> (EIP-7702). On chain zero it holds for every
/// chain; the zero address takes the code away. The nonce is the account's at that time.
/// </summary>
/// <param name="ChainId">The chain's id, or zero.</param>
/// <param name="Implementation">Whose code the account has from then on.</param>
/// <param name="Nonce">The account's, when the authorization is used.</param>
public sealed record Authorization(UInt256 ChainId, Address Implementation, ulong Nonce)
{
    private const byte Magic = 5;

    /// <summary>What the account signs: the hash of 0x05 and the list of chain id, address and nonce.</summary>
    public Hash32 SigningHash => Keccak256.Hash(Fields().ToList(Magic));

    /// <summary>Signs with the key of the account that shall have the code.</summary>
    public SignedAuthorization Sign(PrivateKey key)
    {
        var signature = key.Sign(SigningHash);
        return new SignedAuthorization(this, (byte)signature.YParity, signature.R, signature.S);
    }

    internal RlpWriter Fields() => new RlpWriter().Write(ChainId).Write(Implementation).Write((UInt256)Nonce);
}

/// <summary>
/// An authorization in a transaction of EIP-7702. The chain skips one whose signature is impossible, and takes the transaction
/// all the same, so its parts are kept as they are.
/// </summary>
/// <param name="Authorization">What was signed.</param>
/// <param name="YParity">Zero or one in a possible signature.</param>
/// <param name="R">Of the signature.</param>
/// <param name="S">Of the signature.</param>
public sealed record SignedAuthorization(Authorization Authorization, byte YParity, UInt256 R, UInt256 S)
{
    /// <summary>Finds the account that authorized. False where the chain would skip the authorization for its signature.</summary>
    public bool TryRecover(out Address authority)
    {
        authority = default;
        return Signature.TryCreate(R, S, YParity, out var signature, out _)
            && Secp256k1.TryRecover(Authorization.SigningHash, signature, out authority);
    }

    internal static RlpWriter Write(IReadOnlyList<SignedAuthorization> authorizations)
    {
        var list = new RlpWriter();
        foreach (var signed in authorizations)
            list.Write(signed.Authorization.Fields().Write((long)signed.YParity).Write(signed.R).Write(signed.S));
        return list;
    }

    internal static IReadOnlyList<SignedAuthorization> Read(RlpReader list)
    {
        var authorizations = new List<SignedAuthorization>();
        while (!list.AtEnd)
        {
            var fields = list.ReadList();
            var (chainId, implementation) = (fields.ReadUInt256(), fields.ReadAddress());
            var (nonce, yParity) = (fields.ReadUInt256(), fields.ReadUInt256());
            var (r, s) = (fields.ReadUInt256(), fields.ReadUInt256());
            fields.ExpectEnd();
            if (nonce > ulong.MaxValue || yParity > byte.MaxValue)
                throw new FormatException("The nonce or the parity of an authorization is too large.");
            var authorization = new Authorization(chainId, implementation, (ulong)nonce);
            authorizations.Add(new SignedAuthorization(authorization, (byte)(ulong)yParity, r, s));
        }

        return authorizations;
    }
}
