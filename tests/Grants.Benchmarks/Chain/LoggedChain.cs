using Grants.Ethereum.Contracts;
using Grants.Ethereum.JsonRpc;
using Grants.Ethereum.Tests.Following;
using Grants.Primitives;

namespace Grants.Benchmarks.Chain;

/// <summary>A local chain full of Transfer logs: a transaction of a block logs a thousand.</summary>
internal sealed class LoggedChain : IAsyncDisposable
{
    public const int LogsABlock = 1_000;
    private const string Sender = "0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266";

    private readonly AnvilChain chain;

    private LoggedChain(AnvilChain chain, Address token) => (this.chain, Token) = (chain, token);

    public Address Token { get; }

    public Uri Endpoint => chain.Endpoint;

    public EthereumRpc Rpc => chain.Rpc;

    public static async Task<LoggedChain> StartAsync(int logs)
    {
        var chain = await AnvilChain.StartAsync();
        var sent = Hash32.Parse((await chain.Rpc.RequestAsync(
            "eth_sendTransaction", [new { from = Sender, data = Code(), gas = "0x100000" }])).GetString()!);
        await chain.MineAsync();
        RpcReceipt? receipt;
        while ((receipt = await chain.Rpc.ReceiptAsync(sent)) is null)
        {
        }

        var logged = new LoggedChain(chain, receipt.ContractAddress!.Value);
        for (var block = 0; block < logs / LogsABlock; block++)
            await logged.MineAsync(LogsABlock);
        await chain.MineAsync(2);
        return logged;
    }

    /// <summary>Mines a block with so many logs.</summary>
    public async Task MineAsync(int logs)
    {
        var data = Hex.Format([.. ((UInt256)(ulong)logs).ToBytes(), .. ((UInt256)7UL).ToBytes()]);
        await chain.Rpc.RequestAsync("eth_sendTransaction", [new { from = Sender, to = Token.ToString(), data, gas = "0x1000000" }]);
        await chain.MineAsync();
    }

    public ValueTask DisposeAsync() => chain.DisposeAsync();

    /// <summary>
    /// Counts down from the first word of the call, and logs a Transfer for each number: from the second word, to the number, of as much.
    /// The first nine bytes return the rest as the code.
    /// </summary>
    private static string Code() => "0x60408060093d393df3"
        + "600035" + "5b" + "8015603e57" + "60019003" + "80600052" + "80" + "602035"
        + "7f" + Erc20.Transfer.Topic0.ToString()[2..] + "60206000a3" + "600356" + "5b00";
}
