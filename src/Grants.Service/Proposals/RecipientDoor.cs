using Grants.Domain;
using Grants.Domain.Ballots;
using Grants.Domain.Programs;
using Grants.Domain.Proposals;
using Grants.Ethereum.JsonRpc;
using Grants.Ethereum.TypedData;
using Grants.Primitives;
using Grants.Service.Access;
using Grants.Service.Ingestion;

namespace Grants.Service.Proposals;

/// <summary>The chain has no finalized block here yet.</summary>
public sealed record ChainNotReady(long ChainId)
    : Rejection("CHAIN_NOT_READY", $"Chain {ChainId} is not followed far enough yet; try again in a moment.");

/// <summary>Checks that the recipient of a proposal controls its account on the chain that pays, at the finalized block.</summary>
public sealed class RecipientDoor(AccountSignatures signatures, EthereumRpc node, ChainView chain, TimeProvider clock)
{
    /// <summary>The consent as a command with its evidence, or why it is none.</summary>
    public async Task<(ProveRecipient? Command, Rejection? Rejection)> AdmitAsync(
        Proposal proposal, ProgramOpened program, Address actor, string signature, CancellationToken cancellation)
    {
        if (await chain.HeadsAsync(program.ChainId, cancellation) is not { Finalized: var block })
            return (null, new ChainNotReady(program.ChainId));
        var consent = proposal.ConsentIn(program.Space);
        var digest = TypedDataOf(consent, program.ChainId).Digest();
        var (kind, rejection) = await signatures.VerifyAsync(consent.Recipient, digest, signature, block.Hash, cancellation);
        if (rejection is not null)
            return (null, rejection);
        var code = await node.CodeAsync(consent.Recipient, block.Hash, cancellation);
        return (new ProveRecipient(
            proposal.ProposalId,
            actor,
            consent,
            signature,
            kind == SignatureKind.Erc1271,
            digest,
            program.ChainId,
            block,
            code.Length == 0 ? null : Keccak256.Hash(code),
            clock.GetUtcNow()), null);
    }

    /// <summary>What the recipient signs.</summary>
    public static TypedData TypedDataOf(RecipientConsent consent, long chainId)
    {
        var data = consent.ToTyped();
        return TypedData.Of(
            new TypedDataDomain(TypedStruct.DomainName, TypedStruct.DomainVersion, chainId),
            data.Name,
            [.. data.Members.Select(member => (member.Name, member.Type, member.Value))]);
    }
}
