using System.Text.Json;
using Grants.Primitives;
using Xunit;

namespace Grants.Ethereum.Tests;

public sealed class AddressTests
{
    [Theory]
    [InlineData("0x52908400098527886E0F7030069857D2E4169EE7")]
    [InlineData("0x8617E340B3D01FA5F11F306F4090FD50E238070D")]
    [InlineData("0xde709f2102306220921060314715629080e2fb77")]
    [InlineData("0x27b1fdb04752bbc536007a920d24acb045561c26")]
    [InlineData("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed")]
    [InlineData("0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359")]
    [InlineData("0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB")]
    [InlineData("0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb")]
    public void the_vectors_of_eip_55_are_read_and_written(string text)
    {
        Assert.Equal(text, Address.Parse(text).ToString());
        Assert.Equal(text, Address.Parse(text.ToLowerInvariant()).ToString());
    }

    [Theory]
    [InlineData("0x5AAeb6053F3E94C9b9A09f33669435E7Ef1BeAed")]
    [InlineData("0xDE709F2102306220921060314715629080E2FB77")]
    [InlineData("0X5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed")]
    [InlineData("5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed")]
    [InlineData("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAe")]
    [InlineData("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed0")]
    [InlineData("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeg")]
    [InlineData(" 0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed")]
    [InlineData("")]
    [InlineData(null)]
    public void another_shape_or_checksum_is_refused(string? text)
    {
        Assert.False(Address.TryParse(text, out _));
        Assert.Throws<FormatException>(() => Address.Parse(text!));
    }

    [Fact]
    public void the_refusal_of_a_wrong_checksum_tells_the_right_one()
    {
        var refusal = Assert.Throws<FormatException>(() => Address.Parse("0x5AAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"));
        Assert.Contains("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void lenient_reading_takes_any_case()
    {
        Assert.True(Address.TryParseLenient("0x5AAEB6053F3E94C9B9A09F33669435E7EF1BEAED", out var address));
        Assert.Equal("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", address.ToString());
    }

    [Fact]
    public void bytes_are_kept_and_ordered()
    {
        var low = Address.Parse("0x00000000000000000000000000000000000000ff");
        var high = Address.Parse("0x0100000000000000000000000000000000000000");
        Assert.Equal(low, new Address(low.ToBytes()));
        Assert.True(low < high && high > low && low <= high && low != high);
        Assert.True(Address.Zero.IsZero && !low.IsZero);
        Assert.Throws<ArgumentException>(() => new Address(new byte[19]));
    }

    [Fact]
    public void json_is_checksummed_text_and_a_key()
    {
        var address = Address.Parse("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed");
        var map = new Dictionary<Address, Address> { [address] = address };
        var json = JsonSerializer.Serialize(map);
        Assert.Equal("""{"0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed":"0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"}""", json);
        Assert.Equal(map, JsonSerializer.Deserialize<Dictionary<Address, Address>>(json));
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<Address>("\"0x00\""));
    }
}
