using Grants.Domain;
using Grants.Primitives;

namespace Grants.Service.Tests.Ballots;

/// <summary>Rules of votes.</summary>
internal static class ARule
{
    /// <summary>For and against, three days, a simple majority, no quorum.</summary>
    public static VotingRules Simple { get; } = VotingRules.ForAndAgainst(
        [], Threshold.SimpleMajority, 3 * 86_400, PowerStrategy.BalanceOf(Address.Parse("0x00000000000000000000000000000000000000aa")));

    /// <summary>The same with a number of voters that must take part, and an hour more where they come late.</summary>
    public static VotingRules LateQuorum(int voters) => Simple with
    {
        Quorums = [new Quorum(QuorumKind.Voters, (UInt256)(ulong)voters)], LateQuorumExtensionSeconds = 3_600,
    };

    /// <summary>A system with three choices, of which the first approves.</summary>
    public static VotingRules Of(string system) => Simple with
    {
        System = system, Choices = ["build", "wait", "drop"], ApprovingChoices = [1], AbstainChoice = 0,
    };
}
