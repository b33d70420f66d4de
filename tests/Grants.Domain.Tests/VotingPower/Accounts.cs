using CsCheck;
using Grants.Domain.Tests.Programs;
using Grants.Domain.VotingPower.Strategies;
using Grants.Primitives;

namespace Grants.Domain.Tests.VotingPower;

/// <summary>A few accounts, small enough a number that what happens to one often happens to it again.</summary>
internal static class Accounts
{
    public static readonly Address Ada = AProgram.Ada;

    public static readonly Address Bo = AProgram.Bo;

    public static readonly Address Cy = AProgram.Named("cy");

    public static readonly Address Vault = AProgram.Named("vault");

    /// <summary>Balances of up to six accounts, some of them nothing, and a supply of which up to 50 are nobody's.</summary>
    public static readonly Gen<StrategyPower> Holdings = Gen.Select(
        Gen.OneOf(Gen.ULong[0, 9], Gen.ULong).Array[0, 6],
        Gen.ULong[0, 50],
        (balances, rest) => Power(rest, [.. balances.Select((balance, index) => (Named(index + 1), (UInt256)balance))]));

    /// <summary>The zero address for 0, one of its own for every other number.</summary>
    public static Address Named(int account) => account == 0 ? Address.Zero : AProgram.Named($"account {account}");

    /// <summary>These holdings, and a supply of so many more.</summary>
    public static StrategyPower Power(UInt256 rest, params (Address Account, UInt256 Amount)[] held) => new(
        held.ToDictionary(one => one.Account, one => one.Amount),
        held.Aggregate(rest, (sum, one) => sum + one.Amount));

    /// <summary>Who has how much, by address, those with nothing left out.</summary>
    public static IEnumerable<(Address, UInt256)> Listed(StrategyPower? power) =>
        power!.Accounts.Where(one => !one.Value.IsZero).OrderBy(one => one.Key).Select(one => (one.Key, one.Value));

    /// <summary>The sum over everybody.</summary>
    public static UInt256 SumOf(StrategyPower power) => power.Accounts.Values.Aggregate(UInt256.Zero, (sum, one) => sum + one);
}
