using Grants.Domain.Governors;
using Grants.Domain.Proposals;
using Grants.Primitives;
using Grants.Service.Governors.Following;
using Grants.Service.Ingestion;
using Marten;
using Wolverine;

namespace Grants.Service.Governors;

public static class GovernorsReactions
{
    /// <summary>A governor's contracts are watched from the block on that its manager names.</summary>
    public static async Task Handle(GovernorRegistered governor, ChainWatches watches, CancellationToken cancellation)
    {
        Address[] contracts = governor.TimelockKind == TimelockKind.Controller
            ? [governor.Governor, governor.Token, governor.Timelock]
            : [governor.Governor, governor.Token];
        foreach (var contract in contracts)
            await watches.WatchAsync(governor.ChainId, contract, governor.FromBlock, cancellation);
    }

    public static Task<OutgoingMessages> Handle(
        GovernorProposalExecuted executed, IDocumentSession session, CancellationToken cancellation) =>
        ApprovalsAsync(executed.Proposal, session, cancellation);

    /// <summary>A timelock carries out what waits in it for anybody, without the governor. With it, the governor says so as well.</summary>
    public static async Task<OutgoingMessages> Handle(
        GovernorOperationChanged changed, IDocumentSession session, CancellationToken cancellation) =>
        changed.State == OperationState.Done
        && await session.LoadAsync<GovernorProposal>(changed.Proposal.StreamId(), cancellation) is { Executed: null }
            ? await ApprovalsAsync(changed.Proposal, session, cancellation)
            : [];

    /// <summary>What is linked may be carried out already.</summary>
    public static Task<OutgoingMessages> Handle(ApplicationLinked linked, IDocumentSession session, CancellationToken cancellation) =>
        ApprovalsAsync(linked.Proposal, session, cancellation);

    private static async Task<OutgoingMessages> ApprovalsAsync(
        GovernorProposalKey key, IDocumentSession session, CancellationToken cancellation)
    {
        var approvals = new OutgoingMessages();
        if (await session.LoadAsync<GovernorProposal>(key.StreamId(), cancellation) is not { Links.Count: > 0 } proposal
            || await session.LoadAsync<Governor>(proposal.GovernorId, cancellation) is not { } governor)
            return approvals;
        await session.BeginTransactionAsync(cancellation);
        var progress = await GovernorStore.ProgressAsync(
            session.Connection, session.TenantId, key.ChainId, key.Governor, cancellation);
        if (progress?.Followed is not { } block
            || GovernorState.Of(proposal, governor, block) != GovernorProposalState.Executed
            || EvidenceOf(proposal, governor) is not var (evidence, at))
            return approvals;
        approvals.AddRange(proposal.Links.Select(link => new ApproveOnChain(
            link.ApplicationId, link.ContentHash, key.ChainId, key.Governor, key.ProposalId, evidence, at)));
        return approvals;
    }

    private static (EventKey Evidence, DateTimeOffset At)? EvidenceOf(GovernorProposal proposal, Governor governor) =>
        proposal.Executed is { } executed ? (executed.Evidence, executed.At)
        : proposal.OperationAt(governor.Timelock, proposal.OperationId) is { } done ? (done.Evidence, done.At)
        : null;
}
