using System.Text.Json.Nodes;
using Grants.Ethereum.Following;
using Grants.Ethereum.JsonRpc;
using Grants.Ethereum.Tests.Following;
using Grants.Primitives;
using Grants.Service.Tests.Ingestion;
using Xunit;

namespace Grants.Service.Tests.Hostile;

/// <summary>
/// Answers that are well formed and wrong, from what stands between a real chain and the ingestor that writes into a real
/// database: near the head, where blocks are asked for one by one, and far behind it, where they are asked for by range.
/// </summary>
internal static class ChainCases
{
    private const int NearHead = 10;
    private const int FarBehind = 60;
    private const int Deployments = 2;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static IReadOnlyDictionary<string, Func<LocalServers, Task>> All { get; } = new Dictionary<string, Func<LocalServers, Task>>
    {
        ["B-80 a null for a block that exists is asked for again"] = servers => SurvivedAsync(servers, NearHead, ForgetfulOfBlocks()),
        ["B-80 a null for a block that exists is asked for again, far behind"] =
            servers => SurvivedAsync(servers, FarBehind, ForgetfulOfBlocks()),
        ["B-85 a log of an address that is not watched is ignored"] = ForeignLogAsync,
        ["B-86 logs marked as removed orphan nothing"] = servers => RefusedAsync(servers, Logs((logs, _) =>
        {
            foreach (var log in logs)
                log!["removed"] = true;
        })),
        ["B-87 the same log twice is taken once"] = servers => SurvivedAsync(servers, NearHead, Logs(Twice)),
        ["B-87 the same log twice is taken once, far behind"] = servers => SurvivedAsync(servers, FarBehind, Logs(Twice)),
        ["B-87 logs in another order are put in order"] = servers => SurvivedAsync(servers, NearHead, Logs(Backwards)),
        ["B-87 logs in another order are put in order, far behind"] = servers => SurvivedAsync(servers, FarBehind, Logs(Backwards)),
        ["B-87 a gap between the indexes is asked for again"] = servers => SurvivedAsync(servers, NearHead, Logs(OnceWithout(1))),
        ["B-87 a gap between the indexes is asked for again, far behind"] =
            servers => SurvivedAsync(servers, FarBehind, Logs(OnceWithout(1), byRangeOnly: true)),
        ["B-87 a last log that is missing is asked for again"] = servers => SurvivedAsync(servers, NearHead, Logs(OnceWithout(2))),
        ["B-87 a gap that stays is not stored"] = servers => RefusedAsync(servers, Logs((logs, _) => Without(logs, 1))),
        ["B-87 a last log that stays away is noticed"] = servers => RefusedAsync(servers, Logs((logs, _) => Without(logs, 2))),
        ["B-87 two logs with one index are not stored"] = servers => RefusedAsync(servers, Logs((logs, _) =>
        {
            if (logs.Count > 1)
                logs[1]!["logIndex"] = logs[0]!["logIndex"]!.DeepClone();
        })),
        ["B-89 a block whose parent is not the stored head is a reorganization"] = ReorganizedAsync,
        ["B-89 a parent that does not exist stops following and orphans nothing"] = servers => RefusedAsync(servers, Blocks((block, _) =>
            block["parentHash"] = Keccak256.Hash("a parent").ToString())),
        ["B-92 a final block above the latest is not listened to"] =
            servers => RefusedAsync(servers, Tagged("latest", "0xc"), isListenedTo: false),
        ["B-92 a final block that goes back is not listened to"] =
            servers => RefusedAsync(servers, Tagged("finalized", "0x1"), isListenedTo: false),
        ["B-95 an answer above the cap is cut, and its range split"] = servers => SurvivedAsync(servers, FarBehind, Endless(blocks: 16)),
        ["B-95 logs of one block above the cap are asked for by address"] =
            servers => SurvivedAsync(servers, NearHead, Endless(blocks: 0)),
    };

