using System.Text.Json;
using CsCheck;
using Grants.Domain.Proposals;
using Grants.Primitives;
using Xunit;
using static Grants.Domain.Tests.Programs.AProgram;
using static Grants.Domain.Tests.Proposals.AProposal;

namespace Grants.Domain.Tests.Proposals.Model;

/// <summary>Whatever people try in whatever order, a proposal does what the naive model does.</summary>
public sealed class ProposalMachineTests
{
    private static readonly Address[] Reviewers = [Named("r1"), Named("r2"), Named("r3"), Named("r4"), Named("nobody")];

    private static readonly VotingRules Voting = Programs.AProgram.Rules with { VotingPeriodSeconds = ProposalModel.VotingHours * 3_600 };

    private static readonly Gen<Act> Acts = Gen.Select(
        Gen.Frequency<ActKind>(
            (1, Gen.OneOf(ActKind.Draft, ActKind.Withdraw, ActKind.Cancel)),
            (6, Gen.OneOf(ActKind.Revise, ActKind.Submit, ActKind.OpenVoting, ActKind.CloseVoting)),
            (2, Gen.Const(ActKind.DeclareConflict)),
            (9, Gen.OneOf(ActKind.Review, ActKind.Review, ActKind.RequestChanges, ActKind.Appeal, ActKind.DecideAppeal))),
        Gen.Frequency<int>((3, Gen.Const(0)), (4, Gen.Int[0, 4])),
        Gen.Int[0, 2],
        Gen.Bool,
        Gen.Int[0, 2],
        (kind, who, text, says, hours) => new Act(kind, who, text, says, hours));

    [Fact]
    public void a_proposal_does_what_the_model_does_and_what_is_refused_changes_nothing()
    {
        var reached = new HashSet<string>();
        Seeded.Check(
            Gen.Select(Gen.OneOf<ReviewStage?>(null, ReviewStage.Screening, ReviewStage.Decision), Acts.Array[5, 40]),
            sample => Play(sample.Item1, [new Act(ActKind.Draft, 0, 0, true, 0), .. sample.Item2], reached),
            samples: 3_000);

        // A path that was never taken proves nothing.
        string[] refusals =
        [
            "NOT_FOUND", "PROPOSAL_EXISTS", "STALE_REVISION", "WRONG_PROPOSAL_STATE", "NOT_UNDER_REVIEW", "FORBIDDEN",
            "CONFLICT_OF_INTEREST", "COMMITTEE_IN_CONFLICT", "APPEAL_CLOSED", "REVIEW_COMES_FIRST", "VOTING_STILL_OPEN",
        ];
        Assert.Empty(refusals.Concat(Enum.GetNames<ProposalState>()).Except(reached));
    }

    private static void Play(ReviewStage? stage, IEnumerable<Act> acts, HashSet<string> reached)
    {
        var model = new ProposalModel(stage);
        var rules = stage is { } kind ? new ReviewRules(kind, [.. Reviewers[..4]], [], 2, ProposalModel.AppealHours * 3_600) : null;
        Proposal? state = null;
        long now = 0;
        foreach (var act in acts)
        {
            now += act.Hours;
            var decision = Decide(act, state, rules, AProgramAt(now));
            var code = model.Try(act, now);
            Assert.Equal(code, decision.Rejection?.Code);
            state = decision.Events.Aggregate(state, Proposal.Evolve);
            Assert.Equal((model.State, model.Revision), (state?.State, state?.Revision ?? 0));
            Assert.Equal(state, JsonSerializer.Deserialize<Proposal>(JsonSerializer.Serialize(state)));
            if (code is not null)
                Assert.Empty(decision.Events);
            else
                Assert.Empty(Decide(act, state, rules, AProgramAt(now)).Events);
            reached.Add(code ?? state!.State.ToString());
        }
    }

    private static Decision Decide(Act act, Proposal? state, ReviewRules? rules, DateTimeOffset at)
    {
        var who = act.Who == 0 ? Ada : Bo;
        return act.Kind switch
        {
            ActKind.Draft => Proposal.Decide(
                new DraftProposal(AProposal.Id, Programs.AProgram.Id, who, TextOf(act.Text), 1_000, [], at), state),
            ActKind.Revise => Proposal.Decide(
                new ReviseProposal(AProposal.Id, who, TextOf(act.Text), 1_000, [], at, (state?.Revision ?? 0) + (act.Says ? 0 : 1)), state),
            ActKind.Submit => Proposal.Decide(new SubmitProposal(AProposal.Id, who, Facts with { Review = rules }, at), state),
            ActKind.Withdraw => Proposal.Decide(new WithdrawProposal(AProposal.Id, who, at), state),
            ActKind.Cancel => Proposal.Decide(new CancelProposal(AProposal.Id, Manager, "Spam.", at), state),
            ActKind.Review => Proposal.Decide(ReviewBy(act, state, at), state),
            ActKind.RequestChanges => Proposal.Decide(new RequestChanges(AProposal.Id, Reviewers[act.Who], "More.", at), state),
            ActKind.DeclareConflict => Proposal.Decide(new DeclareConflict(AProposal.Id, Reviewers[act.Who], "A friend.", at), state),
            ActKind.Appeal => Proposal.Decide(new AppealProposal(AProposal.Id, who, "Look again.", at), state),
            ActKind.DecideAppeal => Proposal.Decide(new DecideAppealOfProposal(AProposal.Id, Manager, act.Says, "So be it.", at), state),
            ActKind.OpenVoting => Proposal.Decide(
                new OpenVoting(AProposal.Id, Voting, SnapshotBlock, PowerRoot, 20_000, 25_000, 3, Manager, at), state),
            _ => Proposal.Decide(new CloseVoting(AProposal.Id, act.Says ? Passed : Failed, at), state),
        };
    }

    private static RecordReview ReviewBy(Act act, Proposal? state, DateTimeOffset at) => new(
        AProposal.Id,
        Reviewers[act.Who],
        state?.ContentHash ?? default,
        act.Says ? Verdict.Approve : Verdict.Reject,
        [],
        "So I think.",
        at);

    private static ProposalContent TextOf(int text) => Content with
    {
        Title = $"Text {text}", Recipient = Ada, Conflicts = [new DeclaredConflict(Reviewers[3], "A cousin.")],
    };

    private static DateTimeOffset AProgramAt(long hours) => At.AddHours(hours);
}
