using Grants.Ethereum.Abi;
using Grants.Ethereum.JsonRpc;
using Grants.Ethereum.Signing;
using Grants.Ethereum.Tests.Following;
using Grants.Primitives;
using Xunit;

namespace Grants.Ethereum.Tests;

public sealed class UndeployedWalletTests
{
    /// <summary>Creates, by CREATE2, from a salt and a code. Anvil has it from the first block on.</summary>
    private static readonly Address Factory = Address.Parse("0x4e59b44847b379578588920cA78FbF26c0B4956C");

    private static readonly Hash32 Salt = Keccak256.Hash("salt");
    private static readonly Hash32 Digest = Keccak256.Hash("digest");
    private static readonly byte[] Suffix = [.. Enumerable.Repeat<byte[]>([0x64, 0x92], 16).SelectMany(pair => pair)];

    [Fact]
    public async Task a_wallet_says_yes_or_no_before_and_after_it_is_deployed()
    {
        await using var chain = await AnvilChain.StartAsync();
        var account = new LocalAccount(chain);
        var code = WalletCode(account.Key.Address);
        var wallet = Created(code);
        byte[] deployment = [.. Salt.ToBytes(), .. code];
        var signature = account.Key.Sign(Digest).ToBytes();
        var wrapped = Wrap(Factory, deployment, signature);
        var before = (await chain.HeadAsync()).Hash;

        Assert.True(await Says(wallet, wrapped, before));
        Assert.False(await Says(wallet, wrapped, before, acceptUndeployed: false));
        Assert.False(await Says(wallet, signature, before));
        Assert.False(await Says(account.Key.Address, wrapped, before));
        Assert.False(await Says(wallet, Wrap(Factory, deployment, PrivateKey.Create().Sign(Digest).ToBytes()), before));
        Assert.False(await Says(wallet, Wrap(Factory, deployment, []), before));
        Assert.False(await Says(wallet, Wrap(Factory, [.. Keccak256.Hash("other").ToBytes(), .. code], signature), before));
        Assert.False(await Says(wallet, Wrap(Factory, [], signature), before));
        Assert.False(await Says(wallet, Wrap(Address.Zero, deployment, signature), before));
        Assert.False(await ContractSignature.IsValidAsync(chain.Rpc, wallet, Keccak256.Hash("other"), wrapped, before, true));
        Assert.Empty(await chain.Rpc.CodeAsync(wallet, BlockTag.Latest));

        await account.SendAsync(Factory, deployment);
        var after = (await chain.HeadAsync()).Hash;
        Assert.NotEmpty(await chain.Rpc.CodeAsync(wallet, BlockTag.Latest));
        Assert.True(await Says(wallet, signature, after));
        Assert.True(await Says(wallet, wrapped, after));
        Assert.True(await Says(wallet, Wrap(Factory, [], signature), after));
        Assert.True(await Says(wallet, wrapped, before));

        Task<bool> Says(Address asked, byte[] bytes, Hash32 block, bool acceptUndeployed = true) =>
            ContractSignature.IsValidAsync(chain.Rpc, asked, Digest, bytes, block, acceptUndeployed);
    }

    /// <summary>Wallets that answer too much, something else, nothing, without end, or what no contract's code may begin with.</summary>
    [Theory]
    [InlineData("631626ba7e60e01b5f5260205ff3", true)]
    [InlineData("631626ba7e60e01b5f5260405ff3", false)]
    [InlineData("631626ba7e60e01b5f52601f5ff3", false)]
    [InlineData("631626ba7f60e01b5f5260205ff3", false)]
    [InlineData("631626ba7e5f5260205ff3", false)]
    [InlineData("631626ba7e60e01b5f5260205ffd", false)]
    [InlineData("00", false)]
    [InlineData("60ef60f81b5f5260205ff3", false)]
    [InlineData("6201ffff5ff3", false)]
    [InlineData("5b5f56", false)]
    public async Task the_answer_of_an_undeployed_wallet_is_the_exact_word(string runtime, bool isYes)
    {
        await using var chain = await AnvilChain.StartAsync();
        await chain.MineAsync();
        var code = Convert.FromHexString($"60{runtime.Length / 2:x2}8060093d393df3{runtime}");
        var wrapped = Wrap(Factory, [.. Salt.ToBytes(), .. code], [1, 2, 3]);
        var head = (await chain.HeadAsync()).Hash;
        Assert.Equal(isYes, await ContractSignature.IsValidAsync(chain.Rpc, Created(code), Digest, wrapped, head, acceptUndeployed: true));
    }

    [Fact]
    public async Task a_wrapper_that_is_malformed_or_too_long_is_a_no_without_running_it()
    {
        var node = new ScriptedNode(request => ScriptedNode.ResultOf(request, "\"0x\""));
        var rpc = ScriptedNode.Client(node);
        byte[][] malformed = [Suffix, [1, .. Suffix], [.. Wrap(Factory, [], [])[..^40], .. Suffix], [.. new byte[95], .. Suffix]];
        foreach (var signature in malformed)
            Assert.False(await ContractSignature.IsValidAsync(rpc, Factory, Digest, signature, Hash32.Zero, acceptUndeployed: true));
        Assert.Empty(node.Requests);
        var endless = Wrap(Factory, new byte[50_000], []);
        Assert.False(await ContractSignature.IsValidAsync(rpc, Factory, Digest, endless, Hash32.Zero, acceptUndeployed: true));
        Assert.Single(node.Requests);
    }

    [Fact]
    public async Task the_run_is_bound_to_the_block_and_to_its_gas()
    {
        var node = new ScriptedNode(request => ScriptedNode.ResultOf(request, $"\"0x{new string('0', 63)}1\""));
        Assert.True(await ContractSignature.IsValidAsync(
            ScriptedNode.Client(node), Factory, Digest, Wrap(Factory, [], []), Hash32.Zero, acceptUndeployed: true));
        var parameters = node.Requests[1]["params"]!.AsArray();
        Assert.Null(parameters[0]!["to"]);
        Assert.Equal("0x53ec60", parameters[0]!["gas"]!.GetValue<string>());
        Assert.Equal(Hash32.Zero.ToString(), parameters[1]!["blockHash"]!.GetValue<string>());
    }

    private static byte[] Wrap(Address factory, byte[] call, byte[] signature) =>
    [
        .. AbiCodec.Encode([AbiType.Parse("address"), AbiType.Parse("bytes"), AbiType.Parse("bytes")], factory, call, signature),
        .. Suffix,
    ];

    private static byte[] WalletCode(Address owner) =>
    [
        .. Hex.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Bytecode", "ContractWallet.hex")).Trim()),
        .. AbiCodec.Encode([AbiType.Parse("address")], [owner]),
    ];

    /// <summary>The address of EIP-1014.</summary>
    private static Address Created(byte[] code) => new(
        Keccak256.Hash([0xff, .. Factory.ToBytes(), .. Salt.ToBytes(), .. Keccak256.Hash(code).ToBytes()]).ToBytes().AsSpan(12));
}
