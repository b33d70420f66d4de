using Grants.Domain;
using Grants.Domain.Reinvestment;
using Grants.Ethereum.Abi;
using Grants.Ethereum.Contracts;
using Grants.Ethereum.Contracts.Tokens;
using Grants.Ethereum.JsonRpc;
using Grants.Primitives;
using Grants.Service.Reinvestment;
using Grants.Service.Tests.Vesting;
using Xunit;

namespace Grants.Service.Tests.RealContracts;

/// <summary>What the books say of a stake whose token rebases is what the contract says of it, whatever came between.</summary>
public sealed class RebasingStakeTests(LocalServers servers)
{
    private static readonly Address Me = UnlockedAccount.Address;
    private static readonly Address Vault = UnlockedAccount.Second;
    private static readonly Address Stranger = Address.Parse("0x00000000000000000000000000000000000000b2");
    private static readonly UInt256 Thousand = UInt256.Parse("1000000000000000000007");
    private static readonly Hash32 AwardId = Keccak256.Hash("a stake that rebases");

    private const long Day = 86_400;

    private NpmContracts npm = null!;
    private Address token;
    private Address stake;
    private ReinvestmentMonitor? monitor;

    private Account Floor => monitor!.Ledger.Under(Convention.Floor);

    [Fact]
    public async Task shares_principal_yield_and_losses_are_those_of_the_contract()
    {
        var rpc = new EthereumRpc(new HttpClient(), await servers.StartChainAsync()) { Timeout = TimeSpan.FromMinutes(1) };
        npm = new NpmContracts(rpc);
        token = await npm.TokenAsync();
        stake = await npm.OwnAsync("RebasingStake", "address", token);
        await npm.SendAsync(token, "function approve(address spender, uint256 amount)", stake, UInt256.MaxValue);
        var vault = new NpmContracts(rpc, Vault);
        await npm.SendAsync(token, "function transfer(address to, uint256 amount)", Vault, Thousand);
        // Somebody else's stake, and a share that is worth an odd number.
        await npm.SendAsync(stake, "function submit(uint256 amount)", UInt256.Parse("7000000000000000000000"));
        await npm.SendAsync(stake, "function transfer(address to, uint256 amount)", Stranger, UInt256.Parse("7000000000000000000000"));
        await ReportAsync(UInt256.Parse("7700000000000000000003"));
        Start();

        Record(await vault.SendAsync(token, "function transfer(address to, uint256 amount)", Me, Thousand));
        Record(await npm.SendAsync(stake, "function submit(uint256 amount)", Thousand));
        Assert.Equal(await SharesAsync(), Position().Shares);
        Assert.Equal(Thousand, Position().Grant);

        Record(await ReportAsync(UInt256.Parse("9135000000000000000011")));
        Assert.Equal(Thousand, Position().Grant); // a yield is nobody's until it is taken
        var half = Position().Shares / 2;
        var paid = await RedeemAsync(half);
        Assert.Equal(await SharesAsync(), Position().Shares);
        Assert.Equal(UInt256.MulDiv(Thousand, half, half + Position().Shares), Floor.LiquidGrant);
        Assert.Equal(paid - Floor.LiquidGrant, Floor.LiquidOwn);

        Record(await ReportAsync(UInt256.Parse("4000000000000000000000")));
        Assert.Equal(await NumberAsync(Erc20.BalanceOf), Position().Grant); // what is left of it
        Assert.Equal(Thousand, Position().Grant + Floor.LiquidGrant + Floor.Lost);

        Record(await npm.SendAsync(stake, "function transfer(address to, uint256 amount)", Stranger, (UInt256)1_000_000_000UL));
        Assert.Equal(await SharesAsync(), Position().Shares);
        Assert.Equal(UInt256.Zero, Floor.Disposed()); // the yield is enough for it
        Assert.InRange((ulong)monitor!.Ledger.Under(Convention.GrantFirst).Disposed(), 999_999_990UL, 1_000_000_000UL);
        await RedeemAsync(Position().Shares);
        Assert.Equal((UInt256.Zero, UInt256.Zero), (Position().Shares, Position().Grant));
        Assert.Equal(UInt256.Zero, Floor.Sold);
    }

    private Position Position() => Assert.Single(Floor.Positions);

    private Task<UInt256> SharesAsync() => NumberAsync(RebasingShares.SharesOf);

    private async Task<UInt256> NumberAsync(AbiFunction view) => (UInt256)(await npm.ViewAsync(stake, view, Me))[0];

    private Task<RpcReceipt> ReportAsync(UInt256 pooled) => npm.SendAsync(stake, "function report(uint256 pooled)", pooled);

    private async Task<UInt256> RedeemAsync(UInt256 shares)
    {
        var receipt = await npm.SendAsync(stake, "function redeem(uint256 shares)", shares);
        Record(receipt);
        return receipt.Logs.Select(RebasingShares.Logs.Read).OfType<RebasingShares.SharesBurntLog>().Single().PreRebaseTokenAmount;
    }

    private void Start()
    {
        var all = new BasisPoints(10_000);
        var policy = ReinvestmentPolicy.OfTwoRules(
            "rebasing", 1, new BasisPoints(2_000), new BasisPoints(5_000), 30 * Day, 14 * Day,
            [new PolicyVenue(stake, VenueKind.Rebasing, all, all, 0)], []);
        Take(ReinvestmentMonitor.Decide(
            new StartMonitoring(
                AwardId, [new WalletBalance(Me, UInt256.Zero)], token, Vault, Stranger, Thousand, policy, new BlockRef(0, Hash32.Zero, 0)),
            null));
    }

    private void Record(RpcReceipt receipt)
    {
        var block = new BlockRef(receipt.Logs[0].BlockNumber, receipt.Logs[0].BlockHash, receipt.Logs[0].BlockNumber);
        var observations = receipt.Logs
            .Select(log => Observations.Of(log, new EventKey(1, log.BlockNumber, log.BlockHash, log.TransactionHash, log.LogIndex)))
            .OfType<Observation>()
            .ToList();
        Take(ReinvestmentMonitor.Decide(new RecordTransaction(AwardId, observations, block), monitor));
    }

    private void Take(Decision decision)
    {
        Assert.True(decision.IsAccepted);
        monitor = decision.Events.Aggregate(monitor, ReinvestmentMonitor.Evolve);
    }
}
