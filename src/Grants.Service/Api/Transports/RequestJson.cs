using System.Text.Json;
using GraphQL;
using GraphQL.Transport;

namespace Grants.Service.Api.Transports;

/// <summary>A GraphQL request in JSON, read strictly: what one reader takes in one way and another in another is refused.</summary>
internal static class RequestJson
{
    public static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 32 };

    private static readonly HashSet<string> Members = new(StringComparer.Ordinal)
    {
        "query", "operationName", "variables", "extensions", "documentId",
    };

    /// <exception cref="FormatException">It has a member that is none of a request, or a text that cannot be stored.</exception>
    /// <exception cref="JsonException">It has not the shape of a request.</exception>
    /// <exception cref="InvalidOperationException">A text is no Unicode.</exception>
    public static GraphQLRequest? Read(JsonElement json, IGraphQLTextSerializer serializer)
    {
        if (json.ValueKind != JsonValueKind.Object)
            throw new FormatException("A request is an object.");
        foreach (var member in json.EnumerateObject())
        {
            if (!Members.Contains(member.Name))
                throw new FormatException("A request has no such member.");
        }

        RefuseNull(json);
        return serializer.ReadNode<GraphQLRequest>(json);
    }

    private static void RefuseNull(JsonElement json)
    {
        switch (json.ValueKind)
        {
            case JsonValueKind.String when json.GetString()!.Contains('\0', StringComparison.Ordinal):
                throw new FormatException("A text must not hold the null character.");
            case JsonValueKind.Array:
                foreach (var item in json.EnumerateArray())
                    RefuseNull(item);
                break;
            case JsonValueKind.Object:
                foreach (var member in json.EnumerateObject())
                    RefuseNull(member.Value);
                break;
        }
    }
}
