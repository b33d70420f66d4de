using Xunit;

namespace Grants.Cli.Tests;

public sealed class RecoverVerbTests
{
    private const string Digest = "0x7bf61ef0f78514886ec95faa4766d516cdae73e08339f7e6b3513d5d1ad0fece";
    private const string R = "0xdb735d1c496dda3aa3477d6ccf129a00481161bdef4a3ea091699efc54da5bda";
    private const string S = "301b14500596b9142eff259c0e24fe0658a75d31991bee641ded514188c3c553";

    [Fact]
    public void signers_are_those_that_another_implementation_signed_with()
    {
        foreach (var vector in Tool.Cases("typed-data.json"))
        {
            var (digest, signature) = (vector.GetProperty("digest").GetString()!, vector.GetProperty("signature").GetString()!);
            Assert.Equal(vector.GetProperty("signer").GetString(), Tool.Run("recover", digest, signature).Line());
        }
    }

    [Fact]
    public void both_ways_of_writing_the_recovery_value_are_understood()
    {
        Assert.Equal(Tool.Run("recover", Digest, R + S + "1c").Line(), Tool.Run("recover", Digest, R + S + "01").Line());
        Assert.NotEqual(Tool.Run("recover", Digest, R + S + "1b").Line(), Tool.Run("recover", Digest, R + S + "1c").Line());
    }

    [Theory]
    [InlineData("0x7bf6", R + S + "1c")]
    [InlineData("7bf61ef0f78514886ec95faa4766d516cdae73e08339f7e6b3513d5d1ad0fece00", R + S + "1c")]
    [InlineData(Digest, R + S)]
    [InlineData(Digest, R + S + "1d")]
    [InlineData(Digest, R + S + "1c00")]
    [InlineData(Digest, "0x")]
    [InlineData(Digest, "")]
    [InlineData(Digest, R + "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff" + "1c")]
    [InlineData(Digest, R + "cfe4ebaffa6946ebd100da63f1db01f86207afb5162cb177a1e50d4b4772" + "7bee" + "1b")]
    [InlineData(Digest, "0x0000000000000000000000000000000000000000000000000000000000000000" + S + "1c")]
    [InlineData(Digest, "0x0000000000000000000000000000000000000000000000000000000000000005" + S + "1c")]
    public void what_no_account_can_have_signed_is_refused_in_one_line(string digest, string signature) =>
        Tool.Run("recover", digest, signature).Refusal();
}
