using System.Text.Json;
using System.Text.Json.Nodes;
using Grants.Ethereum.Abi;
using Grants.Ethereum.JsonRpc;
using Grants.Ethereum.Proofs;
using Grants.Ethereum.Signing;
using Grants.Ethereum.Tests.Following;
using Grants.Ethereum.Transactions;
using Grants.Primitives;
using Xunit;

namespace Grants.Ethereum.Tests;

public sealed class ChainProofTests : IAsyncLifetime
{
    private const long ChainId = 31337;
    private const long Gas = 200_000;

    private static readonly UInt256 GasPrice = 20_000_000_000;
    private static readonly Address Nobody = Address.Parse("0x00000000000000000000000000000000000000ad");

    private AnvilChain chain = null!;
    private LocalAccount account = null!;
    private Address token;

    public async ValueTask InitializeAsync()
    {
        chain = await AnvilChain.StartAsync();
        account = new LocalAccount(chain);
        token = await account.DeployAsync("GrantToken", "string,string,address,uint256", "Token", "TKN", account.Key.Address, 1_000_000);
    }

    public ValueTask DisposeAsync() => chain.DisposeAsync();

    [Fact]
    public async Task a_block_of_every_type_of_transaction_has_the_computed_hash_and_roots()
    {
        var echo = await chain.DeployEchoAsync();
        var sent = await SendEveryTypeAsync(echo);
        await chain.MineAsync();
        var block = await chain.Rpc.RequestAsync("eth_getBlockByNumber", ["latest", true]);
        var header = BlockHeader.FromJson(block);
        Assert.Equal(block.Text("hash"), header.Hash.ToString());
        Assert.NotNull(header.BaseFeePerGas);
        Assert.NotNull(header.RequestsHash);
        Assert.Equal(sent.Length, block.GetProperty("transactions").GetArrayLength());
        Assert.Equal(header.TransactionsRoot, BlockTransaction.Root(sent));
        var read = block.GetProperty("transactions").EnumerateArray().Select(BlockTransaction.FromJson).ToArray();
        Assert.Equal(sent.Select(transaction => transaction.Hash), read.Select(transaction => transaction.Hash));
        Assert.All(read, transaction => Assert.Equal(account.Key.Address, transaction.Sender));
        Assert.Equal(header.TransactionsRoot, BlockTransaction.Root(read));
        Assert.NotEqual(header.TransactionsRoot, BlockTransaction.Root(read.Skip(1)));

        var receipts = await ReceiptsAsync("latest");
        Assert.Equal([0, 0, 1, 2, 4, .. Enumerable.Repeat<byte>(2, 20)], receipts.Select(receipt => receipt.Type));
        Assert.Contains(receipts, receipt => !receipt.Succeeded);
        Assert.Equal(header.ReceiptsRoot, BlockReceipt.Root(receipts));
        Assert.Equal(header.LogsBloom, LogsBloom.Of(receipts.SelectMany(receipt => receipt.Logs)));
        Assert.Equal(header.GasUsed, receipts[^1].CumulativeGasUsed);
        Assert.NotEqual(header.ReceiptsRoot, BlockReceipt.Root(receipts.Reverse()));
        Assert.NotEqual(header.ReceiptsRoot, BlockReceipt.Root(receipts.Skip(1)));
    }

    [Fact]
    public async Task empty_blocks_and_the_first_have_the_computed_hash()
    {
        await chain.MineAsync(3);
        foreach (var tag in new[] { "earliest", "0x1", "latest" })
        {
            var block = await chain.Rpc.RequestAsync("eth_getBlockByNumber", [tag, false]);
            var header = BlockHeader.FromJson(block);
            Assert.Equal(block.Text("hash"), header.Hash.ToString());
            Assert.Equal(header.ReceiptsRoot, BlockReceipt.Root(await ReceiptsAsync(tag)));
        }
    }

    [Fact]
    public async Task accounts_and_slots_are_proven()
    {
        var stateRoot = await StateRootAsync();
        var balanceSlot = Keccak256.Hash(AbiCodec.Encode([AbiType.Parse("address"), AbiType.Parse("uint256")], [account.Key.Address, 0]));
        var supplySlot = new Hash32(((UInt256)2UL).ToBytes());
        var proof = AccountProof.FromJson(await ProofAsync(token, balanceSlot, supplySlot, Hash32.Zero));
        var contract = proof.Account(stateRoot, token)!;
        Assert.Equal(Keccak256.Hash(await chain.Rpc.CodeAsync(token, BlockTag.Latest)), contract.CodeHash);
        Assert.Equal((UInt256)1_000_000UL, proof.Storage(contract, balanceSlot));
        Assert.Equal((UInt256)1_000_000UL, proof.Storage(contract, supplySlot));
        Assert.Equal(UInt256.Zero, proof.Storage(contract, Hash32.Zero));
        Assert.Throws<ProofException>(() => proof.Storage(contract, new Hash32(((UInt256)3UL).ToBytes())));

        var owner = AccountProof.FromJson(await ProofAsync(account.Key.Address)).Account(stateRoot, account.Key.Address)!;
        Assert.Equal(1UL, owner.Nonce);
        Assert.Equal(await chain.Rpc.BalanceAsync(account.Key.Address, BlockTag.Latest), owner.Balance);
        Assert.Equal(MerkleTrie.EmptyRoot, owner.StorageRoot);
        Assert.Equal(Keccak256.Hash([]), owner.CodeHash);
        Assert.Null(AccountProof.FromJson(await ProofAsync(Nobody)).Account(stateRoot, Nobody));
    }

