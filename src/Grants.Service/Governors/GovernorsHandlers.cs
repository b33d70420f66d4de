using Grants.Domain.Governors;
using Grants.Domain.Proposals;
using Grants.Primitives;
using Grants.Service.Governors.Following;
using Grants.Service.Hosting;
using Marten;
using Wolverine.Attributes;

namespace Grants.Service.Governors;

/// <summary>Take a governor further, if its contracts are complete.</summary>
public sealed record FollowGovernor(long ChainId, Address Governor);

public static class GovernorsHandlers
{
    public static async Task<CommandResult> Handle(RegisterGovernor command, IDocumentSession session, CancellationToken cancellation)
    {
        var streamId = Governor.StreamId(command.ChainId, command.Governor);
        var stream = await session.Events.FetchForWriting<Governor>(streamId, cancellation);
        var decision = Governor.Decide(command, stream.Aggregate);
        foreach (var registered in decision.Events.Cast<GovernorRegistered>())
        {
            stream.AppendOne(registered);
            GovernorStore.Begin(session, registered);
        }

        return new CommandResult(decision.Rejection);
    }

    /// <summary>Piece by piece, so that no transaction is long.</summary>
    [Transactional]
    public static async Task<FollowGovernor?> Handle(
        FollowGovernor message, IDocumentSession session, GovernorFollowing following, CancellationToken cancellation) =>
        await following.StepAsync(message.ChainId, message.Governor, session, cancellation) ? message : null;

    public static Task<CommandResult> Handle(NameApprover command, IDocumentSession session, CancellationToken cancellation) =>
        session.DecideAsync<ProgramApprover>(
            ProgramApprover.StreamId(command.ProgramId), approver => ProgramApprover.Decide(command, approver), cancellation);

    public static async Task<CommandResult> Handle(LinkApplication command, IDocumentSession session, CancellationToken cancellation) =>
        await session.DecideAsync<GovernorProposal>(
            command.Proposal.StreamId(), proposal => GovernorProposal.Decide(command, proposal), cancellation);

    /// <summary>Takes what a governor carried out as the approval of a proposal. What stands against it is for a person.</summary>
    public static async Task<CommandResult> Handle(
        ApproveOnChain command, IDocumentSession session, ILogger<Proposal> log, CancellationToken cancellation)
    {
        var streamId = Proposal.StreamId(command.ProposalId);
        var proposal = await session.LoadAsync<Proposal>(streamId, cancellation);
        if (Proposal.Decide(command, proposal).Rejection is { } refusal)
        {
            log.LogError(
                "Proposal {ProposalId} is approved by {Governor} but stays as it is: {Reason}",
                command.ProposalId,
                command.Governor,
                refusal.Message);
            return refusal;
        }

        await session.DecideOnEvidenceAsync<Proposal>(
            streamId, Proposal.Evolve, [(command.Evidence, state => Proposal.Decide(command, state))], cancellation);
        return CommandResult.Done;
    }
}
