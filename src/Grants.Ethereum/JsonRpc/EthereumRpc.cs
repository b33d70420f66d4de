using System.Text.Json;
using Grants.Ethereum.JsonRpc.Wire;
using Grants.Ethereum.Transactions;
using Grants.Primitives;

namespace Grants.Ethereum.JsonRpc;

/// <summary>
/// A node, over JSON-RPC 2.0 with the methods of EIP-1474. Answers that contradict the request are refused. Thread-safe.
/// </summary>
/// <param name="http">Shared by the caller; its own timeout should be longer than <see cref="Timeout"/>.</param>
/// <param name="endpoint">An http or https address.</param>
/// <param name="resilience">Retries, circuit breaker and ration; null for none. They are this client's: keep one an endpoint.</param>
public sealed class EthereumRpc(HttpClient http, Uri endpoint, RpcResilience? resilience = null)
{
    private readonly RpcChannel channel = new(http, endpoint, resilience);

    /// <summary>The time for one request and its answer, each retry anew: five seconds.</summary>
    public TimeSpan Timeout
    {
        get => channel.Timeout;
        init => channel.Timeout = value;
    }

    /// <summary>
    /// Whether the hash of every block is computed again from its header (Yellow Paper, 4.4), and the logs of a block are proved by its
    /// receipts. For chains whose headers are Ethereum's.
    /// </summary>
    public bool ProvesBlocks { get; init; }

    /// <summary>Any method, for what has no name below.</summary>
    /// <exception cref="RpcErrorException">The node refuses.</exception>
    /// <exception cref="RpcTransportException">No usable answer.</exception>
    public Task<JsonElement> RequestAsync(string method, object?[] parameters, CancellationToken cancellation = default) =>
        channel.RequestAsync(method, parameters, result => result.Clone(), cancellation);

    /// <summary>
    /// Several requests in one body; outcomes come in their order and fail one by one. Asked again as a whole only where
    /// all of them are reads.
    /// </summary>
    /// <exception cref="RpcErrorException">The node refuses the batch as a whole.</exception>
    /// <exception cref="RpcTransportException">No usable answer: one that is missing, given twice or foreign spoils them all.</exception>
    public Task<IReadOnlyList<RpcOutcome>> BatchAsync(IReadOnlyList<RpcRequest> requests, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(requests.Count, BatchAnswer.MostRequests);
        return requests.Count == 0
            ? Task.FromResult<IReadOnlyList<RpcOutcome>>([])
            : channel.BatchAsync(requests, cancellation);
    }

    /// <summary>The chain's id of EIP-155 (eth_chainId, EIP-695).</summary>
    public Task<long> ChainIdAsync(CancellationToken cancellation = default) =>
        channel.RequestAsync("eth_chainId", [], RpcValue.Long, cancellation);

    /// <summary>The height of the latest block (eth_blockNumber).</summary>
    public Task<long> BlockNumberAsync(CancellationToken cancellation = default) =>
        channel.RequestAsync("eth_blockNumber", [], RpcValue.Long, cancellation);

    /// <summary>The header of a block (eth_getBlockByNumber); null where the node does not have the block.</summary>
    public Task<RpcBlock?> BlockAsync(BlockTag tag, CancellationToken cancellation = default) => channel.RequestAsync(
        "eth_getBlockByNumber",
        [tag.ToString(), false],
        result => OrNull(result, Header, block => tag.Number is null || block.Number == tag.Number),
        cancellation);

    /// <summary>The header of the block with this hash (eth_getBlockByHash); null where the node does not have the block.</summary>
    public Task<RpcBlock?> BlockAsync(Hash32 hash, CancellationToken cancellation = default) => channel.RequestAsync(
        "eth_getBlockByHash",
        [hash.ToString(), false],
        result => OrNull(result, Header, block => block.Hash == hash),
        cancellation);

    /// <summary>
    /// The logs of the blocks from..to, both included (eth_getLogs). No addresses or topics given means any; an empty list means none.
    /// </summary>
    public Task<IReadOnlyList<RpcLog>> LogsAsync(
        long from,
        long to,
        IReadOnlyCollection<Address>? addresses = null,
        IReadOnlyCollection<Hash32>? topics0 = null,
        CancellationToken cancellation = default)
    {
        var filter = new LogFilter(addresses, topics0);
        return filter.IsNothing
            ? Task.FromResult<IReadOnlyList<RpcLog>>([])
            : channel.RequestListAsync<RpcLog>(
                "eth_getLogs",
                [filter.ToParameter(("fromBlock", RpcValue.Quantity(from)), ("toBlock", RpcValue.Quantity(to)))],
                LogReader.TryRead,
                log => log.BlockNumber >= from && log.BlockNumber <= to && filter.Asks(log),
                cancellation);
    }

