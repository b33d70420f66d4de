using Grants.Primitives;
using Xunit;

namespace Grants.Ethereum.Tests;

public sealed class EventKeyTests
{
    private static readonly EventKey Key = new(
        1088,
        123_456,
        new Hash32(Enumerable.Repeat((byte)0x11, 32).ToArray()),
        new Hash32(Enumerable.Repeat((byte)0x22, 32).ToArray()),
        7);

    [Fact]
    public void the_id_is_the_version_5_uuid_that_another_implementation_computes() =>
        Assert.Equal(Guid.Parse("e0b66d96-c0a5-527c-a1f4-32014920d957"), Key.EventId("transfer"));

    [Fact]
    public void the_id_says_its_version_and_variant()
    {
        var bytes = Key.EventId("transfer").ToByteArray(bigEndian: true);
        Assert.Equal(0x50, bytes[6] & 0xf0);
        Assert.Equal(0x80, bytes[8] & 0xc0);
    }

    [Fact]
    public void every_part_but_the_height_changes_the_id()
    {
        var ids = new[]
        {
            Key.EventId("transfer"),
            Key.EventId("deposit"),
            (Key with { ChainId = 1 }).EventId("transfer"),
            (Key with { BlockHash = Hash32.Zero }).EventId("transfer"),
            (Key with { TransactionHash = Hash32.Zero }).EventId("transfer"),
            (Key with { LogIndex = 8 }).EventId("transfer"),
        };
        Assert.Equal(ids.Length, ids.Distinct().Count());
        Assert.Equal(ids[0], (Key with { BlockNumber = 1 }).EventId("transfer"));
    }
}
