using Grants.Primitives;

namespace Grants.Domain;

/// <summary>
/// A struct to sign by EIP-712, as plain data: whoever can hash typed data needs nothing else. The domain of the signature is
/// <c>{name: "Grants", version: "1", chainId}</c>.
/// </summary>
/// <param name="Name">The primary type.</param>
/// <param name="Members">In the order of the type, which is part of the hash.</param>
public sealed record TypedStruct(string Name, ValueList<TypedMember> Members)
{
    public const string DomainName = "Grants";

    public const string DomainVersion = "1";

    /// <summary>The values by the names of their members.</summary>
    public IReadOnlyDictionary<string, object> Message() => Members.ToDictionary(member => member.Name, member => member.Value);
}

/// <param name="Type">An atomic type of EIP-712, or string.</param>
/// <param name="Value">string, bool, <see cref="Hash32"/>, <see cref="Address"/> or <see cref="UInt256"/>.</param>
public sealed record TypedMember(string Name, string Type, object Value);
