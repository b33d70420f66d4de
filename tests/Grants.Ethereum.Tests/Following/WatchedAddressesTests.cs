using Grants.Ethereum.Following;
using Grants.Primitives;
using Xunit;

namespace Grants.Ethereum.Tests.Following;

public sealed class WatchedAddressesTests
{
    private static readonly Address Weth = Address.Parse("0xC02aaA39b223FE8D0A0e5C4F27eAD9083C756Cc2");

    // Keccak-256 of the address begins 0x8679e8eda65b: bits 0x679, 0x0ed and 0x65b.
    private static readonly byte[] OnlyWeth = Bloom(1657, 237, 1627);

    [Fact]
    public void a_bloom_with_the_bits_of_an_address_allows_it() => Assert.True(new WatchedAddresses([Weth]).MayAppearIn(OnlyWeth));

    [Fact]
    public void a_bloom_without_one_of_the_bits_excludes_it() => Assert.False(new WatchedAddresses([Weth]).MayAppearIn(Bloom(1657, 237)));

    [Fact]
    public void one_of_many_is_enough() => Assert.True(new WatchedAddresses([Address.Zero, Weth]).MayAppearIn(OnlyWeth));

    [Fact]
    public void nothing_watched_is_excluded_everywhere() =>
        Assert.False(new WatchedAddresses([]).MayAppearIn(Bloom([.. Enumerable.Range(0, 2048)])));

    [Fact]
    public void many_addresses_are_sorted_here_and_not_by_the_node()
    {
        var many = Enumerable.Range(1, 600).Select(i => new Address([.. ((UInt256)(ulong)i).ToBytes()[12..]]));
        Assert.Null(new WatchedAddresses(many).Filter);
        Assert.Equal([Weth], new WatchedAddresses([Weth]).Filter!);
    }

    private static byte[] Bloom(params int[] bits)
    {
        var bloom = new byte[256];
        foreach (var bit in bits)
            bloom[255 - (bit / 8)] |= (byte)(1 << (bit % 8));
        return bloom;
    }
}
