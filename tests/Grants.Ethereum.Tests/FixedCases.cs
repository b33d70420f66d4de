using CsCheck;
using Xunit;

namespace Grants.Ethereum.Tests;

/// <summary>Runs a property over the same generated cases in every run: a seed given to CsCheck fixes its first case only.</summary>
internal static class FixedCases
{
    private const string Seed = "0000000000001";

    public static void ForAll<T>(this Gen<T> generator, Action<T> property, int count = 1000) => generator.Array[count].Sample(
        cases =>
        {
            for (var i = 0; i < cases.Length; i++)
            {
                var failure = Record.Exception(() => property(cases[i]));
                Assert.True(failure is null, $"Case {i}: {Check.Print(cases[i])}\n{failure}");
            }
        },
        seed: Seed,
        iter: 1,
        threads: 1,
        print: _ => "");

    public static void ForAll<T1, T2>(this Gen<(T1, T2)> generator, Action<T1, T2> property, int count = 1000) =>
        generator.ForAll(both => property(both.Item1, both.Item2), count);

    public static void ForAll<T1, T2, T3>(this Gen<(T1, T2, T3)> generator, Action<T1, T2, T3> property, int count = 1000) =>
        generator.ForAll(all => property(all.Item1, all.Item2, all.Item3), count);
}
