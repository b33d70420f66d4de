using System.Text.Json.Serialization;
using Grants.Primitives;

namespace Grants.Domain;

/// <summary>Where voting power is read at the snapshot block.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<PowerStrategyKind>))]
public enum PowerStrategyKind
{
    /// <summary>Balances of an ERC-20 token, from its transfers.</summary>
    Erc20Balance,

    /// <summary>Delegated votes of an ERC-5805 token, from its checkpoints' logs.</summary>
    Erc20Votes,

    /// <summary>Balances of an ERC-20 token, given to whom the delegate registry names.</summary>
    DelegatedBalance,

    /// <summary>Tokens locked in a venue of kind lock.</summary>
    Staked,

    /// <summary>Shares of an ERC-4626 vault, in the underlying token, rounded down.</summary>
    VaultShares,

    /// <summary>Liquidity of a Uniswap V2 pair, as the part of the token that the pair holds for it, rounded down.</summary>
    LpUnderlying,

    /// <summary>A fixed list.</summary>
    List,
}

/// <summary>An account of a fixed list.</summary>
/// <param name="Account">Who votes.</param>
/// <param name="Power">Base units.</param>
public sealed record ListedPower(Address Account, UInt256 Power);

/// <summary>One source of voting power.</summary>
/// <param name="Kind">How it is read.</param>
/// <param name="Contract">The token, venue, vault or pair; zero for a list.</param>
/// <param name="Weight">By which its power is multiplied, 1 to <see cref="PowerRules.WeightMax"/>.</param>
/// <param name="Token">The token that counts in a pair; zero otherwise.</param>
/// <param name="Registry">The delegate registry; zero otherwise.</param>
/// <param name="List">The accounts of a list; empty otherwise.</param>
/// <param name="RegistryId">
/// The id under which the registry keeps this space's delegations: with Snapshot the space's name in ASCII, zeros behind it. Zero
/// for those under the zero id alone, which count for every id that a holder has no entry under.
/// </param>
public sealed record PowerStrategy(
    PowerStrategyKind Kind,
    Address Contract,
    int Weight,
    Address Token,
    Address Registry,
    ValueList<ListedPower> List,
    Hash32 RegistryId = default)
{
    /// <summary>Balances of a token, weight 1.</summary>
    public static PowerStrategy BalanceOf(Address token) =>
        new(PowerStrategyKind.Erc20Balance, token, 1, Address.Zero, Address.Zero, []);
}

/// <summary>Where voting power comes from: the weighted sum of the strategies, cut at the cap.</summary>
/// <param name="Strategies">At least one.</param>
/// <param name="CapPerVoter">The most that one account can have, base units; null for no cap.</param>
public sealed record PowerRules(ValueList<PowerStrategy> Strategies, UInt256? CapPerVoter = null)
{
    public const int StrategiesMax = 10;

    public const int WeightMax = 1_000_000;

    public const int ListMax = 10_000;

    /// <summary>The first thing wrong with these rules, or null.</summary>
    public Rejection? Validate()
    {
        if (Strategies.Count is 0 or > StrategiesMax)
            return Invalid($"There must be 1 to {StrategiesMax} strategies.");
        if (CapPerVoter is { IsZero: true })
            return new InvalidValue("votingRules.power.capPerVoter", "A cap of zero leaves nobody any power.");
        if (Strategies.DistinctBy(strategy => strategy with { Weight = 1 }).Count() < Strategies.Count)
            return Invalid("A strategy is given once; it has a weight.");
        return Strategies.Select(Problem).FirstOrDefault(problem => problem is not null);
    }

    /// <summary>Every contract whose logs the strategies are read from, once each.</summary>
    public IEnumerable<Address> Contracts() => Strategies
        .SelectMany(strategy => new[] { strategy.Contract, strategy.Registry })
        .Where(contract => !contract.IsZero)
        .Distinct();

    private static InvalidValue? Problem(PowerStrategy strategy)
    {
        if (!Enum.IsDefined(strategy.Kind))
            return Invalid("A strategy is of no known kind.");
        if (strategy.Weight is < 1 or > WeightMax)
            return Invalid($"A weight must be 1 to {WeightMax}.");
        if ((strategy.Kind == PowerStrategyKind.List) != strategy.Contract.IsZero)
            return Invalid("Every strategy but a list names a contract.");
        if ((strategy.Kind == PowerStrategyKind.LpUnderlying) == strategy.Token.IsZero)
            return Invalid("A strategy of liquidity names the token that counts, and only that.");
        if ((strategy.Kind == PowerStrategyKind.DelegatedBalance) == strategy.Registry.IsZero)
            return Invalid("A strategy of delegated balances names the delegate registry, and only that.");
        if (strategy.Registry.IsZero && strategy.RegistryId != Hash32.Zero)
            return Invalid("Only a strategy of delegated balances has an id in a registry.");
        return ListProblem(strategy);
    }

    private static InvalidValue? ListProblem(PowerStrategy strategy)
    {
        if ((strategy.Kind == PowerStrategyKind.List) != (strategy.List.Count > 0) || strategy.List.Count > ListMax)
            return Invalid($"A list has 1 to {ListMax} accounts; other strategies have none.");
        if (strategy.List.Any(listed => listed.Account.IsZero || listed.Power.IsZero))
            return Invalid("A list names no zero address and no account without power.");
        return strategy.List.DistinctBy(listed => listed.Account).Count() < strategy.List.Count
            ? Invalid("A list names an account once.")
            : null;
    }

    private static InvalidValue Invalid(string problem) => new("votingRules.power", problem);
}
