using Grants.Domain.Disbursements;
using Grants.Domain.Tests.Awards;
using Grants.Domain.Tests.Programs;
using Grants.Primitives;

namespace Grants.Domain.Tests.Disbursements;

/// <summary>The release of a first tranche, from the order to the end.</summary>
internal static class AnOrder
{
    public const string Refusal = "ERC20InsufficientBalance";

    public static readonly Hash32 Id = AnAward.ReleaseId(1);

    public static readonly TreasuryOrder Order = new(
        Id,
        TreasuryOrderKind.Release,
        AProgram.ChainId,
        AProgram.Vault,
        AnAward.Id,
        1,
        AProgram.Token,
        AProgram.Ada,
        250,
        null);

    public static readonly SignedAttempt First = Attempt("first", 30);

    public static readonly SignedAttempt Second = Attempt("second", 33);

    public static readonly BlockRef Block = AnAward.Block(120);

    public static readonly BlockRef OtherBlock = Block with { Hash = Keccak256.Hash("a block beside it") };

    public static readonly DisbursementOrdered Ordered = new(Order);

    public static readonly DisbursementSigned Signed = new(Id, First);

    public static readonly DisbursementSigned Replaced = new(Id, Second);

    public static readonly DisbursementBroadcast Broadcast = new(Id, First.TransactionHash);

    public static readonly DisbursementMined Mined = new(Id, First.TransactionHash, Block);

    public static readonly DisbursementReorged Reorged = new(Id, Block);

    public static readonly DisbursementRefused Refused = new(Id, Refusal);

    public static readonly DisbursementFinalized Finalized = new(Id, AnAward.Evidence("release 1"));

    public static readonly DisbursementFailed Failed = new(Id, Refusal);

    /// <summary>The events that lead to a state.</summary>
    public static object[] Until(DisbursementState state) => state switch
    {
        DisbursementState.Ordered => [Ordered],
        DisbursementState.Signed => [Ordered, Signed],
        DisbursementState.Broadcast => [Ordered, Signed, Broadcast],
        DisbursementState.Mined => [Ordered, Signed, Broadcast, Mined],
        DisbursementState.Finalized => [Ordered, Signed, Broadcast, Mined, Finalized],
        DisbursementState.Failed => [Ordered, Signed, Broadcast, Failed],
        _ => throw new ArgumentOutOfRangeException(nameof(state)),
    };

    public static SignedAttempt Attempt(string name, ulong gwei, long nonce = 17) => new(
        AProgram.Named("operator"),
        nonce,
        Keccak256.Hash(name),
        "0x02",
        gwei * 1_000_000_000,
        1_000_000_000,
        AnAward.Start + 900);

    public static Spec<Disbursement> Given(params object[] events) => new Spec<Disbursement>(Disbursement.Evolve).Given(events);

    public static Spec<Disbursement> Given(DisbursementState state) => Given(Until(state));
}
