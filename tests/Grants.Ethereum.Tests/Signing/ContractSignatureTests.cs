using Grants.Ethereum.JsonRpc;
using Grants.Ethereum.Signing;
using Grants.Ethereum.Tests.Following;
using Grants.Primitives;
using Xunit;

namespace Grants.Ethereum.Tests;

public sealed class ContractSignatureTests
{
    private const string Magic = "1626ba7e";

    private static readonly Hash32 Digest = Keccak256.Hash("digest");
    private static readonly string Zeros = new('0', 56);

    [Fact]
    public async Task wallets_on_a_chain_say_yes_or_no()
    {
        await using var chain = await AnvilChain.StartAsync();
        var account = new LocalAccount(chain);
        var wallet = await account.DeployAsync("ContractWallet", "address", account.Key.Address);
        var before = (await chain.HeadAsync()).Hash;
        // PUSH4 magic, PUSH1 224, SHL, PUSH0, MSTORE, PUSH1 32, PUSH0, RETURN; the others loop, revert or return two words.
        var agreeing = await account.DeployCodeAsync($"0x63{Magic}60e01b5f5260205ff3");
        var looping = await account.DeployCodeAsync("0x5b5f56");
        var reverting = await account.DeployCodeAsync("0x5f5ffd");
        var talkative = await account.DeployCodeAsync($"0x63{Magic}60e01b5f5260405ff3");
        var head = (await chain.HeadAsync()).Hash;
        var signature = account.Key.Sign(Digest).ToBytes();

        Assert.True(await Says(wallet, Digest, signature, head));
        Assert.True(await Says(wallet, Digest, signature, before));
        Assert.False(await Says(wallet, Keccak256.Hash("other"), signature, head));
        Assert.False(await Says(wallet, Digest, PrivateKey.Create().Sign(Digest).ToBytes(), head));
        Assert.False(await Says(wallet, Digest, [], head));
        Assert.False(await Says(account.Key.Address, Digest, signature, head));
        Assert.True(await Says(agreeing, Digest, [], head));
        Assert.False(await Says(agreeing, Digest, [], before));
        Assert.False(await Says(looping, Digest, signature, head));
        Assert.False(await Says(reverting, Digest, signature, head));
        Assert.False(await Says(talkative, Digest, signature, head));
        await Assert.ThrowsAsync<RpcErrorException>(() => Says(wallet, Digest, signature, Keccak256.Hash("no block")));

        Task<bool> Says(Address asked, Hash32 digest, byte[] bytes, Hash32 block) =>
            ContractSignature.IsValidAsync(chain.Rpc, asked, digest, bytes, block);
    }

    [Theory]
    [InlineData("1626ba7e", false)]
    [InlineData("", false)]
    [InlineData("00000000000000000000000000000000000000000000000000000000" + Magic, false)]
    [InlineData(Magic + "00000000000000000000000000000000000000000000000000000001", false)]
    [InlineData("ffffffff00000000000000000000000000000000000000000000000000000000", false)]
    [InlineData(Magic + "0000000000000000000000000000000000000000000000000000000000", false)]
    [InlineData(Magic + "00000000000000000000000000000000000000000000000000000000", true)]
    public async Task only_the_magic_value_in_one_word_is_a_yes(string answer, bool isValid) =>
        Assert.Equal(isValid, await Asks(ScriptedNode.Result($"\"0x{answer}\"")));

    [Theory]
    [InlineData("""{"code":3,"message":"execution reverted"}""")]
    [InlineData("""{"code":-32000,"message":"execution reverted: no"}""")]
    [InlineData("""{"code":-32015,"message":"VM execution error.","data":"0x"}""")]
    [InlineData("""{"code":-32000,"message":"out of gas"}""")]
    [InlineData("""{"code":-32003,"message":"EVM error OutOfGas"}""")]
    [InlineData("""{"code":-32000,"message":"invalid opcode: INVALID"}""")]
    public async Task a_call_that_fails_is_a_no(string error) => Assert.False(await Asks(ScriptedNode.Error(error)));

    [Theory]
    [InlineData("""{"code":-32000,"message":"header not found"}""")]
    [InlineData("""{"code":-32005,"message":"limit exceeded"}""")]
    [InlineData("""{"code":-32603,"message":"internal error"}""")]
    public async Task a_call_that_was_not_made_is_neither(string error) =>
        await Assert.ThrowsAsync<RpcErrorException>(() => Asks(ScriptedNode.Error(error)));

    [Fact]
    public async Task no_answer_is_neither() => await Assert.ThrowsAsync<RpcTransportException>(() => Asks(ScriptedNode.Text("<html>")));

    [Fact]
    public async Task the_call_is_bound_to_the_block_and_to_half_a_million_gas()
    {
        var node = new ScriptedNode(request => ScriptedNode.ResultOf(request, $"\"0x{Magic}{Zeros}\""));
        await Asks(ScriptedNode.Client(node));
        var parameters = Assert.Single(node.Requests)["params"]!.AsArray();
        Assert.Equal("0x7a120", parameters[0]!["gas"]!.GetValue<string>());
        Assert.Equal(Hash32.Zero.ToString(), parameters[1]!["blockHash"]!.GetValue<string>());
    }

    private static Task<bool> Asks(EthereumRpc rpc) => ContractSignature.IsValidAsync(rpc, Address.Zero, Digest, new byte[65], Hash32.Zero);
}
