using Grants.Ethereum.Contracts.Rollups;
using Grants.Ethereum.JsonRpc;
using Grants.Primitives;

namespace Grants.Ethereum.Following.Finality;

/// <summary>
/// How much of a chain L1 has, from the logs of Metis' StateCommitmentChain. Every block of L2 but the first has one state, so that a
/// total of n states reaches block n.
/// </summary>
public static class PostedBatches
{
    /// <summary>The last block that L1 has; null where the logs do not tell.</summary>
    /// <param name="newestFirst">The contract's logs, as far back as one likes; those of other chains may be among them.</param>
    /// <param name="chainId">The EIP-155 id of the L2.</param>
    public static long? HeightOf(IEnumerable<RpcLog> newestFirst, long chainId)
    {
        var ours = (UInt256)(ulong)chainId;
        UInt256? deleted = null;
        foreach (var log in newestFirst)
        {
            switch (StateCommitmentChain.Logs.Read(log))
            {
                case StateCommitmentChain.StateBatchDeletedLog gone
                    when gone.ChainId == ours && (deleted is null || gone.BatchIndex < deleted):
                    deleted = gone.BatchIndex;
                    break;
                case StateCommitmentChain.StateBatchAppendedLog batch when batch.ChainId == ours && !(batch.BatchIndex > deleted):
                    var reached = batch.PrevTotalElements.ToBigInteger()
                        + (batch.BatchIndex == deleted ? 0 : batch.BatchSize.ToBigInteger());
                    return reached <= long.MaxValue ? (long)reached : null;
            }
        }

        return null;
    }
}
