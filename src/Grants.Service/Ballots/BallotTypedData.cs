using System.Collections.Concurrent;
using Grants.Domain;
using Grants.Domain.Ballots;
using Grants.Ethereum.TypedData;
using Grants.Primitives;

namespace Grants.Service.Ballots;

/// <summary>
/// The EIP-712 typed data of a ballot, as a wallet shows and signs it, and of what else is signed in the domain
/// <c>{name: "Grants", version: "1", chainId}</c>.
/// </summary>
public static class BallotTypedData
{
    private static readonly ConcurrentDictionary<(string Type, long ChainId), TypedDataHasher> Hashers = new();

    public static TypedData Of(SignedBallot ballot, long chainId)
    {
        var data = ballot.ToTyped();
        return TypedData.Of(
            DomainOf(chainId), data.Name, [.. data.Members.Select(member => (member.Name, member.Type, member.Value))]);
    }

    /// <summary>What is signed of a ballot: the same as of its typed data, and quickly.</summary>
    public static Hash32 Digest(SignedBallot ballot, long chainId) => Digest(ballot.ToTyped(), chainId);

    /// <summary>What is signed of a struct.</summary>
    public static Hash32 Digest(TypedStruct data, long chainId) => Hashers
        .GetOrAdd((data.Name, chainId), static (of, data) => HasherOf(data, of.ChainId), data)
        .Digest(data.Message());

    private static TypedDataHasher HasherOf(TypedStruct data, long chainId) => new(
        DomainOf(chainId), data.Name, [.. data.Members.Select(member => new TypedDataField(member.Name, member.Type))]);

    private static TypedDataDomain DomainOf(long chainId) => new(TypedStruct.DomainName, TypedStruct.DomainVersion, chainId);
}
