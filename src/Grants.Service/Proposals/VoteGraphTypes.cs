using Grants.Domain;
using Grants.Domain.Proposals;
using Grants.Service.Api;
using Grants.Service.Programs;
using GraphQL.Types;

namespace Grants.Service.Proposals;

public sealed class QuorumFindingGraphType : ObjectGraphType<QuorumFinding>
{
    public QuorumFindingGraphType()
    {
        Name = "QuorumFinding";
        Field<NonNullGraphType<QuorumGraphType>>("quorum").Resolve(context => context.Source.Quorum);
        Field("needed", finding => finding.Needed).Description("Base units of power, or accounts.");
        Field("reached", finding => finding.Reached).Description("Base units of power, or accounts.");
        Field("isMet", finding => finding.IsMet);
    }
}

public sealed class CountingRoundGraphType : ObjectGraphType<CountingRound>
{
    public CountingRoundGraphType()
    {
        Name = "CountingRound";
        Field<NonNullGraphType<ListGraphType<NonNullGraphType<UInt256Scalar>>>>("scores")
            .Description("By choice, base units.")
            .Resolve(context => context.Source.Scores);
        Field<NonNullGraphType<ListGraphType<NonNullGraphType<IntGraphType>>>>("eliminated")
            .Description("The choices that leave after this round.")
            .Resolve(context => context.Source.Eliminated);
        Field("exhausted", round => round.Exhausted).Description("Power of ballots that name no choice that is still in, base units.");
    }
}

public sealed class ChoiceScoreGraphType : ObjectGraphType<ChoiceScore>
{
    public ChoiceScoreGraphType()
    {
        Name = "ChoiceScore";
        Field("choice", score => score.Choice).Description("Its number, from 1.");
        Field("label", score => score.Label);
        Field<NonNullGraphType<StringGraphType>>("score")
            .Description("Exact: n, or n/d in lowest terms; base units of power where the system has no unit of its own.")
            .Resolve(context => context.Source.Score.ToString());
    }
}

/// <summary>A choice, what it is called and what it scored.</summary>
public sealed record ChoiceScore(int Choice, string Label, Primitives.Rational Score);

/// <summary>An outcome with the rules that it was reached under: live, or certified.</summary>
public sealed record OutcomeUnderRules(VotingRules Rules, VotingOutcome Outcome);

public sealed class VotingOutcomeGraphType : ObjectGraphType<OutcomeUnderRules>
{
    public VotingOutcomeGraphType()
    {
        Name = "VotingOutcome";
        Description = "What the ballots come to under the rules. Voting power in base units.";
        Field<NonNullGraphType<ListGraphType<NonNullGraphType<ChoiceScoreGraphType>>>>("scores").Resolve(context =>
            context.Source.Outcome.Count.Scores.Select((score, i) => new ChoiceScore(i + 1, context.Source.Rules.Choices[i], score)));
        Field("power", source => source.Outcome.Count.Power).Description("The power of all ballots that count.");
        Field("voters", source => source.Outcome.Count.Voters).Description("Accounts counted, once each.");
        Field<IntGraphType>("winner")
            .Description("The number of the choice that won; null where none did or the best are tied.")
            .Resolve(context => context.Source.Outcome.Count.Winner is var winner and > 0 ? winner : null);
        Field<NonNullGraphType<ListGraphType<NonNullGraphType<QuorumFindingGraphType>>>>("quorums")
            .Resolve(context => context.Source.Outcome.Quorums);
        Field("quorumMet", source => source.Outcome.QuorumMet).Description("All quorums are met.");
        Field("thresholdMet", source => source.Outcome.ThresholdMet);
        Field("isApproved", source => source.Outcome.IsApproved);
        Field("reason", source => source.Outcome.Reason).Description("Why, in a sentence.");
        Field("explanation", source => source.Outcome.Count.Derivation.Explanation).Description("How the count came about.");
        Field<NonNullGraphType<ListGraphType<NonNullGraphType<CountingRoundGraphType>>>>("rounds")
            .Description("Of a system that has rounds.")
            .Resolve(context => context.Source.Outcome.Count.Derivation.Rounds);
        Field<NonNullGraphType<ListGraphType<NonNullGraphType<ListGraphType<NonNullGraphType<UInt256Scalar>>>>>>("pairwise")
            .Description("Row over column, the power that prefers the one to the other; of a system that compares pairs.")
            .Resolve(context => context.Source.Outcome.Count.Derivation.Pairwise);
    }
}

public sealed class VoteGraphType : ObjectGraphType<VotingRound>
{
    public VoteGraphType()
    {
        Name = "Vote";
        Description = "A vote on a proposal, with the rules and facts frozen when it opened.";
        Field("voteId", vote => vote.Opened.VoteId).Description("What ballots name as their proposal.");
        Field("round", vote => vote.Opened.Round).Description("1, and 2 for the re-vote.");
        Field<NonNullGraphType<VotingRulesGraphType>>("rules").Resolve(context => context.Source.Opened.Rules);
        Field("snapshotBlock", vote => vote.Opened.SnapshotBlock).Description("The finalized block at which voting power was read.");
        Field("powerRoot", vote => vote.Opened.PowerRoot).Description("Merkle root of all voting power.");
        Field("totalPower", vote => vote.Opened.TotalPower).Description("Base units.");
        Field("supply", vote => vote.Opened.Supply).Description("What a quorum by share is a share of, base units.");
        Field("accounts", vote => vote.Opened.Voters).Description("Accounts with power.");
        Field("opensAt", vote => vote.Opened.OpensAt);
        Field("closesAt", vote => vote.ClosesAt).Description("Ballots are taken until before this instant.");
        Field<VotingOutcomeGraphType>("outcome")
            .Description("The certified outcome; null while the vote is open.")
            .Resolve(context => context.Source.Result is { } result
                ? new OutcomeUnderRules(context.Source.Opened.Rules, result.Outcome)
                : null);
        Field<LongGraphType>("ballotCount")
            .Description("Ballots accepted in all, replaced ones included; null while the vote is open.")
            .Resolve(context => context.Source.Result?.BallotCount);
        Field<Bytes32Scalar>("ballotRoot")
            .Description("Root of the tree (RFC 6962) of exactly this vote's ballots; null while the vote is open.")
            .Resolve(context => context.Source.Result?.BallotRoot);
    }
}
