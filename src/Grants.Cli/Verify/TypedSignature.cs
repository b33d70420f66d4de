using System.Collections.Concurrent;
using Grants.Domain;
using Grants.Ethereum.Signing;
using Grants.Ethereum.TypedData;
using Grants.Primitives;

namespace Grants.Cli.Verify;

/// <summary>Hashes and signatures of typed data in the domain <c>{name: "Grants", version: "1", chainId}</c>.</summary>
internal static class TypedSignature
{
    private static readonly ConcurrentDictionary<(string Type, long ChainId), TypedDataHasher> Hashers = new();

    public static Hash32 Digest(TypedStruct data, long chainId) => Hashers
        .GetOrAdd((data.Name, chainId), static (of, data) => HasherOf(data, of.ChainId), data)
        .Digest(data.Message());

    /// <summary>Whether the account's own key signed, in any of the forms that the door takes.</summary>
    public static bool IsOf(Address signer, Hash32 digest, string signature) =>
        Signature.TryParse(signature, out var parsed, out _) && Secp256k1.TryRecover(digest, parsed, out var found) && found == signer;

    private static TypedDataHasher HasherOf(TypedStruct data, long chainId) => new(
        new TypedDataDomain(TypedStruct.DomainName, TypedStruct.DomainVersion, chainId),
        data.Name,
        [.. data.Members.Select(member => new TypedDataField(member.Name, member.Type))]);

    /// <summary>Whether the log key signed, in the one form in which it does.</summary>
    public static bool IsOfLog(Address log, TypedStruct data, long chainId, string signature) =>
        IsOf(log, Digest(data, chainId), signature) && Signature.Parse(signature).ToString() == signature;
}
