using Grants.Primitives;

namespace Grants.Domain.Reinvestment.Liquidity;

/// <summary>
/// Positions between ticks, which are ERC-721 tokens: what was put in is the principal, what DecreaseLiquidity frees has left the work and
/// arrives with Collect, and what Collect pays beyond it are fees, which are the wallets' own. A position that goes to somebody else takes
/// its principal with it.
/// </summary>
internal sealed class RangePositions(AwardScope scope, TransactionLegs transaction)
{
    private readonly Dictionary<(Address Manager, UInt256 TokenId), LiquidityToken> tokens =
        scope.LiquidityTokens.ToDictionary(token => (token.Manager, token.TokenId));

    private readonly HashSet<(Address Manager, UInt256 TokenId)> arrived = [];

    private readonly List<(LiquidityToken Token, bool IsGone, EventKey Evidence)> changes = [];

    public static ReinvestmentMonitor Evolve(ReinvestmentMonitor state, LiquidityTokenChanged changed)
    {
        var (token, others) = (changed.Token, state.LiquidityTokens.RemoveAll(one => one.Is(changed.Token.Manager, changed.Token.TokenId)));
        return state with
        {
            LiquidityTokens = changed.IsGone ? others : others.Add(token),
            LiquiditySeen = state.LiquiditySeen.Add(IdOf(changed.Evidence)),
        };
    }

    /// <summary>What has become of positions, each log once.</summary>
    public IEnumerable<LiquidityTokenChanged> News(ReinvestmentMonitor state, BlockRef block) => changes
        .Where(change => !state.LiquiditySeen.Contains(IdOf(change.Evidence)))
        .Select(change => new LiquidityTokenChanged(state.AwardId, change.Token, change.IsGone, change.Evidence, block));

    private static string IdOf(EventKey evidence) => evidence.EventId("liquidity").ToString();

    /// <param name="ordered">All of the transaction, in the order of their logs.</param>
    public void Classify(IReadOnlyList<Observation> ordered)
    {
        foreach (var observation in ordered)
        {
            switch (observation)
            {
                case PositionTransferred moved when IsManager(moved.Manager):
                    Move(moved);
                    break;
                case PositionIncreased increased when IsManager(increased.Manager):
                    Increase(increased, ordered);
                    break;
                case PositionDecreased decreased when tokens.TryGetValue((decreased.Manager, decreased.TokenId), out var token):
                    Decrease(decreased, token);
                    break;
                case PositionCollected collected when tokens.TryGetValue((collected.Manager, collected.TokenId), out var token):
                    Collect(collected, token);
                    break;
            }
        }
    }

    private bool IsManager(Address address) => transaction.LabelOf(address) == AddressKind.PositionManager;

    private void Move(PositionTransferred moved)
    {
        var id = (moved.Manager, moved.TokenId);
        if (transaction.Owns(moved.To))
            arrived.Add(id);
        else
            arrived.Remove(id);
        if (!tokens.TryGetValue(id, out var token) || !transaction.Owns(moved.From))
            return;
        if (transaction.Owns(moved.To))
        {
            transaction.Add(
                FlowKind.Internal, moved.Key, moved.From, moved.To, token.Pool, UInt256.Zero, token.Principal,
                "A position moved between two wallets of the award.");
            return;
        }

        tokens.Remove(id);
        // An empty position is burned.
        if (!token.Owed.IsZero)
        {
            transaction.Add(
                FlowKind.Close, moved.Key, moved.From, null, token.Pool, token.Owed, UInt256.Zero, "Waited in the position.");
            transaction.Add(
                FlowKind.Unknown, moved.Key, moved.From, moved.To, null, token.Owed, UInt256.Zero, "Went with the position.");
        }

        if (!token.Principal.IsZero)
        {
            transaction.Add(
                FlowKind.SharesOut, moved.Key, moved.From, moved.To, token.Pool, UInt256.Zero, token.Principal,
                "A position went to an unknown address.");
        }

        changes.Add((token, true, moved.Key));
    }

