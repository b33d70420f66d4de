using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Grants.Ethereum.JsonRpc;

namespace Grants.Ethereum.Tests;

/// <summary>A node at the other end of the wire that answers whatever bytes it is told to.</summary>
internal sealed class ScriptedNode(Func<JsonObject, HttpContent> answer, HttpStatusCode status = HttpStatusCode.OK) : HttpMessageHandler
{
    private readonly Lock gate = new();

    public List<JsonObject> Requests { get; } = [];

    /// <summary>A client of a node that answers with a result, given as JSON.</summary>
    public static EthereumRpc Result(string json) => Client(new ScriptedNode(request => ResultOf(request, json)));

    /// <summary>A client of a node that answers with an error, given as JSON.</summary>
    public static EthereumRpc Error(string json, HttpStatusCode status = HttpStatusCode.OK) => Client(new ScriptedNode(
        request => new StringContent($$"""{"jsonrpc":"2.0","id":{{request["id"]}},"error":{{json}}}"""), status));

    /// <summary>A client of a node that answers with a text in which ID stands for the request's.</summary>
    public static EthereumRpc Text(string text, HttpStatusCode status = HttpStatusCode.OK) => Client(new ScriptedNode(
        request => new StringContent(text.Replace("ID", request["id"]!.ToJsonString(), StringComparison.Ordinal)), status));

    public static EthereumRpc Bytes(byte[] bytes) => Client(new ScriptedNode(_ => new ByteArrayContent(bytes)));

    public static EthereumRpc Client(HttpMessageHandler node) => new(new HttpClient(node), new Uri("http://node.invalid"));

    public static HttpContent ResultOf(JsonObject request, string json) =>
        new StringContent($$"""{"jsonrpc":"2.0","id":{{request["id"]}},"result":{{json}}}""", Encoding.UTF8, "application/json");

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var body = JsonSerializer.Deserialize<JsonObject>(await request.Content!.ReadAsByteArrayAsync(cancellationToken))!;
        lock (gate)
            Requests.Add(body);
        return new HttpResponseMessage(status) { Content = answer(body) };
    }
}
