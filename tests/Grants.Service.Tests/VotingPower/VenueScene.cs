using Grants.Domain;
using Grants.Ethereum.Abi;
using Grants.Ethereum.Contracts;
using Grants.Primitives;
using Grants.Service.Demo;

namespace Grants.Service.Tests.VotingPower;

/// <summary>Tokens, a vault and a pair with which ten accounts act at random.</summary>
internal static class VenueScene
{
    private static readonly AbiFunction CreatePair =
        AbiFunction.Parse("function createPair(address tokenA, address tokenB) returns (address pair)");

    private static readonly AbiFunction GetPair = AbiFunction.Parse("function getPair(address a, address b) view returns (address pair)");

    private static readonly AbiFunction MintLiquidity = AbiFunction.Parse("function mint(address to) returns (uint256 liquidity)");

    private static readonly AbiFunction BurnLiquidity = AbiFunction.Parse("function burn(address to) returns (uint256 a, uint256 b)");

    private static readonly AbiFunction Swap =
        AbiFunction.Parse("function swap(uint256 amount0Out, uint256 amount1Out, address to, bytes data)");

    private static readonly AbiFunction Mint = AbiFunction.Parse("function mint(address to, uint256 amount)");

    public static PowerRules Of(PowerStrategyKind kind, Address contract) =>
        new([PowerStrategy.BalanceOf(contract) with { Kind = kind }]);

    /// <summary>A token of which everybody has a million.</summary>
    public static async Task<Address> TokenAsync(PowerRig rig)
    {
        var token = await rig.DeployAsync(Artifacts.Own("DaoToken", "bool", false));
        foreach (var account in rig.Accounts)
            await rig.SendAsync(rig.Accounts[0], token, Mint.Encode(account, (UInt256)1_000_000UL));
        await rig.MineAsync();
        return token;
    }

    /// <summary>Everybody lets the spender take tokens.</summary>
    public static async Task ApproveAsync(PowerRig rig, Address token, Address spender)
    {
        foreach (var account in rig.Accounts)
            await rig.SendAsync(account, token, Erc20.Approve.Encode(spender, UInt256.MaxValue));
        await rig.MineAsync();
    }

    /// <summary>A pair of Uniswap's own code with some liquidity of the first account's.</summary>
    public static async Task<Address> PairAsync(PowerRig rig, Address token, Address quote)
    {
        var factory = await rig.DeployAsync(
            Artifacts.FromNpm("@uniswap/v2-core/build/UniswapV2Factory.json", "address", rig.Accounts[0]));
        await rig.CallAsync(0, factory, CreatePair.Encode(token, quote));
        var pair = (Address)await rig.AskAsync(
            await rig.BlockAsync(await rig.Node.BlockNumberAsync(PowerRig.Cancellation)), factory, GetPair, token, quote);
        await rig.CallAsync(0, token, Erc20.TransferCall.Encode(pair, (UInt256)50_000UL));
        await rig.CallAsync(0, quote, Erc20.TransferCall.Encode(pair, (UInt256)80_000UL));
        await rig.CallAsync(0, pair, MintLiquidity.Encode(rig.Accounts[0]));
        return pair;
    }

    /// <summary>A deposit, a redemption, a transfer of shares, or yield; some ask for more than there is, and revert.</summary>
    public static (int Account, Address Contract, byte[] Data) DrawShares(PowerRig rig, Address token, Address vault, Random random)
    {
        var (account, other, amount) = (random.Next(10), rig.Accounts[random.Next(10)], (UInt256)(ulong)random.NextInt64(1, 10_000));
        return random.Next(7) switch
        {
            0 or 1 or 2 => (account, vault, Erc4626.DepositCall.Encode(amount, other)),
            3 => (account, vault, Erc4626.Redeem.Encode(amount, other, rig.Accounts[account])),
            4 => (account, token, Erc20.TransferCall.Encode(vault, amount)),
            _ => (account, vault, Erc20.TransferCall.Encode(other, amount)),
        };
    }

    /// <summary>Tokens in, liquidity minted, moved or burned, or a swap; what does not fit together reverts.</summary>
    public static (int Account, Address Contract, byte[] Data) DrawLiquidity(
        PowerRig rig, Address token, Address quote, Address pair, Random random)
    {
        var (account, other, amount) = (random.Next(3), rig.Accounts[random.Next(10)], (UInt256)(ulong)random.NextInt64(1, 10_000));
        return random.Next(9) switch
        {
            0 or 1 => (account, token, Erc20.TransferCall.Encode(pair, amount)),
            2 or 3 => (account, quote, Erc20.TransferCall.Encode(pair, amount)),
            4 => (account, pair, MintLiquidity.Encode(other)),
            5 => (account, pair, Erc20.TransferCall.Encode(pair, amount / 10)),
            6 => (account, pair, BurnLiquidity.Encode(other)),
            7 => (account, pair, Swap.Encode(amount / 50, UInt256.Zero, other, Array.Empty<byte>())),
            _ => (account, pair, Erc20.TransferCall.Encode(other, amount / 2)),
        };
    }
}
