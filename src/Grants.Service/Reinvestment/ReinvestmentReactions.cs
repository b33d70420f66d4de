using Grants.Domain.Awards;
using Grants.Domain.Programs;
using Grants.Domain.Reinvestment;
using Grants.Domain.Reinvestment.Policies;
using Grants.Primitives;
using Grants.Service.Ingestion;
using Marten;
using Wolverine;

namespace Grants.Service.Reinvestment;

public static class ReinvestmentReactions
{
    /// <summary>What an adopted policy's contracts do on chain must be seen from the program's first block on.</summary>
    public static async Task Handle(
        PolicyAdopted adopted, IQuerySession session, ChainWatches watches, ChainView view, CancellationToken cancellation)
    {
        var program = (await session.LoadAsync<FundingProgram>(adopted.ProgramId, cancellation))!.Terms;
        var contracts = adopted.Policy.Venues.Select(venue => venue.Address).Concat(adopted.Policy.Labels.Select(label => label.Address));
        foreach (var contract in contracts.Distinct())
            await watches.WatchAsync(program.ChainId, contract, program.WatchFromBlock, cancellation);

        // No wallet there is linked yet: nothing of before matters.
        if (adopted.Policy.OtherChain is not { } other || await view.HeadsAsync(other.ChainId, cancellation) is not { } heads)
            return;
        foreach (var contract in other.Venues.Select(venue => venue.Address)
            .Concat(other.Labels.Select(label => label.Address)).Append(other.Token).Distinct())
            await watches.WatchAsync(other.ChainId, contract, heads.Promoted.Number, cancellation);
    }

    // --- A wallet may be a contract: what it says of its owners must be seen ---

    public static Task Handle(MonitoringStarted started, ChainIdentity chain, ChainWatches watches, CancellationToken cancellation) =>
        WatchAsync(started.Wallets, chain.ChainId, started.Block, watches, cancellation);

    public static Task Handle(WalletLinked linked, ChainIdentity chain, ChainWatches watches, CancellationToken cancellation) =>
        WatchAsync(
            [linked.Wallet], linked.Elsewhere?.ChainId ?? chain.ChainId, linked.Elsewhere?.Block ?? linked.Block, watches, cancellation);

    private static async Task WatchAsync(
        IEnumerable<WalletBalance> wallets, long chainId, BlockRef from, ChainWatches watches, CancellationToken cancellation)
    {
        foreach (var (wallet, _) in wallets)
            await watches.WatchAsync(chainId, wallet, from.Number, cancellation);
    }

    /// <summary>Who cannot be paid is not judged either: unless the pause is itself what a breach led to.</summary>
    public static OutgoingMessages Handle(VestingPaused paused) => SanctionApplied.IsReason(paused.Reason)
        ? []
        : [new PauseClock(paused.AwardId, paused.Reason, paused.FinalizedBlock)];

    public static ResumeClock Handle(VestingResumed resumed) => new(resumed.AwardId, resumed.Reason, resumed.FinalizedBlock);
}
