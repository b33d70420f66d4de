using System.Text.Json;
using Grants.Ethereum.Rlp;
using Grants.Primitives;

namespace Grants.Ethereum.Proofs;

/// <summary>
/// The answer to <c>eth_getProof</c> (EIP-1186). What it claims beside its nodes is not looked at: account and storage are
/// read from the nodes, against a state root that the caller trusts.
/// </summary>
public sealed class AccountProof
{
    private const int MostNodes = 65;

    private readonly IReadOnlyList<byte[]> nodes;
    private readonly Dictionary<Hash32, IReadOnlyList<byte[]>> storage;

    private AccountProof(IReadOnlyList<byte[]> nodes, Dictionary<Hash32, IReadOnlyList<byte[]>> storage) =>
        (this.nodes, this.storage) = (nodes, storage);

    /// <summary>Reads the answer's nodes.</summary>
    /// <exception cref="ProofException">Another shape.</exception>
    public static AccountProof FromJson(JsonElement answer) => ChainJson.Read("proof", () =>
    {
        var storage = new Dictionary<Hash32, IReadOnlyList<byte[]>>();
        foreach (var entry in answer.GetProperty("storageProof").EnumerateArray())
            storage[Slot(entry.GetProperty("key").GetString()!)] = Nodes(entry.GetProperty("proof"));
        return new AccountProof(Nodes(answer.GetProperty("accountProof")), storage);
    });

    /// <summary>The account in the state; null where it is proven that there is none.</summary>
    /// <exception cref="ProofException">The nodes prove neither.</exception>
    public AccountState? Account(Hash32 stateRoot, Address address)
    {
        var value = MerkleProof.Read(stateRoot, Hashed(address.ToBytes()), nodes);
        return value is null ? null : ChainJson.Read("proof", () => AccountState.Read(value));
    }

    /// <summary>What a slot of the account's storage holds; zero where it is proven that nothing is there.</summary>
    /// <exception cref="ProofException">The nodes prove neither, or the answer has none for the slot.</exception>
    public UInt256 Storage(AccountState account, Hash32 slot)
    {
        if (!storage.TryGetValue(slot, out var path))
            throw new ProofException($"The answer has no proof for the slot {slot}.");
        var value = MerkleProof.Read(account.StorageRoot, Hashed(slot.ToBytes()), path);
        return value is null ? UInt256.Zero : ChainJson.Read("proof", () => Word(value));
    }

    private static UInt256 Word(byte[] encoded)
    {
        var items = RlpReader.Items(encoded);
        var word = items.ReadUInt256();
        items.ExpectEnd();
        return word.IsZero ? throw new ProofException("A slot holds zero.") : word;
    }

    private static byte[] Hashed(byte[] key) => Keccak256.Hash(key).ToBytes();

    private static byte[][] Nodes(JsonElement list) => list.GetArrayLength() <= MostNodes
        ? [.. list.EnumerateArray().Select(node => Hex.Parse(node.GetString()!))]
        : throw new ProofException("A proof has more nodes than a path has steps.");

    /// <summary>Nodes write the slot as 32 bytes or as a quantity.</summary>
    private static Hash32 Slot(string text) => text.StartsWith("0x", StringComparison.Ordinal) && text.Length <= 2 + (2 * Hash32.Length)
        ? Hash32.Parse("0x" + text[2..].PadLeft(2 * Hash32.Length, '0'))
        : throw new ProofException("A slot is malformed.");
}