    /// <summary>The logs of one block, wherever the chain goes on (eth_getLogs with EIP-234). No addresses given means any.</summary>
    public Task<IReadOnlyList<RpcLog>> LogsAsync(
        Hash32 blockHash, IReadOnlyCollection<Address>? addresses = null, CancellationToken cancellation = default)
    {
        var filter = new LogFilter(addresses, null);
        return filter.IsNothing
            ? Task.FromResult<IReadOnlyList<RpcLog>>([])
            : channel.RequestListAsync<RpcLog>(
                "eth_getLogs",
                [filter.ToParameter(("blockHash", blockHash.ToString()))],
                LogReader.TryRead,
                log => log.BlockHash == blockHash && filter.Asks(log),
                cancellation);
    }

    /// <summary>What became of every transaction of a block, in their order (eth_getBlockReceipts).</summary>
    internal Task<IReadOnlyList<MinedReceipt>> ReceiptsAsync(Hash32 blockHash, CancellationToken cancellation) =>
        channel.RequestListAsync<MinedReceipt>(
            "eth_getBlockReceipts", [blockHash.ToString()], MinedReceipt.TryRead, receipt => receipt.IsOf(blockHash), cancellation);

    /// <summary>What a call returns at a block (eth_call). A revert is an <see cref="RpcErrorException"/>.</summary>
    public Task<byte[]> CallAsync(
        Address to, byte[] data, BlockTag tag, Address? from = null, long? gas = null, CancellationToken cancellation = default) =>
        channel.RequestAsync("eth_call", [Call(from, to, data, null, gas), tag.ToString()], RpcValue.Data, cancellation);

    /// <summary>
    /// What a call returns at the block with this hash, which must be on the node's chain (eth_call with EIP-1898). No
    /// <paramref name="to"/> runs the data as the code of a creation.
    /// </summary>
    public Task<byte[]> CallAsync(
        Address? to, byte[] data, Hash32 blockHash, Address? from = null, long? gas = null, CancellationToken cancellation = default)
    {
        var block = new Dictionary<string, object> { ["blockHash"] = blockHash.ToString(), ["requireCanonical"] = true };
        return channel.RequestAsync("eth_call", [Call(from, to, data, null, gas), block], RpcValue.Data, cancellation);
    }

    /// <summary>
    /// The gas that a transaction is likely to need at the latest block (eth_estimateGas); no <paramref name="to"/> creates a
    /// contract, and the value is in wei.
    /// </summary>
    public Task<long> EstimateGasAsync(
        Address? from, Address? to, byte[] data, UInt256 value = default, CancellationToken cancellation = default) =>
        channel.RequestAsync("eth_estimateGas", [Call(from, to, data, value, null)], RpcValue.Long, cancellation);

    /// <summary>
    /// Hands in a signed transaction (eth_sendRawTransaction) and returns its hash. It is sent once, whatever
    /// <see cref="RpcResilience"/> says. Where the node refuses it, or no usable answer comes, the node is asked whether it has
    /// it: an earlier call, or this one, may have arrived. Who calls again with the same bytes risks nothing: its nonce counts once.
    /// </summary>
    /// <exception cref="RpcErrorException">The node refuses it and does not have it.</exception>
    /// <exception cref="RpcTransportException">Whether the node has it is not known.</exception>
    public async Task<Hash32> SendRawTransactionAsync(byte[] raw, CancellationToken cancellation = default)
    {
        var expected = Keccak256.Hash(raw);
        try
        {
            return await channel.RequestAsync(
                "eth_sendRawTransaction",
                [Hex.Format(raw)],
                result => RpcValue.Hash(result) == expected ? expected : throw new FormatException("Another transaction's hash."),
                cancellation);
        }
        catch (RpcException)
        {
            if (await TransactionExistsAsync(expected, cancellation))
                return expected;
            throw;
        }
    }

    /// <summary>What became of a transaction (eth_getTransactionReceipt); null while it is not in a block.</summary>
    public Task<RpcReceipt?> ReceiptAsync(Hash32 transaction, CancellationToken cancellation = default) => channel.RequestAsync(
        "eth_getTransactionReceipt",
        [transaction.ToString()],
        result => OrNull(result, RpcValue.Receipt, receipt => receipt.TransactionHash == transaction),
        cancellation);

    /// <summary>Whether the node knows the transaction, in a block or waiting (eth_getTransactionByHash).</summary>
    public Task<bool> TransactionExistsAsync(Hash32 transaction, CancellationToken cancellation = default) => channel.RequestAsync(
        "eth_getTransactionByHash",
        [transaction.ToString()],
        result => !RpcValue.IsNull(result)
            && (RpcValue.Hash(result.GetProperty("hash")) == transaction
                ? true
                : throw new FormatException("It is not what was asked for.")),
        cancellation);