    /// <summary>Whatever the node says at first, in the end everything is stored as the chain has it.</summary>
    private static async Task SurvivedAsync(LocalServers servers, int blocks, ChangedAnswers answers)
    {
        var (rig, watched) = await StartAsync(servers, blocks);
        await using var _ = rig;
        var ingestor = await rig.OpenAsync(rig.Chain.Through(answers));
        for (var rounds = 0; ingestor.Known.Head.Number < blocks + Deployments || ingestor.Known.Finalized.Number < blocks; rounds++)
        {
            Assert.True(rounds < 20, $"Following stands still at {ingestor.Known.Head}.");
            var problem = await Record.ExceptionAsync(() => IngestionRig.ToEndAsync(ingestor));
            Assert.True(problem is null or RpcTransportException, $"{problem}");
        }

        Assert.Equal(await rig.NodesLogsAsync(watched), await rig.StoredLogsAsync());
        Assert.Equal(3 * blocks, (await rig.StoredLogsAsync()).Count);
        Assert.Empty(await rig.BlocksAsync("orphaned"));
        Assert.Null(await rig.Store.HaltReasonAsync(rig.ChainId, Cancellation));
    }

    /// <summary>Nothing that the node says is stored, and what was stored stays; with an honest node it goes on.</summary>
    private static async Task RefusedAsync(LocalServers servers, ChangedAnswers answers, bool isListenedTo = true)
    {
        var (rig, watched) = await StartAsync(servers, NearHead);
        await using var _ = rig;
        await IngestionRig.ToEndAsync(await rig.OpenAsync());
        for (var i = 0; i < 5; i++)
            await rig.Chain.MineWithLogsAsync(watched, watched, watched);
        var before = await StoredAsync(rig);
        var ingestor = await rig.OpenAsync(rig.Chain.Through(answers));
        for (var attempt = 0; attempt < 3; attempt++)
        {
            var problem = await Record.ExceptionAsync(() => ingestor.FollowAsync(Cancellation));
            Assert.True(problem is RpcTransportException || (problem is null && isListenedTo), $"{problem}");
        }

        Assert.Equal(before, await StoredAsync(rig));
        await IngestionRig.ToEndAsync(await rig.OpenAsync());
        Assert.Equal(await rig.NodesLogsAsync(watched), await rig.StoredLogsAsync());
        Assert.Null(await rig.Store.HaltReasonAsync(rig.ChainId, Cancellation));
    }

    private static async Task<string> StoredAsync(IngestionRig rig) => string.Join('\n', [
        .. await rig.RowsAsync("select head_number from chain.cursor"),
        .. await rig.RowsAsync("select encode(hash, 'hex') || (status = 'orphaned') from chain.block order by hash"),
        .. await rig.StoredLogsAsync(),
    ]);

    private static async Task ForeignLogAsync(LocalServers servers)
    {
        await using var rig = await IngestionRig.StartAsync(servers);
        var (ours, other) = (await rig.Chain.DeployEchoAsync(), await rig.Chain.DeployEchoAsync());
        await rig.WatchAsync(ours);
        await rig.Chain.MineWithLogsAsync(other, ours, other);
        await IngestionRig.ToEndAsync(await rig.OpenAsync());
        Assert.Equal(await rig.NodesLogsAsync(ours), await rig.StoredLogsAsync());
        Assert.Single(await rig.StoredLogsAsync());
    }

    private static async Task ReorganizedAsync(LocalServers servers)
    {
        await using var rig = await IngestionRig.StartAsync(servers, finalDepth: 16);
        var echo = await rig.Chain.DeployEchoAsync();
        await rig.WatchAsync(echo);
        for (var i = 0; i < NearHead; i++)
            await rig.Chain.MineWithLogsAsync(echo);
        var ingestor = await rig.OpenAsync();
        await IngestionRig.ToEndAsync(ingestor);
        await rig.Chain.ReorgAsync(3, echo);
        await rig.Chain.MineAsync();
        var reorged = Assert.IsType<ChainUpdate.Reorged>(await ingestor.FollowAsync(Cancellation));
        Assert.Equal(3, reorged.Removed.Length);
        await IngestionRig.ToEndAsync(ingestor);
        Assert.Equal(await rig.NodesLogsAsync(echo), await rig.StoredLogsAsync());
        Assert.Equal(3, (await rig.BlocksAsync("orphaned")).Count);
    }

