using Grants.Primitives;

namespace Grants.Ethereum.TypedData;

/// <summary>
/// Structured data to sign, by EIP-712. A struct is a dictionary that holds exactly the members of its type, an array is
/// a list, and the other values are those of the ABI codec.
/// </summary>
public sealed class TypedData
{
    private readonly TypedDataTypes types;

    /// <summary>Hashes the message, and with that checks it.</summary>
    /// <param name="domain">Where the signature is meant to count.</param>
    /// <param name="primaryType">The name of the struct type of the message.</param>
    /// <param name="types">The struct types by name, without that of the domain.</param>
    /// <param name="message">The values by the names of their members.</param>
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
        DomainSeparator = SeparatorOf(domain);
    }

    /// <summary>Typed data of one struct without structs inside.</summary>
    /// <param name="domain">Where the signature is meant to count.</param>
    /// <param name="primaryType">The name of the struct type.</param>
    /// <param name="members">In the order of the type: name, type and value.</param>
    /// <exception cref="TypedDataException">A type is unknown or a value does not fit its type.</exception>
    public static TypedData Of(
        TypedDataDomain domain, string primaryType, IReadOnlyList<(string Name, string Type, object Value)> members) => new(
            domain,
            primaryType,
            new Dictionary<string, IReadOnlyList<TypedDataField>>
            {
                [primaryType] = [.. members.Select(member => new TypedDataField(member.Name, member.Type))],
            },
            members.ToDictionary(member => member.Name, member => member.Value));

    /// <summary>Where the signature is meant to count.</summary>
    public TypedDataDomain Domain { get; }

    /// <summary>The name of the struct type of the message.</summary>
    public string PrimaryType { get; }

    /// <summary>The struct types by name, without that of the domain.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<TypedDataField>> Types { get; }

    /// <summary>The values of the message by the names of their members.</summary>
    public IReadOnlyDictionary<string, object> Message { get; }

    /// <summary>hashStruct of the domain, by EIP-712.</summary>
    public Hash32 DomainSeparator { get; }

    /// <summary>hashStruct of the message, by EIP-712.</summary>
    public Hash32 StructHash { get; }

    /// <summary>The type as it is hashed: the primary type first, then the types it refers to by name.</summary>
    public string EncodeType() => types.EncodeType(PrimaryType);

    /// <summary>What is signed: keccak256(0x1901 ‖ domain separator ‖ struct hash).</summary>
    public Hash32 Digest() => Digest(DomainSeparator, StructHash);

    /// <summary>
    /// The JSON that wallets take for eth_signTypedData_v4. Integers of the message are decimal strings, so that no
    /// reader loses digits.
    /// </summary>
    public string ToJson() => TypedDataJson.Write(this, types);

    /// <summary>Reads the JSON that wallets take for eth_signTypedData_v4.</summary>
    /// <exception cref="TypedDataException">Another shape, a value that does not fit its type, or a member without a type.</exception>
    public static TypedData FromJson(string json) => TypedDataJson.Read(json);

    internal static Hash32 SeparatorOf(TypedDataDomain domain)
    {
        var types = new TypedDataTypes(
            new Dictionary<string, IReadOnlyList<TypedDataField>> { [TypedDataDomain.TypeName] = domain.Fields });
        return types.HashStruct(
            TypedDataDomain.TypeName, domain.Members.ToDictionary(member => member.Field.Name, member => member.Value));
    }

    internal static Hash32 Digest(Hash32 domainSeparator, Hash32 structHash)
    {
        Span<byte> input = stackalloc byte[66];
        (input[0], input[1]) = (0x19, 0x01);
        domainSeparator.CopyTo(input[2..]);
        structHash.CopyTo(input[34..]);
        return Keccak256.Hash(input);
    }
}
