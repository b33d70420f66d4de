using System.Text.Json;

namespace Grants.Service.Hosting.Embedded;

/// <summary>The few calls that running anvil takes. No limit to an answer's size: a state comes back as one.</summary>
internal sealed class AnvilRpc(Uri endpoint) : IDisposable
{
    private readonly HttpClient http = new() { Timeout = TimeSpan.FromMinutes(2) };

    /// <exception cref="HttpRequestException">No answer, or the node answered with an error.</exception>
    public async Task<JsonElement> RequestAsync(string method, object?[] parameters, CancellationToken cancellation)
    {
        var request = new { jsonrpc = "2.0", id = 1, method, @params = parameters };
        using var response = await http.PostAsJsonAsync(endpoint, request, cancellation);
        var answer = await response.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>(cancellation);
        return answer.TryGetProperty("result", out var result)
            ? result
            : throw new HttpRequestException($"anvil refused {method}: {answer}");
    }

    public void Dispose() => http.Dispose();
}
