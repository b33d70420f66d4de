using System.Security.Cryptography;
using Amazon.KeyManagementService;
using Grants.Ethereum.JsonRpc;
using Grants.Ethereum.Keystore;
using Grants.Ethereum.Signing;
using Grants.Ethereum.Transactions;
using Grants.Primitives;
using Grants.Service.Disbursements;
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

        Assert.Equal(2, service.UpperHalves.Count);
    }

    [Fact]
    public async Task a_key_service_with_another_key_is_not_asked_to_sign()
    {
        await using var service = await KeyService.StartAsync(Key);
        using var kms = Client(service);
        var refusal = await Assert.ThrowsAsync<SignerFailedException>(() =>
            new KmsSigner(kms, KeyId, PrivateKey.Create().Address).SignAsync(Transaction, Cancellation));
        Assert.Contains($"The key of KMS is {Key.Address}'s", refusal.Message, StringComparison.Ordinal);
        Assert.Empty(service.Signed);
    }

    [Fact]
    public async Task a_key_of_another_curve_is_not_asked_to_sign()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await using var service = await KeyService.StartAsync(Key, key);
        using var kms = Client(service);
        var refusal = await Assert.ThrowsAsync<SignerFailedException>(() =>
            new KmsSigner(kms, KeyId, Key.Address).SignAsync(Transaction, Cancellation));
        Assert.Contains("no key of secp256k1", refusal.Message, StringComparison.Ordinal);
        Assert.Empty(service.Signed);
    }

    public static TheoryData<string> Spoilt => ["another key", "cut", "something behind it", "no DER", "empty"];

    [Theory]
    [MemberData(nameof(Spoilt))]
    public async Task a_signature_that_is_none_of_the_account_is_refused(string how)
    {
        await using var service = await KeyService.StartAsync(Key);
        using var kms = Client(service);
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        service.Spoils = signature => how switch
        {
            "another key" => other.SignHash(Transaction.SigningHash.ToBytes(), DSASignatureFormat.Rfc3279DerSequence),
            "cut" => signature[..^1],
            "something behind it" => [.. signature, 0],
            "no DER" => [.. Enumerable.Repeat((byte)0xff, 70)],
            _ => [0x30, 0],
        };
        var signer = new KmsSigner(kms, KeyId, Key.Address);
        await Assert.ThrowsAsync<SignerFailedException>(() => signer.SignAsync(Transaction, Cancellation));
        Assert.Single(service.Signed);
        service.Spoils = signature => signature;
        Assert.Equal(Transaction.Sign(Key).Hash, (await signer.SignAsync(Transaction, Cancellation)).Hash);
    }

    [Fact]
    public async Task a_key_service_that_throttles_is_asked_again_and_not_for_ever()
    {
        await using var service = await KeyService.StartAsync(Key);
        using var kms = Client(service);
        var signer = new KmsSigner(kms, KeyId, Key.Address);
        service.Throttles = 1;
        Assert.Equal(Transaction.Sign(Key).Hash, (await signer.SignAsync(Transaction, Cancellation)).Hash);
        var before = service.Asked;
        service.Throttles = int.MaxValue;
        var failure = await Assert.ThrowsAsync<SignerFailedException>(() => signer.SignAsync(Transaction, Cancellation));
        Assert.Contains("Rate exceeded", failure.Message, StringComparison.Ordinal);
        Assert.InRange(service.Asked - before, 2, 10);
    }

    [Fact]
    public async Task a_key_service_that_breaks_off_or_is_silent_gives_no_signature()
    {
        await using var service = await KeyService.StartAsync(Key);
        using var kms = Client(service);
        var signer = new KmsSigner(kms, KeyId, Key.Address);
        service.Breaks = int.MaxValue;
        await Assert.ThrowsAsync<SignerFailedException>(() => signer.SignAsync(Transaction, Cancellation));
        (service.Breaks, service.IsSilent) = (0, true);
        await Assert.ThrowsAsync<SignerFailedException>(() => signer.SignAsync(Transaction, Cancellation));
        service.IsSilent = false;
        Assert.Equal(Transaction.Sign(Key).Hash, (await signer.SignAsync(Transaction, Cancellation)).Hash);
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

    // The very client that the service has.
    private static AmazonKeyManagementServiceClient Client(KeyService service) => OperatorAccount.ClientOf(new TreasuryOptions
    {
        KmsKeyId = KeyId, KmsEndpoint = service.Endpoint, KmsTimeoutSeconds = 1,
    });
}
