namespace Grants.Ethereum.Proofs;

/// <summary>Paths in a trie: half-bytes, and their compact form in leaves and extensions (Yellow Paper, appendix C).</summary>
internal static class TriePath
{
    private const int OddFlag = 1;
    private const int LeafFlag = 2;

    /// <summary>The half-bytes of a key, the higher one first.</summary>
    public static byte[] Of(ReadOnlySpan<byte> key)
    {
        var path = new byte[key.Length * 2];
        for (var i = 0; i < key.Length; i++)
            (path[2 * i], path[(2 * i) + 1]) = ((byte)(key[i] >> 4), (byte)(key[i] & 0xf));
        return path;
    }

    public static byte[] Compact(ReadOnlySpan<byte> path, bool isLeaf)
    {
        var isOdd = path.Length % 2 == 1;
        var flags = (isLeaf ? LeafFlag : 0) + (isOdd ? OddFlag : 0);
        var compact = new byte[1 + (path.Length / 2)];
        compact[0] = (byte)((flags << 4) | (isOdd ? path[0] : 0));
        for (int i = 1, at = isOdd ? 1 : 0; i < compact.Length; i++, at += 2)
            compact[i] = (byte)((path[at] << 4) | path[at + 1]);
        return compact;
    }

    /// <exception cref="ProofException">Not the compact form of a path.</exception>
    public static byte[] Expand(ReadOnlySpan<byte> compact, out bool isLeaf)
    {
        if (compact.IsEmpty || compact[0] >> 4 > (OddFlag | LeafFlag))
            throw new ProofException("A node's path has unknown flags.");
        var flags = compact[0] >> 4;
        var isOdd = (flags & OddFlag) != 0;
        if (!isOdd && (compact[0] & 0xf) != 0)
            throw new ProofException("A node's path has a filling that is not zero.");
        isLeaf = (flags & LeafFlag) != 0;
        return Of(compact)[(isOdd ? 1 : 2)..];
    }
}