    /// <summary>A chain on which a watched contract logs three times in every block, and another after it in every second one.</summary>
    private static async Task<(IngestionRig Rig, Address Watched)> StartAsync(LocalServers servers, int blocks)
    {
        var rig = await IngestionRig.StartAsync(servers);
        var (watched, other) = (await rig.Chain.DeployEchoAsync(), await rig.Chain.DeployEchoAsync());
        await rig.WatchAsync(watched);
        for (var i = 0; i < blocks; i++)
            await rig.Chain.MineWithLogsAsync(i % 2 == 0 ? [watched, watched, watched] : [watched, watched, watched, other]);
        return (rig, watched);
    }

    private static void Twice(JsonArray logs, bool isFirst)
    {
        foreach (var log in logs.ToArray())
            logs.Add(log!.DeepClone());
    }

    private static void Backwards(JsonArray logs, bool isFirst)
    {
        var reversed = logs.Reverse().Select(log => log!.DeepClone()).ToArray();
        logs.Clear();
        foreach (var log in reversed)
            logs.Add(log);
    }

    private static Action<JsonArray, bool> OnceWithout(int index) => (logs, isFirst) =>
    {
        if (isFirst)
            Without(logs, index);
    };

    /// <summary>In every block, as far as it has such a log.</summary>
    private static void Without(JsonArray logs, int index)
    {
        foreach (var log in logs.Where(log => log!["logIndex"]!.GetValue<string>() == $"0x{index:x}").ToArray())
            logs.Remove(log);
    }

    /// <summary>A node whose logs are changed; the flag tells whether the very question comes for the first time.</summary>
    private static ChangedAnswers Logs(Action<JsonArray, bool> change, bool byRangeOnly = false)
    {
        var asked = new HashSet<string>();
        return new ChangedAnswers(async (method, parameters, ask) =>
        {
            var result = (await ask())!["result"]?.DeepClone();
            if (method == "eth_getLogs" && (!byRangeOnly || parameters[0]!["fromBlock"] is not null))
            {
                bool isFirst;
                lock (asked)
                    isFirst = asked.Add(parameters.ToJsonString());
                change(result!.AsArray(), isFirst);
            }

            return result;
        });
    }

    /// <summary>A node whose blocks above the seventeenth are changed; the flag as with logs.</summary>
    private static ChangedAnswers Blocks(Action<JsonNode, bool> change) => new(async (method, _, ask) =>
    {
        var result = (await ask())!["result"]?.DeepClone();
        if (result is not null && method.StartsWith("eth_getBlockBy", StringComparison.Ordinal) && Number(result) > NearHead + 2)
            change(result, false);
        return result;
    });

    /// <summary>A node that has not heard of each block the first time it is asked for by number.</summary>
    private static ChangedAnswers ForgetfulOfBlocks()
    {
        var asked = new HashSet<string>();
        return new ChangedAnswers(async (method, parameters, ask) =>
        {
            var result = (await ask())!["result"]?.DeepClone();
            lock (asked)
                return method == "eth_getBlockByNumber" && parameters[0]!.ToString() is ['0', 'x', ..] number && asked.Add(number)
                    && Quantity(parameters[0]!) % 7 == 3 ? null : result;
        });
    }

    private static ChangedAnswers Tagged(string tag, string number) => new(async (method, parameters, ask) =>
    {
        if (method == "eth_getBlockByNumber" && parameters[0]!.ToString() == tag)
            parameters[0] = number;
        return (await ask())!["result"]?.DeepClone();
    });

    /// <summary>A node that answers with more than anybody reads where more blocks are asked for, or a whole one.</summary>
    private static ChangedAnswers Endless(int blocks) => new(async (method, parameters, ask) =>
    {
        var filter = method == "eth_getLogs" ? parameters[0]! : null;
        var isTooMuch = filter?["fromBlock"] is { } from
            ? blocks > 0 && Quantity(filter["toBlock"]!) - Quantity(from) + 1 > blocks
            : blocks == 0 && filter is not null && filter["address"] is null;
        return isTooMuch ? JsonValue.Create(new string('0', 9 * 1024 * 1024)) : (await ask())!["result"]?.DeepClone();
    });

    private static long Number(JsonNode block) => Quantity(block["number"]!);

    private static long Quantity(JsonNode quantity) => Convert.ToInt64(quantity.GetValue<string>(), 16);
}
