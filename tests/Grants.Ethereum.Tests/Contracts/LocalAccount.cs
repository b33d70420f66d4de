using Grants.Ethereum.Abi;
using Grants.Ethereum.JsonRpc;
using Grants.Ethereum.Signing;
using Grants.Ethereum.Tests.Following;
using Grants.Ethereum.Transactions;
using Grants.Primitives;

namespace Grants.Ethereum.Tests;

/// <summary>An account with funds on a local chain; each of its transactions is in a block of its own.</summary>
internal sealed class LocalAccount(AnvilChain chain)
{
    private const long ChainId = 31337;
    private const long GasLimit = 6_000_000;

    private static readonly UInt256 MaxFee = 100_000_000_000;

    private long nonce;

    /// <summary>The first account of anvil's test mnemonic.</summary>
    public PrivateKey Key { get; } = PrivateKey.Parse("0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80");

    public Task<RpcReceipt> SendAsync(Address to, byte[] data) => SendAsync((Address?)to, data);

    public Task<Address> DeployAsync(string contract, string types, params object[] arguments)
    {
        var code = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Bytecode", $"{contract}.hex")).Trim();
        return DeployAsync([.. Hex.Parse(code), .. AbiCodec.Encode([.. types.Split(',').Select(AbiType.Parse)], arguments)]);
    }

    /// <summary>Deploys a contract whose code is at most 255 bytes: the first nine copy and return the rest.</summary>
    public Task<Address> DeployCodeAsync(string code) =>
        DeployAsync(Hex.Parse($"0x60{(code.Length - 2) / 2:x2}8060093d393df3{code[2..]}"));

    /// <summary>Deploys by the code of a creation.</summary>
    public async Task<Address> DeployAsync(byte[] data) => (await SendAsync(null, data)).ContractAddress!.Value;

    private async Task<RpcReceipt> SendAsync(Address? to, byte[] data)
    {
        var transaction = new Eip1559Transaction(ChainId, nonce++, 0, MaxFee, GasLimit, to, 0, data).Sign(Key);
        var hash = await chain.Rpc.SendRawTransactionAsync(transaction.Raw);
        await chain.MineAsync();
        return (await chain.Rpc.ReceiptAsync(hash))!;
    }
}
