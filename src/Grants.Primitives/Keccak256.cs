using Org.BouncyCastle.Crypto.Digests;

namespace Grants.Primitives;

/// <summary>Keccak-256 with the original padding, as Ethereum uses it (not FIPS 202 SHA3-256).</summary>
public static class Keccak256
{
    [ThreadStatic]
    private static KeccakDigest? digest;

    /// <summary>The hash of <paramref name="data"/>.</summary>
    public static Hash32 Hash(ReadOnlySpan<byte> data)
    {
        Span<byte> output = stackalloc byte[Hash32.Length];
        Hash(data, output);
        return new Hash32(output);
    }

    /// <summary>Writes the 32 bytes of the hash to <paramref name="output"/>.</summary>
    public static void Hash(ReadOnlySpan<byte> data, Span<byte> output)
    {
        var keccak = digest ??= new KeccakDigest(256);
        keccak.Reset();
        keccak.BlockUpdate(data);
        keccak.DoFinal(output);
    }

    /// <summary>The hash of the text's UTF-8 bytes.</summary>
    public static Hash32 Hash(string text) => Hash(System.Text.Encoding.UTF8.GetBytes(text));
}
