using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Grants.Service.Hosting.Embedded.Processes;

namespace Grants.Service.Hosting.Embedded;

/// <param name="Directory">This process holds it.</param>
/// <param name="ChainId">What eth_chainId answers.</param>
/// <param name="BlockTimeSeconds">Null: a block for each transaction.</param>
/// <param name="Keep">Whether the chain goes on in the next run.</param>
internal sealed record ChainOptions(string Directory, long ChainId = 31337, int? BlockTimeSeconds = null, bool Keep = true);

/// <summary>A local L2 on a port of the loopback. Safe is one block behind the head, finalized two.</summary>
internal sealed class EmbeddedChain : IAsyncDisposable
{
    // Each historical state is a copy of all accounts and codes, so their number bounds memory and the file.
    private const int HistoricalStates = 256;

    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan CheckpointInterval = TimeSpan.FromSeconds(5);

    private readonly SupervisedProcess process;
    private readonly ChainSnapshot snapshot;
    private readonly AnvilRpc rpc;
    private readonly CancellationTokenSource stopping = new();
    private Task checkpoints = Task.CompletedTask;

    private EmbeddedChain(SupervisedProcess process, ChainSnapshot snapshot, Uri endpoint)
    {
        this.process = process;
        this.snapshot = snapshot;
        Rpc = endpoint;
        rpc = new AnvilRpc(endpoint);
    }

    public Uri Rpc { get; }

    public Task<string> Ended => process.Ended;

    public static async Task<EmbeddedChain> StartAsync(string anvil, ChainOptions options, CancellationToken cancellation)
    {
        PostgresBinaries.MakeExecutable(anvil);
        Directory.CreateDirectory(options.Directory);
        await ServerProcesses.EndAsync(ServerProgram.Anvil, options.Directory, cancellation);
        var snapshot = new ChainSnapshot(options.Directory);
        var goesOn = snapshot.Prepare();
        var (process, port) = await ListenAsync(anvil, options, snapshot, goesOn, cancellation);
        var chain = new EmbeddedChain(process, snapshot, new Uri($"http://127.0.0.1:{port}"));
        try
        {
            await chain.AnswersAsync(options, cancellation);
            if (goesOn)
                await chain.ResumeAsync(cancellation);
            if (options.Keep)
                chain.checkpoints = chain.KeepCheckpointsAsync(chain.stopping.Token);
            return chain;
        }
        catch
        {
            await chain.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await checkpoints;
        await process.DisposeAsync();
        rpc.Dispose();
        stopping.Dispose();
    }

    // The port of the last run if it is still free, so that wallets keep their settings; else one the kernel chooses.
    private static async Task<(SupervisedProcess Process, int Port)> ListenAsync(
        string anvil, ChainOptions options, ChainSnapshot snapshot, bool goesOn, CancellationToken cancellation)
    {
        var memory = Path.Combine(options.Directory, "port");
        var wishes = File.Exists(memory) ? new[] { File.ReadAllText(memory), "0" } : ["0"];
        foreach (var wish in wishes)
        {
            var process = SupervisedProcess.Start(new ServerCommand(
                ServerProgram.Anvil,
                [anvil, "--port", wish, .. Arguments(options, snapshot, goesOn)],
                options.Directory,
                Path.Combine(options.Directory, "anvil.log")));
            try
            {
                if (await PortAsync(process, options.Directory, cancellation) is { } port)
                {
                    File.WriteAllText(memory, port.ToString(CultureInfo.InvariantCulture));
                    return (process, port);
                }
            }
            catch
            {
                await process.DisposeAsync();
                throw;
            }

            await process.DisposeAsync();
            if (wish == "0")
                throw process.Failure("ended while it started");
        }

        throw new UnreachableException();
    }

    private static IEnumerable<string> Arguments(ChainOptions options, ChainSnapshot snapshot, bool goesOn) =>
    [
        "--host", "127.0.0.1", "--no-cors", "--quiet",
        "--chain-id", $"{options.ChainId}",
        "--slots-in-an-epoch", "1",
        "--prune-history", $"{HistoricalStates}",
        .. options.BlockTimeSeconds is { } seconds ? ["--block-time", $"{seconds}"] : Array.Empty<string>(),
        .. goesOn ? ["--load-state", snapshot.State] : Array.Empty<string>(),

        // Its own periodic dump would write over the same file in place; the checkpoints stand in for it.
        .. options.Keep
            ? ["--dump-state", snapshot.Exit, "--preserve-historical-states", "--state-interval", "31536000"]
            : Array.Empty<string>(),
    ];

    private static async Task<int?> PortAsync(SupervisedProcess process, string directory, CancellationToken cancellation)
    {
        for (var deadline = Environment.TickCount64 + (long)StartPatience.TotalMilliseconds; Environment.TickCount64 < deadline;)
        {
            var ports = ServerProcesses.In(directory, ServerProgram.Anvil).Select(found => ServerProcesses.ListeningPort(found.Id));
            if (ports.FirstOrDefault(port => port is not null) is { } port)
                return port;
            if (process.Ended.IsCompleted)
                return null;
            await Task.Delay(LookAgain, cancellation);
        }

        throw process.Failure($"did not listen in {StartPatience}");
    }

    private async Task AnswersAsync(ChainOptions options, CancellationToken cancellation)
    {
        var answer = await rpc.RequestAsync("eth_chainId", [], cancellation);
        if (Number(answer) != options.ChainId)
            throw process.Failure($"answers for chain {Number(answer)}, not {options.ChainId}");
    }

    // A loaded chain starts again at the clock's time even when its head is later, and blocks would run backwards. And
    // without the states of its recent blocks nobody could read at the finalized one, until it is one that has a state.
    private async Task ResumeAsync(CancellationToken cancellation)
    {
        var head = await rpc.RequestAsync("eth_getBlockByNumber", ["latest", false], cancellation);
        var ahead = Number(head.GetProperty("timestamp")) - DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        if (ahead >= 0)
            await rpc.RequestAsync("evm_increaseTime", [ahead + 1], cancellation);
        if (!await IsReadableAsync("finalized", cancellation))
            await rpc.RequestAsync("anvil_mine", ["0x2"], cancellation);
    }

    private async Task<bool> IsReadableAsync(string block, CancellationToken cancellation)
    {
        try
        {
            await rpc.RequestAsync("eth_getBalance", [$"0x{0:x40}", block], cancellation);
            return true;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private async Task KeepCheckpointsAsync(CancellationToken stop)
    {
        var kept = "";
        var pause = CheckpointInterval;
        while (!stop.IsCancellationRequested && !Ended.IsCompleted)
        {
            try
            {
                await Task.Delay(pause, stop);
                var info = await rpc.RequestAsync("anvil_nodeInfo", [], stop);
                var head = info.GetProperty("currentBlockHash").GetString()!;
                if (head == kept)
                    continue;
                var took = Stopwatch.StartNew();
                var state = await rpc.RequestAsync("anvil_dumpState", [false], stop);
                await snapshot.KeepAsync(Convert.FromHexString(state.GetString().AsSpan(2)), stop);
                kept = head;
                pause = CheckpointInterval + (took.Elapsed * 20);
            }
            catch (Exception interrupted) when (interrupted is OperationCanceledException or HttpRequestException or IOException)
            {
                // The stop, a busy node or a full disk. The last checkpoint still stands, and the next round tries again.
            }
        }
    }

    private static long Number(JsonElement quantity) =>
        long.Parse(quantity.GetString().AsSpan(2), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
