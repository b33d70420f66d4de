using Grants.Domain.VotingPower.Strategies;
using Grants.Domain;
using Grants.Ethereum.Abi;
using Grants.Ethereum.Contracts;
using Grants.Primitives;
using Grants.Service.Demo;
using Xunit;

namespace Grants.Service.Tests.VotingPower;

/// <summary>The strategies over locks, vaults and pairs, held against the contracts' own views after random acts on a real chain.</summary>
public sealed class VenueStrategyTests(LocalServers servers)
{
    private const int Blocks = 60;

    private static readonly AbiFunction Relock = AbiFunction.Parse("function relock(uint256 sequencerId, uint256 amount)");

    private static readonly AbiFunction Withdraw = AbiFunction.Parse("function withdraw(uint256 sequencerId, uint256 amount)");

    private static readonly AbiFunction Unlock = AbiFunction.Parse("function unlock(uint256 sequencerId)");

    private static readonly AbiFunction UnlockClaim = AbiFunction.Parse("function unlockClaim(uint256 sequencerId)");

    private static readonly AbiFunction UpdateSigner =
        AbiFunction.Parse("function updateSigner(uint256 sequencerId, address newSigner, bytes signerPubkey)");

    private static readonly AbiFunction Sequencers = AbiFunction.Parse(
        "function sequencers(uint256 id) view returns (address owner, address signer, uint256 locked, uint256 nonce, uint256 claimTime)");

    private static readonly AbiFunction SequencerCount = AbiFunction.Parse("function sequencerCount() view returns (uint256)");

    [Fact]
    public async Task stakes_are_the_locks_that_are_not_on_their_way_out()
    {
        await using var rig = await PowerRig.StartAsync(servers);
        var token = await VenueScene.TokenAsync(rig);
        var venue = await rig.DeployAsync(Artifacts.Own("SequencerLock", "address,uint256", token, UInt256.One));
        await VenueScene.ApproveAsync(rig, token, venue);
        var random = new Random(4);
        await rig.ActAsync(Blocks, random, draw => DrawLock(rig, venue, draw));
        await rig.IndexAsync([venue]);
        foreach (var block in await rig.FinalBlocksAsync(5, first: 24, random))
        {
            var stakes = new Dictionary<Address, UInt256>();
            var count = (ulong)await rig.NumberAsync(block, venue, SequencerCount);
            for (var id = 1UL; id <= count; id++)
            {
                var one = Sequencers.DecodeOutput(
                    await rig.Node.CallAsync(venue, Sequencers.Encode((UInt256)id), block.Hash, cancellation: PowerRig.Cancellation));
                if (((UInt256)one[4]).IsZero)
                    stakes[(Address)one[1]] = stakes.GetValueOrDefault((Address)one[1]) + (UInt256)one[2];
            }

            var power = await rig.ReadAsync(VenueScene.Of(PowerStrategyKind.Staked, venue), block);
            Assert.Equal(await rig.ByWordAsync(account => Task.FromResult(stakes.GetValueOrDefault(account))), power.Snapshot.Accounts);
            Assert.Equal(power.Snapshot.Total, power.Supply);
            Assert.Empty(power.Readings);
        }

        foreach (var kind in new[] { LockingInfo.Locked, LockingInfo.LockUpdate, LockingInfo.SignerChange, LockingInfo.Unlocked })
            Assert.NotEmpty(await rig.NodeLogs(venue, kind.Topic0, await rig.Node.BlockNumberAsync(PowerRig.Cancellation)));
    }

