using System.Text.Json;
using Grants.Ethereum.Signing;
using Grants.Primitives;
using Xunit;

namespace Grants.Ethereum.Tests;

public sealed class PrivateKeyTests
{
    private const string Secret = "0x3e162f86b5d2597f45abe337b3e39a98055b67d6536b81f3291857cbd425d79e";

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("0x01")]
    [InlineData("0x0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141")]
    [InlineData("0xffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff")]
    [InlineData("3e162f86b5d2597f45abe337b3e39a98055b67d6536b81f3291857cbd425d79e")]
    [InlineData("0x3e162f86b5d2597f45abe337b3e39a98055b67d6536b81f3291857cbd425d79g")]
    public void what_is_no_key_is_refused_without_repeating_it(string? text)
    {
        var refusal = Assert.Throws<FormatException>(() => PrivateKey.Parse(text!));
        Assert.DoesNotContain("3e162f86", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0x0000000000000000000000000000000000000000000000000000000000000001", "0x7E5F4552091A69125d5DfCb7b8C2659029395Bdf")]
    [InlineData("0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364140", "0x80C0dbf239224071c59dD8970ab9d542E3414aB2")]
    public void the_smallest_and_the_largest_key_have_their_accounts(string secret, string address) =>
        Assert.Equal(address, PrivateKey.Parse(secret).Address.ToString());

    [Fact]
    public void the_key_never_shows()
    {
        var key = PrivateKey.Parse(Secret);
        var shown = $"{key} {JsonSerializer.Serialize(key)}";
        Assert.Contains(key.Address.ToString(), shown, StringComparison.Ordinal);
        Assert.DoesNotContain("3e162f86", shown, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(UInt256.FromBytes(Hex.Parse(Secret)).ToString(), shown, StringComparison.Ordinal);
    }

    [Fact]
    public void created_keys_differ_and_sign()
    {
        var (one, two) = (PrivateKey.Create(), PrivateKey.Create());
        Assert.NotEqual(one.Address, two.Address);
        Assert.True(Secp256k1.TryRecover(Hash32.Zero, one.Sign(Hash32.Zero), out var signer));
        Assert.Equal(one.Address, signer);
    }

    [Theory]
    [InlineData("Hello World", "0xa1de988600a42c4b4ab089b619297c17d53cffae5d5120d82d8a92d0bb3b78f2")]
    [InlineData("", "0x5f35dce98ba4fba25530a026ed80b2cecdaa31091ba4958b99b52ea1d068adad")]
    public void text_that_people_sign_is_hashed_by_eip_191(string text, string digest) =>
        Assert.Equal(digest, PersonalMessage.Digest(text).ToString());
}
