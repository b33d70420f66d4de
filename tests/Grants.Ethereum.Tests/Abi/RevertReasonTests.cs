using Grants.Ethereum.Abi;
using Grants.Primitives;
using Xunit;

namespace Grants.Ethereum.Tests;

public sealed class RevertReasonTests
{
    private static readonly AbiError[] Known =
    [
        AbiError.Parse("error AwardExists(bytes32 awardId)"),
        AbiError.Parse("error Refused(address who, uint256[] amounts, string why, bytes more)"),
    ];

    [Fact]
    public void the_message_of_require_is_told() =>
        Assert.Equal("not today", RevertReason.Describe(Data("Error(string)", "string", "not today"), Known));

    [Theory]
    [InlineData(0x01, "panic: an assertion failed")]
    [InlineData(0x11, "panic: arithmetic overflow or underflow")]
    [InlineData(0x32, "panic: index out of bounds")]
    [InlineData(0x99, "panic: code 0x99")]
    [InlineData(0x1000, "panic: code 4096")]
    public void the_meaning_of_a_panic_is_told(int code, string expected) =>
        Assert.Equal(expected, RevertReason.Describe(Data("Panic(uint256)", "uint256", code), Known));

    [Fact]
    public void a_known_error_is_told_with_its_arguments()
    {
        Assert.Equal($"AwardExists({Hash32.Zero})", RevertReason.Describe(Data(Known[0].Signature, "bytes32", Hash32.Zero), Known));
        var data = AbiFunction.Parse("function Refused(address who, uint256[] amounts, string why, bytes more)")
            .Encode(Address.Zero, new object[] { 1, 2 }, "so", new byte[] { 7 });
        Assert.Equal($"Refused({Address.Zero}, [1, 2], \"so\", 0x07)", RevertReason.Describe(data, Known));
    }

    [Fact]
    public void unknown_and_broken_data_is_told_in_part()
    {
        Assert.Equal("reverted without a reason", RevertReason.Describe([], Known));
        Assert.Equal("reverted with unknown data 0x010203", RevertReason.Describe([1, 2, 3], Known));
        var cut = Data("Error(string)", "string", "not today")[..40];
        Assert.StartsWith("reverted with unknown data 0x08c379a0", RevertReason.Describe(cut, Known), StringComparison.Ordinal);
        Assert.InRange(RevertReason.Describe(new byte[10_000], Known).Length, 1, 110);
    }

    [Fact]
    public void text_of_strangers_is_cut_and_has_no_control_characters()
    {
        var told = RevertReason.Describe(Data("Error(string)", "string", "a\r\nb\u001b[31m\u202ec" + new string('x', 1000)), Known);
        Assert.StartsWith("a��b�[31m�cxxx", told, StringComparison.Ordinal);
        Assert.Equal(301, told.Length);
    }

    private static byte[] Data(string signature, string type, object value) =>
        [.. Keccak256.Hash(signature).ToBytes()[..4], .. AbiCodec.Encode([AbiType.Parse(type)], value)];
}
