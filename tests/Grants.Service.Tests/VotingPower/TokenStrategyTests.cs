using Grants.Domain;
using Grants.Ethereum.Abi;
using Grants.Ethereum.Contracts;
using Grants.Primitives;
using Grants.Service.Demo;
using Xunit;

namespace Grants.Service.Tests.VotingPower;

/// <summary>The strategies over tokens, held against the tokens' own views after random acts on a real chain.</summary>
public sealed class TokenStrategyTests(LocalServers servers)
{
    private const int Blocks = 60;

    private static readonly AbiFunction Mint = AbiFunction.Parse("function mint(address to, uint256 amount)");

    private static readonly AbiFunction Burn = AbiFunction.Parse("function burn(address from, uint256 amount)");

    private static readonly Hash32 Space = new([.. "metis.eth"u8, .. new byte[23]]);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task balances_and_delegated_votes_are_those_of_the_token_at_every_block(bool clockInSeconds)
    {
        await using var rig = await PowerRig.StartAsync(servers);
        var token = await rig.DeployAsync(Artifacts.Own("DaoToken", "bool", clockInSeconds));
        var random = new Random(clockInSeconds ? 1 : 2);
        await rig.ActAsync(Blocks, random, draw => Draw(rig, token, draw));
        await rig.IndexAsync([token]);
        foreach (var block in await rig.FinalBlocksAsync(5, first: 2, random))
        {
            var supply = await rig.NumberAsync(block, token, Erc20.TotalSupply);
            var balances = await rig.ReadAsync(new PowerRules([PowerStrategy.BalanceOf(token)]), block);
            Assert.Equal(
                await rig.ByWordAsync(account => rig.NumberAsync(block, token, Erc20.BalanceOf, account)), balances.Snapshot.Accounts);
            Assert.Equal(supply, balances.Supply);

            // The past is asked for at the head, in the token's own clock.
            var (head, past) = (await rig.BlockAsync(await rig.Node.BlockNumberAsync(PowerRig.Cancellation)), (UInt256)(ulong)(
                clockInSeconds ? block.TimestampSeconds : block.Number));
            var votes = await rig.ReadAsync(new PowerRules([Votes(token)]), block);
            Assert.Equal(
                await rig.ByWordAsync(account => rig.NumberAsync(head, token, Erc5805.GetPastVotes, account, past)),
                votes.Snapshot.Accounts);
            Assert.Equal(await rig.NumberAsync(head, token, Erc5805.GetPastTotalSupply, past), votes.Supply);
            Assert.Equal(supply, votes.Supply);
        }

        var last = (await rig.View.HeadsAsync(rig.ChainId, PowerRig.Cancellation))!.Finalized;
        Assert.InRange((await rig.ReadAsync(new PowerRules([Votes(token)]), last)).Snapshot.Accounts.Length, 3, 10);
    }

    [Fact]
    public async Task balances_count_with_whom_the_registry_names()
    {
        await using var rig = await PowerRig.StartAsync(servers);
        var token = await rig.DeployAsync(Artifacts.Own("DaoToken", "bool", false));
        var registry = await rig.DeployAsync(Artifacts.Own("DelegateRegistry", string.Empty));
        var random = new Random(3);
        await rig.ActAsync(Blocks, random, draw => draw.Next(2) == 0 ? Draw(rig, token, draw) : DrawEntry(rig, registry, draw));
        await rig.IndexAsync([token, registry]);
        foreach (var block in await rig.FinalBlocksAsync(5, first: 3, random))
        {
            foreach (var id in new[] { Space, Hash32.Zero })
            {
                var strategy = PowerStrategy.BalanceOf(token) with
                {
                    Kind = PowerStrategyKind.DelegatedBalance, Registry = registry, RegistryId = id,
                };
                var power = await rig.ReadAsync(new PowerRules([strategy]), block);
                var voters = new Dictionary<Address, Address>();
                foreach (var holder in rig.Accounts)
                {
                    var bound = (Address)await rig.AskAsync(block, registry, DelegateRegistry.Delegation, holder, id);
                    var general = (Address)await rig.AskAsync(block, registry, DelegateRegistry.Delegation, holder, Hash32.Zero);
                    voters[holder] = !bound.IsZero ? bound : !general.IsZero ? general : holder;
                }

                Assert.Equal(
                    await rig.ByWordAsync(async voter =>
                    {
                        var sum = UInt256.Zero;
                        foreach (var holder in rig.Accounts.Where(holder => voters[holder] == voter))
                            sum += await rig.NumberAsync(block, token, Erc20.BalanceOf, holder);
                        return sum;
                    }),
                    power.Snapshot.Accounts);
                Assert.Equal(await rig.NumberAsync(block, token, Erc20.TotalSupply), power.Supply);
            }
        }
    }

    internal static PowerStrategy Votes(Address token) => PowerStrategy.BalanceOf(token) with { Kind = PowerStrategyKind.Erc20Votes };

    /// <summary>A mint, a burn, a delegation (to nobody, too) or a transfer; some ask for more than there is, and revert.</summary>
    internal static (int Account, Address Contract, byte[] Data) Draw(PowerRig rig, Address token, Random random)
    {
        var (account, other, amount) = (random.Next(10), rig.Accounts[random.Next(10)], (UInt256)(ulong)random.NextInt64(1, 1_000));
        return (account, token, random.Next(8) switch
        {
            0 or 1 => Mint.Encode(other, amount),
            2 => Burn.Encode(other, amount),
            3 => Erc5805.Delegate.Encode(other),
            4 => Erc5805.Delegate.Encode(random.Next(3) == 0 ? Address.Zero : rig.Accounts[account]),
            _ => Erc20.TransferCall.Encode(other, amount),
        });
    }

    private static (int Account, Address Contract, byte[] Data) DrawEntry(PowerRig rig, Address registry, Random random)
    {
        var id = random.Next(4) switch { 0 => Keccak256.Hash("another space"), 1 => Hash32.Zero, _ => Space };
        return (random.Next(10), registry, random.Next(4) == 0
            ? DelegateRegistry.ClearDelegateCall.Encode(id)
            : DelegateRegistry.SetDelegateCall.Encode(id, rig.Accounts[random.Next(10)]));
    }
}
