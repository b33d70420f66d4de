using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using GraphQL.Transport;

namespace Grants.Service.Api.Documents;

/// <summary>
/// The documents of <c>schema/graphql/operations</c>, by the hash of their text: <c>documentId</c> is <c>sha256:</c> and 64 hexadecimal
/// digits (GraphQL over HTTP, appendix on persisted documents). Strangers cannot add any.
/// </summary>
public static class PersistedDocuments
{
    private const string Prefix = "operations/";

    private static readonly Dictionary<string, string> ById = Read();

    /// <summary>The texts by their ids.</summary>
    public static IReadOnlyDictionary<string, string> All => ById;

    public static string IdOf(string text) => $"sha256:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}";

    /// <summary>Puts the text into a request that names its document.</summary>
    /// <param name="only">Whether no other documents are executed.</param>
    /// <returns>Why the request is refused; null where it is not.</returns>
    public static ProtocolError? Resolve(GraphQLRequest request, bool only)
    {
        if (request.DocumentId is { } id)
        {
            if (!ById.TryGetValue(id, out var text))
                return new ProtocolError(ProtocolError.UnknownDocument, "There is no document with this id.");
            if (request.Query is { } query && query != text)
                return new ProtocolError("BAD_USER_INPUT", "The query is not the document that the id names.");
            request.Query = text;
        }

        return only && !ById.ContainsKey(IdOf(request.Query!))
            ? new ProtocolError(ProtocolError.UnknownDocument, "Here only the documents of the service are executed.")
            : null;
    }

    private static Dictionary<string, string> Read()
    {
        var assembly = Assembly.GetExecutingAssembly();
        return assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
            .Select(name =>
            {
                using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
                return reader.ReadToEnd();
            })
            .ToDictionary(IdOf);
    }
}
