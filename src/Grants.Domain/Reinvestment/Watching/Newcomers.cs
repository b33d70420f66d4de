using Grants.Primitives;

namespace Grants.Domain.Reinvestment.Watching;

/// <summary>
/// A new wallet joins the award's: no log names it before this one, it has no code, and the award's wallets alone pay it. So a
/// fresh wallet of one's own is no way out, and no disposal either. Whoever else it is of can be labelled, and is then told as that.
/// </summary>
/// <param name="PaidBy">The wallet of the award that paid it, or the lock whose rewards it gets.</param>
/// <param name="Evidence">The transfer.</param>
public sealed record ClusterMemberAdded(Hash32 AwardId, Address Wallet, Address PaidBy, EventKey Evidence, BlockRef Block);

/// <summary>Who a transaction pays that nothing is known of.</summary>
public static class Newcomers
{
    /// <summary>Those that might be new wallets: whether they are, logs of before and the chain's code say.</summary>
    public static IReadOnlyList<Address> Of(IReadOnlyList<Observation> observations, AwardScope scope)
    {
        if (scope.Policy.Unknowns is null)
            return [];
        var transfers = observations.OfType<TokenTransferred>().Where(transfer => !transfer.Amount.IsZero).ToList();
        return
        [
            .. transfers.Where(transfer => scope.Owns(transfer.From) && scope.Counts(transfer.Token) && scope.IsStranger(transfer.To))
                .Select(transfer => transfer.To)
                .Distinct()
                .Where(address => transfers.All(transfer => transfer.From != address
                    && (transfer.To != address || scope.Owns(transfer.From)))),
        ];
    }

    internal static IReadOnlyList<ClusterMemberAdded> Joining(RecordTransaction command, AwardScope scope) =>
    [
        .. Of(command.Observations, scope).Where(address => command.Fresh?.Contains(address) == true).Select(address =>
        {
            var first = command.Observations.OfType<TokenTransferred>()
                .Where(transfer => transfer.To == address && scope.Owns(transfer.From) && scope.Counts(transfer.Token))
                .MinBy(transfer => transfer.Key.LogIndex)!;
            return new ClusterMemberAdded(command.AwardId, address, first.From, first.Key, command.Block);
        }),
    ];
}
