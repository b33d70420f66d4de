using GraphQLParser;
using GraphQLParser.AST;
using GraphQLParser.Exceptions;

namespace Grants.Service.Api.Documents;

/// <summary>
/// Refuses a document that would cost too much, before the engine sees it and in linear time: the engine itself can be
/// stalled by doubling fragments, which neither its complexity rule nor cancellation stops.
/// </summary>
public static class DocumentGuard
{
    /// <summary>The longest document, in UTF-16 units. What is long in a request belongs into its variables.</summary>
    public const int LengthMax = 32_768;

    public const int TokensMax = 1_000;
    public const int FieldsMax = 500;
    public const int DepthMax = 10;
    public const int FragmentsMax = 16;
    public const int DirectivesMax = 20;
    public const int AliasesMax = 30;
    public const int RootFieldsMax = 10;
    public const int IntrospectionDepthMax = 16;

    /// <summary>How often one response key may stand in one selection: merging them is quadratic.</summary>
    public const int RepeatsMax = 5;

    /// <summary>The document, and the first objection to it. There is no document where it cannot be read.</summary>
    public static (GraphQLDocument? Document, ProtocolError? Refusal) Inspect(string text)
    {
        if (text.Length > LengthMax)
            return (null, TooCostly($"The document has more than {LengthMax} characters."));
        if (CountTokens(text) > TokensMax)
            return (null, TooCostly($"The document has more than {TokensMax} tokens."));
        if (!EscapedText.IsSound(text))
            return (null, new ProtocolError("BAD_USER_INPUT", "The document holds the null character or half of a surrogate pair."));
        GraphQLDocument document;
        try
        {
            document = Parser.Parse(text, new ParserOptions { Ignore = IgnoreOptions.All, MaxDepth = 64 });
        }
        catch (GraphQLParserException problem)
        {
            return (null, new ProtocolError("BAD_USER_INPUT", problem.Message));
        }
        catch (Exception problem) when (problem is not OutOfMemoryException)
        {
            // The parser throws what it should not on some inputs; whatever it is, the document is at fault.
            return (null, new ProtocolError("BAD_USER_INPUT", "The document cannot be parsed."));
        }

        return document.Definitions.OfType<GraphQLOperationDefinition>().ToList() is [var operation]
            ? (document, Refuse(document, operation) is { } objection ? TooCostly(objection) : null)
            : (null, new ProtocolError("BAD_USER_INPUT", "The document must have exactly one operation."));
    }

    /// <summary>What the one operation of an inspected document is.</summary>
    public static OperationType OperationOf(GraphQLDocument document) =>
        document.Definitions.OfType<GraphQLOperationDefinition>().Single().Operation;

    private static ProtocolError TooCostly(string objection) => new(ProtocolError.CostExceeded, objection);

    private static string? Refuse(GraphQLDocument document, GraphQLOperationDefinition operation)
    {
        var fragments = document.Definitions.OfType<GraphQLFragmentDefinition>().ToList();
        if (fragments.Count > FragmentsMax)
            return $"The document has more than {FragmentsMax} fragments.";
        var measures = new Measures(fragments);
        var size = measures.Of(operation.SelectionSet);
        if (measures.Problem is { } problem)
            return problem;
        if (size.Fields > FieldsMax)
            return $"The document asks for more than {FieldsMax} fields.";
        if (size.Depth > (size.Introspects ? IntrospectionDepthMax : DepthMax))
            return $"The document is deeper than {DepthMax} levels.";
        if (measures.Aliases > AliasesMax)
            return $"The document has more than {AliasesMax} aliases.";
        if (measures.Repeats > RepeatsMax)
            return $"The document has a response key more than {RepeatsMax} times in one selection.";
        if (measures.Directives > DirectivesMax)
            return $"The document has more than {DirectivesMax} directives.";
        return size.RootFields > RootFieldsMax ? $"The document has more than {RootFieldsMax} root fields." : null;
    }

    private static int CountTokens(string text)
    {
        var count = 0;
        var inName = false;
        foreach (var character in text)
        {
            var isName = char.IsAsciiLetterOrDigit(character) || character == '_';
            if ((isName && !inName) || (!isName && !char.IsWhiteSpace(character) && character != ','))
                count++;
            if (count > TokensMax)
                break;
            inName = isName;
        }

        return count;
    }

    private readonly record struct Size(long Fields, int Depth, long RootFields, bool Introspects);

    /// <summary>Sizes of selection sets with all fragments spread out, each fragment measured once.</summary>
    private sealed class Measures(List<GraphQLFragmentDefinition> fragments)
    {
        private readonly Dictionary<string, Size?> known = [];

        public string? Problem { get; private set; }

        public int Aliases { get; private set; }

        public int Directives { get; private set; }

        /// <summary>The most often that one response key stands in one selection.</summary>
        public int Repeats { get; private set; }

        public Size Of(GraphQLSelectionSet? selections)
        {
            var size = default(Size);
            CountRepeats(selections);
            foreach (var selection in selections?.Selections ?? [])
            {
                var part = selection switch
                {
                    GraphQLField field => OfField(field),
                    GraphQLInlineFragment inline => WithDirectives(inline.Directives, Of(inline.SelectionSet)),
                    GraphQLFragmentSpread spread => WithDirectives(spread.Directives, OfFragment(spread.FragmentName.Name.StringValue)),
                    _ => default,
                };
                size = new Size(
                    Math.Min(size.Fields + part.Fields, int.MaxValue),
                    Math.Max(size.Depth, part.Depth),
                    Math.Min(size.RootFields + part.RootFields, int.MaxValue),
                    size.Introspects || part.Introspects);
            }

            return size;
        }

        private void CountRepeats(GraphQLSelectionSet? selections)
        {
            foreach (var keys in (selections?.Selections ?? []).OfType<GraphQLField>()
                .GroupBy(field => (field.Alias?.Name ?? field.Name).StringValue))
                Repeats = Math.Max(Repeats, keys.Count());
        }

        private Size OfField(GraphQLField field)
        {
            if (field.Alias is not null)
                Aliases++;
            var inner = Of(field.SelectionSet);
            var introspects = field.Name.StringValue.StartsWith("__", StringComparison.Ordinal) || inner.Introspects;
            return WithDirectives(field.Directives, new Size(inner.Fields + 1, inner.Depth + 1, 1, introspects));
        }

        private Size OfFragment(string name)
        {
            if (known.TryGetValue(name, out var measured))
            {
                if (measured is null)
                    Problem = $"The fragment {name} contains itself.";
                return measured ?? default;
            }

            known[name] = null;
            var size = Of(fragments.Find(fragment => fragment.FragmentName.Name.StringValue == name)?.SelectionSet);
            known[name] = size;
            return size;
        }

        private Size WithDirectives(GraphQLDirectives? directives, Size size)
        {
            Directives += directives?.Count ?? 0;
            return size;
        }
    }
}
