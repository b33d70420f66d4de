using System.Diagnostics.CodeAnalysis;
using Grants.Primitives;

namespace Grants.Ethereum.Abi;

/// <summary>An error with which a contract reverts: encoded as a call, by the contract ABI specification, "Errors".</summary>
public sealed class AbiError
{
    private readonly AbiDeclaration declaration;
    private readonly byte[] selector;

    internal AbiError(AbiDeclaration declaration)
    {
        this.declaration = declaration;
        selector = Keccak256.Hash(declaration.Signature).ToBytes()[..4];
    }

    /// <summary>The name alone: <c>AwardExists</c>.</summary>
    public string Name => declaration.Name;

    /// <summary>The canonical signature: <c>AwardExists(bytes32)</c>.</summary>
    public string Signature => declaration.Signature;

    /// <summary>The first four bytes of the signature's Keccak-256 hash.</summary>
    public byte[] Selector => [.. selector];

    /// <summary>The arguments' types and names, in declared order.</summary>
    public IReadOnlyList<AbiParameter> Parameters => declaration.Inputs.Components;

    /// <summary>Reads <c>error Name(type name, ...)</c>.</summary>
    /// <exception cref="AbiException">Not such a declaration.</exception>
    public static AbiError Parse(string declaration) => new(AbiParser.ParseDeclaration(declaration, "error"));

    /// <summary>The arguments, where the data of a revert is this error. Nothing is thrown.</summary>
    public bool TryDecode(ReadOnlySpan<byte> data, [NotNullWhen(true)] out object[]? values)
    {
        values = null;
        return data.StartsWith(selector)
            && AbiReader.TryRead(declaration.Inputs, data[4..], exact: false, out values);
    }

    /// <inheritdoc/>
    public override string ToString() => Signature;
}
