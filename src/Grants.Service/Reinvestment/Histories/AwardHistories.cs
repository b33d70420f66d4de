using Grants.Domain.Awards;
using Grants.Domain.Reinvestment;
using Grants.Domain.Reinvestment.Policies;
using Grants.Domain.Reinvestment.Series;
using Grants.Domain.Reinvestment.Watching;
using Grants.Primitives;
using Marten;

namespace Grants.Service.Reinvestment.Histories;

/// <summary>What the wallets of recorded awards did, read from the events.</summary>
internal static class AwardHistories
{
    /// <summary>The awards of a program, or of all programs that pay a token; those that are not watched yet have no history.</summary>
    public static async Task<IReadOnlyList<AwardHistory>> LoadAsync(
        IQuerySession session, string? programId, Address? token, CancellationToken cancellation)
    {
        var awards = (await session.Query<Award>().ToListAsync(cancellation))
            .Where(award => programId is null ? award.Terms.Token == token : award.Terms.ProgramId == programId);
        var histories = new List<AwardHistory>();
        foreach (var award in awards)
        {
            var events = await session.Events.FetchStreamAsync(ReinvestmentMonitor.StreamId(award.Terms.AwardId), token: cancellation);
            if (Fold([.. events.Select(e => e.Data)]) is { } history)
                histories.Add(history);
        }

        return histories;
    }

    private static AwardHistory? Fold(IReadOnlyList<object> events)
    {
        MonitoringStarted? started = null;
        var own = UInt256.Zero;
        ValueList<WatchEntry> listed = [];
        foreach (var data in events)
        {
            switch (data)
            {
                case MonitoringStarted first:
                    started = first;
                    own = first.Wallets.Aggregate(own, (sum, wallet) => sum + wallet.Amount);
                    break;
                case WalletLinked linked:
                    own += linked.Wallet.Amount;
                    break;
                case FlowsRerun rerun:
                    listed = rerun.Entries;
                    break;
            }
        }

        return started is null ? null : new AwardHistory(
            started.AwardId,
            started.Token,
            WatchList.On(started.Policy, listed),
            own,
            [.. Rerun.FlowsOf(events).Select(classified => new PastFlow(classified.Flow, classified.Block))])
        {
            Moves = [.. events.OfType<FollowedFlowMoved>()],
        };
    }
}
