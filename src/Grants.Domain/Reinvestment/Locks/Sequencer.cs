using Grants.Primitives;

namespace Grants.Domain.Reinvestment.Locks;

/// <summary>What a contract of sequencers' locks says of one of them, in the order of the chain. Amounts are base units.</summary>
public abstract record SequencerChange(UInt256 SequencerId);

/// <summary><c>Locked</c>.</summary>
public sealed record SequencerMade(UInt256 SequencerId, Address Signer, UInt256 Amount) : SequencerChange(SequencerId);

/// <summary><c>Relocked</c>: new money and compounded reward together.</summary>
public sealed record SequencerGrown(UInt256 SequencerId, UInt256 Amount) : SequencerChange(SequencerId);

/// <summary><c>LockUpdate</c>: what is locked now.</summary>
public sealed record SequencerResized(UInt256 SequencerId, UInt256 Locked) : SequencerChange(SequencerId);

/// <summary><c>SignerChange</c>.</summary>
public sealed record SequencerHandedOver(UInt256 SequencerId, Address Signer) : SequencerChange(SequencerId);

/// <summary><c>ClaimRewards</c>: a reward went to its recipient on L2.</summary>
public sealed record SequencerRewarded(UInt256 SequencerId, Address Recipient, UInt256 Amount) : SequencerChange(SequencerId);

/// <summary><c>UnlockInit</c>.</summary>
/// <param name="ClaimableFrom">Seconds since 1970 from which on the lock can be paid out.</param>
public sealed record SequencerExitBegun(UInt256 SequencerId, UInt256 ClaimableFrom) : SequencerChange(SequencerId);

/// <summary><c>SetMaxLock</c>: no lock may be larger from here on. It is of no sequencer, and of all.</summary>
public sealed record LargestLockSet(UInt256 Amount) : SequencerChange(UInt256.Zero);

/// <summary><c>Unlocked</c>: the whole lock was paid out.</summary>
public sealed record SequencerLeft(UInt256 SequencerId) : SequencerChange(SequencerId);

/// <summary>A sequencer and its lock, as final logs tell it. Amounts are base units.</summary>
/// <param name="Contract">That holds the lock.</param>
/// <param name="Locked">Now; zero once it was paid out.</param>
/// <param name="Relocked">All that was added since it was made, compounded reward included.</param>
/// <param name="Claimed">All rewards that went to a recipient.</param>
/// <param name="Recipient">Who got the last reward; null before the first.</param>
/// <param name="ClaimableFrom">Seconds since 1970 from which on the lock can be paid out; null before its exit begins.</param>
/// <param name="LargestLock">That a lock may be now; null where the contract never said it.</param>
public sealed record Sequencer(
    Address Contract,
    UInt256 Id,
    Address Signer,
    UInt256 Locked,
    UInt256 Relocked,
    UInt256 Claimed,
    Address? Recipient = null,
    UInt256? ClaimableFrom = null,
    UInt256? LargestLock = null)
{
    /// <summary>Whether the lock is on its way out: it is at work no more and not paid out yet.</summary>
    public bool IsUnlocking => ClaimableFrom is not null && !Locked.IsZero;

    /// <summary>How much more can be locked; nothing in a lock on its way out, null where no largest lock is known.</summary>
    public UInt256? Room => LargestLock is not { } largest ? null
        : ClaimableFrom is null ? UInt256.SubtractToZero(largest, Locked) : UInt256.Zero;

    /// <summary>The sequencers of a contract in the order of their numbers; those whose making is not among the changes are not.</summary>
    public static IReadOnlyList<Sequencer> Of(Address contract, IEnumerable<SequencerChange> changes)
    {
        var known = new Dictionary<UInt256, Sequencer>();
        UInt256? largest = null;
        foreach (var change in changes)
        {
            if (change is LargestLockSet set)
                largest = set.Amount;
            else if (change is SequencerMade made)
                known[made.SequencerId] = new Sequencer(contract, made.SequencerId, made.Signer, made.Amount, 0UL, 0UL);
            else if (known.TryGetValue(change.SequencerId, out var before))
                known[change.SequencerId] = before.After(change);
        }

        return [.. known.Values.OrderBy(sequencer => sequencer.Id).Select(sequencer => sequencer with { LargestLock = largest })];
    }

    private Sequencer After(SequencerChange change) => change switch
    {
        SequencerGrown grown => this with { Relocked = Relocked + grown.Amount },
        SequencerResized resized => this with { Locked = resized.Locked },
        SequencerHandedOver handed => this with { Signer = handed.Signer },
        SequencerRewarded reward => this with { Recipient = reward.Recipient, Claimed = Claimed + reward.Amount },
        SequencerExitBegun exit => this with { ClaimableFrom = exit.ClaimableFrom },
        SequencerLeft => this with { Locked = UInt256.Zero },
        _ => this,
    };
}
