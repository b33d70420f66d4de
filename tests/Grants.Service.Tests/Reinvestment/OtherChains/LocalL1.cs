using Grants.Ethereum.Abi;
using Grants.Ethereum.Contracts;
using Grants.Ethereum.JsonRpc;
using Grants.Primitives;
using Grants.Service.Demo;
using Grants.Service.Tests.RealContracts;
using Xunit;

namespace Grants.Service.Tests.Reinvestment.OtherChains;

/// <summary>
/// L1 on a local chain of its own: the token, the lock of sequencers, and the L1StandardBridge of the OP stack itself. Between the chains
/// stands the test: what has left the L2 is brought by the bridge's messenger, as a relayer would bring it after the challenge period.
/// </summary>
internal sealed class LocalL1
{
    public const long ChainId = 900;

    private static readonly AbiFunction Initialize = AbiFunction.Parse("function initialize(address messenger, address l2Bridge)");
    private static readonly AbiFunction DepositTo = AbiFunction.Parse(
        "function depositERC20To(address l1Token, address l2Token, address to, uint256 amount, uint32 l2Gas, bytes data)");

    private static readonly AbiFunction FinalizeWithdrawal = AbiFunction.Parse(
        "function finalizeERC20Withdrawal(address l1Token, address l2Token, address from, address to, uint256 amount, bytes data)");

    private static readonly Address Messenger = Person.Called("the messenger").Address;

    private LocalL1(Devnet chain, Address token, Address lockContract, Address bridge, Scene l2) =>
        (Chain, Token, Lock, Bridge, L2) = (chain, token, lockContract, bridge, l2);

    public Devnet Chain { get; }

    public Address Token { get; }

    public Address Lock { get; }

    public Address Bridge { get; }

    private Scene L2 { get; }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<LocalL1> BuildAsync(Uri rpc, Scene l2)
    {
        var chain = new Devnet(new EthereumRpc(new HttpClient(), rpc), ChainId);
        var deployer = Cast.Deployer;
        await chain.FundAsync(deployer.Address, Cancellation);
        await chain.FundAsync(Messenger, Cancellation);
        var token = await DeployAsync(chain, Artifacts.Own(
            "GrantToken", "string,string,address,uint256", "Metis", "METIS", deployer.Address, Scene.Tokens(20_000_000)));
        var lockContract = await DeployAsync(chain, Artifacts.Own("SequencerLock", "address,uint256", token, (UInt256)86_400UL));
        var artefact = await NpmContracts.OptimismContracts.ReadAsync(
            "artifacts/contracts/L1/messaging/L1StandardBridge.sol/L1StandardBridge.json");
        var bridge = await DeployAsync(chain, Hex.Parse(artefact.GetProperty("bytecode").GetString()!));

        // It answers every call with the bridge on L2, which is whom it speaks for.
        var says = "0x73" + l2.Bridge.ToString()[2..].ToLowerInvariant() + "5f5260205ff3";
        await chain.Node.RequestAsync("anvil_setCode", [Messenger.ToString(), says], Cancellation);
        await chain.CallAsync(deployer.Key, bridge, Initialize, Cancellation, Messenger, l2.Bridge);
        var deep = Scene.Tokens(1_000_000);
        await chain.CallAsync(deployer.Key, token, Erc20.Approve, Cancellation, bridge, deep);
        await chain.CallAsync(
            deployer.Key, bridge, DepositTo, Cancellation,
            token, l2.Token, deployer.Address, deep, (UInt256)200_000UL, Array.Empty<byte>());
        return new LocalL1(chain, token, lockContract, bridge, l2);
    }

    /// <summary>What the policy says of it, as JSON with a comma before it.</summary>
    public string Member(Person exchange, long landsWithinSeconds) =>
        $$"""
        , "otherChain": {
            "chainId": {{ChainId}}, "token": "{{Token}}", "landsWithinSeconds": {{landsWithinSeconds}},
            "venues": [{ "address": "{{Lock}}", "kind": "LOCK" }],
            "labels": [
              { "address": "{{Bridge}}", "kind": "BRIDGE" }, { "address": "{{exchange.Address}}", "kind": "EXCHANGE" }
            ]
          }
        """;

    /// <summary>A relayer brings what left the L2.</summary>
    public async Task LandAsync(Address from, Address to, UInt256 amount)
    {
        var data = FinalizeWithdrawal.Encode(Token, L2.Token, from, to, amount, Array.Empty<byte>());
        await Chain.Node.RequestAsync("anvil_impersonateAccount", [Messenger.ToString()], Cancellation);
        await Chain.Node.RequestAsync(
            "eth_sendTransaction",
            [new { from = Messenger.ToString(), to = Bridge.ToString(), data = Hex.Format(data), gas = "0x4c4b40" }],
            Cancellation);
        await Chain.MineAsync(3, Cancellation);
        Assert.True(await Chain.ReadAsync(Token, Erc20.BalanceOf, Cancellation, to) >= amount, "The bridge on L1 gave nothing out.");
    }

    public async Task CallAsync(Person from, Address contract, AbiFunction function, params object[] arguments)
    {
        await Chain.FundAsync(from.Address, Cancellation);
        await Chain.CallAsync(from.Key, contract, function, Cancellation, arguments);
        await Chain.MineAsync(3, Cancellation);
    }

    private static async Task<Address> DeployAsync(Devnet chain, byte[] code) =>
        (await chain.SendAsync(Cast.Deployer.Key, null, code, Cancellation)).ContractAddress!.Value;
}
