using System.Collections.Immutable;
using Grants.Domain.Reinvestment.Bridging;
using Grants.Domain.Reinvestment.Liquidity;
using Grants.Domain.Reinvestment.Loans;
using Grants.Domain.Reinvestment.Locks;
using Grants.Domain.Reinvestment.Rebasing;
using Grants.Primitives;

namespace Grants.Domain.Reinvestment;

/// <summary>Whose flows are looked for, and what is known of everybody else.</summary>
/// <param name="Token">The incentive token.</param>
/// <param name="Vault">Where releases come from; null on a chain where nothing is released.</param>
/// <param name="Treasury">Where returned tokens go; null on a chain that has none.</param>
/// <param name="Wallets">The award's wallets: one person.</param>
/// <param name="Policy">The venues and labels.</param>
public sealed record AwardScope(
    Address Token, Address? Vault, Address? Treasury, IReadOnlyList<Address> Wallets, ReinvestmentPolicy Policy)
{
    /// <summary>The same person's wallets on the other chain: what is bridged to them is on its way.</summary>
    public IReadOnlyList<Address> WalletsElsewhere { get; init; } = [];

    /// <summary>What the wallets owe before the transaction.</summary>
    public ValueList<OpenLoan> Loans { get; init; } = [];

    /// <summary>Base units of principal in the lending venue before the transaction.</summary>
    public UInt256 Lent { get; init; }

    /// <summary>What they have in tokens that rebase before the transaction.</summary>
    public ValueList<RebasingStake> Stakes { get; init; } = [];

    /// <summary>Their positions in venues before the transaction.</summary>
    public IReadOnlyList<Position> Positions { get; init; } = [];

    /// <summary>What of them is in the lock of which sequencer.</summary>
    public IReadOnlyList<SequencerLock> SequencerLocks { get; init; } = [];

    /// <summary>Their positions between prices before the transaction.</summary>
    public ValueList<LiquidityToken> LiquidityTokens { get; init; } = [];

    /// <summary>The ids of the logs that told of them.</summary>
    public IReadOnlyList<string> LiquiditySeen { get; init; } = [];

    internal bool Owns(Address address) => Wallets.Contains(address);

    /// <summary>Whether a token is the incentive token or a venue's shares.</summary>
    internal bool Counts(Address token) =>
        token == Token || Policy.VenueAt(token) is { Kind: not VenueKind.Lock };

    /// <summary>Whether nothing is known of an address.</summary>
    internal bool IsStranger(Address address) =>
        !address.IsZero && address != Token && address != Vault && address != Treasury && !Owns(address)
        && Policy.VenueAt(address) is null && Policy.LabelOf(address) is null;
}

/// <summary>What is owed in a lending market, in base units of the asset.</summary>
public sealed record OpenLoan(Address Asset, UInt256 Amount)
{
    internal static ImmutableList<OpenLoan> Changed(ImmutableList<OpenLoan> loans, Address asset, UInt256 owed)
    {
        var others = loans.RemoveAll(loan => loan.Asset == asset);
        return owed.IsZero ? others : others.Add(new OpenLoan(asset, owed));
    }
}

/// <summary>
/// Tells what the wallets of an award did in one transaction. The transaction is the unit: a transfer means nothing
/// without its companions. Rules take the transfers that they explain, in this order, and what one has taken no later
/// one sees: transfers between the wallets; releases; venues; bridges; exchanges; shares of venues; sales; returns to
/// the treasury; whatever is left is somebody's gift or gone to somebody unknown.
/// </summary>
/// <remarks>
/// Assumptions. Transfers of nothing are ignored: anybody can make them in another's name. A venue's event counts only
/// with the tokens that moved for it, directly or through one contract in between. Tokens that come back in the same
/// transaction from where they went, or reach any of the wallets through hands of which nothing is known, were never gone. A burn
/// that no known bridge explains has gone to somebody unknown.
/// </remarks>
public static class Classification
{
    /// <summary>Which version of these rules this is: a change that tells a flow otherwise raises it.</summary>
    public const int Version = 8;

    /// <summary>The flows in the order of their logs; none if the wallets have no part in the transaction.</summary>
    /// <param name="observations">All observations of one finalized transaction, in any order.</param>
    public static IReadOnlyList<Flow> Classify(IReadOnlyList<Observation> observations, AwardScope scope) =>
        Tell(observations, scope).Flows;

