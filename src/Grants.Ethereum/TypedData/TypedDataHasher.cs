using Grants.Primitives;

namespace Grants.Ethereum.TypedData;

/// <summary>
/// Hashes many messages of one struct type of EIP-712, without structs inside, in one domain: what they share is worked out once.
/// Can be used by several threads at a time.
/// </summary>
public sealed class TypedDataHasher
{
    private readonly TypedDataTypes types;
    private readonly string primaryType;
    private readonly Hash32 domainSeparator;

    /// <summary>Hashes the domain and the type.</summary>
    /// <param name="domain">Where the signatures are meant to count.</param>
    /// <param name="primaryType">The name of the struct type.</param>
    /// <param name="fields">In the order of the type.</param>
    /// <exception cref="TypedDataException">A type is unknown.</exception>
    public TypedDataHasher(TypedDataDomain domain, string primaryType, IReadOnlyList<TypedDataField> fields)
    {
        types = new TypedDataTypes(new Dictionary<string, IReadOnlyList<TypedDataField>> { [primaryType] = fields });
        types.TypeHash(primaryType);
        this.primaryType = primaryType;
        domainSeparator = TypedData.SeparatorOf(domain);
    }

    /// <summary>What is signed: keccak256(0x1901 ‖ domain separator ‖ struct hash).</summary>
    /// <param name="message">The values by the names of their members.</param>
    /// <exception cref="TypedDataException">A member is missing, is too much, or does not fit its type.</exception>
    public Hash32 Digest(IReadOnlyDictionary<string, object> message) =>
        TypedData.Digest(domainSeparator, types.HashStruct(primaryType, message));
}
