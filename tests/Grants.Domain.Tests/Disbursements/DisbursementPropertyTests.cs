using System.Text.Json;
using CsCheck;
using Grants.Domain.Disbursements;
using Grants.Domain.Tests.Awards;
using Xunit;

namespace Grants.Domain.Tests.Disbursements;

/// <summary>A disbursement under random commands, in any order, as a sender, a watcher and a crash may give them.</summary>
public sealed class DisbursementPropertyTests
{
    private static readonly Gen<Func<Disbursement?, Decision>> Commands =
        from kind in Gen.Frequency((6, Gen.Int[0, 3]), (1, Gen.Int[4, 6]))
        from attempt in Gen.Int[0, 3]
        from block in Gen.Int[0, 1]
        select Command(kind, AnOrder.Attempt($"attempt {attempt}", 30, nonce: attempt == 3 ? 18 : 17), block);

    private static readonly Gen<Func<Disbursement?, Decision>[]> Histories = Commands.Array[1, 40];

    [Fact]
    public void an_order_has_one_nonce_for_ever() => Run((_, _, after) =>
        Assert.True(after.Attempts.DistinctBy(attempt => (attempt.Signer, attempt.Nonce)).Count() <= 1));

    [Fact]
    public void no_signed_attempt_is_ever_forgotten() => Run((before, _, after) =>
    {
        Assert.Equal(before.Attempts, after.Attempts.Take(before.Attempts.Count));
        Assert.Equal(after.Attempts.Count, after.Attempts.Distinct().Count());
    });

    [Fact]
    public void what_is_finalized_stays_so() => Run((before, decision, after) =>
    {
        if (before.State == DisbursementState.Finalized)
        {
            Assert.Empty(decision.Events);
            Assert.Equal((before.State, before.FinalizedAt), (after.State, after.FinalizedAt));
        }
    });

    [Fact]
    public void nothing_is_sent_that_was_not_signed_before() => Run((before, decision, _) =>
    {
        foreach (var sent in decision.Events.OfType<DisbursementBroadcast>())
            Assert.Contains(before.Attempts, attempt => attempt.TransactionHash == sent.TransactionHash);
        foreach (var mined in decision.Events.OfType<DisbursementMined>())
            Assert.Contains(before.Attempts, attempt => attempt.TransactionHash == mined.TransactionHash);
    });

    [Fact]
    public void only_what_is_mined_or_over_knows_its_block() => Run((_, _, after) =>
    {
        Assert.True(after.MinedIn is null || after.State is DisbursementState.Mined || after.IsSettled);
        Assert.True(after.MinedIn is not null || after.State is not DisbursementState.Mined);
    });

    private static void Run(Action<Disbursement, Decision, Disbursement> check) => Seeded.Check(Histories, commands =>
    {
        var state = Disbursement.Evolve(null, AnOrder.Ordered)!;
        foreach (var command in commands)
        {
            var decision = command(state);
            var after = decision.Events.Aggregate((Disbursement?)state, Disbursement.Evolve)!;
            after = JsonSerializer.Deserialize<Disbursement>(JsonSerializer.Serialize(after))!;
            if (decision.IsAccepted)
                Assert.Empty(command(after).Events);
            check(state, decision, after);
            state = after;
        }
    });

    private static Func<Disbursement?, Decision> Command(int kind, SignedAttempt attempt, int block)
    {
        var (id, hash) = (AnOrder.Id, attempt.TransactionHash);
        var minedIn = block == 0 ? AnOrder.Block : AnOrder.OtherBlock;
        return kind switch
        {
            0 => state => Disbursement.Decide(new RecordSigned(id, attempt), state),
            1 => state => Disbursement.Decide(new RecordBroadcast(id, hash), state),
            2 => state => Disbursement.Decide(new RecordMined(id, hash, minedIn), state),
            3 => state => Disbursement.Decide(new RecordReorged(id), state),
            4 => state => Disbursement.Decide(new RecordRefused(id, AnOrder.Refusal), state),
            5 => state => Disbursement.Decide(new RecordFailed(id, AnOrder.Refusal), state),
            _ => state => Disbursement.Decide(new RecordFinalized(id, AnAward.Evidence($"{block}")), state),
        };
    }
}
