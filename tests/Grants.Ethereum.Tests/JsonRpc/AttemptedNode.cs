using System.Net;
using System.Text.Json.Nodes;
using Grants.Ethereum.JsonRpc;

namespace Grants.Ethereum.Tests;

/// <summary>A node whose answer depends on how often it was asked; it takes batches too.</summary>
internal sealed class AttemptedNode(Func<int, JsonNode, HttpResponseMessage> answer) : HttpMessageHandler
{
    private readonly Lock gate = new();

    public List<JsonNode> Requests { get; } = [];

    public EthereumRpc Client(RpcResilience? resilience = null) =>
        new(new HttpClient(this), new Uri("http://node.invalid"), resilience);

    public static HttpResponseMessage Text(string text, HttpStatusCode status = HttpStatusCode.OK) =>
        new(status) { Content = new StringContent(text) };

    public static HttpResponseMessage Result(JsonNode request, string json) =>
        Text($$"""{"jsonrpc":"2.0","id":{{request["id"]}},"result":{{json}}}""");

    public static HttpResponseMessage Error(JsonNode request, int code, string message) =>
        Text($$$"""{"jsonrpc":"2.0","id":{{{request["id"]}}},"error":{"code":{{{code}}},"message":"{{{message}}}"}}""");

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var body = JsonNode.Parse(await request.Content!.ReadAsStringAsync(cancellationToken))!;
        int attempt;
        lock (gate)
        {
            Requests.Add(body);
            attempt = Requests.Count;
        }

        return answer(attempt, body);
    }
}
