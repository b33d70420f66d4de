using System.Buffers.Binary;
using System.Numerics;
using System.Security.Cryptography;

namespace Grants.Ethereum.Keystore;

/// <summary>
/// Scrypt by RFC 7914. BouncyCastle's refuses a cost of 65,536 and above for blocks of size one, which keystores have.
/// </summary>
internal static class Scrypt
{
    private const int WordsOfSalsa = 16;

    /// <summary>Derives a key. Takes 128·<paramref name="cost"/>·<paramref name="blockSize"/> bytes of memory.</summary>
    /// <param name="password">What is to be stretched.</param>
    /// <param name="salt">What keeps equal passwords apart.</param>
    /// <param name="cost">N: a power of two above one.</param>
    /// <param name="blockSize">r, in units of 128 bytes.</param>
    /// <param name="parallelism">p: how often the memory is filled, one after the other.</param>
    /// <param name="length">Bytes of the key.</param>
    public static byte[] Derive(
        ReadOnlySpan<byte> password, ReadOnlySpan<byte> salt, int cost, int blockSize, int parallelism, int length)
    {
        var words = 2 * WordsOfSalsa * blockSize;
        var bytes = Rfc2898DeriveBytes.Pbkdf2(password, salt, 1, HashAlgorithmName.SHA256, 4 * words * parallelism);
        var (block, scratch) = (new uint[words], new uint[words]);
        var memory = new uint[cost][];
        for (var i = 0; i < cost; i++)
            memory[i] = new uint[words];
        for (var part = 0; part < parallelism; part++)
        {
            var at = bytes.AsSpan(4 * words * part, 4 * words);
            for (var i = 0; i < words; i++)
                block[i] = BinaryPrimitives.ReadUInt32LittleEndian(at[(4 * i)..]);
            Mix(ref block, ref scratch, memory);
            for (var i = 0; i < words; i++)
                BinaryPrimitives.WriteUInt32LittleEndian(at[(4 * i)..], block[i]);
        }

        return Rfc2898DeriveBytes.Pbkdf2(password, bytes, 1, HashAlgorithmName.SHA256, length);
    }

    /// <summary>ROMix of section 5.</summary>
    private static void Mix(ref uint[] block, ref uint[] scratch, uint[][] memory)
    {
        foreach (var kept in memory)
        {
            block.CopyTo(kept, 0);
            MixBlock(block, scratch);
            (block, scratch) = (scratch, block);
        }

        var mask = (uint)memory.Length - 1;
        for (var i = 0; i < memory.Length; i++)
        {
            var kept = memory[block[^WordsOfSalsa] & mask];
            for (var word = 0; word < block.Length; word++)
                block[word] ^= kept[word];
            MixBlock(block, scratch);
            (block, scratch) = (scratch, block);
        }
    }

    /// <summary>BlockMix of section 4: the even results come before the odd ones.</summary>
    private static void MixBlock(ReadOnlySpan<uint> block, Span<uint> mixed)
    {
        Span<uint> state = stackalloc uint[WordsOfSalsa];
        block[^WordsOfSalsa..].CopyTo(state);
        var count = block.Length / WordsOfSalsa;
        for (var i = 0; i < count; i++)
        {
            var part = block.Slice(i * WordsOfSalsa, WordsOfSalsa);
            for (var word = 0; word < WordsOfSalsa; word++)
                state[word] ^= part[word];
            Salsa(state);
            state.CopyTo(mixed[(((i / 2) + (i % 2 * (count / 2))) * WordsOfSalsa)..]);
        }
    }

    /// <summary>Salsa20/8 of section 3: four times the columns and the rows.</summary>
    private static void Salsa(Span<uint> state)
    {
        Span<uint> x = stackalloc uint[WordsOfSalsa];
        state.CopyTo(x);
        for (var round = 0; round < 4; round++)
        {
            Quarter(ref x[0], ref x[4], ref x[8], ref x[12]);
            Quarter(ref x[5], ref x[9], ref x[13], ref x[1]);
            Quarter(ref x[10], ref x[14], ref x[2], ref x[6]);
            Quarter(ref x[15], ref x[3], ref x[7], ref x[11]);
            Quarter(ref x[0], ref x[1], ref x[2], ref x[3]);
            Quarter(ref x[5], ref x[6], ref x[7], ref x[4]);
            Quarter(ref x[10], ref x[11], ref x[8], ref x[9]);
            Quarter(ref x[15], ref x[12], ref x[13], ref x[14]);
        }

        for (var word = 0; word < WordsOfSalsa; word++)
            state[word] = unchecked(state[word] + x[word]);
    }

    private static void Quarter(ref uint a, ref uint b, ref uint c, ref uint d)
    {
        b ^= BitOperations.RotateLeft(unchecked(a + d), 7);
        c ^= BitOperations.RotateLeft(unchecked(b + a), 9);
        d ^= BitOperations.RotateLeft(unchecked(c + b), 13);
        a ^= BitOperations.RotateLeft(unchecked(d + c), 18);
    }
}
