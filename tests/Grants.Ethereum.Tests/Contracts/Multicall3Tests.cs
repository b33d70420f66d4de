using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Grants.Ethereum.Abi;
using Grants.Ethereum.Contracts;
using Grants.Ethereum.JsonRpc;
using Grants.Ethereum.Tests.Following;
using Grants.Primitives;
using Xunit;

namespace Grants.Ethereum.Tests;

public sealed partial class Multicall3Tests
{
    private static readonly Address Nobody = Address.Parse("0x00000000000000000000000000000000000000ad");

    [Fact]
    public async Task reads_are_answered_in_their_order_and_one_that_reverts_does_not_spoil_the_others()
    {
        var code = Code();
        Assert.SkipWhen(code is null, "viem, which carries Multicall3's code, is not installed: npm ci in tests/oracles.");
        await using var chain = await AnvilChain.StartAsync();
        var account = new LocalAccount(chain);
        var owner = account.Key.Address;
        var multicall = await account.DeployAsync(Hex.Parse(code!));
        var token = await account.DeployAsync("GrantToken", "string,string,address,uint256", "Token", "TKN", owner, 1_000);
        var before = (await chain.HeadAsync()).Hash;
        await account.SendAsync(token, Erc20.TransferCall.Encode(Nobody, 400));
        var after = (await chain.HeadAsync()).Hash;
        ContractRead[] reads =
        [
            new(token, Erc20.BalanceOf.Encode(owner)),
            new(token, Erc20.TransferCall.Encode(owner, 1)),
            new(token, Erc20.BalanceOf.Encode(Nobody)),
            new(Nobody, Erc20.BalanceOf.Encode(owner)),
            new(token, Erc20.TotalSupply.Encode()),
        ];
        foreach (var readsPerCall in new[] { 1, 2, 3, 5, 200 })
        {
            Assert.Equal(["1000", "reverted", "0", "nothing", "1000"], await AnswersAsync(before, readsPerCall));
            Assert.Equal(["600", "reverted", "400", "nothing", "1000"], await AnswersAsync(after, readsPerCall));
        }

        Assert.Empty(await Multicall3.ReadAsync(chain.Rpc, multicall, [], after));
        await Assert.ThrowsAsync<AbiException>(() => Multicall3.ReadAsync(chain.Rpc, Nobody, reads, after));
        await Assert.ThrowsAsync<RpcErrorException>(() => Multicall3.ReadAsync(chain.Rpc, token, reads, after));

        async Task<string[]> AnswersAsync(Hash32 block, int readsPerCall)
        {
            var answers = await Multicall3.ReadAsync(chain.Rpc, multicall, reads, block, readsPerCall);
            return [.. answers.Select(Text)];
        }
    }

    [Theory]
    [InlineData(0, 2)]
    [InlineData(1, 2)]
    [InlineData(3, 2)]
    public async Task another_number_of_answers_is_refused(int answers, int asked)
    {
        object results = Enumerable.Repeat(new object[] { true, Array.Empty<byte>() }, answers).ToArray();
        var data = AbiCodec.Encode([AbiType.Parse("(bool,bytes)[]")], results);
        var reads = Enumerable.Repeat(new ContractRead(Nobody, []), asked).ToArray();
        await Assert.ThrowsAsync<AbiException>(
            () => Multicall3.ReadAsync(ScriptedNode.Result($"\"{Hex.Format(data)}\""), Multicall3.Canonical, reads, Hash32.Zero));
    }

    [Fact]
    public async Task so_many_reads_go_into_one_call()
    {
        object results = new[] { new object[] { true, Array.Empty<byte>() } };
        var one = Hex.Format(AbiCodec.Encode([AbiType.Parse("(bool,bytes)[]")], results));
        var node = new ScriptedNode(request => ScriptedNode.ResultOf(request, $"\"{one}\""));
        var reads = Enumerable.Repeat(new ContractRead(Nobody, []), 3).ToArray();
        await Multicall3.ReadAsync(ScriptedNode.Client(node), Multicall3.Canonical, reads, Hash32.Zero, readsPerCall: 1);
        Assert.Equal(3, node.Requests.Count);
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(
            () => Multicall3.ReadAsync(ScriptedNode.Client(node), Multicall3.Canonical, reads, Hash32.Zero, readsPerCall: 0));
    }

    private static string Text(ContractAnswer answer) => answer switch
    {
        { Succeeded: false } => "reverted",
        { Data.Length: 0 } => "nothing",
        _ => UInt256.FromBytes(answer.Data).ToString(),
    };

    private static string? Code([CallerFilePath] string here = "")
    {
        var file = Path.Combine(Path.GetDirectoryName(here)!, "../../oracles/node_modules/viem/_cjs/constants/contracts.js");
        return File.Exists(file) ? Declared().Match(File.ReadAllText(file)).Groups[1].Value : null;
    }

    [GeneratedRegex("multicall3Bytecode = '(0x[0-9a-f]+)'")]
    private static partial Regex Declared();
}
