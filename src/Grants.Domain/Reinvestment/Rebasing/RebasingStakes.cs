using Grants.Primitives;

namespace Grants.Domain.Reinvestment.Rebasing;

/// <summary>
/// Stakes whose token rebases. They are held in shares: what comes back beyond the principal is yield, and the wallets' own. Where a
/// rebase leaves the shares worth less than was put in, the rest is lost, never sold.
/// </summary>
internal static class RebasingStakes
{
    /// <summary>Tokens that rebase round down by a base unit or two wherever they are moved: so much less is no loss.</summary>
    private static readonly UInt256 Dust = 10;

    public static ValueList<RebasingStake> Of(Ledger ledger, ReinvestmentPolicy policy) =>
    [
        .. ledger.Under(Convention.Floor).Positions
            .Where(position => policy.VenueAt(position.Venue)?.Kind == VenueKind.Rebasing && !position.Shares.IsZero)
            .Select(position => new RebasingStake(position.Venue, position.Shares, position.Grant + position.Own)),
    ];

    public static void ClassifySubmission(StakeSubmitted submitted, TransactionLegs transaction)
    {
        if (transaction.Shares(submitted.Venue, leg => leg.From.IsZero && leg.To == submitted.Sender && leg.Scaled is not null)
            is not { Scaled: { } scaled } minted)
            return;
        // A router stakes in its own name and hands on what it got.
        var received = transaction.Owns(submitted.Sender)
            ? minted
            : transaction.Shares(submitted.Venue, leg => leg.From == submitted.Sender && transaction.Owns(leg.To) && leg.Scaled == scaled);
        if (received is null || transaction.Fund(submitted.Venue, submitted.Amount) is not { } paid)
            return;
        transaction.Add(
            FlowKind.Open, submitted.Key, paid.Wallet, null, submitted.Venue, paid.Amount, received.TakeAll(),
            "Staked for a token that rebases.", scaled);
    }

    public static void ClassifyBurn(SharesBurned burned, TransactionLegs transaction)
    {
        if (!transaction.Owns(burned.Owner))
            return;
        transaction.Shares(burned.Venue, leg => leg.From == burned.Owner && leg.To.IsZero && leg.Scaled == burned.Shares)?.TakeAll();
        if (transaction.ReceiverOf(burned.Venue, burned.Amount) is not { } receiver)
        {
            transaction.Add(
                FlowKind.SharesOut, burned.Key, burned.Owner, Address.Zero, burned.Venue, UInt256.Zero, burned.Amount,
                "Shares were burnt, and nothing was paid for them.", burned.Shares);
            return;
        }

        transaction.Add(
            FlowKind.Close, burned.Key, burned.Owner, null, burned.Venue, burned.Amount, burned.Amount, "Unstaked.", burned.Shares);
        transaction.Deliver(burned.Key, burned.Venue, burned.Owner, receiver, burned.Amount);
    }

    public static void ClassifyLosses(IReadOnlyList<Observation> ordered, TransactionLegs transaction, AwardScope scope)
    {
        foreach (var rebase in ordered.OfType<TokenRebased>())
        {
            if (scope.Stakes.FirstOrDefault(stake => stake.Venue == rebase.Venue) is not { } stake)
                continue;
            var missing = UInt256.SubtractToZero(stake.Principal, stake.WorthAfter(rebase));
            if (missing > Dust)
            {
                transaction.Add(
                    FlowKind.Loss, rebase.Key, scope.Wallets[0], null, rebase.Venue, missing, UInt256.Zero,
                    "A rebase left the stake worth less than was put in.");
            }
        }
    }
}
