using System.Collections.Concurrent;
using GraphQLParser.AST;

namespace Grants.Service.Api.Documents;

/// <summary>
/// Documents that passed the guard and the engine's rules, by their text: most clients send the same few, and parsing and
/// checking them again costs more than what they ask for. Variables are checked every time.
/// </summary>
public sealed class KnownDocuments
{
    /// <summary>All texts together, in UTF-16 units. Beyond it everything is forgotten, and what is in use comes back by itself.</summary>
    public const int CharactersMax = 4 * 1024 * 1024;

    private readonly ConcurrentDictionary<string, GraphQLDocument> known = new(StringComparer.Ordinal);
    private int characters;

    /// <summary>Null where the text is not known.</summary>
    public GraphQLDocument? Find(string text) => known.GetValueOrDefault(text);

    /// <summary>Keeps a document that was executed.</summary>
    public void Add(string text, GraphQLDocument document)
    {
        if (Interlocked.Add(ref characters, text.Length) > CharactersMax)
        {
            known.Clear();
            Interlocked.Exchange(ref characters, text.Length);
        }

        known[text] = document;
    }
}
