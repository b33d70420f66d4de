using Grants.Domain.Ballots;
using Grants.Domain.Ballots.Log;
using Grants.Primitives;
using Xunit;

namespace Grants.Domain.Tests.Ballots.Log;

/// <summary>Proofs from the stored nodes alone are the proofs from all leaves.</summary>
public sealed class StoredNodesTests
{
    private static readonly Dictionary<(int, long), Hash32> Stored = Store();

    [Fact]
    public void every_leaf_of_every_log_is_proved()
    {
        for (var size = 1; size <= 300; size++)
        {
            for (var index = 0; index < size; index++)
            {
                var proof = Proof(LogPath.Inclusion(index, size));
                Assert.True(BallotLog.Verify(ALog.Leaves[index], index, size, proof, ALog.Root(size)), $"{index} of {size}");
            }
        }
    }

    [Fact]
    public void every_log_is_shown_to_be_the_beginning_of_every_later_one()
    {
        for (var to = 0; to <= 130; to++)
        {
            for (var from = 0; from <= to; from++)
            {
                var proof = Proof(LogPath.Consistency(from, to));
                Assert.Equal(BallotLog.ConsistencyProof(ALog.Leaves.AsSpan(0, to), from), proof);
                Assert.True(BallotLog.VerifyConsistency(from, to, proof, ALog.Root(from), ALog.Root(to)), $"{from} to {to}");
            }
        }
    }

    [Theory]
    [InlineData(255)]
    [InlineData(256)]
    [InlineData(257)]
    [InlineData(511)]
    [InlineData(512)]
    [InlineData(768)]
    [InlineData(769)]
    [InlineData(1_000)]
    public void larger_logs_are_proved_over_the_higher_nodes(int size)
    {
        foreach (var index in new[] { 0, 1, 255, 256, 300, 511, size - 2, size - 1 }.Where(index => index < size))
        {
            var proof = Proof(LogPath.Inclusion(index, size));
            Assert.Equal(BallotLog.InclusionProof(ALog.Leaves.AsSpan(0, size), index), proof);
            Assert.True(BallotLog.Verify(ALog.Leaves[index], index, size, proof, ALog.Root(size)));
        }

        foreach (var from in new[] { 1, 255, 256, 257, 511, 512, size - 1 }.Where(from => from < size))
            Assert.Equal(BallotLog.ConsistencyProof(ALog.Leaves.AsSpan(0, size), from), Proof(LogPath.Consistency(from, size)));
    }

    [Fact]
    public void an_older_root_is_found_again()
    {
        for (var size = 0; size <= 1_000; size += 7)
            Assert.Equal(ALog.Root(size), StoredNodes.Root(new LeafSpan(0, size), (level, position) => Stored[(level, position)]));
    }

    [Fact]
    public void a_few_short_ranges_are_enough_for_any_size()
    {
        for (var size = 5_000_000_000L; size > 0; size /= 3)
        {
            foreach (var index in new[] { 0, size / 5, size / 2, size - 1 })
            {
                var ranges = StoredNodes.Needed(LogPath.Inclusion(index, size));
                Assert.True(ranges.Count <= 12, $"{ranges.Count} ranges for {index} of {size}");
                Assert.True(ranges.Sum(range => range.Count) <= 2_048);
            }
        }
    }

    [Fact]
    public void no_node_is_asked_for_twice()
    {
        for (var size = 1; size <= 1_000; size += 13)
        {
            var nodes = StoredNodes.Needed(LogPath.Inclusion(size / 2, size))
                .SelectMany(range => Enumerable.Range(0, range.Count).Select(i => (range.Level, range.First + i)))
                .ToList();
            Assert.Equal(nodes.Count, nodes.Distinct().Count());
        }
    }

    // Only the nodes that were asked for can be read.
    private static Hash32[] Proof(IReadOnlyList<LeafSpan> path)
    {
        var read = StoredNodes.Needed(path)
            .SelectMany(range => Enumerable.Range(0, range.Count).Select(i => (range.Level, range.First + i)))
            .ToDictionary(place => place, place => Stored[place]);
        return [.. path.Select(span => StoredNodes.Root(span, (level, position) => read[(level, position)]))];
    }

    private static Dictionary<(int, long), Hash32> Store()
    {
        var nodes = new List<LogNode>();
        var log = new LogFrontier();
        foreach (var leaf in ALog.Leaves)
            log.Append(leaf, nodes);
        return nodes.ToDictionary(node => (node.Level, node.Position), node => node.Hash);
    }
}
