using System.Numerics;
using System.Text.Json;
using CsCheck;
using Grants.Domain.Programs;
using Grants.Primitives;
using Xunit;
using static Grants.Domain.Tests.Programs.AProgram;

namespace Grants.Domain.Tests.Programs;

public sealed class BudgetSpecs
{
    private static readonly Hash32 First = Keccak256.Hash("first award");
    private static readonly Hash32 Second = Keccak256.Hash("second award");

    [Fact]
    public void a_part_of_the_budget_is_committed() =>
        Given(Opened).When(Committing(First, 400)).Then(new BudgetCommitted(Id, First, 400));

    [Fact]
    public void the_whole_budget_may_be_committed() =>
        Given(Opened).When(Committing(First, 1_000)).Then(new BudgetCommitted(Id, First, 1_000));

    [Fact]
    public void the_rest_may_be_committed() => Given(Opened, new BudgetCommitted(Id, First, 400))
        .When(Committing(Second, 600))
        .Then(new BudgetCommitted(Id, Second, 600));

    [Fact]
    public void an_award_is_committed_once() =>
        Given(Opened, new BudgetCommitted(Id, First, 1_000)).When(Committing(First, 1_000)).ThenNothing();

    [Fact]
    public void another_amount_for_the_same_award_is_refused() => Given(Opened, new BudgetCommitted(Id, First, 400))
        .When(Committing(First, 401))
        .ThenRejected("COMMITMENT_DIFFERS");

    [Fact]
    public void nothing_is_committed_from_a_program_that_does_not_exist() =>
        Given().When(Committing(First, 1)).ThenRejected("NOT_FOUND");

    [Fact]
    public void more_than_the_budget_is_refused() => Given(Opened).When(Committing(First, 1_001)).ThenRejected("BUDGET_EXCEEDED");

    [Fact]
    public void more_than_what_is_left_is_refused() =>
        Given(Opened, new BudgetCommitted(Id, First, 400)).When(Committing(Second, 601)).ThenRejected("BUDGET_EXCEEDED");

    [Fact]
    public void what_is_left_is_told()
    {
        var state = Given(Opened, new BudgetCommitted(Id, First, 400)).When(Committing(Second, 250)).Then(
            new BudgetCommitted(Id, Second, 250))!;
        Assert.Equal<UInt256>([650, 350], [state.CommittedTotal, state.BudgetLeft]);
        var refusal = FundingProgram.Decide(new CommitBudget(Keccak256.Hash("third award"), 351), state).Rejection;
        Assert.Equal(new BudgetExceeded(351, 350), refusal);
    }

    [Fact]
    public void the_awards_of_a_program_never_sum_to_more_than_its_budget() => Seeded.Check(
        Gen.Select(Gen.ULong[1, 200], Gen.Select(Gen.Int[0, 9], Gen.ULong[0, 60]).Array[1, 25]),
        sample =>
        {
            var (budget, commitments) = sample;
            var state = FundingProgram.Evolve(null, Opened with { Budget = budget })!;
            var sums = new Dictionary<int, BigInteger>();
            foreach (var (award, amount) in commitments)
            {
                var decision = Committing(Keccak256.Hash($"award {award}"), amount)(state);
                state = decision.Events.Aggregate((FundingProgram?)state, FundingProgram.Evolve)!;
                state = JsonSerializer.Deserialize<FundingProgram>(JsonSerializer.Serialize(state))!;
                if (decision.IsAccepted)
                    sums[award] = amount;
                var sum = sums.Values.Aggregate(BigInteger.Zero, (total, one) => total + one);
                Assert.True(sum <= budget, $"{sum} of {budget} is committed.");
                Assert.Equal(sum, state.CommittedTotal.ToBigInteger());
                Assert.Equal(budget - sum, state.BudgetLeft.ToBigInteger());
            }
        });

    private static Func<FundingProgram?, Decision> Committing(Hash32 awardId, UInt256 amount) =>
        state => FundingProgram.Decide(new CommitBudget(awardId, amount), state);

    private static Spec<FundingProgram> Given(params object[] events) =>
        new Spec<FundingProgram>(FundingProgram.Evolve).Given(events);
}
