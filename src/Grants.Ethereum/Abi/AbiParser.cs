using System.Globalization;

namespace Grants.Ethereum.Abi;

/// <summary>Reads declarations as Solidity writes them.</summary>
internal ref struct AbiParser
{
    /// <summary>Levels of tuples and arrays, one inside the other.</summary>
    public const int DeepestNesting = 16;

    private const int LongestFixedArray = 65_535;

    private readonly string text;
    private int position;
    private int depth;

    private AbiParser(string text) => this.text = text;

    private readonly char Next => position < text.Length ? text[position] : '\0';

    public static AbiType ParseType(string text)
    {
        var parser = new AbiParser(text);
        var type = parser.Type();
        parser.End();
        return type;
    }

    /// <summary>Reads what follows a type that arrays are made of: nothing, or <c>[2][]</c>.</summary>
    public static AbiType ParseArrays(AbiType element, string text, int depth)
    {
        var parser = new AbiParser(text) { depth = depth };
        var type = parser.Arrays(element);
        parser.End();
        return type;
    }

    /// <summary>Reads <c>keyword name(parameters) modifiers [returns (parameters)]</c>.</summary>
    public static AbiDeclaration ParseDeclaration(string text, string keyword)
    {
        var parser = new AbiParser(text);
        if (parser.Word() != keyword)
            throw parser.Unexpected($"the word '{keyword}'");
        var name = parser.Word();
        if (name.Length == 0)
            throw parser.Unexpected("a name");
        var inputs = parser.Parameters();
        IReadOnlyList<AbiParameter> outputs = [];
        var isAnonymous = false;
        for (var word = parser.Word(); word.Length > 0; word = parser.Word())
        {
            if (keyword == "function" && word == "returns")
                outputs = parser.Parameters();
            else if (keyword == "event" && word == "anonymous")
                isAnonymous = true;
            else if (keyword != "function" || word is not ("external" or "public" or "view" or "pure" or "payable" or "nonpayable"))
                throw new AbiException($"'{word}' has no place in: {text}");
        }

        parser.End();
        return new AbiDeclaration(name, AbiType.Tuple(inputs), AbiType.Tuple(outputs)) { IsAnonymous = isAnonymous };
    }

    private List<AbiParameter> Parameters()
    {
        var parameters = new List<AbiParameter>();
        Take('(');
        if (TryTake(')'))
            return parameters;
        do
            parameters.Add(Parameter());
        while (TryTake(','));
        Take(')');
        return parameters;
    }

    private AbiParameter Parameter()
    {
        var type = Type();
        var (name, indexed) = ("", false);
        for (var word = Word(); word.Length > 0; word = Word())
        {
            if (word == "indexed")
                indexed = true;
            else if (name.Length > 0)
                throw Unexpected("',' or ')'");
            else if (word is not ("memory" or "calldata" or "payable"))
                name = word;
        }

        return new AbiParameter(name, type, indexed);
    }

    private AbiType Type()
    {
        if (++depth > DeepestNesting)
            throw new AbiException($"More than {DeepestNesting} levels of nesting.");
        var word = Word();
        var type = Arrays(word is "" or "tuple" ? TupleType() : AbiType.Elementary(word));
        depth--;
        return type;
    }

    private AbiType Arrays(AbiType type)
    {
        var suffixes = 0;
        while (TryTake('['))
        {
            if (depth + ++suffixes > DeepestNesting)
                throw new AbiException($"More than {DeepestNesting} levels of nesting.");
            type = AbiType.Array(type, TryTake(']') ? AbiType.AnyLength : FixedLength());
        }

        return type;
    }

    private AbiType TupleType()
    {
        var components = Parameters();
        if (components.Count == 0)
            throw Unexpected("a component");
        return AbiType.Tuple(components);
    }

    private int FixedLength()
    {
        var word = Word();
        Take(']');
        return int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var length)
            && length is > 0 and <= LongestFixedArray
            ? length
            : throw new AbiException($"An array has 1 to {LongestFixedArray} elements, not '{word}'.");
    }

    private string Word()
    {
        SkipSpaces();
        var start = position;
        while (char.IsAsciiLetterOrDigit(Next) || Next is '_' or '$')
            position++;
        return text[start..position];
    }

    private bool TryTake(char expected)
    {
        SkipSpaces();
        if (Next != expected)
            return false;
        position++;
        return true;
    }

    private void Take(char expected)
    {
        if (!TryTake(expected))
            throw Unexpected($"'{expected}'");
    }

    private void End()
    {
        SkipSpaces();
        if (position < text.Length)
            throw Unexpected("the end");
    }

    private void SkipSpaces()
    {
        while (Next == ' ')
            position++;
    }

    private readonly AbiException Unexpected(string expected) => new($"Expected {expected} at position {position} of: {text}");
}

/// <summary>The parts of a parsed declaration; a list of parameters is a tuple.</summary>
internal sealed record AbiDeclaration(string Name, AbiType Inputs, AbiType Outputs)
{
    /// <summary>Whether an event has no first topic of its own.</summary>
    public bool IsAnonymous { get; init; }

    public string Signature => Name + Inputs.Name;
}
