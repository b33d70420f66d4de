using System.Collections.Immutable;
using Grants.Primitives;

namespace Grants.Domain.VotingPower;

/// <summary>One account's voting power at the snapshot block.</summary>
public sealed record AccountPower(Address Account, UInt256 Power);

/// <summary>Voting power of everybody at one block, and the Merkle tree that commits to it.</summary>
public sealed class PowerSnapshot
{
    private readonly PowerTree tree;

    private PowerSnapshot(ImmutableArray<AccountPower> accounts, UInt256 total)
    {
        Accounts = accounts;
        Total = total;
        tree = PowerTree.Of(accounts.Select(PowerTree.Leaf));
    }

    /// <summary>Everybody with power above zero, by address.</summary>
    public ImmutableArray<AccountPower> Accounts { get; }

    /// <summary>Base units.</summary>
    public UInt256 Total { get; }

    /// <summary>Zero where nobody has power.</summary>
    public Hash32 Root => tree.Root;

    public static PowerSnapshot Of(IEnumerable<AccountPower> powers)
    {
        var accounts = powers.Where(account => !account.Power.IsZero).OrderBy(account => account.Account).ToImmutableArray();
        var total = accounts.Aggregate(UInt256.Zero, (sum, account) => sum + account.Power);
        return new PowerSnapshot(accounts, total);
    }

    /// <summary>The siblings from the account's leaf to the root; null where the account has no power.</summary>
    public IReadOnlyList<Hash32>? Proof(Address account) =>
        Accounts.FirstOrDefault(candidate => candidate.Account == account) is { } found ? tree.Proof(found) : null;

    /// <summary>Whether the proof leads from the account's leaf to the root.</summary>
    public static bool Verify(AccountPower account, IEnumerable<Hash32> proof, Hash32 root) => PowerTree.Verify(account, proof, root);
}
