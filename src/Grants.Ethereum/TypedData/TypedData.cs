using Grants.Primitives;

namespace Grants.Ethereum.TypedData;

/// <summary>
/// Structured data to sign, by EIP-712. A struct is a dictionary that holds exactly the members of its type, an array is
/// a list, and the other values are those of the ABI codec.
/// </summary>
public sealed class TypedData
{
    private readonly TypedDataTypes types;

    /// <exception cref="TypedDataException">A type is unknown or a value does not fit its type.</exception>
    public TypedData(
        TypedDataDomain domain,
        string primaryType,
        IReadOnlyDictionary<string, IReadOnlyList<TypedDataField>> types,
        IReadOnlyDictionary<string, object> message)
    {
        (Domain, PrimaryType, Types, Message) = (domain, primaryType, types, message);
        this.types = new TypedDataTypes(types);
        StructHash = this.types.HashStruct(primaryType, message);
        var domainTypes = new TypedDataTypes(
            new Dictionary<string, IReadOnlyList<TypedDataField>> { [TypedDataDomain.TypeName] = domain.Fields });
        DomainSeparator = domainTypes.HashStruct(
            TypedDataDomain.TypeName, domain.Members.ToDictionary(member => member.Field.Name, member => member.Value));
    }

    public TypedDataDomain Domain { get; }

    public string PrimaryType { get; }

    public IReadOnlyDictionary<string, IReadOnlyList<TypedDataField>> Types { get; }

    public IReadOnlyDictionary<string, object> Message { get; }

    /// <summary>hashStruct of the domain.</summary>
    public Hash32 DomainSeparator { get; }

    /// <summary>hashStruct of the message.</summary>
    public Hash32 StructHash { get; }

    /// <summary>The type as it is hashed: the primary type first, then the types it refers to by name.</summary>
    public string EncodeType() => types.EncodeType(PrimaryType);

    /// <summary>What is signed: keccak256(0x1901 ‖ domain separator ‖ struct hash).</summary>
    public Hash32 Digest()
    {
        Span<byte> input = stackalloc byte[66];
        (input[0], input[1]) = (0x19, 0x01);
        DomainSeparator.CopyTo(input[2..]);
        StructHash.CopyTo(input[34..]);
        return Keccak256.Hash(input);
    }

    /// <summary>
    /// The JSON that wallets take for eth_signTypedData_v4. Integers of the message are decimal strings, so that no
    /// reader loses digits.
    /// </summary>
    public string ToJson() => TypedDataJson.Write(this, types);

    /// <summary>Reads the JSON that wallets take for eth_signTypedData_v4.</summary>
    /// <exception cref="TypedDataException">Another shape, a value that does not fit its type, or a member without a type.</exception>
    public static TypedData FromJson(string json) => TypedDataJson.Read(json);
}
