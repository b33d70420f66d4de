using System.Text;
using Grants.Ethereum.Abi;
using Grants.Primitives;
using Xunit;

namespace Grants.Ethereum.Tests;

/// <summary>The examples are those of the contract ABI specification.</summary>
public sealed class AbiFunctionTests
{
    [Fact]
    public void static_arguments_follow_the_selector()
    {
        var baz = AbiFunction.Parse("function baz(uint32 x, bool y) public pure returns (bool r)");
        Assert.Equal("baz(uint32,bool)", baz.Signature);
        Assert.Equal("cdcd77c0" + Text("45", "1"), Convert.ToHexStringLower(baz.Encode(69, true)));
        Assert.Equal([(UInt256)69UL, true], baz.DecodeInput(baz.Encode(69, true)));
        Assert.Equal([true], baz.DecodeOutput(AbiValue.Words("1")));
    }

    [Fact]
    public void fixed_arrays_stand_in_the_head()
    {
        var bar = AbiFunction.Parse("function bar(bytes3[2] memory)");
        var texts = new[] { "abc"u8.ToArray(), "def"u8.ToArray() };
        Assert.Equal(
            "fce353f6" + "616263".PadRight(64, '0') + "646566".PadRight(64, '0'), Convert.ToHexStringLower(bar.Encode((object)texts)));
    }

    [Fact]
    public void dynamic_arguments_stand_in_the_tail()
    {
        var sam = AbiFunction.Parse("function sam(bytes memory, bool, uint[] memory) public pure");
        Assert.Equal(
            "a5643bf2" + Text("60", "1", "a0", "4") + "64617665".PadRight(64, '0') + Text("3", "1", "2", "3"),
            Convert.ToHexStringLower(sam.Encode("dave"u8.ToArray(), true, new object[] { 1, 2, 3 })));
        var f = AbiFunction.Parse("function f(uint256, uint32[], bytes10, bytes)");
        Assert.Equal(
            "8be65246" + Text("123", "80") + "31323334353637383930".PadRight(64, '0') + Text("e0", "2", "456", "789", "d")
            + "48656c6c6f2c20776f726c6421".PadRight(64, '0'),
            Convert.ToHexStringLower(
                f.Encode(0x123, new object[] { 0x456, 0x789 }, "1234567890"u8.ToArray(), "Hello, world!"u8.ToArray())));
    }

    [Fact]
    public void nested_dynamic_arguments_have_offsets_of_their_own()
    {
        var g = AbiFunction.Parse("function g(uint256[][] a, string[] b)");
        var data = g.Encode(
            new object[] { new object[] { 1, 2 }, new object[] { 3 } },
            new object[] { "one", "two", "three" });
        Assert.Equal(
            "2289b18c" + Text("40", "140", "2", "40", "a0", "2", "1", "2", "1", "3", "3", "60", "a0", "e0", "3")
            + "6f6e65".PadRight(64, '0') + Text("3") + "74776f".PadRight(64, '0') + Text("5") + "7468726565".PadRight(64, '0'),
            Convert.ToHexStringLower(data));
    }

    [Fact]
    public void data_of_another_function_is_refused()
    {
        var pause = AbiFunction.Parse("function pause()");
        Assert.Empty(pause.DecodeInput(pause.Encode()));
        Assert.Throws<AbiException>(() => pause.DecodeInput(AbiFunction.Parse("function unpause()").Encode()));
        Assert.Throws<AbiException>(() => pause.DecodeInput([1, 2, 3]));
    }

    [Fact]
    public void no_caller_can_change_the_selector()
    {
        var pause = AbiFunction.Parse("function pause()");
        pause.Selector[0] ^= 0xff;
        Assert.Equal("8456cb59", Convert.ToHexStringLower(pause.Selector));
    }

    [Theory]
    [InlineData("function f(uint a, int b, address payable c) external payable", "f(uint256,int256,address)")]
    [InlineData("function f((uint64 a, (bool b, string c)[] d)[3][] calldata e)", "f((uint64,(bool,string)[])[3][])")]
    [InlineData("function f(tuple(uint8 a) b) view returns (tuple(uint8 a)[] c)", "f((uint8))")]
    [InlineData(" function  f ( ) ", "f()")]
    public void declarations_are_brought_to_their_canonical_form(string declaration, string signature) =>
        Assert.Equal(signature, AbiFunction.Parse(declaration).Signature);

    [Theory]
    [InlineData("")]
    [InlineData("event f()")]
    [InlineData("function (uint256)")]
    [InlineData("function f")]
    [InlineData("function f(")]
    [InlineData("function f(uint256")]
    [InlineData("function f(uint256,)")]
    [InlineData("function f() returns")]
    [InlineData("function f() forever")]
    [InlineData("function f() x(")]
    [InlineData("function f(uint7)")]
    [InlineData("function f(uint264)")]
    [InlineData("function f(uint08)")]
    [InlineData("function f(uint-8)")]
    [InlineData("function f(bytes0)")]
    [InlineData("function f(bytes33)")]
    [InlineData("function f(fixed128x18)")]
    [InlineData("function f(Schedule)")]
    [InlineData("function f(uint8[0])")]
    [InlineData("function f(uint8[-1])")]
    [InlineData("function f(uint8[65536])")]
    [InlineData("function f(uint8[65535][65535])")]
    [InlineData("function f(string[65535])")]
    [InlineData("function f(uint8[)")]
    [InlineData("function f(())")]
    [InlineData("function f(uint8 a b)")]
    [InlineData("function f() returns () é")]
    public void other_declarations_are_refused(string declaration) =>
        Assert.Throws<AbiException>(() => AbiFunction.Parse(declaration));

    [Fact]
    public void endless_nesting_is_refused()
    {
        Assert.Throws<AbiException>(() => AbiType.Parse("bool" + new StringBuilder().Insert(0, "[]", 100_000)));
        Assert.Throws<AbiException>(() => AbiType.Parse(new string('(', 100_000)));
    }

    private static string Text(params string[] words) => Convert.ToHexStringLower(AbiValue.Words(words));
}
