using Grants.Primitives;

namespace Grants.Domain.VotingPower.Strategies;

/// <summary>A movement of a token, in chain order.</summary>
/// <param name="From">Who spends it; the zero address where it is minted.</param>
/// <param name="To">Who receives it; the zero address where it is burned.</param>
/// <param name="Amount">Base units.</param>
public sealed record PowerTransfer(Address From, Address To, UInt256 Amount);

/// <summary>
/// Strategy <c>erc20-balance</c> (ERC-20): an account's power is what it received less what it spent, up to the block. The supply
/// is what was minted and not burned, <c>totalSupply()</c>. What was minted to the zero address (the MINIMUM_LIQUIDITY of a
/// Uniswap V2 pair) is in the supply and nobody's. Exact: nothing is rounded.
/// </summary>
public static class TokenBalances
{
    /// <summary>Folds all transfers of the token from its deployment on, in chain order.</summary>
    /// <returns>Null where they do not add up: an account spends more than it received, or there is more than 2^256 - 1.</returns>
    public static StrategyPower? Of(IEnumerable<PowerTransfer> transfers)
    {
        var (balances, supply) = (new Dictionary<Address, UInt256>(), UInt256.Zero);
        foreach (var (from, to, amount) in transfers)
        {
            if (from.IsZero)
            {
                if (amount > UInt256.MaxValue - supply)
                    return null;
                supply += amount;
            }
            else
            {
                if (balances.GetValueOrDefault(from) is var held && held < amount)
                    return null;
                balances[from] = held - amount;
            }

            if (!to.IsZero)
                balances[to] = balances.GetValueOrDefault(to) + amount;
            else if (!from.IsZero)
                supply -= amount;
        }

        return new StrategyPower(balances, supply);
    }

    /// <summary>Everybody who ever received of the token.</summary>
    public static IReadOnlyList<Address> HoldersIn(IEnumerable<PowerTransfer> transfers) =>
        [.. transfers.SelectMany(transfer => new[] { transfer.From, transfer.To }).Where(account => !account.IsZero).Distinct().Order()];

    /// <summary>
    /// The supply that a contract tells, where all of it is held by these accounts and the zero address; otherwise null, because
    /// somebody holds tokens of whom nothing is known.
    /// </summary>
    /// <param name="held">Base units by account.</param>
    /// <param name="atZero">What the zero address holds.</param>
    /// <param name="totalSupply">What <c>totalSupply()</c> answers.</param>
    public static StrategyPower? Whole(IReadOnlyDictionary<Address, UInt256> held, UInt256 atZero, UInt256 totalSupply) =>
        held.Values.Aggregate(atZero.ToBigInteger(), (sum, balance) => sum + balance.ToBigInteger()) == totalSupply.ToBigInteger()
            ? new StrategyPower(held, totalSupply)
            : null;
}