    /// <summary>The flows, and what the positions between prices have become.</summary>
    internal static (IReadOnlyList<Flow> Flows, RangePositions Positions) Tell(
        IReadOnlyList<Observation> observations, AwardScope scope)
    {
        var ordered = observations.Distinct().OrderBy(observation => observation.Key.LogIndex).ToList();
        var transaction = new TransactionLegs(ordered, scope);
        foreach (var observation in ordered)
        {
            ClassifyVenueEvent(observation, transaction);
            SequencerLocks.Classify(observation, transaction, scope);
        }

        var positions = new RangePositions(scope, transaction);
        positions.Classify(ordered);
        Lending.ClassifyLoans(ordered, transaction, scope);
        RebasingStakes.ClassifyLosses(ordered, transaction, scope);
        Bridges.Classify(ordered, transaction, scope);
        ClassifyShares(transaction);
        ClassifySales(transaction);
        ClassifyTheRest(transaction);
        return ([.. transaction.Flows.OrderBy(flow => flow.Evidence.LogIndex).ThenBy(flow => flow.Kind)], positions);
    }

    private static void ClassifyVenueEvent(Observation observation, TransactionLegs transaction)
    {
        switch (observation)
        {
            case VaultDeposited deposit when transaction.IsVenue(deposit.Venue, VenueKind.Vault):
                ClassifyDeposit(deposit, transaction);
                break;
            case VaultWithdrawn withdrawal when transaction.IsVenue(withdrawal.Venue, VenueKind.Vault):
                ClassifyWithdrawal(withdrawal, transaction);
                break;
            case LendingMinted minted when transaction.IsVenue(minted.Venue, VenueKind.Lending):
                Lending.ClassifyMint(minted, transaction);
                break;
            case LendingBurned burned when transaction.IsVenue(burned.Venue, VenueKind.Lending):
                Lending.ClassifyBurn(burned, transaction);
                break;
            case StakeSubmitted submitted when transaction.IsVenue(submitted.Venue, VenueKind.Rebasing):
                RebasingStakes.ClassifySubmission(submitted, transaction);
                break;
            case SharesBurned burned when transaction.IsVenue(burned.Venue, VenueKind.Rebasing):
                RebasingStakes.ClassifyBurn(burned, transaction);
                break;
            case PoolMinted mint when transaction.IsVenue(mint.Pool, VenueKind.Pool):
                ClassifyMint(mint, transaction);
                break;
            case PoolBurned burn when transaction.IsVenue(burn.Pool, VenueKind.Pool):
                ClassifyBurn(burn, transaction);
                break;
        }
    }

    private static void ClassifyDeposit(VaultDeposited deposit, TransactionLegs transaction)
    {
        if (!transaction.Owns(deposit.Owner) || transaction.Fund(deposit.Venue, deposit.Assets) is not { } payment)
            return;
        transaction.Shares(deposit.Venue, leg => leg.From.IsZero && leg.To == deposit.Owner && leg.Left == deposit.Shares)?.TakeAll();
        transaction.Add(
            FlowKind.Open, deposit.Key, payment.Wallet, null, deposit.Venue, payment.Amount, deposit.Shares, "Deposited in the vault.");
    }

    private static void ClassifyWithdrawal(VaultWithdrawn withdrawal, TransactionLegs transaction)
    {
        if (!transaction.Owns(withdrawal.Owner) || !transaction.Paid(withdrawal.Venue, withdrawal.Receiver, withdrawal.Assets))
            return;
        transaction.Shares(
            withdrawal.Venue, leg => leg.From == withdrawal.Owner && leg.To.IsZero && leg.Left == withdrawal.Shares)?.TakeAll();
        transaction.Add(
            FlowKind.Close,
            withdrawal.Key,
            withdrawal.Owner,
            null,
            withdrawal.Venue,
            withdrawal.Assets,
            withdrawal.Shares,
            "Withdrawn from the vault.");
        transaction.Deliver(withdrawal.Key, withdrawal.Venue, withdrawal.Owner, withdrawal.Receiver, withdrawal.Assets);
    }

