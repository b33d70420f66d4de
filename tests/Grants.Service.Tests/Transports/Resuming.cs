using System.Text.Json.Nodes;
using Xunit;

namespace Grants.Service.Tests.Transports;

/// <summary>Streams that are gone on with behind a sequence.</summary>
internal static class Resuming
{
    /// <summary>The next message, which must be one without errors.</summary>
    public static async Task<(long Sequence, JsonNode Data)> ToldAsync(this NodeClients clients, string operation)
    {
        var said = await clients.EventAsync(operation);
        Assert.True(said["next"] is { } next && next["errors"] is null, said.ToJsonString());
        return (said["next"]!["extensions"]!["sequence"]!.GetValue<long>(), said["next"]!["data"]!);
    }

    /// <summary>
    /// Requires that a stream is told from its begin to what it is now in the order of its sequences, and the very same by a client whose
    /// connection is cut after each message.
    /// </summary>
    /// <param name="document">With the variables i for what it is of, and s for the sequence.</param>
    /// <returns>How many messages that were.</returns>
    public static async Task<int> ReplaysAsync(this NodeClients clients, string document, string id)
    {
        var client = clients.Connect("ws");
        var now = await clients.ToldAsync(clients.Subscribe(client, document, new { i = id }));
        var whole = new List<(long Sequence, JsonNode Data)>();
        var operation = clients.Subscribe(client, document, new { i = id, s = 0 });
        do
            whole.Add(await clients.ToldAsync(operation));
        while (!JsonNode.DeepEquals(whole[^1].Data, now.Data));
        Assert.Equal(whole.Select(one => one.Sequence).Distinct().Order(), whole.Select(one => one.Sequence));

        var last = 0L;
        foreach (var (sequence, data) in whole)
        {
            var brief = clients.Connect("ws");
            var told = await clients.ToldAsync(clients.Subscribe(brief, document, new { i = id, s = last }));
            clients.Leave(brief, "ws");
            Assert.Equal((sequence, data.ToJsonString()), (told.Sequence, told.Data.ToJsonString()));
            last = sequence;
        }

        clients.Leave(client, "ws");
        return whole.Count;
    }
}
