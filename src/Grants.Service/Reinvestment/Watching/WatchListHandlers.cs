using Grants.Domain.Reinvestment.Watching;
using Grants.Service.Hosting;
using Grants.Service.Ingestion;
using Marten;

namespace Grants.Service.Reinvestment.Watching;

public static class WatchListHandlers
{
    public static Task<CommandResult> Handle(ListVenue command, IDocumentSession session, CancellationToken cancellation) =>
        session.DecideAsync<WatchList>(WatchList.StreamId, list => WatchList.Decide(command, list), cancellation);

    public static Task<CommandResult> Handle(LabelAddress command, IDocumentSession session, CancellationToken cancellation) =>
        session.DecideAsync<WatchList>(WatchList.StreamId, list => WatchList.Decide(command, list), cancellation);

    // Its past is read from its block on, in pieces between the other work; who is watched already goes on being so.
    public static Task Handle(VenueListed listed, ChainIdentity chain, ChainWatches watches, CancellationToken cancellation) =>
        watches.WatchAsync(chain.ChainId, listed.Venue.Address, listed.FromBlock, cancellation);

    public static Task Handle(AddressLabelled labelled, ChainIdentity chain, ChainWatches watches, CancellationToken cancellation) =>
        watches.WatchAsync(chain.ChainId, labelled.Label.Address, labelled.FromBlock, cancellation);
}
