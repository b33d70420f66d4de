using System.Collections.Frozen;

namespace Grants.Ethereum.JsonRpc.Wire;

/// <summary>What a method does to a node. Methods that are not named here are taken to change something.</summary>
internal static class RpcMethod
{
    private static readonly FrozenSet<string> Reads = FrozenSet.Create(
        StringComparer.Ordinal,
        "eth_blobBaseFee",
        "eth_blockNumber",
        "eth_call",
        "eth_chainId",
        "eth_estimateGas",
        "eth_feeHistory",
        "eth_gasPrice",
        "eth_getBalance",
        "eth_getBlockByHash",
        "eth_getBlockByNumber",
        "eth_getBlockReceipts",
        "eth_getCode",
        "eth_getLogs",
        "eth_getProof",
        "eth_getStorageAt",
        "eth_getTransactionByHash",
        "eth_getTransactionCount",
        "eth_getTransactionReceipt",
        "eth_maxPriorityFeePerGas",
        "eth_syncing",
        "net_version",
        "web3_clientVersion");

    /// <summary>Whether the method changes nothing, so that it may be asked again.</summary>
    public static bool IsRead(string method) => Reads.Contains(method);
}
