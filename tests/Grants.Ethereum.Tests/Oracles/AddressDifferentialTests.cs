using Grants.Primitives;
using Xunit;

namespace Grants.Ethereum.Tests.Oracles;

public sealed class AddressDifferentialTests
{
    [Fact]
    public Task viem_and_ethers_write_the_same_checksum() => Oracle.CompareAsync(
        Draw.Account,
        address => new { ask = "checksum", address = Hex.Format(address.ToBytes()) },
        (address, answer) => answer.MustBe(address.ToString(), "viem", "ethers"));
}
