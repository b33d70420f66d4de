namespace Grants.Ethereum.Abi;

/// <summary>
/// What a contract declares, from the JSON of the contract ABI specification as compilers write it. A declaration is found by
/// its name or, where the name is overloaded, by its signature: <c>transfer</c>, <c>transfer(address,uint256)</c>.
/// </summary>
public sealed class ContractAbi
{
    private readonly AbiType constructor;

    internal ContractAbi(
        IReadOnlyList<AbiDeclaration> constructors,
        IEnumerable<AbiDeclaration> functions,
        IEnumerable<AbiDeclaration> events,
        IEnumerable<AbiDeclaration> errors)
    {
        constructor = constructors switch
        {
            [] => AbiType.Tuple([]),
            [var only] => only.Inputs,
            _ => throw new AbiException("The contract has two constructors."),
        };
        Functions = [.. Once(functions).Select(one => new AbiFunction(one))];
        Events = [.. Once(events).Select(one => new AbiEvent(one))];
        Errors = [.. Once(errors).Select(one => new AbiError(one))];
    }

    /// <summary>The arguments of the constructor, in declared order; none where it takes none.</summary>
    public IReadOnlyList<AbiParameter> ConstructorInputs => constructor.Components;

    /// <summary>The functions, in the order of the document.</summary>
    public IReadOnlyList<AbiFunction> Functions { get; }

    /// <summary>The events, in the order of the document.</summary>
    public IReadOnlyList<AbiEvent> Events { get; }

    /// <summary>The errors, in the order of the document, for <see cref="RevertReason"/>.</summary>
    public IReadOnlyList<AbiError> Errors { get; }

    /// <summary>
    /// Reads a list of declarations of at most 4 Mi characters. Types are canonical, and a tuple has its components; whether a
    /// function pays or changes something is not looked at, nor are the names of types in the source.
    /// </summary>
    /// <exception cref="AbiException">Not JSON, or not such a list.</exception>
    public static ContractAbi Parse(string json) => AbiJson.Read(json);

    /// <summary>What follows the code in the data of a creation.</summary>
    /// <exception cref="AbiException">A value does not fit its type.</exception>
    public byte[] EncodeConstructor(params object[] args) => AbiCodec.Encode(default, constructor, args);

    /// <summary>The only function of that name, or that of that signature.</summary>
    /// <exception cref="AbiException">There is none, or there are several.</exception>
    public AbiFunction Function(string name) => Find(Functions, "function", name, one => (one.Name, one.Signature));

    /// <summary>The only event of that name, or that of that signature.</summary>
    /// <exception cref="AbiException">There is none, or there are several.</exception>
    public AbiEvent Event(string name) => Find(Events, "event", name, one => (one.Name, one.Signature));

    /// <summary>The only error of that name, or that of that signature.</summary>
    /// <exception cref="AbiException">There is none, or there are several.</exception>
    public AbiError Error(string name) => Find(Errors, "error", name, one => (one.Name, one.Signature));

    private static T Find<T>(IReadOnlyList<T> declared, string kind, string name, Func<T, (string Name, string Signature)> of)
    {
        var signature = name.Contains('(', StringComparison.Ordinal)
            ? AbiParser.ParseDeclaration($"{kind} {name}", kind).Signature
            : null;
        var found = declared.Where(one => signature is null ? of(one).Name == name : of(one).Signature == signature).ToArray();
        return found switch
        {
            [var only] => only,
            [] => throw new AbiException($"The contract has no {kind} {name}."),
            _ => throw new AbiException($"The contract has several: {string.Join(", ", found.Select(one => of(one).Signature))}."),
        };
    }

    /// <summary>A declaration that several libraries or parts of a contract bring along is there once.</summary>
    private static IEnumerable<AbiDeclaration> Once(IEnumerable<AbiDeclaration> declarations) => declarations.DistinctBy(one => (
        one.Signature, one.Outputs.Name, one.IsAnonymous, string.Concat(one.Inputs.Components.Select(input => input.Indexed ? 'i' : '-'))));
}
