using Grants.Domain.Proposals;
using Grants.Service.Hosting;
using Marten;

namespace Grants.Service.Proposals;

public static class ProposalsHandlers
{
    public static Task<CommandResult> Handle(DraftProposal command, IDocumentSession session, CancellationToken cancellation) =>
        session.DecideAsync<Proposal>(
            Proposal.StreamId(command.ProposalId), proposal => Proposal.Decide(command, proposal), cancellation);

    public static Task<CommandResult> Handle(ReviseProposal command, IDocumentSession session, CancellationToken cancellation) =>
        session.DecideAsync<Proposal>(
            Proposal.StreamId(command.ProposalId), proposal => Proposal.Decide(command, proposal), cancellation);

    public static Task<CommandResult> Handle(ProveRecipient command, IDocumentSession session, CancellationToken cancellation) =>
        session.DecideAsync<Proposal>(
            Proposal.StreamId(command.ProposalId), proposal => Proposal.Decide(command, proposal), cancellation);

    public static Task<CommandResult> Handle(WithdrawProposal command, IDocumentSession session, CancellationToken cancellation) =>
        session.DecideAsync<Proposal>(
            Proposal.StreamId(command.ProposalId), proposal => Proposal.Decide(command, proposal), cancellation);

    public static Task<CommandResult> Handle(FlagProposal command, IDocumentSession session, CancellationToken cancellation) =>
        session.DecideAsync<Proposal>(
            Proposal.StreamId(command.ProposalId), proposal => Proposal.Decide(command, proposal), cancellation);

    public static Task<CommandResult> Handle(HideProposal command, IDocumentSession session, CancellationToken cancellation) =>
        session.DecideAsync<Proposal>(
            Proposal.StreamId(command.ProposalId), proposal => Proposal.Decide(command, proposal), cancellation);

    public static Task<CommandResult> Handle(ShowProposal command, IDocumentSession session, CancellationToken cancellation) =>
        session.DecideAsync<Proposal>(
            Proposal.StreamId(command.ProposalId), proposal => Proposal.Decide(command, proposal), cancellation);

    public static Task<CommandResult> Handle(CancelProposal command, IDocumentSession session, CancellationToken cancellation) =>
        session.DecideAsync<Proposal>(
            Proposal.StreamId(command.ProposalId), proposal => Proposal.Decide(command, proposal), cancellation);
}
