using Grants.Domain;
using Grants.Domain.Ballots;
using Grants.Domain.VotingPower;
using Grants.Ethereum.TypedData;
using Grants.Primitives;
using Grants.Service.Access;

namespace Grants.Service.VotingPower.Delegates;

/// <summary>Checks a delegate's statement, cheapest first: shape, then ECDSA, then the delegate's contract.</summary>
public sealed class StatementDoor(
    AccountSignatures signatures, ChainIdentity chain, TimeProvider clock)
{
    /// <summary>The statement as a command in a space, or why it is none.</summary>
    public async Task<(PublishStatement? Command, Rejection? Rejection)> AdmitAsync(
        string space, DelegateStatement statement, string signature, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        if (DelegateProfile.Refuse(statement, space, now) is { } refusal)
            return (null, refusal);
        var digest = TypedDataOf(statement).Digest();
        var (kind, rejection) = await signatures.VerifyAsync(statement.Delegate, digest, signature, null, cancellation);
        return rejection is null
            ? (new PublishStatement(statement, signature, kind == SignatureKind.Erc1271, digest, now), null)
            : (null, rejection);
    }

    /// <summary>The typed data of a delegate's next statement, ready to sign.</summary>
    /// <param name="last">The nonce of its last one; null where there is none.</param>
    public TypedData Next(string space, Address account, string text, UInt256? last) => TypedDataOf(new DelegateStatement(
        space,
        account,
        text,
        (last ?? UInt256.Zero) + UInt256.One,
        clock.GetUtcNow().ToUnixTimeSeconds() + DelegateProfile.ExpirySecondsMax));

    private TypedData TypedDataOf(DelegateStatement statement)
    {
        var data = statement.ToTyped();
        return TypedData.Of(
            new TypedDataDomain(TypedStruct.DomainName, TypedStruct.DomainVersion, chain.ChainId),
            data.Name,
            [.. data.Members.Select(member => (member.Name, member.Type, member.Value))]);
    }
}
