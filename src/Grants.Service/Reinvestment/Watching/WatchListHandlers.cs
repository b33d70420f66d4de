using Grants.Domain.Reinvestment.Watching;
using Grants.Service.Hosting;
using Grants.Primitives;
using Grants.Service.Ingestion;
using Grants.Service.Ingestion.Retention;
using Marten;

namespace Grants.Service.Reinvestment.Watching;

public static class WatchListHandlers
{
    public static Task<CommandResult> Handle(ListVenue command, IDocumentSession session, CancellationToken cancellation) =>
        session.DecideAsync<WatchList>(WatchList.StreamId, list => WatchList.Decide(command, list), cancellation);

    public static Task<CommandResult> Handle(LabelAddress command, IDocumentSession session, CancellationToken cancellation) =>
        session.DecideAsync<WatchList>(WatchList.StreamId, list => WatchList.Decide(command, list), cancellation);

    // Its past is read from its block on, in pieces between the other work; who is watched already goes on being so.
    public static Task Handle(
        VenueListed listed, ChainIdentity chain, ChainWatches watches, ChainRecalls recalls, CancellationToken cancellation) =>
        LookBackAsync(listed.Venue.Address, listed.FromBlock, chain, watches, recalls, cancellation);

    public static Task Handle(
        AddressLabelled labelled, ChainIdentity chain, ChainWatches watches, ChainRecalls recalls, CancellationToken cancellation) =>
        LookBackAsync(labelled.Label.Address, labelled.FromBlock, chain, watches, recalls, cancellation);

    // A flow is told by its whole transaction: whatever else was let go since that block is read again.
    private static async Task LookBackAsync(
        Address address, long from, ChainIdentity chain, ChainWatches watches, ChainRecalls recalls, CancellationToken cancellation)
    {
        await watches.WatchAsync(chain.ChainId, address, from, cancellation);
        await recalls.AskAsync(chain.ChainId, from, cancellation);
    }
}
