using Grants.Domain.Proposals;
using Grants.Service.Hosting;
using Marten;

namespace Grants.Service.Proposals.Reviews;

public static class ReviewHandlers
{
    public static Task<CommandResult> Handle(RecordReview command, IDocumentSession session, CancellationToken cancellation) =>
        session.DecideAsync<Proposal>(
            Proposal.StreamId(command.ProposalId), proposal => Proposal.Decide(command, proposal), cancellation);

    public static Task<CommandResult> Handle(RequestChanges command, IDocumentSession session, CancellationToken cancellation) =>
        session.DecideAsync<Proposal>(
            Proposal.StreamId(command.ProposalId), proposal => Proposal.Decide(command, proposal), cancellation);

    public static Task<CommandResult> Handle(DeclareConflict command, IDocumentSession session, CancellationToken cancellation) =>
        session.DecideAsync<Proposal>(
            Proposal.StreamId(command.ProposalId), proposal => Proposal.Decide(command, proposal), cancellation);

    public static Task<CommandResult> Handle(AppealProposal command, IDocumentSession session, CancellationToken cancellation) =>
        session.DecideAsync<Proposal>(
            Proposal.StreamId(command.ProposalId), proposal => Proposal.Decide(command, proposal), cancellation);

    public static Task<CommandResult> Handle(DecideAppealOfProposal command, IDocumentSession session, CancellationToken cancellation) =>
        session.DecideAsync<Proposal>(
            Proposal.StreamId(command.ProposalId), proposal => Proposal.Decide(command, proposal), cancellation);
}
