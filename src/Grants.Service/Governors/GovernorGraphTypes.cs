using Grants.Domain.Governors;
using Grants.Primitives;
using Grants.Service.Api;
using Grants.Service.Api.History;
using GraphQL.Types;

namespace Grants.Service.Governors;

/// <summary>A proposal with its governor, as of a block.</summary>
/// <param name="AsOf">Null while the governor's past is still being read.</param>
public sealed record GovernorProposalView(GovernorProposal Proposal, Governor Governor, BlockRef? AsOf);

/// <summary>A vote and its place in the proposal's stream.</summary>
public sealed record GovernorVoteView(long Version, GovernorVoteCast Vote);

public sealed class GovernorGraphType : ObjectGraphType<Governor>
{
    public GovernorGraphType()
    {
        Name = "Governor";
        Description = "A governor contract that is followed. Times are in units of its clock.";
        Field("chainId", governor => governor.Terms.ChainId);
        Field("address", governor => governor.Terms.Governor);
        Field("name", governor => governor.Terms.Name);
        Field("token", governor => governor.Terms.Token).Description("Whose votes count.");
        Field<NonNullGraphType<EnumerationGraphType<GovernorClock>>>("clock").Resolve(context => context.Source.Terms.Clock);
        Field<NonNullGraphType<EnumerationGraphType<VoteChoices>>>("choices").Resolve(context => context.Source.Terms.Counting.Choices);
        Field("abstainCounts", governor => governor.Terms.Counting.AbstainCounts).Description("Abstentions count towards the quorum.");
        Field<NonNullGraphType<EnumerationGraphType<TimelockKind>>>("timelockKind").Resolve(context => context.Source.Terms.TimelockKind);
        Field<AddressScalar>("timelock").Resolve(context => context.Source.Timelock.IsZero ? null : context.Source.Timelock);
        Field("quorumNumerator", governor => governor.Quorum.Latest).Description("Of the supply, for the snapshots to come.");
        Field("quorumDenominator", governor => governor.Terms.QuorumDenominator);
        Field<UInt256Scalar>("superQuorumNumerator")
            .Description("Votes for of this share of the supply end a vote at once; null where there is no such rule.")
            .Resolve(context => context.Source.SuperQuorum?.Latest);
        Field("votingDelay", governor => governor.Settings.VotingDelay);
        Field("votingPeriod", governor => governor.Settings.VotingPeriod);
        Field("proposalThreshold", governor => governor.Settings.ProposalThreshold).Description("Base units of votes.");
        Field("lateQuorumExtension", governor => governor.Settings.LateQuorumExtension);
        Field("timelockDelaySeconds", governor => governor.Settings.TimelockDelaySeconds);
        Field("fromBlock", governor => governor.Terms.FromBlock);
        Field("registeredBy", governor => governor.Terms.Actor);
        Field("registeredAt", governor => governor.Terms.At);
        Field<BlockRefGraphType>("asOf")
            .Description("The final block up to which everything is known; null while the past is still being read, and in a list of the "
                + "past.")
            .Resolve(context => AsOf.MomentOfRow(context) is null ? GovernorQueries.AsOf(context, context.Source) : null);
    }
}

public sealed class GovernorCallGraphType : ObjectGraphType<GovernorCall>
{
    public GovernorCallGraphType()
    {
        Name = "GovernorCall";
        Field("target", call => call.Target);
        Field("value", call => call.Value).Description("Base units of the native token.");
        Field("signature", call => call.Signature).Description("Mostly empty; old governors put this function before the data.");
        Field("calldata", call => call.Calldata).Description("Hexadecimal.");
    }
}

public sealed class VoteTallyGraphType : ObjectGraphType<VoteTally>
{
    public VoteTallyGraphType()
    {
        Name = "VoteTally";
        Description = "Base units of votes.";
        Field("against", votes => votes.Against);
        Field("for", votes => votes.For);
        Field("abstain", votes => votes.Abstain);
    }
}

public sealed class SnapshotQuorumGraphType : ObjectGraphType<SnapshotQuorum>
{
    public SnapshotQuorumGraphType()
    {
        Name = "SnapshotQuorum";
        Description = "What a governor's proposal needs, fixed by its snapshot. Base units of votes.";
        Field("supply", quorum => quorum.Supply);
        Field("numerator", quorum => quorum.Numerator);
        Field("denominator", quorum => quorum.Denominator);
        Field("needed", quorum => quorum.Needed);
        Field<UInt256Scalar>("superNeeded")
            .Description("The votes for that end the vote at once; null where there is no such rule.")
            .Resolve(context => context.Source.SuperNeeded);
    }
}

public sealed class GovernorVoteGraphType : ObjectGraphType<GovernorVoteView>
{
    public GovernorVoteGraphType()
    {
        Name = "GovernorVote";
        Description = "A vote on a governor's proposal. A voter may have several.";
        Field("voter", view => view.Vote.Voter);
        Field("support", view => view.Vote.Support).Description("0 against, 1 for, 2 abstain, 255 in shares.");
        Field("weight", view => view.Vote.Weight).Description("Base units, used up by this very vote.");
        Field<NonNullGraphType<VoteTallyGraphType>>("counted").Description("What it adds.").Resolve(context => context.Source.Vote.Counted);
        Field("isOverride", view => view.Vote.IsOverride).Description("A holder votes for itself, whatever its delegate does.");
        Field("reason", view => view.Vote.Reason);
        Field("evidence", view => view.Vote.Evidence);
    }
}

public sealed class ProgramApproverGraphType : ObjectGraphType<ProgramApprover>
{
    public ProgramApproverGraphType()
    {
        Name = "ProgramApprover";
        Description = "The governor whose executed proposals approve the proposals to a program.";
        Field("programId", approver => approver.ProgramId);
        Field("chainId", approver => approver.Governor.ChainId);
        Field("governor", approver => approver.Governor.Address);
    }
}
