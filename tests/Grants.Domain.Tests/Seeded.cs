using CsCheck;

namespace Grants.Domain.Tests;

/// <summary>Properties over generated input that is the same in every run.</summary>
internal static class Seeded
{
    private const string Seed = "0000000000001";

    // One iteration over many samples: CsCheck seeds the first iteration only.
    public static void Check<T>(Gen<T> gen, Action<T> assert, int samples = 300) =>
        gen.Array[samples].Sample(many => Array.ForEach(many, assert), seed: Seed, iter: 1, threads: 1, print: _ => "(many)");
}
