using CsCheck;
using Grants.Domain.Tests.Programs;
using Grants.Domain.Tests.Vectors;
using Grants.Domain.VotingPower;
using Grants.Primitives;
using Xunit;

namespace Grants.Domain.Tests.VotingPower;

public sealed class PowerSnapshotTests
{
    private static readonly Address Ada = AProgram.Ada;
    private static readonly Address Bo = AProgram.Bo;

    private static readonly Gen<UInt256> Powers = Gen.OneOf(
        Gen.ULong[1, 20].Select(number => (UInt256)number),
        Gen.ULong[1, ulong.MaxValue].Select(number => (UInt256)number * (1UL << 63)));

    /// <summary>Nobody to a dozen accounts, none twice, some of equal power.</summary>
    private static readonly Gen<AccountPower[]> Electorates = Powers.Array[0, 12].Select(
        powers => powers.Select((power, index) => new AccountPower(AProgram.Named($"voter {index}"), power)).ToArray());

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    [InlineData(8)]
    [InlineData(13)]
    public void the_tree_is_that_of_openzeppelin(int accounts)
    {
        var golden = VectorFile.Cases("power-snapshot.json").Single(one => one.GetProperty("accounts").GetArrayLength() == accounts);
        var proofs = golden.GetProperty("accounts").EnumerateArray().ToDictionary(
            one => new AccountPower(Address.Parse(one.Text("account")), UInt256.Parse(one.Text("power"))),
            one => one.GetProperty("proof").EnumerateArray().Select(hash => Hash32.Parse(hash.GetString()!)).ToArray());
        var snapshot = PowerSnapshot.Of(proofs.Keys);
        Assert.Equal(golden.Text("root"), snapshot.Root.ToString());
        Assert.Equal(golden.Text("total"), snapshot.Total.ToString());
        Assert.All(proofs, one => Assert.Equal(one.Value, snapshot.Proof(one.Key.Account)));
        Assert.All(proofs, one => Assert.True(PowerSnapshot.Verify(one.Key, one.Value, snapshot.Root)));
    }

    [Fact]
    public void where_nobody_has_power_there_is_no_root()
    {
        var snapshot = PowerSnapshot.Of([]);
        Assert.Empty(snapshot.Accounts);
        Assert.Equal((Hash32.Zero, UInt256.Zero), (snapshot.Root, snapshot.Total));
        Assert.Null(snapshot.Proof(Ada));
    }

    [Fact]
    public void an_account_without_power_is_left_out()
    {
        var snapshot = PowerSnapshot.Of([new AccountPower(Ada, 5), new AccountPower(Bo, 0)]);
        Assert.Equal([new AccountPower(Ada, 5)], snapshot.Accounts);
        Assert.Equal(PowerSnapshot.Of([new AccountPower(Ada, 5)]).Root, snapshot.Root);
        Assert.Null(snapshot.Proof(Bo));
    }

    [Fact]
    public void every_account_is_proved_and_the_order_of_the_accounts_does_not_matter() => Seeded.Check(Electorates, electorate =>
    {
        var snapshot = PowerSnapshot.Of(electorate);
        Assert.Equal(snapshot.Root, PowerSnapshot.Of(electorate.Reverse()).Root);
        Assert.All(electorate, one => Assert.True(PowerSnapshot.Verify(one, snapshot.Proof(one.Account)!, snapshot.Root)));
        Assert.Equal(electorate.OrderBy(one => one.Account), snapshot.Accounts);
    });

    [Fact]
    public void a_proof_proves_one_account_with_one_power_under_one_root() => Seeded.Check(
        Electorates.Where(electorate => electorate.Length > 1),
        electorate =>
        {
            var snapshot = PowerSnapshot.Of(electorate);
            var other = PowerSnapshot.Of([.. electorate, new AccountPower(Ada, 1)]);
            foreach (var one in electorate)
            {
                var proof = snapshot.Proof(one.Account)!;
                Assert.False(PowerSnapshot.Verify(one with { Power = one.Power + 1 }, proof, snapshot.Root));
                Assert.False(PowerSnapshot.Verify(one with { Account = Ada }, proof, snapshot.Root));
                Assert.False(PowerSnapshot.Verify(one, proof, other.Root));
                Assert.False(PowerSnapshot.Verify(one, proof.Skip(1), snapshot.Root));
                Assert.False(PowerSnapshot.Verify(one, proof.Append(snapshot.Root), snapshot.Root));
            }
        },
        samples: 100);

    [Fact]
    public void who_has_no_power_has_no_proof() =>
        Seeded.Check(Electorates, electorate => Assert.Null(PowerSnapshot.Of(electorate).Proof(Ada)));
}
