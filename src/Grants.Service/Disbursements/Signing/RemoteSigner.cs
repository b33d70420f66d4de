using Grants.Ethereum.JsonRpc;
using Grants.Ethereum.Transactions;
using Grants.Primitives;

namespace Grants.Service.Disbursements.Signing;

/// <summary>
/// A signer that speaks eth_signTransaction, as Clef, Web3Signer and nodes with accounts do. What comes back must be the very
/// transaction that was asked for, signed by the account.
/// </summary>
public sealed class RemoteSigner(EthereumRpc signer, Address address) : IAccountSigner
{
    public Address Address => address;

    public async Task<SignedTransaction> SignAsync(Eip1559Transaction transaction, CancellationToken cancellation)
    {
        SignedTransaction signed;
        try
        {
            signed = SignedTransaction.Decode(await signer.SignTransactionAsync(address, transaction, cancellation));
        }
        catch (Exception failure) when (failure is RpcException or FormatException)
        {
            throw new SignerFailedException($"The signer does not sign: {failure.Message}", failure);
        }

        return signed.Transaction.SigningHash == transaction.SigningHash && signed.Sender == address
            ? signed
            : throw new SignerFailedException("The signer signed another transaction, or with another key.");
    }
}
