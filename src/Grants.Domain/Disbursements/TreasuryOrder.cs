using System.Text.Json.Serialization;
using Grants.Primitives;

namespace Grants.Domain.Disbursements;

/// <summary>What the treasury is ordered to do on chain. Never changes; its id is computed from its content.</summary>
/// <param name="OrderId">The release or clawback id of the vault; for a reservation, an id of our own.</param>
/// <param name="Seq">The tranche of a release, the number of a clawback, 0 for a reservation.</param>
/// <param name="Receiver">Who receives the tokens in the end.</param>
/// <param name="Amount">Base units.</param>
/// <param name="Vesting">For a reservation: the curve that the vault is to enforce.</param>
public sealed record TreasuryOrder(
    Hash32 OrderId,
    TreasuryOrderKind Kind,
    long ChainId,
    Address Vault,
    Hash32 AwardId,
    long Seq,
    Address Token,
    Address Receiver,
    UInt256 Amount,
    VestingCurve? Vesting)
{
    /// <summary>Whether it takes money out of the vault.</summary>
    public bool IsPayment => Kind is TreasuryOrderKind.Release or TreasuryOrderKind.Clawback;

    /// <summary>What who approves it signs: the whole of it, so that an approval of one order is none of another.</summary>
    public TypedStruct ToTyped() => new(
        "Disbursement",
        [
            new("order", "bytes32", OrderId),
            new("kind", "string", Kind.ToString()),
            new("vault", "address", Vault),
            new("award", "bytes32", AwardId),
            new("seq", "uint64", (UInt256)(ulong)Seq),
            new("token", "address", Token),
            new("receiver", "address", Receiver),
            new("amount", "uint256", Amount),
        ]);

    // How the first version wrote it. It is read and never written.
    [JsonInclude]
    private EqualTranches? Schedule
    {
        init => Vesting = value is null ? Vesting : value.CurveOf(Amount);
    }
}

public enum TreasuryOrderKind
{
    Reservation,
    Release,
    Clawback,
}
