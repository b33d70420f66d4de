using Grants.Domain.Awards;
using Grants.Domain.Proposals;
using Grants.Primitives;

namespace Grants.Service.Reports;

/// <summary>How many proposals stand where, and what they ask for.</summary>
/// <param name="RequestedAmount">Base units, summed; null where the sum is above 2^256 - 1.</param>
public sealed record FunnelStep(ProposalState State, int Proposals, UInt256? RequestedAmount);

/// <summary>How a program goes. Amounts are base units of its token.</summary>
/// <param name="Funnel">A step for every state in which there is a proposal, in the order of the states; drafts are private.</param>
/// <param name="Budget">What may be awarded in all.</param>
/// <param name="Committed">Set aside for awards.</param>
/// <param name="Released">Paid, on the finalized chain.</param>
/// <param name="ClawedBack">Back in the treasury, on the finalized chain.</param>
/// <param name="Remaining">Awarded, and neither paid nor back.</param>
/// <param name="MilestonesDue">Milestones whose deadline is over.</param>
/// <param name="MilestonesOnTime">Those of them with evidence that was taken before it and not sent back.</param>
public sealed record ProgramFigures(
    IReadOnlyList<FunnelStep> Funnel,
    UInt256 Budget,
    UInt256 Committed,
    UInt256 Released,
    UInt256 ClawedBack,
    UInt256 Remaining,
    int MilestonesDue,
    int MilestonesOnTime)
{
    /// <summary>The part of the milestones due that came on time, rounded down; null where none was due.</summary>
    public BasisPoints? OnTimeShare =>
        MilestonesDue == 0 ? null : new BasisPoints((int)((long)MilestonesOnTime * BasisPoints.Whole / MilestonesDue));

    /// <param name="records">Of the program.</param>
    /// <param name="at">Seconds since 1970.</param>
    public static ProgramFigures Of(ProgramRecords records, long at)
    {
        var due = records.Awards.SelectMany(award => award.Milestones).Where(milestone => milestone.Terms.DueAt <= at).ToList();
        return new ProgramFigures(
            [.. records.Proposals.GroupBy(proposal => proposal.State).OrderBy(group => group.Key).Select(StepOf)],
            records.Program.Terms.Budget,
            records.Program.CommittedTotal,
            SumOf(records.Awards, award => award.Released),
            SumOf(records.Awards, award => award.ClawedBack),
            SumOf(records.Awards, award => award.Remaining),
            due.Count,
            due.Count(milestone => milestone.Status is MilestoneStatus.Submitted or MilestoneStatus.Accepted));
    }

    // Anybody may ask for 2^256 - 1, so what proposals ask for may have no sum; what was awarded is within the budget.
    private static FunnelStep StepOf(IGrouping<ProposalState, Proposal> group)
    {
        var sum = group.Aggregate(
            System.Numerics.BigInteger.Zero, (total, proposal) => total + proposal.Content.RequestedAmount.ToBigInteger());
        return new FunnelStep(group.Key, group.Count(), sum <= UInt256.MaxValue.ToBigInteger() ? new UInt256(sum) : null);
    }

    private static UInt256 SumOf(IEnumerable<Award> awards, Func<Award, UInt256> amount) =>
        awards.Aggregate(UInt256.Zero, (sum, award) => sum + amount(award));
}
