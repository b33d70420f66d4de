using Grants.Domain.Reinvestment.Rebasing;
using Grants.Primitives;

namespace Grants.Domain.Reinvestment;

/// <summary>One transfer of a transaction and what no rule has explained of it yet.</summary>
internal sealed class Leg(EventKey key, Address token, Address from, Address to, UInt256 amount, UInt256? scaled = null)
{
    public EventKey Key => key;

    public Address Token => token;

    public Address From => from;

    public Address To => to;

    public UInt256 Left { get; private set; } = amount;

    /// <summary>What of the whole does not grow by itself, where the token's balances do.</summary>
    public UInt256? Scaled => scaled;

    public void Take(UInt256 part) => Left -= part;

    public UInt256 TakeAll()
    {
        var all = Left;
        Left = UInt256.Zero;
        return all;
    }
}

/// <summary>What a wallet paid into a venue.</summary>
/// <param name="Key">The transfer that reached the venue.</param>
internal sealed record Payment(Address Wallet, UInt256 Amount, EventKey Key);

/// <summary>The transfers of one transaction while its rules take what they explain, and the flows they made of it.</summary>
internal sealed class TransactionLegs
{
    private readonly AwardScope scope;
    private readonly HashSet<Address> wallets;
    private readonly HashSet<Address> receipts;
    private readonly HashSet<Address> swapped;
    private readonly List<Leg> tokens = [];
    private readonly List<Leg> shares = [];
    private readonly List<Leg> others = [];
    private readonly List<Flow> flows = [];

    public TransactionLegs(IReadOnlyList<Observation> ordered, AwardScope scope)
    {
        this.scope = scope;
        wallets = [.. scope.Wallets];
        var withReceipts = scope.Policy.Venues.Where(venue => venue.Kind is not (VenueKind.Lock or VenueKind.Range));
        receipts = [.. withReceipts.Select(venue => venue.Address)];
        swapped = [.. ordered.OfType<PoolSwapped>().Select(swap => swap.Pool)];
        var transfers = ordered.OfType<TokenTransferred>().Where(transfer => !transfer.Amount.IsZero).ToList();
        var scaled = new Dictionary<EventKey, UInt256>();
        foreach (var moved in ordered.OfType<SharesTransferred>())
        {
            if (transfers.FindLast(moved.Tells) is { } transfer)
                scaled.TryAdd(transfer.Key, moved.Shares);
        }

        foreach (var transfer in transfers)
        {
            UInt256? inShares = scaled.TryGetValue(transfer.Key, out var shared) ? shared : null;
            Sort(new Leg(transfer.Key, transfer.Token, transfer.From, transfer.To, transfer.Amount, inShares));
        }
    }

    public IReadOnlyList<Flow> Flows => flows;

    public bool HasSwap => swapped.Count > 0;

    public bool Owns(Address address) => wallets.Contains(address);

    public bool IsVenue(Address address, VenueKind kind) => scope.Policy.VenueAt(address)?.Kind == kind;

    public bool IsTreasury(Address address) =>
        address == scope.Treasury || address == scope.Vault || LabelOf(address) == AddressKind.Treasury;

    public AddressKind? LabelOf(Address address) => scope.Policy.LabelOf(address);

    public bool Concerns(BridgeWithdrawn bridge) => bridge.Token == scope.Token && Owns(bridge.From) && !bridge.Amount.IsZero;

    /// <summary>Unexplained transfers of the incentive token out of the wallets.</summary>
    public IEnumerable<Leg> Leaving() => tokens.Where(leg => !leg.Left.IsZero && Owns(leg.From));

    /// <summary>Unexplained transfers of the incentive token into the wallets.</summary>
    public IEnumerable<Leg> Arriving() => tokens.Where(leg => !leg.Left.IsZero && Owns(leg.To));

    /// <summary>Unexplained transfers of venues' shares from or to the wallets.</summary>
    public IEnumerable<Leg> ShareLegs() => shares.Where(leg => !leg.Left.IsZero && (Owns(leg.From) || Owns(leg.To)));

