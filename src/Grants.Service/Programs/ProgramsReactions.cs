using Grants.Domain.Programs;
using Grants.Domain.Proposals;
using Grants.Primitives;
using Grants.Service.Ingestion;
using Marten;

namespace Grants.Service.Programs;

public static class ProgramsReactions
{
    /// <summary>What a program's contracts do on chain must be seen from the day it opens.</summary>
    public static Task Handle(ProgramOpened program, ChainWatches watches, CancellationToken cancellation) =>
        WatchAsync(program, watches, cancellation);

    /// <summary>An amendment may name other contracts.</summary>
    public static Task Handle(ProgramAmended amended, ChainWatches watches, CancellationToken cancellation) =>
        WatchAsync(amended.Terms, watches, cancellation);

    // --- A proposal that has ended makes room for another ---

    public static ReleaseSubmission Handle(ProposalApproved approved) => new(approved.ProgramId, approved.ProposalId, approved.At);

    public static Task<ReleaseSubmission> Handle(ProposalRejected rejected, IDocumentSession session, CancellationToken cancellation) =>
        ReleaseAsync(rejected.ProposalId, rejected.At, session, cancellation);

    public static Task<ReleaseSubmission> Handle(ProposalWithdrawn withdrawn, IDocumentSession session, CancellationToken cancellation) =>
        ReleaseAsync(withdrawn.ProposalId, withdrawn.At, session, cancellation);

    public static Task<ReleaseSubmission> Handle(ProposalCancelled cancelled, IDocumentSession session, CancellationToken cancellation) =>
        ReleaseAsync(cancelled.ProposalId, cancelled.At, session, cancellation);

    private static async Task<ReleaseSubmission> ReleaseAsync(
        Hash32 proposalId, DateTimeOffset at, IDocumentSession session, CancellationToken cancellation)
    {
        var proposal = (await session.LoadAsync<Proposal>(Proposal.StreamId(proposalId), cancellation))!;
        return new ReleaseSubmission(proposal.ProgramId, proposalId, at);
    }

    private static async Task WatchAsync(ProgramOpened program, ChainWatches watches, CancellationToken cancellation)
    {
        Address[] contracts =
        [
            program.Token,
            program.Vault,
            .. ContractsOfRecord(program),
            .. program.Policy.Venues.Select(venue => venue.Address),
            .. program.Policy.Labels.Select(label => label.Address),
        ];
        foreach (var contract in contracts.Distinct())
            await watches.WatchAsync(program.ChainId, contract, program.WatchFromBlock, cancellation);
    }

    /// <summary>Contracts whose past is asked for again and again.</summary>
    internal static IEnumerable<Address> ContractsOfRecord(ProgramOpened program) =>
    [
        .. program.Intake?.Deposit is { Token: var token } ? [token] : Array.Empty<Address>(),
        .. program.VotingRules.Power.Contracts(),
        .. program.VotingRules.Revote?.Power.Contracts() ?? [],
    ];
}
