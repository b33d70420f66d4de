using System.Numerics;
using System.Security.Cryptography;

namespace Grants.Ethereum.Keystore;

/// <summary>
/// How a keystore of the Web3 Secret Storage Definition makes a key of 32 bytes from a password: <see cref="ScryptDerivation"/> or
/// <see cref="Pbkdf2Derivation"/>. Time and memory are bounded, because the file may be a stranger's.
/// </summary>
public abstract record KeyDerivation
{
    internal const int KeyLength = 32;

    internal abstract string Name { get; }

    /// <summary>Makes the key; the salt is the file's.</summary>
    /// <exception cref="KeystoreException">A parameter is outside its bounds.</exception>
    internal abstract byte[] Derive(ReadOnlySpan<byte> password, ReadOnlySpan<byte> salt);
}

/// <summary>
/// Scrypt, by RFC 7914. It takes 128·cost·block size bytes, here at most 256 MiB, which is what other wallets use.
/// </summary>
/// <param name="Cost">N: a power of two from 2 on.</param>
/// <param name="BlockSize">r, from 1 to 32.</param>
/// <param name="Parallelism">p, from 1 to 16.</param>
public sealed record ScryptDerivation(int Cost = 1 << 18, int BlockSize = 8, int Parallelism = 1) : KeyDerivation
{
    private const long MostMemory = 256L << 20;
    private const int LargestBlock = 32;
    private const int MostParallelism = 16;

    internal override string Name => "scrypt";

    internal override byte[] Derive(ReadOnlySpan<byte> password, ReadOnlySpan<byte> salt) =>
        Cost > 1 && BitOperations.IsPow2(Cost)
        && BlockSize is >= 1 and <= LargestBlock
        && Parallelism is >= 1 and <= MostParallelism
        && 128L * Cost * BlockSize <= MostMemory
            ? Scrypt.Derive(password, salt, Cost, BlockSize, Parallelism, KeyLength)
            : throw new KeystoreException("The parameters of scrypt are out of bounds.");
}

/// <summary>PBKDF2 with HMAC-SHA-256, by RFC 8018.</summary>
/// <param name="Iterations">c, from 1 to 10,000,000.</param>
public sealed record Pbkdf2Derivation(int Iterations = 1_000_000) : KeyDerivation
{
    private const int MostIterations = 10_000_000;

    internal override string Name => "pbkdf2";

    internal override byte[] Derive(ReadOnlySpan<byte> password, ReadOnlySpan<byte> salt) => Iterations is >= 1 and <= MostIterations
        ? Rfc2898DeriveBytes.Pbkdf2(password, salt, Iterations, HashAlgorithmName.SHA256, KeyLength)
        : throw new KeystoreException("The parameters of PBKDF2 are out of bounds.");
}
