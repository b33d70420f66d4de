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
    public const int TokensMax = 1_000;
    public const int FieldsMax = 500;
    public const int DepthMax = 10;
    public const int FragmentsMax = 16;
    public const int DirectivesMax = 20;
    public const int AliasesMax = 30;
    public const int RootFieldsMax = 10;
    public const int IntrospectionDepthMax = 16;

    /// <summary>What the document's one operation is, or the first objection to the document.</summary>
    public static (OperationType Operation, ProtocolError? Refusal) Inspect(string text)
    {
        if (CountTokens(text) > TokensMax)
            return (default, TooCostly($"The document has more than {TokensMax} tokens."));
        GraphQLDocument document;
        try
        {
            document = Parser.Parse(text, new ParserOptions { Ignore = IgnoreOptions.All, MaxDepth = 64 });
        }
        catch (GraphQLParserException problem)
        {
            return (default, new ProtocolError("BAD_USER_INPUT", problem.Message));
        }
        catch (Exception problem) when (problem is not OutOfMemoryException)
        {
            // The parser throws what it should not on some inputs; whatever it is, the document is at fault.
            return (default, new ProtocolError("BAD_USER_INPUT", "The document cannot be parsed."));
        }

        return document.Definitions.OfType<GraphQLOperationDefinition>().ToList() is [var operation]
            ? (operation.Operation, Refuse(document, operation) is { } objection ? TooCostly(objection) : null)
            : (default, new ProtocolError("BAD_USER_INPUT", "The document must have exactly one operation."));
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

        public Size Of(GraphQLSelectionSet? selections)
        {
            var size = default(Size);
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
