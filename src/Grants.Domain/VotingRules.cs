using Grants.Primitives;

namespace Grants.Domain;

/// <summary>The rules of a vote. Part of the program; frozen in the proposal when voting opens.</summary>
/// <param name="System">The voting system and its version. <c>basic@1</c>: for, against, abstain.</param>
/// <param name="Quorum">The least sum of for and abstain, in base units of voting power.</param>
/// <param name="Threshold">The least share of for in for and against, compared exactly (>=).</param>
/// <param name="VotingPeriodSeconds">How long ballots are taken.</param>
/// <param name="PowerToken">The ERC-20 token whose balance at the snapshot block is the power: <c>erc20-balance</c>.</param>
public sealed record VotingRules(string System, UInt256 Quorum, BasisPoints Threshold, long VotingPeriodSeconds, Address PowerToken)
{
    /// <summary>The one voting system so far: for, against, abstain.</summary>
    public const string Basic = "basic@1";

    /// <summary>Ten years: nobody means more.</summary>
    public const long VotingPeriodSecondsMax = 10L * 365 * 86_400;

    /// <summary>The first thing wrong with these rules, or null.</summary>
    public Rejection? Validate()
    {
        if (System != Basic)
            return new InvalidValue("votingRules.system", $"The voting system must be {Basic}.");
        if (VotingPeriodSeconds is <= 0 or > VotingPeriodSecondsMax)
            return new InvalidValue("votingRules.votingPeriodSeconds", $"Must be 1 to {VotingPeriodSecondsMax} seconds.");
        if (Threshold.Value == 0)
            return new InvalidValue("votingRules.thresholdBasisPoints", "Must be above zero: nothing would ever be rejected.");
        return PowerToken.IsZero ? new InvalidValue("votingRules.powerToken", "The zero address is no token.") : null;
    }
}
