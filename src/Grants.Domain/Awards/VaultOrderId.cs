using System.Buffers.Binary;
using Grants.Primitives;

namespace Grants.Domain.Awards;

/// <summary>
/// The identity of a vault order, as the vault contract computes it: keccak256 of the ABI encoding of (type hash, chain
/// id, vault, award id, sequence, token, receiver, amount). The same duty has the same id, whoever asks, however often.
/// </summary>
public static class VaultOrderId
{
    private static readonly Hash32 ReleaseType = Keccak256.Hash("Release(v1)");
    private static readonly Hash32 ClawbackType = Keccak256.Hash("Clawback(v1)");
    private static readonly Hash32 ReservationType = Keccak256.Hash("Reservation(v1)");

    /// <summary>The id of releasing tranche <paramref name="seq"/> to the recipient.</summary>
    public static Hash32 Release(AwardTerms award, long seq, UInt256 amount) =>
        Of(ReleaseType, award, seq, award.Recipient, amount);

    /// <summary>The id of taking unreleased tokens back to the treasury.</summary>
    public static Hash32 Clawback(AwardTerms award, long seq, Address treasury, UInt256 amount) =>
        Of(ClawbackType, award, seq, treasury, amount);

    /// <summary>The id of the order to reserve the award in the vault; ours alone, the vault knows it by the award id.</summary>
    public static Hash32 Reservation(AwardTerms award) => Of(ReservationType, award, 0, award.Recipient, award.Amount);

    private static Hash32 Of(Hash32 type, AwardTerms award, long seq, Address receiver, UInt256 amount)
    {
        Span<byte> encoded = stackalloc byte[8 * 32];
        encoded.Clear();
        type.CopyTo(encoded);
        BinaryPrimitives.WriteInt64BigEndian(encoded[(32 + 24)..], award.ChainId);
        award.Vault.CopyTo(encoded[(64 + 12)..]);
        award.AwardId.CopyTo(encoded[96..]);
        BinaryPrimitives.WriteInt64BigEndian(encoded[(128 + 24)..], seq);
        award.Token.CopyTo(encoded[(160 + 12)..]);
        receiver.CopyTo(encoded[(192 + 12)..]);
        amount.CopyTo(encoded[224..]);
        return Keccak256.Hash(encoded);
    }
}
