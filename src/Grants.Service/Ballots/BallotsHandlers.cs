using Grants.Domain;
using Grants.Domain.Programs;
using Grants.Domain.Proposals;
using Grants.Primitives;
using Grants.Service.Hosting;
using Grants.Service.Ingestion;
using Grants.Service.VotingPower;
using Marten;
using Wolverine;

namespace Grants.Service.Ballots;

/// <summary>
/// Opens the vote on a submitted proposal, or the re-vote on a rejected one, with the voting power of the last finalized block.
/// </summary>
public sealed record StartVoting(Hash32 ProposalId, Address Actor);

public static class BallotsHandlers
{
    public static async Task<(CommandResult, OutgoingMessages)> Handle(
        StartVoting command, IDocumentSession session, ChainView chain, PowerStore powers, TimeProvider clock,
        CancellationToken cancellation)
    {
        var messages = new OutgoingMessages();
        var proposal = await session.LoadAsync<Proposal>(Proposal.StreamId(command.ProposalId), cancellation);
        if (proposal is null)
            return (new NotFound("proposal"), messages);
        if (proposal.State == ProposalState.Voting)
            return (CommandResult.Done, messages);
        var program = (await session.LoadAsync<FundingProgram>(proposal.ProgramId, cancellation))!.TermsOf(proposal.ProgramVersion);
        var rules = proposal.RulesOfNextVote(program.VotingRules) ?? program.VotingRules;
        if (await chain.HeadsAsync(program.ChainId, cancellation) is not { Promoted: var block })
            return (new PowerNotIndexed(rules.Power.Contracts().FirstOrDefault()), messages);
        var (power, missing) = await powers.MaterialiseAsync(
            program.ChainId, rules.Power, program.WatchFromBlock, block, cancellation);
        if (power is null)
            return (missing!, messages);
        // Whole milliseconds, so that the event and the row say the same.
        var at = DateTimeOffset.FromUnixTimeMilliseconds(clock.GetUtcNow().ToUnixTimeMilliseconds());
        var open = new OpenVoting(
            command.ProposalId, program.VotingRules, block, power.Snapshot.Root, power.Snapshot.Total, power.Supply,
            power.Snapshot.Accounts.Length, command.Actor, at);
        VotingOpened? opened = null;
        var result = await session.DecideAsync<Proposal>(
            proposal.Id,
            state =>
            {
                var decision = Proposal.Decide(open, state);
                opened = decision.Events.OfType<VotingOpened>().SingleOrDefault();
                return decision;
            },
            cancellation);
        if (opened is null)
            return (result, messages);
        PowerStore.Store(session, opened.VoteId, power);
        BallotStore.Open(session, opened);
        messages.Schedule(new CertifyVoting(command.ProposalId, opened.VoteId), opened.ClosesAt);
        return (result, messages);
    }
}
