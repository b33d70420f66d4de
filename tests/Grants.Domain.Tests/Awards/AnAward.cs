using Grants.Domain.Awards;
using Grants.Domain.Tests.Programs;
using Grants.Domain.Tests.Proposals;
using Grants.Primitives;

namespace Grants.Domain.Tests.Awards;

/// <summary>An award of 1,003 base units: four tranches, due 100, 200, 300 and 400 seconds after the start.</summary>
internal static class AnAward
{
    public const long Start = 1_800_000_000;

    public const string BreachId = "breach 1";

    public static readonly Hash32 Id = Award.IdOf(AProposal.Id);

    public static readonly AwardTerms Terms = new(
        Id,
        AProposal.Id,
        AProgram.Id,
        AProgram.ChainId,
        AProgram.Token,
        AProgram.Vault,
        AProgram.Treasury,
        AProgram.Ada,
        1_003,
        Quarters(1_003),
        AProgram.Policy,
        StartAt: Start);

    public static readonly AwardGranted Granted = new(Terms, VaultOrderId.Reservation(Terms), AProgram.At);

    public static readonly AwardReserved Reserved = new(Id, Evidence("reservation"));

    /// <summary>The clawback of all but the first tranche.</summary>
    public static readonly ClawbackOrdered TakenBack = Clawback(753);

    public static readonly AwardClawedBack ClawedBack = new(Id, 753, TakenBack.ClawbackId, Evidence("clawback"));

    /// <summary>The amount of each tranche, base units: what is vested, rounded down, less the tranches before.</summary>
    public static UInt256 Amount(int tranche) => tranche == 1 ? 250UL : 251UL;

    /// <summary>Four equal tranches after a cliff of one.</summary>
    public static LinearVesting Quarters(UInt256 amount) => (LinearVesting)AProgram.Vesting.CurveOf(amount, Start, []);

    public static UInt256 Vested(int tranche) => tranche switch { 1 => 250UL, 2 => 501, 3 => 752, _ => 1_003 };

    public static Hash32 ReleaseId(int tranche) => VaultOrderId.Release(Terms, tranche, Amount(tranche));

    /// <summary>A finalized block so many seconds after the start.</summary>
    public static BlockRef Block(long after) => new(5_000 + after, Keccak256.Hash($"block {after}"), Start + after);

    public static EventKey Evidence(string what) =>
        new(AProgram.ChainId, 6_000, Keccak256.Hash("finalized block"), Keccak256.Hash(what), 3);

    /// <summary>The order of a tranche, given at the second at which it is due.</summary>
    public static ReleaseOrdered Ordered(int tranche) =>
        new(Id, tranche, Amount(tranche), ReleaseId(tranche), Vested(tranche), Block(100 * tranche), Terms.Recipient);

    public static TrancheReleased Released(int tranche) =>
        new(Id, tranche, Amount(tranche), ReleaseId(tranche), Evidence($"release {tranche}"));

    public static TrancheHeld Held(int tranche, long after) => new(Id, tranche, Amount(tranche), Block(after));

    public static ClawbackOrdered Clawback(UInt256 amount) =>
        new(Id, 1, amount, VaultOrderId.Clawback(Terms, 1, AProgram.Treasury, amount), BreachId, Block(250));

    public static Spec<Award> Given(params object[] events) => new Spec<Award>(Award.Evolve).Given(events);
}
