using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Grants.Ethereum.JsonRpc;
using Grants.Primitives;

namespace Grants.Ethereum.Tests.Following;

/// <summary>
/// A chain of its own for one test: an anvil that mines when it is told to, final two blocks below the head. Its contracts
/// log what they are called with: the first two words as topics, everything as data.
/// </summary>
public sealed partial class AnvilChain : IAsyncDisposable
{
    // CALLDATACOPY(0, 0, size); LOG2(0, size, word 0, word 1); the first nine bytes return the rest as the code.
    private const string EchoCode = "0x60118060093d393df3" + "366000600037602035600035366000a200";

    private readonly Process process;
    private readonly HttpClient http;
    private int calls;
    private bool hasFees = true;

    private AnvilChain(Process process, Uri endpoint)
    {
        this.process = process;
        Endpoint = endpoint;
        http = new HttpClient();
        Rpc = new EthereumRpc(http, endpoint);
    }

    public Uri Endpoint { get; }

    public EthereumRpc Rpc { get; }

    /// <summary>The sender of every transaction: the first account of anvil's test mnemonic.</summary>
    private static string Sender => "0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266";

    /// <param name="finalDepth">How far below the head a block is final: an even number.</param>
    /// <param name="genesisSeconds">The time of the first block; null takes the present.</param>
    /// <param name="chainId">The EIP-155 id.</param>
    /// <param name="hardfork">The rules of its blocks; null takes the latest.</param>
    public static async Task<AnvilChain> StartAsync(
        int finalDepth = 2, long? genesisSeconds = null, long chainId = 31337, string? hardfork = null)
    {
        // The shell ends anvil when our end of its input is gone, however this process ends, and takes the states that anvil has put on
        // disk away: left to itself it leaves gigabytes of them in the home of the user.
        const string Supervisor =
            "exec 3<&0; \"$0\" \"$@\" </dev/null 3<&- & p=$!; (read _ <&3; kill $p) & wait $p; rm -rf \"$STATES\"";
        var states = Directory.CreateTempSubdirectory("grants-anvil-").FullName;
        var start = new ProcessStartInfo("/bin/sh") { RedirectStandardInput = true, RedirectStandardOutput = true };
        string[] arguments =
        [
            "-c", Supervisor, Binary(), "--port", "0", "--no-mining", "--order", "fifo", "--chain-id", $"{chainId}",
            "--slots-in-an-epoch", $"{finalDepth / 2}", "--cache-path", states,
            .. genesisSeconds is { } time ? ["--timestamp", $"{time}"] : Array.Empty<string>(),
            .. hardfork is { } rules ? ["--hardfork", rules] : Array.Empty<string>(),
        ];
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        start.Environment["STATES"] = states;
        var process = Process.Start(start)!;
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (Listening().Match(line) is not { Success: true } found)
                continue;
            _ = process.StandardOutput.ReadToEndAsync();
            return new AnvilChain(process, new Uri($"http://{found.Groups[1].Value}")) { hasFees = hardfork is null };
        }

        throw new InvalidOperationException("anvil ended before it listened.");
    }

    /// <summary>The same node through a handler that may change what it answers.</summary>
    public EthereumRpc Through(HttpMessageHandler handler) => new(new HttpClient(handler), Endpoint);

    /// <summary>A contract that logs, in a block of its own.</summary>
    public async Task<Address> DeployEchoAsync()
    {
        var transaction = await SendAsync(new() { ["from"] = Sender, ["data"] = EchoCode, ["gas"] = "0x100000" });
        await MineAsync();
        return (await ReceiptAsync(transaction)).ContractAddress!.Value;
    }

    /// <summary>Mines a block in which each contract logs once, in that order.</summary>
    public async Task MineWithLogsAsync(params Address[] contracts)
    {
        foreach (var contract in contracts)
            await SendAsync(Call(contract));
        await MineAsync();
    }

    /// <summary>Sends a contract some data, for the next block.</summary>
    public Task SendAsync(Address contract, byte[] data) =>
        SendAsync(new() { ["from"] = Sender, ["to"] = contract, ["data"] = Hex.Format(data), ["gas"] = "0x200000" });

    public Task MineAsync(int blocks = 1) => Rpc.RequestAsync("anvil_mine", [$"0x{blocks:x}"]);

    /// <summary>Replaces the last blocks by as many others, in the first of which each contract logs once.</summary>
    public Task ReorgAsync(int depth, params Address[] contracts) =>
        Rpc.RequestAsync("anvil_reorg", [depth, contracts.Select(contract => new object[] { Call(contract), 0 }).ToArray()]);

    public async Task<RpcBlock> HeadAsync() => (await Rpc.BlockAsync(BlockTag.Latest))!;

    /// <summary>Every log of the chain as it is now.</summary>
    public async Task<IReadOnlyList<RpcLog>> LogsAsync(params Address[] contracts) =>
        await Rpc.LogsAsync(0, await Rpc.BlockNumberAsync(), contracts.Length == 0 ? null : contracts);

    public async ValueTask DisposeAsync()
    {
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        process.Dispose();
        http.Dispose();
    }

    private static string Binary([CallerFilePath] string here = "") => Path.GetFullPath(
        Path.Combine(Path.GetDirectoryName(here)!, "../../../ops/local/node_modules/@foundry-rs/anvil-linux-amd64/bin/anvil"));

    [GeneratedRegex(@"Listening on (\S+)")]
    private static partial Regex Listening();

    private Dictionary<string, object> Call(Address contract)
    {
        var word = Hex.Format(((UInt256)(ulong)++calls).ToBytes())[2..];
        return new() { ["from"] = Sender, ["to"] = contract, ["data"] = $"0x{word}{word}", ["gas"] = "0x100000" };
    }

    private async Task<Hash32> SendAsync(Dictionary<string, object> transaction)
    {
        if (!hasFees)
            transaction["gasPrice"] = "0x77359400";
        return Hash32.Parse((await Rpc.RequestAsync("eth_sendTransaction", [transaction])).GetString()!);
    }

    private async Task<RpcReceipt> ReceiptAsync(Hash32 transaction)
    {
        while (true)
        {
            if (await Rpc.ReceiptAsync(transaction) is { } receipt)
                return receipt;
        }
    }
}
