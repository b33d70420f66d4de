using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Grants.Domain;
using Grants.Ethereum.Contracts;
using Grants.Ethereum.JsonRpc;
using Grants.Primitives;
using Grants.Service.VotingPower;
using Xunit;

namespace Grants.Service.Tests.VotingPower;

/// <summary>How contracts are asked at the snapshot block, and what becomes of it where nobody can tell.</summary>
public sealed partial class NodeAnswersTests(LocalServers servers)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task so_many_questions_are_one_request_and_the_answers_are_those_of_one_by_one()
    {
        Assert.SkipWhen(Multicall3Code() is null, "viem, which carries Multicall3's code, is not installed: npm ci in tests/oracles.");
        await using var rig = await PowerRig.StartAsync(servers);
        var multicall = await rig.DeployAsync(Hex.Parse(Multicall3Code()!));
        var token = await VenueScene.TokenAsync(rig);
        var block = await rig.BlockAsync(await rig.Node.BlockNumberAsync(Cancellation));
        using var counter = new CountedRequests();
        var node = rig.Ingestion.Chain.Through(counter);
        List<ContractRead> reads =
        [
            .. Enumerable.Range(0, 390).Select(i => new ContractRead(token, Erc20.BalanceOf.Encode(rig.Accounts[i % 10]))),
            new(token, Erc20.TransferCall.Encode(rig.Accounts[0], UInt256.MaxValue)),
            new(rig.Accounts[0], Erc20.TotalSupply.Encode()),
        ];
        var many = await NodeAnswers.At(node, multicall, block.Hash, Cancellation)(reads);
        Assert.Equal(2, counter.Count);
        var single = await NodeAnswers.At(node, rig.Accounts[3], block.Hash, Cancellation)(reads);
        Assert.Equal(reads.Count, many!.Count);
        Assert.Equal(Text(single!), Text(many));
        Assert.False(many[390].Succeeded);
        Assert.Empty(many[391].Data);

        var power = await new PowerReader(rig.NodeLogs, NodeAnswers.At(node, multicall, block.Hash, Cancellation))
            .ReadAsync(new PowerRules([PowerStrategy.BalanceOf(token)]), block);
        Assert.Equal(12, power.Power!.Readings.Count);

        static IEnumerable<string> Text(IReadOnlyList<ContractAnswer> answers) =>
            answers.Select(answer => answer.Succeeded ? Hex.Format(answer.Data) : "reverted");
    }

    [Fact]
    public async Task a_node_that_does_not_know_the_block_cannot_tell_and_one_that_is_away_may_later()
    {
        await using var rig = await PowerRig.StartAsync(servers);
        var token = await VenueScene.TokenAsync(rig);
        ContractRead[] reads = [new(token, Erc20.TotalSupply.Encode())];
        Assert.NotNull(await rig.Answers.At((await rig.BlockAsync(2)).Hash, Cancellation)(reads));
        Assert.Null(await rig.Answers.At(Keccak256.Hash("no such block"), Cancellation)(reads));
        using var http = new HttpClient();
        var nobody = new EthereumRpc(http, new Uri("http://127.0.0.1:1"));
        var away = NodeAnswers.At(nobody, Multicall3.Canonical, (await rig.BlockAsync(2)).Hash, Cancellation);
        await Assert.ThrowsAsync<RpcTransportException>(() => away(reads));
        var (power, rejection) = await new PowerReader(rig.NodeLogs, away).ReadAsync(
            new PowerRules([PowerStrategy.BalanceOf(token)]), await rig.BlockAsync(2));
        Assert.Equal((null, "POWER_NOT_READABLE"), (power, rejection?.Code));
    }

    private static string? Multicall3Code([CallerFilePath] string here = "")
    {
        var file = Path.Combine(Path.GetDirectoryName(here)!, "../../oracles/node_modules/viem/_cjs/constants/contracts.js");
        return File.Exists(file) ? Declared().Match(File.ReadAllText(file)).Groups[1].Value : null;
    }

    [GeneratedRegex("multicall3Bytecode = '(0x[0-9a-f]+)'")]
    private static partial Regex Declared();

    private sealed class CountedRequests() : DelegatingHandler(new HttpClientHandler())
    {
        public int Count { get; private set; }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Count++;
            return base.SendAsync(request, cancellationToken);
        }
    }
}
