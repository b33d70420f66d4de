using Grants.Primitives;

namespace Grants.Domain.VotingPower.Strategies;

/// <summary>What one strategy gives everybody at one block, before its weight.</summary>
/// <param name="Accounts">Base units of what is counted, by account; never the zero address. Some may be zero.</param>
/// <param name="Supply">What a share of the supply is a share of, in the same unit: at least the sum of the accounts.</param>
public sealed record StrategyPower(IReadOnlyDictionary<Address, UInt256> Accounts, UInt256 Supply)
{
    /// <summary>Nobody has anything.</summary>
    public static StrategyPower Nothing { get; } = new(new Dictionary<Address, UInt256>(), UInt256.Zero);

    /// <summary>
    /// The same shares of another whole: ⌊power · whole / supply⌋ for everybody, and the whole as the supply. What rounding leaves
    /// is nobody's.
    /// </summary>
    /// <param name="whole">What the supply is worth, base units.</param>
    public StrategyPower SharesOf(UInt256 whole) => Supply.IsZero
        ? Nothing
        : new StrategyPower(
            Accounts.ToDictionary(account => account.Key, account => UInt256.MulDiv(account.Value, whole, Supply)), whole);

    /// <summary>Without the contracts of the rules: what the custodians hold is not in the supply either.</summary>
    /// <param name="own">See <see cref="OwnContracts"/>.</param>
    public StrategyPower Without(OwnContracts own) => WithoutAccounts(own) with
    {
        Supply = own.Custodians.Aggregate(
            Supply, (supply, custodian) => UInt256.SubtractToZero(supply, Accounts.GetValueOrDefault(custodian))),
    };

    /// <summary>Without the power of the contracts of the rules, in an unchanged supply.</summary>
    /// <param name="own">See <see cref="OwnContracts"/>.</param>
    public StrategyPower WithoutAccounts(OwnContracts own) => this with
    {
        Accounts = Accounts.Where(account => !own.All.Contains(account.Key)).ToDictionary(),
    };
}
