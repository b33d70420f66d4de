using Grants.Ethereum.Keystore;
using Grants.Ethereum.Signing;
using Grants.Ethereum.Transactions;
using Grants.Primitives;
using Grants.Service.Hosting;

namespace Grants.Service.Disbursements.Signing;

/// <summary>A key in a file: encrypted as a V3 keystore, with its password in another file, or plain for small deployments.</summary>
public sealed class FileSigner : IAccountSigner
{
    private readonly PrivateKey key;

    private FileSigner(PrivateKey key) => this.key = key;

    public Address Address => key.Address;

    /// <param name="file">Readable by the service's user alone.</param>
    /// <param name="passwordFile">Of a keystore; null for a plain key.</param>
    /// <exception cref="InvalidOperationException">
    /// Others can read a file, or the password is wrong. The message has nothing of either.
    /// </exception>
    public static FileSigner Open(string file, string? passwordFile)
    {
        if (string.IsNullOrEmpty(passwordFile))
            return new FileSigner(KeyFile.Read(file));
        KeyFile.RefuseOpen(file);
        KeyFile.RefuseOpen(passwordFile);
        try
        {
            return new FileSigner(KeystoreV3.Decrypt(File.ReadAllText(file), File.ReadAllText(passwordFile).TrimEnd('\r', '\n')));
        }
        catch (Exception problem) when (problem is KeystoreException or WrongPasswordException)
        {
            throw new InvalidOperationException($"The keystore {file} cannot be opened: {problem.Message}", problem);
        }
    }

    public Task<SignedTransaction> SignAsync(Eip1559Transaction transaction, CancellationToken cancellation) =>
        Task.FromResult(transaction.Sign(key));
}
