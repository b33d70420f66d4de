using Grants.Domain.Disbursements;
using Grants.Domain.Tests.Awards;
using Grants.Domain.Tests.Programs;
using Grants.Primitives;

namespace Grants.Domain.Tests.Disbursements;

/// <summary>The release of a first tranche, from the order to the end.</summary>
internal static class AnOrder
{
    public const string Refusal = "ERC20InsufficientBalance";

    public const long Nonce = 17;

    public static readonly Address Signer = AProgram.Named("operator");

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

    public static readonly BlockRef Block = AnAward.Block(120);

    public static readonly BlockRef OtherBlock = Block with { Hash = Keccak256.Hash("a block beside it") };

    public static readonly DisbursementOrdered Ordered = new(Order, AProgram.At);

    public static readonly DisbursementAssigned Assigned = new(Id, Signer, Nonce);

    public static readonly DisbursementReturned Returned = new(Id, Signer, Nonce, Refusal);

    public static readonly DisbursementRefused Refused = new(Id, Refusal);

    public static readonly DisbursementFinalized Finalized = new(Id, AnAward.Evidence("release 1"));

    public static readonly DisbursementVoided Voided = new(Id, AnAward.Evidence("void 1"));

    public static readonly DisbursementFailed Failed = new(Id, Refusal);

    public static readonly DisbursementRetried Retried = new(Id, AProgram.Manager, AProgram.At);

    /// <summary>The events that lead to a state.</summary>
    public static object[] Until(DisbursementState state) => state switch
    {
        DisbursementState.Ordered => [Ordered],
        DisbursementState.Assigned => [Ordered, Assigned],
        DisbursementState.Finalized => [Ordered, Assigned, Finalized],
        DisbursementState.Failed => [Ordered, Assigned, Failed],
        DisbursementState.Voided => [Ordered, Assigned, Voided],
        DisbursementState.Signed => [Ordered, new DisbursementSigned(Id, First)],
        DisbursementState.Broadcast => [.. Until(DisbursementState.Signed), new DisbursementBroadcast(Id, First.TransactionHash)],
        DisbursementState.Mined => [.. Until(DisbursementState.Broadcast), new DisbursementMined(Id, First.TransactionHash, Block)],
        _ => throw new ArgumentOutOfRangeException(nameof(state)),
    };

    public static SignedAttempt Attempt(string name, ulong gwei, long nonce = Nonce) => new(
        Signer,
        nonce,
        Keccak256.Hash(name),
        "0x02",
        gwei * 1_000_000_000,
        gwei * 100_000_000,
        AnAward.Start + 900);

    public static Spec<Disbursement> Given(params object[] events) => new Spec<Disbursement>(Disbursement.Evolve).Given(events);

    public static Spec<Disbursement> Given(DisbursementState state) => Given(Until(state));
}
