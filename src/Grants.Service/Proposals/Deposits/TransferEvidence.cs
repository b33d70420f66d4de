using Grants.Domain.Proposals;
using Grants.Ethereum.Contracts;
using Grants.Ethereum.JsonRpc;
using Grants.Primitives;
using Grants.Service.Ingestion;
using Marten;

namespace Grants.Service.Proposals.Deposits;

/// <summary>A transfer as people name it.</summary>
/// <param name="LogIndex">Within its block, as a receipt tells it.</param>
public sealed record TransferId(Hash32 TransactionHash, int LogIndex);

/// <summary>Transfers on the finalized chain that people name as evidence.</summary>
public sealed class TransferEvidence(ChainView chain, EthereumRpc node)
{
    /// <summary>Null where no final block that we read holds it.</summary>
    public async Task<TokenTransfer?> FindAsync(long chainId, Address token, TransferId id, CancellationToken cancellation)
    {
        // The node only says where to look; what is there is read from blocks that were proven.
        if (await node.ReceiptAsync(id.TransactionHash, cancellation) is not { BlockNumber: var block }
            || await chain.FinalizedLogAsync(chainId, token, block, id.LogIndex, cancellation) is not { } log
            || log.TransactionHash != id.TransactionHash
            || !Erc20.Transfer.TryDecode(log, out var moved))
            return null;
        var evidence = new EventKey(chainId, log.BlockNumber, log.BlockHash, log.TransactionHash, log.LogIndex);
        return new TokenTransfer(evidence, token, (Address)moved[0], (Address)moved[1], (UInt256)moved[2]);
    }

    /// <summary>Takes a transfer for a purpose, in the session's transaction. False where it stands for another.</summary>
    public static async Task<bool> TakeAsync(
        IDocumentSession session, EventKey evidence, string purpose, CancellationToken cancellation)
    {
        await session.BeginTransactionAsync(cancellation);
        return await session.Connection.Command(
            """
            insert into chain.transfer_claim (chain_id, block_hash, log_index, space, purpose) values ($1, $2, $3, $4, $5)
            on conflict (chain_id, block_hash, log_index) do update set purpose = chain.transfer_claim.purpose
            returning space = $4 and purpose = $5
            """,
            evidence.ChainId, evidence.BlockHash.ToBytes(), evidence.LogIndex, session.TenantId, purpose)
            .ScalarAsync(cancellation) is true;
    }
}
