using System.Text.Json.Nodes;
using Grants.Ethereum.TypedData;
using Grants.Service.Demo;

namespace Grants.Service.Tests.Access;

/// <summary>What a person adds to a mutation that a session alone is not enough for.</summary>
internal static class Consent
{
    /// <summary>Adds key and signature to an input, as a client does.</summary>
    public static async Task<JsonObject> SignAsync(
        ApiClient client, Person signer, string operation, string content, JsonObject input, CancellationToken cancellation)
    {
        var key = input["clientMutationId"]?.GetValue<string>() ?? Guid.CreateVersion7().ToString();
        var expiresAt = DateTimeOffset.UtcNow.ToUnixTimeSeconds() + 200;
        var data = await client.QueryAsync(
            "query ($o: String!, $c: String!, $k: String!, $e: Long!) "
                + "{ authorizationTypedData(operation: $o, content: $c, key: $k, expiresAt: $e) }",
            new { o = operation, c = content, k = key, e = expiresAt },
            cancellation);
        var digest = TypedData.FromJson(data["authorizationTypedData"]!.GetValue<string>()).Digest();
        input["clientMutationId"] = key;
        input["authorization"] = new JsonObject { ["expiresAt"] = expiresAt, ["signature"] = signer.Key.Sign(digest).ToString() };
        return input;
    }
}
