using System.Collections.Concurrent;
using System.Diagnostics;
using Grants.Ethereum.Following;

namespace Grants.Service.Ingestion.Following;

/// <summary>How much this instance has read of a chain lately.</summary>
/// <param name="Blocks">Since following began.</param>
/// <param name="Logs">Watched ones, since following began.</param>
/// <param name="BlocksPerSecond">Over the last while, rounded down.</param>
/// <param name="BlocksLeft">Still to be read when this was told.</param>
public sealed record ReadSoFar(long Blocks, long Logs, long BlocksPerSecond, long BlocksLeft)
{
    /// <summary>Until what is left is read, at the present rate, rounded up; null where no rate is known.</summary>
    public long? SecondsLeft => BlocksLeft == 0 ? 0
        : BlocksPerSecond == 0 ? null
        : (BlocksLeft + BlocksPerSecond - 1) / BlocksPerSecond;
}

/// <summary>Counts what is read, by chain, for logs, metrics and whoever asks. Only the instance that follows a chain knows.</summary>
public sealed class ChainProgress
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<long, Count> counts = new();

    /// <summary>Null where this instance has not read of the chain.</summary>
    public ReadSoFar? Of(long chainId) => counts.TryGetValue(chainId, out var count) ? count.Now() : null;

    /// <summary>Takes note of blocks that were stored; what has come of it where a while has passed since it was last told.</summary>
    internal ReadSoFar? Add(long chainId, IReadOnlyCollection<FollowedBlock> blocks, long left)
    {
        var logs = blocks.Sum(block => block.Logs.Length);
        return counts.GetOrAdd(chainId, _ => new Count()).Add(blocks.Count, logs, left);
    }

    private sealed class Count
    {
        private readonly Lock gate = new();
        private long blocks;
        private long logs;
        private long windowBegan = Stopwatch.GetTimestamp();
        private long blocksBefore;
        private long rate;
        private long left;

        public ReadSoFar Now()
        {
            lock (gate)
                return new ReadSoFar(blocks, logs, rate, left);
        }

        public ReadSoFar? Add(long moreBlocks, long moreLogs, long nowLeft)
        {
            lock (gate)
            {
                (blocks, logs, left) = (blocks + moreBlocks, logs + moreLogs, nowLeft);
                var passed = Stopwatch.GetElapsedTime(windowBegan);
                if (passed < Window)
                    return null;
                rate = (blocks - blocksBefore) * 1_000 / (long)passed.TotalMilliseconds;
                (windowBegan, blocksBefore) = (Stopwatch.GetTimestamp(), blocks);
                return new ReadSoFar(blocks, logs, rate, left);
            }
        }
    }
}
