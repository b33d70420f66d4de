using Grants.Ethereum.JsonRpc;
using Grants.Primitives;
using Grants.Service.Tests.Embedded;
using Xunit;

namespace Grants.Service.Tests.Vesting;

/// <summary>An account for which a local chain signs, the first unless told otherwise; each transaction is in a block of its own.</summary>
internal sealed class UnlockedAccount(EthereumRpc rpc, Address? sender = null)
{
    private const int RequestsAtOnce = 50;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    public static Address Address { get; } = Address.Parse("0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266");

    /// <summary>The second account of a local chain.</summary>
    public static Address Second { get; } = Address.Parse("0x70997970C51812dc3A010C7d01b50e0d17dc79C8");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>The time of the last block, seconds since 1970.</summary>
    public async Task<long> TimeAsync() => (await rpc.BlockAsync(BlockTag.Latest, Cancellation))!.TimestampSeconds;

    /// <summary>The next block is of this time. Only for a chain that nobody else uses.</summary>
    public Task SetTimeAsync(long seconds) => rpc.RequestAsync("evm_setNextBlockTimestamp", [seconds], Cancellation);

    /// <summary>Asks so many at once that none takes long, and answers in their order.</summary>
    public async Task<IReadOnlyList<RpcOutcome>> AskAsync(IEnumerable<RpcRequest> requests)
    {
        var answers = new List<RpcOutcome>();
        foreach (var some in requests.Chunk(RequestsAtOnce))
            answers.AddRange(await rpc.BatchAsync(some, Cancellation));
        return answers;
    }

    public async Task<Address> DeployAsync(byte[] creationCode) => (await SendAsync(null, creationCode)).ContractAddress!.Value;

    /// <summary>Sends, and fails where the transaction does.</summary>
    public async Task<RpcReceipt> SendAsync(Address? to, byte[] data)
    {
        var (from, input) = (sender ?? Address, Hex.Format(data));
        var transaction = new Dictionary<string, object> { ["from"] = from, ["data"] = input, ["gas"] = "0x1c00000" };
        if (to is { } target)
            transaction["to"] = target;
        var hash = Hash32.Parse((await rpc.RequestAsync("eth_sendTransaction", [transaction], Cancellation)).GetString()!);
        RpcReceipt? receipt = null;
        await Eventually.TrueAsync(
            async () => (receipt = await rpc.ReceiptAsync(hash, Cancellation)) is not null, Patience, "the transaction is in a block");
        Assert.True(receipt!.Succeeded, $"The transaction {hash} failed.");
        return receipt;
    }
}
