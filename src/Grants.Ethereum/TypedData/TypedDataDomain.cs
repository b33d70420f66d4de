using Grants.Primitives;

namespace Grants.Ethereum.TypedData;

/// <summary>A member of a struct type of EIP-712.</summary>
/// <param name="Name">Letters, digits, <c>_</c> and <c>$</c>.</param>
/// <param name="Type">A type of the contract ABI, another struct's name, or an array of either.</param>
public sealed record TypedDataField(string Name, string Type);

/// <summary>Where a signature is meant to count, by EIP-712. What is null is not part of the domain; there is no salt.</summary>
/// <param name="Name">What people know the asker by.</param>
/// <param name="Version">Of the asker's messages.</param>
/// <param name="ChainId">The chain's id of EIP-155.</param>
/// <param name="VerifyingContract">The contract that checks the signature.</param>
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
