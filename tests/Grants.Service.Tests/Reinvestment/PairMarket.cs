using Grants.Ethereum.Abi;
using Grants.Ethereum.Contracts;
using Grants.Ethereum.JsonRpc;
using Grants.Ethereum.TypedData;
using Grants.Primitives;
using Grants.Service.Demo;
using Xunit;

namespace Grants.Service.Tests.Reinvestment;

/// <summary>What people do with the scene's own Uniswap v2: pairs of the token and others, through the router.</summary>
internal sealed class PairMarket(PolicyWorld world, Address factory, Address wrapped)
{
    private static readonly AbiFunction FactoryView = AbiFunction.Parse("function factory() view returns (address)");
    private static readonly AbiFunction WrappedView = AbiFunction.Parse("function WETH() view returns (address)");
    private static readonly AbiFunction GetPair = AbiFunction.Parse("function getPair(address a, address b) view returns (address)");
    private static readonly AbiFunction CreatePair = AbiFunction.Parse("function createPair(address a, address b)");

    private static readonly AbiFunction Remove = AbiFunction.Parse(
        "function removeLiquidity(address a, address b, uint256 liquidity, uint256 minA, uint256 minB, address to, uint256 deadline)");

    private static readonly AbiFunction RemoveWithPermit = AbiFunction.Parse(
        "function removeLiquidityWithPermit(address a, address b, uint256 liquidity, uint256 minA, uint256 minB, address to, "
        + "uint256 deadline, bool approveMax, uint8 v, bytes32 r, bytes32 s)");

    private static readonly AbiFunction AddNative = AbiFunction.Parse(
        "function addLiquidityETH(address token, uint256 amount, uint256 min, uint256 minNative, address to, uint256 deadline)");

    private static readonly AbiFunction RemoveNative = AbiFunction.Parse(
        "function removeLiquidityETHSupportingFeeOnTransferTokens(address token, uint256 liquidity, uint256 min, uint256 minNative, "
        + "address to, uint256 deadline)");

    private static readonly AbiFunction Nonces = AbiFunction.Parse("function nonces(address owner) view returns (uint256)");

    /// <summary>The chain's native token as the router wraps it.</summary>
    public Address Wrapped => wrapped;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private Address Router => world.Scene.Router;

    public static async Task<PairMarket> OfAsync(PolicyWorld world) => new(
        world,
        await AddressAsync(world, world.Scene.Router, FactoryView),
        await AddressAsync(world, world.Scene.Router, WrappedView));

    public async Task<Address> NewTokenAsync(string name)
    {
        var code = Artifacts.Own(
            "GrantToken", "string,string,address,uint256", name, name, Cast.Deployer.Address, Scene.Tokens(1_000_000));
        return (await world.Chain.SendAsync(Cast.Deployer.Key, null, code, Cancellation)).ContractAddress!.Value;
    }

    public async Task<Address> NewPairAsync(Address other)
    {
        await world.Chain.CallAsync(Cast.Deployer.Key, factory, CreatePair, Cancellation, world.Scene.Token, other);
        return await AddressAsync(world, factory, GetPair, world.Scene.Token, other);
    }

    public async Task AddAsync(Person person, Address other, UInt256 tokens, UInt256 others)
    {
        await ApproveAsync(person, world.Scene.Token);
        await ApproveAsync(person, other);
        await world.Chain.CallAsync(
            person.Key, Router, Scene.AddLiquidity, Cancellation,
            world.Scene.Token, other, tokens, others, UInt256.Zero, UInt256.Zero, person.Address, UInt256.MaxValue);
    }

    public async Task RemoveAsync(Person person, Address pair, Address other, UInt256 shares)
    {
        await ApproveAsync(person, pair);
        await world.Chain.CallAsync(
            person.Key, Router, Remove, Cancellation,
            world.Scene.Token, other, shares, UInt256.Zero, UInt256.Zero, person.Address, UInt256.MaxValue);
    }

    /// <summary>Without an approval before: the router hands in a signature.</summary>
    public async Task RemoveWithPermitAsync(Person person, Address pair, Address other, UInt256 shares)
    {
        var permit = TypedData.Of(
            new TypedDataDomain("Uniswap V2", "1", world.Chain.ChainId, pair),
            "Permit",
            [
                ("owner", "address", person.Address),
                ("spender", "address", Router),
                ("value", "uint256", shares),
                ("nonce", "uint256", await world.Chain.ReadAsync(pair, Nonces, Cancellation, person.Address)),
                ("deadline", "uint256", UInt256.MaxValue),
            ]);
        var signature = person.Key.Sign(permit.Digest());
        await world.Chain.CallAsync(
            person.Key, Router, RemoveWithPermit, Cancellation,
            world.Scene.Token, other, shares, UInt256.Zero, UInt256.Zero, person.Address, UInt256.MaxValue, false,
            27 + signature.YParity, new Hash32(signature.R.ToBytes()), new Hash32(signature.S.ToBytes()));
    }

    /// <summary>Tokens and the chain's native one, which the router wraps.</summary>
    public async Task AddNativeAsync(Person person, UInt256 tokens, UInt256 native)
    {
        await ApproveAsync(person, world.Scene.Token);
        var call = AddNative.Encode(world.Scene.Token, tokens, UInt256.Zero, UInt256.Zero, person.Address, UInt256.MaxValue);
        await world.Chain.Node.RequestAsync("anvil_impersonateAccount", [person.Address.ToString()], Cancellation);
        var sent = await world.Chain.Node.RequestAsync(
            "eth_sendTransaction",
            [
                new
                {
                    from = person.Address.ToString(),
                    to = Router.ToString(),
                    value = "0x" + Convert.ToHexStringLower(native.ToBytes()).TrimStart('0'),
                    data = Hex.Format(call),
                    gas = "0x7a1200",
                },
            ],
            Cancellation);
        RpcReceipt? receipt;
        while ((receipt = await world.Chain.Node.ReceiptAsync(Hash32.Parse(sent.GetString()!), Cancellation)) is null)
            await world.Chain.MineAsync(1, Cancellation);
        Assert.True(receipt.Succeeded);
    }

    public async Task RemoveNativeAsync(Person person, Address pair, UInt256 shares)
    {
        await ApproveAsync(person, pair);
        await world.Chain.CallAsync(
            person.Key, Router, RemoveNative, Cancellation,
            world.Scene.Token, shares, UInt256.Zero, UInt256.Zero, person.Address, UInt256.MaxValue);
    }

    public async Task SwapAsync(Person person, Address from, Address to, UInt256 amount)
    {
        await ApproveAsync(person, from);
        await world.Chain.CallAsync(
            person.Key, Router, Scene.Swap, Cancellation,
            amount, UInt256.Zero, (object[])[from, to], person.Address, UInt256.MaxValue);
    }

    public Task<UInt256> SharesAsync(Address pair, Person person) =>
        world.Chain.ReadAsync(pair, Erc20.BalanceOf, Cancellation, person.Address);

    private Task<RpcReceipt> ApproveAsync(Person person, Address token) =>
        world.Chain.CallAsync(person.Key, token, Erc20.Approve, Cancellation, Router, UInt256.MaxValue);

    private static async Task<Address> AddressAsync(PolicyWorld world, Address of, AbiFunction view, params object[] arguments) =>
        (Address)view.DecodeOutput(
            await world.Chain.Node.CallAsync(of, view.Encode(arguments), BlockTag.Latest, cancellation: Cancellation))[0];
}
