using Grants.Primitives;

namespace Grants.Ethereum.TypedData;

/// <summary>A member of a struct type of EIP-712.</summary>
public sealed record TypedDataField(string Name, string Type);

/// <summary>Where a signature is meant to count, by EIP-712. What is null is not part of the domain; there is no salt.</summary>
public sealed record TypedDataDomain(string? Name, string? Version, long? ChainId, Address? VerifyingContract = null)
{
    internal const string TypeName = "EIP712Domain";

    /// <summary>The members that are there, in the order of the standard, with their values.</summary>
    internal IReadOnlyList<(TypedDataField Field, object Value)> Members =>
    [
        .. new (TypedDataField Field, object? Value)[]
        {
            (new("name", "string"), Name),
            (new("version", "string"), Version),
            (new("chainId", "uint256"), ChainId),
            (new("verifyingContract", "address"), VerifyingContract),
        }
        .Where(member => member.Value is not null)
        .Select(member => (member.Field, member.Value!)),
    ];

    internal IReadOnlyList<TypedDataField> Fields => [.. Members.Select(member => member.Field)];
}

/// <summary>Types, values or JSON do not follow EIP-712.</summary>
public sealed class TypedDataException(string message, Exception? inner = null) : FormatException(message, inner);