    [Fact]
    public async Task a_proof_that_was_changed_cut_or_swapped_is_refused()
    {
        var stateRoot = await StateRootAsync();
        var answer = await ProofAsync(token, new Hash32(((UInt256)2UL).ToBytes()));
        Refuses(answer, Keccak256.Hash("another state"), token);
        Refuses(answer, stateRoot, account.Key.Address);
        Refuses(answer, stateRoot, Nobody);
        foreach (var list in new Func<JsonNode, JsonArray>[]
        {
            proof => proof["accountProof"]!.AsArray(), proof => proof["storageProof"]![0]!["proof"]!.AsArray(),
        })
        {
            var count = list(JsonNode.Parse(answer.GetRawText())!).Count;
            for (var at = 0; at < count; at++)
            {
                RefusesChanged(nodes => nodes.RemoveAt(at));
                RefusesChanged(nodes => nodes.Insert(at, nodes[at]!.DeepClone()));
                RefusesChanged(nodes => nodes[at] = "0x");
                RefusesChanged(nodes => nodes[at] = nodes[at]!.GetValue<string>()[..^2]);
                RefusesChanged(nodes => nodes[at] = nodes[at]!.GetValue<string>() + "00");
                RefusesChanged(nodes => nodes[at] = Flipped(nodes[at]!.GetValue<string>()));
            }

            RefusesChanged(nodes => nodes.Clear());

            void RefusesChanged(Action<JsonArray> change)
            {
                var changed = JsonNode.Parse(answer.GetRawText())!;
                change(list(changed));
                Refuses(JsonSerializer.SerializeToElement(changed), stateRoot, token);
            }
        }
    }

    private static void Refuses(JsonElement answer, Hash32 stateRoot, Address address) => Assert.Throws<ProofException>(() =>
    {
        var proof = AccountProof.FromJson(answer);
        var read = proof.Account(stateRoot, address);
        proof.Storage(read!, new Hash32(((UInt256)2UL).ToBytes()));
    });

    private static string Flipped(string digits)
    {
        var bytes = Hex.Parse(digits);
        bytes[bytes.Length / 2] ^= 1;
        return Hex.Format(bytes);
    }

    private async Task<SignedTransaction[]> SendEveryTypeAsync(Address echo)
    {
        var nonce = await chain.Rpc.TransactionCountAsync(account.Key.Address, BlockTag.Latest);
        var data = new byte[96];
        AccessListEntry[] access = [new(echo, [Hash32.Zero]), new(token, [])];
        var authority = PrivateKey.Create();
        List<Transaction> transactions =
        [
            new LegacyTransaction(null, nonce, GasPrice, Gas, echo, 0, data),
            new LegacyTransaction(ChainId, nonce + 1, GasPrice, Gas, Nobody, 5, []),
            new Eip2930Transaction(ChainId, nonce + 2, GasPrice, Gas, echo, 0, data) { AccessList = access },
            // The token refuses data that it does not know.
            new Eip1559Transaction(ChainId, nonce + 3, 1, GasPrice, Gas, token, 0, data) { AccessList = access },
            new Eip7702Transaction(
                ChainId, nonce + 4, 1, GasPrice, Gas, echo, 0, data, [new Authorization(ChainId, echo, 0).Sign(authority)]),
        ];
        for (var i = 5; i < 25; i++)
            transactions.Add(new Eip1559Transaction(ChainId, nonce + i, 1, GasPrice, Gas, echo, 0, [(byte)i, .. data]));
        var signed = transactions.Select(transaction => transaction.Sign(account.Key)).ToArray();
        foreach (var transaction in signed)
            await chain.Rpc.SendRawTransactionAsync(transaction.Raw);
        return signed;
    }

    private async Task<Hash32> StateRootAsync() =>
        BlockHeader.FromJson(await chain.Rpc.RequestAsync("eth_getBlockByNumber", ["latest", false])).StateRoot;

    private async Task<BlockReceipt[]> ReceiptsAsync(string tag) =>
    [
        .. (await chain.Rpc.RequestAsync("eth_getBlockReceipts", [tag])).EnumerateArray().Select(BlockReceipt.FromJson),
    ];

    private Task<JsonElement> ProofAsync(Address address, params Hash32[] slots) =>
        chain.Rpc.RequestAsync("eth_getProof", [address, slots, "latest"]);
}