    private void Increase(PositionIncreased increased, IReadOnlyList<Observation> ordered)
    {
        var id = (increased.Manager, increased.TokenId);
        if (!tokens.TryGetValue(id, out var token) && !arrived.Contains(id))
            return;
        var range = ordered.OfType<RangeMinted>().LastOrDefault(minted => minted.Owner == increased.Manager
            && minted.Key.LogIndex < increased.Key.LogIndex
            && (minted.Amount0, minted.Amount1) == (increased.Amount0, increased.Amount1));
        if (range is null || !transaction.IsVenue(range.Pool, VenueKind.Range))
            return;
        // Of two equal amounts the pool takes token 0 first and token 1 right before it says so.
        var payment = transaction.FundExactly(range.Pool, increased.Amount0) is { } first
            ? (Paid: first, IsToken0: increased.Amount0 != increased.Amount1 || first.Key.LogIndex < range.Key.LogIndex - 1)
            : transaction.FundExactly(range.Pool, increased.Amount1) is { } second ? (Paid: second, IsToken0: false)
            : ((Payment Paid, bool IsToken0)?)null;
        if (token is null && payment is null)
            return;
        token ??= new LiquidityToken(
            increased.Manager, increased.TokenId, range.Pool, range.LowerTick, range.UpperTick, payment!.Value.IsToken0,
            UInt256.Zero, UInt256.Zero, UInt256.Zero);
        var amount = payment?.Paid.Amount ?? UInt256.Zero;
        if (payment is var (paid, _))
        {
            transaction.Add(
                FlowKind.Open, increased.Key, paid.Wallet, null, range.Pool, amount, amount, "Provided liquidity between two prices.");
        }

        Become(
            token with { Liquidity = token.Liquidity + range.Liquidity, Principal = token.Principal + amount }, increased.Key);
    }

    private void Decrease(PositionDecreased decreased, LiquidityToken token)
    {
        var freed = token.IsToken0 ? decreased.Amount0 : decreased.Amount1;
        var shares = decreased.Liquidity >= token.Liquidity
            ? token.Principal
            : UInt256.MulDiv(token.Principal, decreased.Liquidity, token.Liquidity);
        transaction.Add(
            FlowKind.UnlockStarted, decreased.Key, scope.Wallets[0], null, token.Pool, freed, shares,
            "Liquidity ended; its tokens wait in the pool.");
        Become(
            token with
            {
                Liquidity = UInt256.SubtractToZero(token.Liquidity, decreased.Liquidity),
                Principal = token.Principal - shares,
                Owed = token.Owed + freed,
            },
            decreased.Key);
    }

    private void Collect(PositionCollected collected, LiquidityToken token)
    {
        var named = token.IsToken0 ? collected.Amount0 : collected.Amount1;
        var amount = transaction.PaidOf(token.Pool, collected.Recipient, named);
        var wallet = transaction.Owns(collected.Recipient) ? collected.Recipient : scope.Wallets[0];
        if (!amount.IsZero)
            transaction.Deliver(collected.Key, token.Pool, wallet, collected.Recipient, amount);
        // What was owed before it was collected is not known any more, where that was told already.
        if (scope.LiquiditySeen.Contains(IdOf(collected.Key)))
            return;
        var (settled, fees) = (UInt256.Min(amount, token.Owed), UInt256.SubtractToZero(amount, token.Owed));
        if (!settled.IsZero)
        {
            transaction.Add(
                FlowKind.Close, collected.Key, wallet, null, token.Pool, settled, UInt256.Zero, "Collected what had been taken out.");
        }

        if (!fees.IsZero)
            transaction.Add(FlowKind.OwnIn, collected.Key, wallet, token.Pool, null, fees, UInt256.Zero, "Fees of a position.");
        Become(token with { Owed = UInt256.SubtractToZero(token.Owed, named) }, collected.Key);
    }

    private void Become(LiquidityToken token, EventKey evidence)
    {
        tokens[(token.Manager, token.TokenId)] = token;
        changes.Add((token, false, evidence));
    }
}
