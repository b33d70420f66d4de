using Grants.Primitives;

namespace Grants.Domain.Reinvestment.Loans;

/// <summary>
/// Deposits and loans in a lending market. A loan of the incentive token is taken off what counts as it is. Any other loan is taken
/// off as if all that the market may lend on the deposit were lent: no price is asked for, because none is in the logs.
/// </summary>
internal static class Lending
{
    private static readonly UInt256 Ray = UInt256.Parse("1" + new string('0', 27));

    /// <summary>The most that markets lend on a deposit.</summary>
    private static readonly BasisPoints LoanToValueMax = new(8_000);

    public static void ClassifyMint(LendingMinted minted, TransactionLegs transaction)
    {
        if (!transaction.Owns(minted.Owner))
            return;
        transaction.Shares(minted.Venue, leg => leg.From.IsZero && leg.To == minted.Owner && leg.Left == minted.Value)?.TakeAll();
        if (transaction.FundExactly(minted.Venue, UInt256.SubtractToZero(minted.Value, minted.Increase)) is { } paid)
        {
            transaction.Add(
                FlowKind.Open, minted.Key, paid.Wallet, null, minted.Venue, paid.Amount, paid.Amount, "Deposited in the lending market.",
                ScaledOf(paid.Amount, minted.Index));
        }

        // Less was withdrawn than had been earned since the last time.
        var withdrawn = UInt256.SubtractToZero(minted.Increase, minted.Value);
        if (transaction.ReceiverOf(minted.Venue, withdrawn) is not { } receiver)
            return;
        Close(minted.Key, minted.Venue, minted.Owner, withdrawn, minted.Index, transaction);
        transaction.Deliver(minted.Key, minted.Venue, minted.Owner, receiver, withdrawn);
    }

    /// <summary>
    /// What of an amount does not grow: amount·10^27/index, rounded half up as the market itself rounds. Null without an index.
    /// </summary>
    public static UInt256? ScaledOf(UInt256 amount, UInt256 index) =>
        index.IsZero ? null : ((amount * Ray) + (index / 2)) / index;

    /// <summary>Base units of principal in the lending venues of an award.</summary>
    public static UInt256 PrincipalOf(Ledger ledger, ReinvestmentPolicy policy) => ledger.Under(Convention.Floor).Positions
        .Where(position => policy.VenueAt(position.Venue)?.Kind == VenueKind.Lending)
        .Aggregate(UInt256.Zero, (sum, position) => sum + position.Grant + position.Own);

    public static void ClassifyBurn(LendingBurned burned, TransactionLegs transaction)
    {
        var amount = burned.Value + burned.Increase;
        // What the venue itself is given of a deposit has repaid a loan: no token moves, and it is no disposal.
        if (transaction.Owns(burned.Owner) && burned.Receiver == burned.Venue)
        {
            Withdraw(burned, amount, transaction);
            transaction.Add(
                FlowKind.Spent, burned.Key, burned.Owner, burned.Venue, null, amount, UInt256.Zero, "Repaid a loan out of the deposit.");
            return;
        }

        if (!transaction.Owns(burned.Owner) || !transaction.Paid(burned.Venue, burned.Receiver, amount))
            return;
        Withdraw(burned, amount, transaction);
        transaction.Deliver(burned.Key, burned.Venue, burned.Owner, burned.Receiver, amount);
    }

    private static void Withdraw(LendingBurned burned, UInt256 amount, TransactionLegs transaction)
    {
        transaction.Shares(burned.Venue, leg => leg.From == burned.Owner && leg.To.IsZero && leg.Left == burned.Value)?.TakeAll();
        Close(burned.Key, burned.Venue, burned.Owner, amount, burned.Index, transaction);
    }

    private static void Close(EventKey key, Address venue, Address owner, UInt256 amount, UInt256 index, TransactionLegs transaction) =>
        transaction.Add(
            FlowKind.Close, key, owner, null, venue, amount, amount, "Withdrawn from the lending market.", ScaledOf(amount, index));

    /// <summary>What is owed after the transaction, one flow an asset: its shares are what is owed of the asset.</summary>
    public static void ClassifyLoans(List<Observation> observations, TransactionLegs transaction, AwardScope scope)
    {
        var venue = scope.Policy.Venues.FirstOrDefault(listed => listed.Kind == VenueKind.Lending)?.Address;
        var changes = observations.OfType<LoanChanged>()
            .Where(change => transaction.LabelOf(change.Pool) == AddressKind.LendingPool && transaction.Owns(change.Debtor))
            .ToList();
        if (venue is null || changes.Count == 0)
            return;
        foreach (var change in changes.Where(change => change.IsRepaid && change.Asset == scope.Token))
        {
            if (transaction.Leaving().FirstOrDefault(leg => leg.To == venue && leg.Left == change.Amount) is { } repayment)
                transaction.AddLeg(FlowKind.Spent, repayment, "Repaid a loan.");
        }

        var lent = transaction.Flows.Where(flow => flow.Venue == venue).Aggregate(scope.Lent, (sum, flow) => flow.Kind switch
        {
            FlowKind.Open => sum + flow.Amount,
            FlowKind.Close => UInt256.SubtractToZero(sum, flow.Amount),
            _ => sum,
        });
        var owed = scope.Loans.ToDictionary(loan => loan.Asset, loan => loan.Amount);
        foreach (var change in changes)
        {
            var before = owed.GetValueOrDefault(change.Asset);
            owed[change.Asset] = change.IsRepaid ? UInt256.SubtractToZero(before, change.Amount) : before + change.Amount;
        }

        var others = owed.Any(loan => loan.Key != scope.Token && !loan.Value.IsZero) ? LoanToValueMax.OfAmount(lent) : UInt256.Zero;
        var debt = owed.GetValueOrDefault(scope.Token) + others;
        foreach (var last in changes.GroupBy(change => change.Asset).Select(changed => changed.Last()))
            transaction.Add(FlowKind.Debt, last.Key, last.Debtor, last.Asset, venue, debt, owed[last.Asset], "A loan changed.");
    }
}
