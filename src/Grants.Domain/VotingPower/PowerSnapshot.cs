using System.Collections.Immutable;
using Grants.Primitives;

namespace Grants.Domain.VotingPower;

/// <summary>One account's voting power at the snapshot block.</summary>
public sealed record AccountPower(Address Account, UInt256 Power);

/// <summary>A movement of the power token, in chain order.</summary>
public sealed record PowerTransfer(Address From, Address To, UInt256 Amount);

/// <summary>
/// Voting power of everybody at one block, and the Merkle root that commits to it. Strategy <c>erc20-balance</c>: the sum
/// of the token's transfers up to the block. The tree is the standard one of OpenZeppelin: the leaf is
/// keccak256(keccak256(abi.encode(account, power))), leaves sorted, inner nodes keccak256 of the sorted pair.
/// </summary>
public sealed class PowerSnapshot
{
    private readonly Hash32[] tree;

    private PowerSnapshot(ImmutableArray<AccountPower> accounts, Hash32[] tree, UInt256 total)
    {
        Accounts = accounts;
        this.tree = tree;
        Total = total;
    }

    /// <summary>Everybody with power above zero, by address.</summary>
    public ImmutableArray<AccountPower> Accounts { get; }

    /// <summary>Base units.</summary>
    public UInt256 Total { get; }

    /// <summary>Zero where nobody has power.</summary>
    public Hash32 Root => tree.Length == 0 ? Hash32.Zero : tree[0];

    /// <summary>Folds all transfers of the token from its deployment up to the snapshot block.</summary>
    /// <exception cref="OverflowException">The transfers do not add up: an account spends more than it received.</exception>
    public static PowerSnapshot OfBalances(IEnumerable<PowerTransfer> transfers)
    {
        var balances = new Dictionary<Address, UInt256>();
        foreach (var transfer in transfers)
        {
            if (!transfer.From.IsZero)
                balances[transfer.From] = balances.GetValueOrDefault(transfer.From) - transfer.Amount;
            if (!transfer.To.IsZero)
                balances[transfer.To] = balances.GetValueOrDefault(transfer.To) + transfer.Amount;
        }

        return Of(balances.Select(balance => new AccountPower(balance.Key, balance.Value)));
    }

    public static PowerSnapshot Of(IEnumerable<AccountPower> powers)
    {
        var accounts = powers.Where(account => !account.Power.IsZero).OrderBy(account => account.Account).ToImmutableArray();
        var total = accounts.Aggregate(UInt256.Zero, (sum, account) => sum + account.Power);
        return new PowerSnapshot(accounts, Tree(accounts.Select(Leaf).Order().ToArray()), total);
    }

    /// <summary>The siblings from the account's leaf to the root; null where the account has no power.</summary>
    public IReadOnlyList<Hash32>? Proof(Address account)
    {
        if (Accounts.FirstOrDefault(candidate => candidate.Account == account) is not { } found)
            return null;
        var proof = new List<Hash32>();
        for (var index = Array.IndexOf(tree, Leaf(found), tree.Length / 2); index > 0; index = (index - 1) / 2)
            proof.Add(tree[index % 2 == 0 ? index - 1 : index + 1]);
        return proof;
    }

    /// <summary>Whether the proof leads from the account's leaf to the root.</summary>
    public static bool Verify(AccountPower account, IEnumerable<Hash32> proof, Hash32 root) =>
        proof.Aggregate(Leaf(account), Node) == root;

    private static Hash32 Leaf(AccountPower account)
    {
        Span<byte> encoded = stackalloc byte[64];
        encoded.Clear();
        account.Account.CopyTo(encoded[12..]);
        account.Power.CopyTo(encoded[32..]);
        return Keccak256.Hash(Keccak256.Hash(encoded).ToBytes());
    }

    // A complete binary tree in an array: the root first, the sorted leaves from the end backwards.
    private static Hash32[] Tree(Hash32[] leaves)
    {
        if (leaves.Length == 0)
            return [];
        var tree = new Hash32[(2 * leaves.Length) - 1];
        for (var i = 0; i < leaves.Length; i++)
            tree[tree.Length - 1 - i] = leaves[i];
        for (var i = tree.Length - 1 - leaves.Length; i >= 0; i--)
            tree[i] = Node(tree[(2 * i) + 1], tree[(2 * i) + 2]);
        return tree;
    }

    private static Hash32 Node(Hash32 left, Hash32 right)
    {
        var (low, high) = left <= right ? (left, right) : (right, left);
        Span<byte> pair = stackalloc byte[64];
        low.CopyTo(pair);
        high.CopyTo(pair[32..]);
        return Keccak256.Hash(pair);
    }
}