    /// <summary>The last unexplained transfer of a venue's shares that fits.</summary>
    public Leg? Shares(Address venue, Func<Leg, bool> fits) =>
        shares.LastOrDefault(leg => leg.Token == venue && !leg.Left.IsZero && fits(leg));

    /// <summary>
    /// Takes what a wallet paid towards a deposit of <paramref name="amount"/>: the payment itself, or one to a contract
    /// that passed it on.
    /// </summary>
    public Payment? Fund(Address venue, UInt256 amount) =>
        FundExactly(venue, amount)
        ?? (Leaving().FirstOrDefault(leg => leg.To == venue) is { } direct ? Pay(direct, UInt256.Min(direct.Left, amount)) : null);

    /// <summary>Does as <see cref="Fund"/>, but only where the venue received exactly the amount.</summary>
    public Payment? FundExactly(Address venue, UInt256 amount)
    {
        if (amount.IsZero)
            return null;
        if (Leaving().FirstOrDefault(leg => leg.To == venue && leg.Left == amount) is { } exact)
            return Pay(exact, amount);
        var passedOn = tokens.FirstOrDefault(leg => leg.To == venue && leg.Left == amount && !Owns(leg.From));
        var paid = passedOn is null ? null : Leaving().FirstOrDefault(leg => leg.To == passedOn.From && leg.Left >= amount);
        if (paid is null)
            return null;
        passedOn!.TakeAll();
        return Pay(paid, amount) with { Key = passedOn.Key };
    }

    /// <summary>Whether a venue paid out the amount in the incentive token, unexplained so far.</summary>
    public bool Paid(Address venue, Address receiver, UInt256 amount) => !amount.IsZero && Payout(venue, receiver, amount) is not null;

    /// <summary>Who a venue paid the amount, unexplained so far; null where it paid nobody.</summary>
    public Address? ReceiverOf(Address venue, UInt256 amount) =>
        tokens.FirstOrDefault(leg => leg.From == venue && leg.Left == amount && !amount.IsZero)?.To;

    /// <summary>
    /// What a venue really paid out of an amount that was named: pools round down by a few base units afterwards; zero where it paid none.
    /// </summary>
    public UInt256 PaidOf(Address venue, Address receiver, UInt256 named) => tokens
        .Where(leg => leg.From == venue && leg.To == receiver && leg.Left <= named && named - leg.Left < 10UL)
        .Select(leg => leg.Left)
        .DefaultIfEmpty(UInt256.Zero)
        .Max();

    /// <summary>
    /// Follows what a venue paid out for an owner: to a wallet, directly or through one contract, it has arrived;
    /// otherwise the owner sent it to the receiver.
    /// </summary>
    public void Deliver(EventKey key, Address venue, Address owner, Address receiver, UInt256 amount)
    {
        Payout(venue, receiver, amount)?.TakeAll();
        if (Owns(receiver))
            return;
        if (Arriving().FirstOrDefault(leg => leg.From == receiver && leg.Left == amount) is { } passedOn)
            passedOn.TakeAll();
        else
            tokens.Add(new Leg(key, scope.Token, owner, receiver, amount));
    }

    /// <summary>Cancels what left against what arrived.</summary>
    public void Net(Leg leaving, Func<Leg, bool> against)
    {
        foreach (var arriving in Arriving().Where(against).ToList())
        {
            var both = UInt256.Min(leaving.Left, arriving.Left);
            leaving.Take(both);
            arriving.Take(both);
        }
    }

    /// <summary>Cancels what left against what arrived in the end, where it was passed on from hand to hand, none of them known.</summary>
    public void NetPassedOn(Leg leaving)
    {
        while (!leaving.Left.IsZero && PathBack(leaving) is { } path)
        {
            var through = path.Aggregate(leaving.Left, (least, leg) => UInt256.Min(least, leg.Left));
            leaving.Take(through);
            foreach (var leg in path)
                leg.Take(through);
        }
    }

    /// <summary>Takes all of the incentive token that a wallet was left with.</summary>
    public UInt256 TakeArriving(Address wallet) => Arriving().Where(leg => leg.To == wallet).ToList()
        .Aggregate(UInt256.Zero, (sum, leg) => sum + leg.TakeAll());

