using System.Text;
using CsCheck;
using Grants.Ethereum.Keystore;
using Org.BouncyCastle.Crypto.Generators;
using Xunit;

namespace Grants.Ethereum.Tests;

public sealed class ScryptTests
{
    // The vectors of RFC 7914, section 12.
    [Theory]
    [InlineData(
        "", "", 16, 1, 1,
        "77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442fcd0069ded0948f8326a753a0fc81f17e8d3e0fb2e0d3628cf35e20c38d18906")]
    [InlineData(
        "password", "NaCl", 1024, 8, 16,
        "fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b3731622eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdfa2cc0640")]
    [InlineData(
        "pleaseletmein", "SodiumChloride", 16384, 8, 1,
        "7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2d5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887")]
    public void the_vectors_of_the_rfc_are_derived(string password, string salt, int cost, int blockSize, int parallelism, string key) =>
        Assert.Equal(
            key,
            Convert.ToHexStringLower(
                Scrypt.Derive(Encoding.ASCII.GetBytes(password), Encoding.ASCII.GetBytes(salt), cost, blockSize, parallelism, 64)));

    [Fact]
    public void another_implementation_derives_alike() =>
        Gen.Select(Gen.Byte.Array[0, 80], Gen.Byte.Array[0, 40], Gen.Select(Gen.Int[1, 6], Gen.Int[1, 9], Gen.Int[1, 4])).ForAll(
            (password, salt, parameters) =>
            {
                var (cost, blockSize, parallelism) = (1 << parameters.Item1, parameters.Item2, parameters.Item3);
                Assert.Equal(
                    SCrypt.Generate(password, salt, cost, blockSize, parallelism, 32),
                    Scrypt.Derive(password, salt, cost, blockSize, parallelism, 32));
            },
            count: 200);
}