    private static void ClassifyMint(PoolMinted mint, TransactionLegs transaction)
    {
        var shares = transaction.Shares(
            mint.Pool, leg => leg.From.IsZero && transaction.Owns(leg.To) && leg.Key.LogIndex < mint.Key.LogIndex);
        if (shares is null)
            return;
        var payment = transaction.FundExactly(mint.Pool, mint.Amount0) ?? transaction.FundExactly(mint.Pool, mint.Amount1);
        if (payment is null)
            return;
        transaction.Add(
            FlowKind.Open, mint.Key, payment.Wallet, null, mint.Pool, payment.Amount, shares.TakeAll(), "Provided liquidity to the pool.");
    }

    private static void ClassifyBurn(PoolBurned burn, TransactionLegs transaction)
    {
        var shares = transaction.Shares(
            burn.Pool, leg => transaction.Owns(leg.From) && leg.To == burn.Pool && leg.Key.LogIndex < burn.Key.LogIndex);
        var amount = transaction.Paid(burn.Pool, burn.To, burn.Amount0) ? burn.Amount0
            : transaction.Paid(burn.Pool, burn.To, burn.Amount1) ? burn.Amount1
            : UInt256.Zero;
        if (shares is null || amount.IsZero)
            return;
        var owner = shares.From;
        transaction.Add(
            FlowKind.Close, burn.Key, owner, null, burn.Pool, amount, shares.TakeAll(), "Took liquidity out of the pool.");
        transaction.Deliver(burn.Key, burn.Pool, owner, burn.To, amount);
    }

    private static void ClassifyShares(TransactionLegs transaction)
    {
        foreach (var leg in transaction.ShareLegs().ToList())
        {
            if (!transaction.Owns(leg.From))
            {
                transaction.AddShares(FlowKind.SharesIn, leg, UInt256.Zero, "Shares came in for which no token was seen to leave.");
                continue;
            }

            var proceeds = transaction.HasSwap ? transaction.TakeArriving(leg.From) : UInt256.Zero;
            if (!proceeds.IsZero)
                transaction.AddShares(FlowKind.SharesSold, leg, proceeds, "Shares were swapped back for the token.");
            else if (transaction.IsSoldTo(leg))
                transaction.AddShares(FlowKind.SharesSold, leg, UInt256.Zero, "Shares were sold for another token.");
            else
                transaction.AddShares(FlowKind.SharesOut, leg, UInt256.Zero, "Shares went to an unknown address.");
        }
    }

    private static void ClassifySales(TransactionLegs transaction)
    {
        var candidates = transaction.Leaving().Where(leg => !transaction.IsTreasury(leg.To)).ToList();
        foreach (var leg in candidates)
        {
            transaction.Net(leg, arriving => arriving.From == leg.To);
            transaction.NetPassedOn(leg);
        }

        foreach (var leg in candidates.Where(leg => !leg.Left.IsZero && transaction.IsSoldTo(leg)))
        {
            transaction.Net(leg, arriving => !transaction.IsVenue(arriving.From, VenueKind.Lock));
            transaction.AddLeg(
                FlowKind.Sale, leg, transaction.HasSwap ? "Swapped for another token." : "Another token came from the same hand.");
        }
    }

    private static void ClassifyTheRest(TransactionLegs transaction)
    {
        foreach (var leg in transaction.Leaving().ToList())
        {
            if (transaction.IsTreasury(leg.To))
                transaction.AddLeg(FlowKind.Return, leg, "Returned to the treasury.");
            else if (transaction.LabelOf(leg.To) == AddressKind.Spending)
                transaction.AddLeg(FlowKind.Spent, leg, "Spent where that is allowed.");
            else if (leg.To.IsZero)
                transaction.AddLeg(FlowKind.Unknown, leg, "Burned, and no known bridge says why.");
            else
                transaction.AddLeg(FlowKind.Unknown, leg, "Sent to an unknown address.");
        }

        foreach (var leg in transaction.Arriving().ToList())
        {
            if (transaction.IsVenue(leg.From, VenueKind.Lock))
                transaction.AddLeg(FlowKind.Close, leg, "Came out of the lock.", leg.From);
            else
                transaction.AddLeg(FlowKind.OwnIn, leg, "Came from an address other than the vault.");
        }
    }
}
