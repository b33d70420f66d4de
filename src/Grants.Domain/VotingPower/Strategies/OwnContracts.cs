using System.Collections.Immutable;
using Grants.Primitives;

namespace Grants.Domain.VotingPower.Strategies;

/// <summary>
/// The contracts that the strategies of one set of rules name. None of them has power: a token, a registry, a vault does not vote.
/// The custodians among them (vaults, pairs, locks) hold tokens for others, to whom their own strategy counts them; so that no
/// token counts twice, what a custodian holds of another strategy's token is not in that strategy's supply either.
/// </summary>
/// <remarks>Contracts that no strategy names (a treasury, a wallet) keep their power: they may vote by ERC-1271.</remarks>
/// <param name="All">Every contract named.</param>
/// <param name="Custodians">Those that hold tokens for others.</param>
public sealed record OwnContracts(ImmutableHashSet<Address> All, ImmutableHashSet<Address> Custodians)
{
    /// <summary>The contracts of these rules.</summary>
    /// <param name="rules">The rules of one vote.</param>
    public static OwnContracts Of(PowerRules rules) => new(
        [.. rules.Contracts(), .. rules.Strategies.Select(strategy => strategy.Token).Where(token => !token.IsZero)],
        [.. rules.Strategies.Where(IsCustody).Select(strategy => strategy.Contract)]);

    private static bool IsCustody(PowerStrategy strategy) =>
        strategy.Kind is PowerStrategyKind.Staked or PowerStrategyKind.VaultShares or PowerStrategyKind.LpUnderlying;
}