    /// <summary>
    /// Whether a transfer out is one side of a sale: a pool swapped and the wallets gained another token or the pool took
    /// the transfer itself, or whoever took it gave another token.
    /// </summary>
    public bool IsSoldTo(Leg leg) =>
        swapped.Contains(leg.To)
        || (HasSwap && GainsAnotherToken())
        || (!leg.To.IsZero && others.Any(other => Owns(other.To) && other.From == leg.To));

    public void Add(
        FlowKind kind,
        EventKey evidence,
        Address wallet,
        Address? counterparty,
        Address? venue,
        UInt256 amount,
        UInt256 sharesMoved,
        string why,
        UInt256? scaled = null,
        UInt256? sequencerId = null)
    {
        var id = evidence.EventId($"flow/{kind}").ToString();
        flows.Add(new Flow(
            id, kind, wallet, counterparty, venue, amount, sharesMoved, evidence, why, ScaledShares: scaled, SequencerId: sequencerId));
    }

    public void AddLeg(FlowKind kind, Leg leg, string why, Address? venue = null)
    {
        var amount = leg.TakeAll();
        if (amount.IsZero)
            return;
        var leaves = Owns(leg.From);
        Add(kind, leg.Key, leaves ? leg.From : leg.To, leaves ? leg.To : leg.From, venue, amount, UInt256.Zero, why);
    }

    public void AddShares(FlowKind kind, Leg leg, UInt256 amount, string why)
    {
        var leaves = Owns(leg.From);
        Add(kind, leg.Key, leaves ? leg.From : leg.To, leaves ? leg.To : leg.From, leg.Token, amount, leg.TakeAll(), why, leg.Scaled);
    }

    private void Sort(Leg leg)
    {
        var isToken = leg.Token == scope.Token;
        var isReceipt = receipts.Contains(leg.Token);
        if (Owns(leg.From) && Owns(leg.To))
        {
            if (isToken)
                AddLeg(FlowKind.Internal, leg, "Between two wallets of the award.");
            else if (isReceipt)
                AddShares(FlowKind.Internal, leg, UInt256.Zero, "Shares moved between two wallets of the award.");
        }
        else if (isToken && leg.From == scope.Vault && Owns(leg.To))
        {
            AddLeg(FlowKind.Release, leg, "The vault paid.");
        }
        else
        {
            (isToken ? tokens : isReceipt ? shares : others).Add(leg);
        }
    }

    // Logs are in order: who has got tokens by then can pass them on. Each hand is reached first by its earliest log.
    private List<Leg>? PathBack(Leg leaving)
    {
        var reached = new Dictionary<Address, Leg?>();
        if (scope.IsStranger(leaving.To))
            reached[leaving.To] = null;
        foreach (var leg in tokens.Where(leg => !leg.Left.IsZero && leg.Key.LogIndex > leaving.Key.LogIndex))
        {
            if (!reached.ContainsKey(leg.From))
                continue;
            if (!Owns(leg.To))
            {
                if (scope.IsStranger(leg.To))
                    reached.TryAdd(leg.To, leg);
                continue;
            }

            List<Leg> path = [leg];
            while (reached[path[^1].From] is { } before)
                path.Add(before);
            return path;
        }

        return null;
    }

    private static Payment Pay(Leg leg, UInt256 amount)
    {
        leg.Take(amount);
        return new Payment(leg.From, amount, leg.Key);
    }

    private Leg? Payout(Address venue, Address receiver, UInt256 amount) =>
        tokens.FirstOrDefault(leg => leg.From == venue && leg.To == receiver && leg.Left == amount);

    private bool GainsAnotherToken() => others
        .GroupBy(leg => leg.Token)
        .Any(token => Sum(token.Where(leg => Owns(leg.To))) > Sum(token.Where(leg => Owns(leg.From))));

    private static UInt256 Sum(IEnumerable<Leg> legs) => legs.Aggregate(UInt256.Zero, (sum, leg) => sum + leg.Left);
}
