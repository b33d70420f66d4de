using Grants.Ethereum.Transactions;
using Grants.Primitives;

namespace Grants.Service.Disbursements.Signing;

/// <summary>
/// Who holds the key of the treasury's account: a file, a key service, or a signer behind a wire. The key never leaves it.
/// </summary>
public interface IAccountSigner
{
    Address Address { get; }

    /// <summary>Signs that very transaction.</summary>
    /// <exception cref="SignerFailedException">
    /// It does not answer, or answers with something else. It may have signed all the same.
    /// </exception>
    Task<SignedTransaction> SignAsync(Eip1559Transaction transaction, CancellationToken cancellation);
}

/// <summary>The holder of the key gives no usable signature; the same is asked of it again.</summary>
public sealed class SignerFailedException(string message, Exception? inner = null) : Exception(message, inner);
