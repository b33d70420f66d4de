using Amazon.KeyManagementService;
using Amazon.KeyManagementService.Model;
using Amazon.Runtime;
using Grants.Ethereum.Signing;
using Grants.Ethereum.Transactions;
using Grants.Primitives;

namespace Grants.Service.Disbursements.Signing;

/// <summary>A key of AWS KMS (ECC_SECG_P256K1), which signs digests and never leaves it.</summary>
/// <param name="kms">Its credentials come from where the SDK looks for them, and never from our settings.</param>
/// <param name="keyId">The key's id, alias or ARN.</param>
public sealed class KmsSigner(IAmazonKeyManagementService kms, string keyId, Address address) : IAccountSigner
{
    private bool isOurs;

    public Address Address => address;

    /// <summary>The account of a key.</summary>
    /// <exception cref="SignerFailedException">KMS does not answer, or the key is of another curve.</exception>
    public static Task<Address> AddressOfAsync(IAmazonKeyManagementService kms, string keyId, CancellationToken cancellation) =>
        AskAsync(
            async () =>
            {
                var answer = await kms.GetPublicKeyAsync(new GetPublicKeyRequest { KeyId = keyId }, cancellation);
                return DerEncoding.Account(answer.PublicKey.ToArray());
            },
            cancellation);

    public Task<SignedTransaction> SignAsync(Eip1559Transaction transaction, CancellationToken cancellation) => AskAsync(
        async () =>
        {
            // A key of another curve signs as well, and of its signature nobody could say what is wrong with it.
            if (!isOurs && await AddressOfAsync(kms, keyId, cancellation) is var account && account != address)
                throw new SignerFailedException($"The key of KMS is {account}'s, and Treasury:Account says {address}.");
            isOurs = true;
            var digest = transaction.SigningHash;
            using var message = new MemoryStream(digest.ToBytes());
            var request = new SignRequest
            {
                KeyId = keyId,
                Message = message,
                MessageType = MessageType.DIGEST,
                SigningAlgorithm = SigningAlgorithmSpec.ECDSA_SHA_256,
            };
            var answer = await kms.SignAsync(request, cancellation);
            return new SignedTransaction(transaction, DerEncoding.Signature(answer.Signature.ToArray(), digest, address));
        },
        cancellation);

    private static async Task<T> AskAsync<T>(Func<Task<T>> ask, CancellationToken cancellation)
    {
        try
        {
            return await ask();
        }
        catch (Exception failure) when (!cancellation.IsCancellationRequested && failure is AmazonClientException or AmazonServiceException
            or FormatException or HttpRequestException or IOException or TimeoutException or OperationCanceledException)
        {
            throw new SignerFailedException($"KMS gives no answer of use: {failure.Message}", failure);
        }
    }
}