    [Fact]
    public async Task shares_of_a_vault_count_for_what_it_converts_them_to()
    {
        await using var rig = await PowerRig.StartAsync(servers);
        var token = await VenueScene.TokenAsync(rig);
        var vault = await rig.DeployAsync(Artifacts.Own("StakingVault", "address,string,string", token, "Staked", "S"));
        await VenueScene.ApproveAsync(rig, token, vault);
        var random = new Random(5);
        await rig.ActAsync(Blocks, random, draw => VenueScene.DrawShares(rig, token, vault, draw));
        await rig.IndexAsync([vault]);
        foreach (var block in await rig.FinalBlocksAsync(5, first: 30, random))
        {
            var power = await rig.ReadAsync(VenueScene.Of(PowerStrategyKind.VaultShares, vault), block);
            var powers = power.Snapshot.Accounts.ToDictionary(one => one.Account, one => one.Power);
            foreach (var account in rig.Accounts)
            {
                var shares = await rig.NumberAsync(block, vault, Erc20.BalanceOf, account);
                var worth = await rig.NumberAsync(block, vault, Erc4626.ConvertToAssets, shares);
                Assert.True(
                    VaultShares.Agrees(powers.GetValueOrDefault(account), worth), $"{powers.GetValueOrDefault(account)} for {worth}");
            }

            var all = await rig.NumberAsync(block, vault, Erc20.TotalSupply);
            Assert.Equal(await rig.NumberAsync(block, vault, Erc4626.ConvertToAssets, all), power.Supply);
            Assert.True(power.Snapshot.Total <= power.Supply);
            Assert.True(powers.Count > 3, "Too few have shares.");
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task liquidity_counts_for_its_part_of_the_reserve(bool ofTheFirstToken)
    {
        await using var rig = await PowerRig.StartAsync(servers);
        var (one, other) = (await VenueScene.TokenAsync(rig), await VenueScene.TokenAsync(rig));
        var (token, quote) = one.CompareTo(other) < 0 == ofTheFirstToken ? (one, other) : (other, one);
        var pair = await VenueScene.PairAsync(rig, token, quote);
        var random = new Random(6);
        await rig.ActAsync(Blocks, random, draw => VenueScene.DrawLiquidity(rig, token, quote, pair, draw));
        await rig.IndexAsync([pair]);
        foreach (var block in await rig.FinalBlocksAsync(5, first: 30, random))
        {
            var reserves = UniswapV2Pair.GetReserves.DecodeOutput(
                await rig.Node.CallAsync(pair, UniswapV2Pair.GetReserves.Encode(), block.Hash, cancellation: PowerRig.Cancellation));
            var (reserve, supply) = ((UInt256)reserves[ofTheFirstToken ? 0 : 1], await rig.NumberAsync(block, pair, Erc20.TotalSupply));
            var power = await rig.ReadAsync(
                new PowerRules([VenueScene.Of(PowerStrategyKind.LpUnderlying, pair).Strategies[0] with { Token = token }]), block);
            Assert.Equal(
                await rig.ByWordAsync(async account =>
                    UInt256.MulDiv(await rig.NumberAsync(block, pair, Erc20.BalanceOf, account), reserve, supply)),
                power.Snapshot.Accounts);
            Assert.Equal(reserve, power.Supply);
            Assert.True(power.Snapshot.Total < power.Supply);
            Assert.True(power.Snapshot.Accounts.Length > 2, "Too few have liquidity.");
        }
    }

    private static (int Account, Address Contract, byte[] Data) DrawLock(PowerRig rig, Address venue, Random random)
    {
        var (account, other, amount) = (random.Next(10), rig.Accounts[random.Next(10)], (UInt256)(ulong)random.NextInt64(1, 1_000));

        // Only an owner may act on a lock: with few of both, one in some tries is right.
        var id = (UInt256)(ulong)random.NextInt64(1, 12);
        return (random.Next(3), venue, random.Next(9) switch
        {
            0 or 1 => Scene.LockFor.Encode(rig.Accounts[account], amount, new byte[64]),
            2 or 3 => Relock.Encode(id, amount),
            4 or 5 => Withdraw.Encode(id, amount / 4),
            6 => Unlock.Encode(id),
            7 => UnlockClaim.Encode(id),
            _ => UpdateSigner.Encode(id, other, new byte[64]),
        });
    }
}
