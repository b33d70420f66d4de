using Grants.Primitives;

namespace Grants.Ethereum.Abi;

/// <summary>A function of a contract, by the contract ABI specification, "Function Selector and Argument Encoding".</summary>
public sealed class AbiFunction
{
    private readonly AbiDeclaration declaration;
    private readonly byte[] selector;

    internal AbiFunction(AbiDeclaration declaration)
    {
        this.declaration = declaration;
        selector = Keccak256.Hash(declaration.Signature).ToBytes()[..4];
    }

    /// <summary>The name alone: <c>transfer</c>.</summary>
    public string Name => declaration.Name;

    /// <summary>The canonical signature: <c>transfer(address,uint256)</c>.</summary>
    public string Signature => declaration.Signature;

    /// <summary>The first four bytes of the signature's Keccak-256 hash.</summary>
    public byte[] Selector => [.. selector];

    /// <summary>The arguments' types and names, in declared order.</summary>
    public IReadOnlyList<AbiParameter> Inputs => declaration.Inputs.Components;

    /// <summary>The types and names of what a call returns, in declared order.</summary>
    public IReadOnlyList<AbiParameter> Outputs => declaration.Outputs.Components;

    /// <summary>Reads <c>function name(type name, ...) returns (type name, ...)</c>.</summary>
    /// <exception cref="AbiException">Not such a declaration.</exception>
    public static AbiFunction Parse(string declaration) => new(AbiParser.ParseDeclaration(declaration, "function"));

    /// <summary>The data of a call. A list that is the only argument has to be cast to <c>object</c>.</summary>
    /// <exception cref="AbiException">A value does not fit its type.</exception>
    public byte[] Encode(params object[] args) => AbiCodec.Encode(selector, declaration.Inputs, args);

    /// <summary>The arguments in the data of a call.</summary>
    /// <exception cref="AbiException">Another selector, or data that does not hold the arguments.</exception>
    public object[] DecodeInput(ReadOnlySpan<byte> data) => data.StartsWith(selector)
        ? AbiCodec.Decode(declaration.Inputs, data[4..])
        : throw new AbiException($"The data is not a call of {Signature}.");

    /// <summary>The values that a call returned.</summary>
    /// <exception cref="AbiException">Data that does not hold the values.</exception>
    public object[] DecodeOutput(ReadOnlySpan<byte> data) => AbiCodec.Decode(declaration.Outputs, data);

    /// <inheritdoc/>
    public override string ToString() => Signature;
}