    /// <summary>The next nonce of an account (eth_getTransactionCount).</summary>
    public Task<long> TransactionCountAsync(Address account, BlockTag tag, CancellationToken cancellation = default) =>
        channel.RequestAsync("eth_getTransactionCount", [account.ToString(), tag.ToString()], RpcValue.Long, cancellation);

    /// <summary>
    /// Has an account of the node's or a signer's own sign a transaction (eth_signTransaction): the signed bytes, as Clef, Web3Signer
    /// and anvil answer, alone or with what they say. Whether they are what was asked for is for the caller to see.
    /// </summary>
    public Task<byte[]> SignTransactionAsync(Address from, Eip1559Transaction transaction, CancellationToken cancellation = default)
    {
        var request = new Dictionary<string, object?>
        {
            ["type"] = "0x2",
            ["from"] = from.ToString(),
            ["to"] = transaction.To?.ToString(),
            ["chainId"] = RpcValue.Quantity(transaction.ChainId),
            ["nonce"] = RpcValue.Quantity(transaction.Nonce),
            ["gas"] = RpcValue.Quantity(transaction.GasLimit),
            ["maxFeePerGas"] = RpcValue.Quantity(transaction.MaxFeePerGas),
            ["maxPriorityFeePerGas"] = RpcValue.Quantity(transaction.MaxPriorityFeePerGas),
            ["value"] = RpcValue.Quantity(transaction.Value),
            ["data"] = Hex.Format(transaction.Data),
        };
        return channel.RequestAsync(
            "eth_signTransaction",
            [request],
            answer => RpcValue.Data(answer.ValueKind == JsonValueKind.Object ? answer.GetProperty("raw") : answer),
            cancellation);
    }

    /// <summary>The native balance in wei (eth_getBalance).</summary>
    public Task<UInt256> BalanceAsync(Address account, BlockTag tag, CancellationToken cancellation = default) =>
        channel.RequestAsync("eth_getBalance", [account.ToString(), tag.ToString()], RpcValue.UInt256, cancellation);

    /// <summary>The native balance at the block with this hash, which must be on the node's chain (eth_getBalance with EIP-1898).</summary>
    public Task<UInt256> BalanceAsync(Address account, Hash32 blockHash, CancellationToken cancellation = default)
    {
        var block = new Dictionary<string, object> { ["blockHash"] = blockHash.ToString(), ["requireCanonical"] = true };
        return channel.RequestAsync("eth_getBalance", [account.ToString(), block], RpcValue.UInt256, cancellation);
    }

    /// <summary>The code of an account (eth_getCode); empty where it is no contract.</summary>
    public Task<byte[]> CodeAsync(Address account, BlockTag tag, CancellationToken cancellation = default) =>
        channel.RequestAsync("eth_getCode", [account.ToString(), tag.ToString()], RpcValue.Data, cancellation);

    /// <summary>The code at the block with this hash, which must be on the node's chain (eth_getCode with EIP-1898).</summary>
    public Task<byte[]> CodeAsync(Address account, Hash32 blockHash, CancellationToken cancellation = default)
    {
        var block = new Dictionary<string, object> { ["blockHash"] = blockHash.ToString(), ["requireCanonical"] = true };
        return channel.RequestAsync("eth_getCode", [account.ToString(), block], RpcValue.Data, cancellation);
    }

    /// <summary>The tip that the node suggests, in wei a gas (eth_maxPriorityFeePerGas, EIP-1559).</summary>
    public Task<UInt256> MaxPriorityFeeAsync(CancellationToken cancellation = default) =>
        channel.RequestAsync("eth_maxPriorityFeePerGas", [], RpcValue.UInt256, cancellation);

    private RpcBlock Header(JsonElement block) => ProvesBlocks ? RpcValue.ProvenBlock(block) : RpcValue.Block(block);

    private static Dictionary<string, object> Call(Address? from, Address? to, byte[] data, UInt256? value, long? gas)
    {
        var call = new Dictionary<string, object> { ["data"] = Hex.Format(data) };
        if (from is { } sender)
            call["from"] = sender;
        if (to is { } target)
            call["to"] = target;
        if (value is { IsZero: false } amount)
            call["value"] = RpcValue.Quantity(amount);
        if (gas is { } limit)
            call["gas"] = RpcValue.Quantity(limit);
        return call;
    }

    private static T? OrNull<T>(JsonElement result, Func<JsonElement, T> read, Func<T, bool> asked)
        where T : class
    {
        if (RpcValue.IsNull(result))
            return null;
        var value = read(result);
        return asked(value) ? value : throw new FormatException("It is not what was asked for.");
    }
}
