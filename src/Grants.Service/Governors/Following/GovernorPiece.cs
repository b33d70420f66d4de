using Grants.Domain;
using Grants.Domain.Governors;
using Grants.Primitives;
using Grants.Service.Hosting;
using Marten;

namespace Grants.Service.Governors.Following;

/// <summary>The proposals' part of a piece: each proposal's facts go to its own stream, with its quorum where that is due.</summary>
/// <param name="governor">As the piece leaves it.</param>
/// <param name="end">The block at which the piece ends.</param>
internal sealed class GovernorPiece(IDocumentSession session, Governor governor, BlockRef end)
{
    private readonly Dictionary<GovernorProposalKey, List<(EventKey Evidence, Func<GovernorProposal?, Decision> Decide)>> facts = [];

    /// <summary>Records the facts, which are in the order of the chain.</summary>
    /// <returns>The first snapshot that is still to come, or null.</returns>
    public async Task<long?> RecordAsync(IReadOnlyList<GovernorFact> all, CancellationToken cancellation)
    {
        var created = all.OfType<GovernorFact.OfCreation>().Select(fact => fact.Created).DistinctBy(one => one.Proposal).ToList();
        await GovernorStore.AddOperationsAsync(
            session, [.. created.SelectMany(one => one.Operations.Select(id => (id, one.Proposal)))], cancellation);
        var owners = await GovernorStore.OperationsAsync(
            session,
            governor.Terms.ChainId,
            governor.Terms.Governor,
            all.OfType<GovernorFact.OfOperation>().Select(fact => fact.OperationId),
            cancellation);
        foreach (var fact in all)
            Add(fact, owners);

        var awaiting = (await session.Query<GovernorProposal>()
                .Where(proposal => proposal.GovernorId == governor.Id && proposal.AwaitedSnapshot != null)
                .ToListAsync(cancellation))
            .Select(proposal => (proposal.Key, proposal.Created.Snapshot, proposal.Created.Evidence))
            .Concat(created.Select(one => (one.Proposal, one.Snapshot, one.Evidence)))
            .DistinctBy(one => one.Item1)
            .ToList();
        await FixQuorumsAsync(awaiting, cancellation);
        foreach (var (proposal, itsFacts) in facts)
            await session.DecideOnEvidenceAsync(proposal.StreamId(), GovernorProposal.Evolve, itsFacts, cancellation);
        return awaiting.Where(one => !IsOver(one.Snapshot)).Select(one => (long?)one.Snapshot).Min();
    }

    private void Add(GovernorFact fact, Dictionary<Hash32, GovernorProposalKey> owners)
    {
        switch (fact)
        {
            case GovernorFact.OfCreation creation:
                FactsOf(creation.Created.Proposal).Add(
                    (creation.Evidence, state => GovernorProposal.Decide(creation.Created, state)));
                break;
            case GovernorFact.OfProposal its:
                FactsOf(its.Proposal).Add((its.Evidence, its.Decide));
                break;
            case GovernorFact.OfOperation operation when owners.TryGetValue(operation.OperationId, out var owner):
                FactsOf(owner).Add((operation.Evidence, state => operation.Decide(owner, state)));
                break;
        }
    }

    // Every log up to the end of the piece is known, the token's included: what the supply was at a snapshot before that is final.
    private async Task FixQuorumsAsync(
        IReadOnlyList<(GovernorProposalKey Proposal, long Snapshot, EventKey Created)> awaiting, CancellationToken cancellation)
    {
        var due = awaiting.Where(one => IsOver(one.Snapshot)).ToList();
        if (due.Count == 0)
            return;
        var known = governor.Terms.KnownSupply;
        var changes = await VotesToken.SupplyChangesAsync(
            session.Connection,
            governor.Terms,
            Math.Min(known.Timepoint, due.Min(one => one.Snapshot)),
            Math.Max(known.Timepoint, due.Max(one => one.Snapshot)),
            cancellation);
        foreach (var (proposal, snapshot, evidence) in due)
        {
            var supply = SnapshotQuorum.SupplyAt(snapshot, known, changes);
            var command = new FixGovernorQuorum(proposal, governor.QuorumAt(snapshot, supply));
            FactsOf(proposal).Add((evidence, state => GovernorProposal.Decide(command, state)));
        }
    }

    private bool IsOver(long snapshot) => snapshot < governor.Terms.Clock.At(end);

    private List<(EventKey Evidence, Func<GovernorProposal?, Decision> Decide)> FactsOf(GovernorProposalKey proposal) =>
        facts.TryGetValue(proposal, out var its) ? its : facts[proposal] = [];
}
