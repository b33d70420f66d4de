using Grants.Domain.Disbursements;
using Grants.Ethereum.Abi;
using Grants.Ethereum.Contracts.Treasuries;
using Grants.Ethereum.JsonRpc;
using Grants.Ethereum.Signing;
using Grants.Primitives;
using Grants.Service.Access;
using Grants.Service.Disbursements.Control;

namespace Grants.Service.Disbursements.Safes;

/// <summary>Who must sign for a Safe, by its own word at a block.</summary>
/// <param name="Threshold">How many of them.</param>
public sealed record SafeOwners(IReadOnlyList<Address> Owners, int Threshold)
{
    /// <exception cref="RpcException">The node does not answer, or there is no Safe.</exception>
    public static async Task<SafeOwners> ReadAsync(EthereumRpc node, Address safe, CancellationToken cancellation)
    {
        var owners = await AskAsync(node, safe, Safe.GetOwners, cancellation);
        var threshold = await AskAsync(node, safe, Safe.GetThreshold, cancellation);
        return new SafeOwners([.. ((object[])owners).Cast<Address>()], (int)(long)(UInt256)threshold);
    }

    /// <summary>
    /// The call by which anybody has the Safe do a proposal, as soon as enough of the owners of now have signed; null before, and when its
    /// nonce is used up.
    /// </summary>
    public ContractCall? Execution(SafeProposal proposal)
    {
        // Keys before contracts: a contract may have thought better of it.
        var signatures = proposal.Confirmations.Where(one => Owners.Contains(one.Owner))
            .Select(one => AccountSignatures.IsOwn(one.Owner, proposal.SafeTxHash, one.Signature)
                ? new OwnerSignature(one.Owner, Signature.Parse(one.Signature).ToBytes(), IsContract: false)
                : new OwnerSignature(one.Owner, Hex.Parse(one.Signature), IsContract: true))
            .OrderBy(one => one.IsContract)
            .Take(Threshold)
            .ToList();
        return proposal.State == SafeProposalState.Proposed && signatures.Count == Threshold
            ? new ContractCall(proposal.Safe, TransactionOf(proposal).Execution(signatures))
            : null;
    }

    /// <summary>What is signed and done.</summary>
    public static SafeTransaction TransactionOf(SafeProposal proposal) =>
        new(proposal.ChainId, proposal.Safe, proposal.Nonce, proposal.To, Hex.Parse(proposal.Data));

    private static async Task<object> AskAsync(
        EthereumRpc node, Address safe, AbiFunction view, CancellationToken cancellation)
    {
        var answer = await node.CallAsync(safe, view.Encode(), BlockTag.Latest, cancellation: cancellation);
        return answer.Length == 0 ? throw new RpcTransportException($"There is no Safe at {safe}.") : view.DecodeOutput(answer)[0];
    }
}
