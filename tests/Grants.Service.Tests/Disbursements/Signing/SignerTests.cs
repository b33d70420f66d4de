using Amazon.KeyManagementService;
using Amazon.Runtime;
using Grants.Ethereum.JsonRpc;
using Grants.Ethereum.Keystore;
using Grants.Ethereum.Signing;
using Grants.Ethereum.Transactions;
using Grants.Primitives;
using Grants.Service.Disbursements.Signing;
using Xunit;

namespace Grants.Service.Tests.Disbursements.Signing;

/// <summary>Whoever holds the key signs the very transaction, or nothing of use is said to have come back.</summary>
public sealed class SignerTests(LocalServers servers)
{
    private const string KeyId = "alias/treasury";

    private static readonly PrivateKey Key = PrivateKey.Parse(Keccak256.Hash("the treasury's key").ToString());

    private static readonly Eip1559Transaction Transaction = new(
        31_337, 7, 1, 2, 100_000, Address.Parse("0xC02aaA39b223FE8D0A0e5C4F27eAD9083C756Cc2"), UInt256.Zero, [1, 2, 3]);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task a_key_service_signs_and_its_account_is_that_of_its_key()
    {
        await using var service = await KeyService.StartAsync(Key);
        using var kms = Client(service);
        Assert.Equal(Key.Address, await KmsSigner.AddressOfAsync(kms, KeyId, Cancellation));
        var signer = new KmsSigner(kms, KeyId, Key.Address);
        for (var i = 0; i < 4; i++)
        {
            var signed = await signer.SignAsync(Transaction with { Nonce = i }, Cancellation);
            Assert.Equal((Transaction with { Nonce = i }).Sign(Key).Hash, signed.Hash);
        }
    }

    [Fact]
    public async Task a_key_service_with_another_key_or_without_an_answer_gives_no_signature()
    {
        await using var service = await KeyService.StartAsync(Key);
        using var kms = Client(service);
        var other = new KmsSigner(kms, KeyId, PrivateKey.Create().Address);
        await Assert.ThrowsAsync<SignerFailedException>(() => other.SignAsync(Transaction, Cancellation));
        service.Breaks = int.MaxValue;
        await Assert.ThrowsAsync<SignerFailedException>(() => new KmsSigner(kms, KeyId, Key.Address).SignAsync(Transaction, Cancellation));
    }

    [Fact]
    public async Task a_remote_signer_signs_for_its_account_and_for_no_other()
    {
        using var http = new HttpClient();
        var node = new EthereumRpc(http, await servers.SharedChainAsync());
        var account = (await node.RequestAsync("eth_accounts", [], Cancellation))[0].GetString()!;
        var address = Address.Parse(account);
        var signed = await new RemoteSigner(node, address).SignAsync(Transaction, Cancellation);
        Assert.Equal((address, Transaction.SigningHash), (signed.Sender, signed.Transaction.SigningHash));
        await Assert.ThrowsAsync<SignerFailedException>(() =>
            new RemoteSigner(node, Key.Address).SignAsync(Transaction, Cancellation));
    }

    [Fact]
    public async Task a_keystore_is_opened_with_the_password_of_a_file_that_nobody_else_reads()
    {
        if (OperatingSystem.IsWindows())
            return;
        var folder = Directory.CreateTempSubdirectory("grants-keystore-");
        var (file, password) = (Path.Combine(folder.FullName, "key.json"), Path.Combine(folder.FullName, "password"));
        await File.WriteAllTextAsync(file, KeystoreV3.Encrypt(Key, "open sesame", new ScryptDerivation(1_024, 8, 1)), Cancellation);
        await File.WriteAllTextAsync(password, "open sesame\n", Cancellation);
        File.SetUnixFileMode(file, UnixFileMode.UserRead);
        File.SetUnixFileMode(password, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);
        Assert.Throws<InvalidOperationException>(() => FileSigner.Open(file, password));
        File.SetUnixFileMode(password, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Assert.Equal(Transaction.Sign(Key), await FileSigner.Open(file, password).SignAsync(Transaction, Cancellation));
        await File.WriteAllTextAsync(password, "wrong", Cancellation);
        var refusal = Assert.Throws<InvalidOperationException>(() => FileSigner.Open(file, password));
        Assert.DoesNotContain("wrong", refusal.Message, StringComparison.Ordinal);
        folder.Delete(recursive: true);
    }

    private static AmazonKeyManagementServiceClient Client(KeyService service) => new(
        new BasicAWSCredentials("nobody", "nothing"),
        new AmazonKeyManagementServiceConfig
        {
            ServiceURL = service.Endpoint.ToString(), AuthenticationRegion = "us-east-1", MaxErrorRetry = 0,
        });
}
