using Amazon;
using Amazon.KeyManagementService;
using Grants.Ethereum.JsonRpc;
using Grants.Ethereum.Signing;
using Grants.Primitives;
using Grants.Service.Hosting;
using Microsoft.Extensions.Options;

namespace Grants.Service.Disbursements.Signing;

/// <summary>
/// The treasury's hot account, with whoever holds its key. It can pay only what the vault allows, only to the rightful recipients.
/// Without one nothing is signed.
/// </summary>
public sealed class OperatorAccount(IOptions<TreasuryOptions> options) : IDisposable
{
    private readonly Lazy<(IAccountSigner? Signer, IDisposable? Client)> opened = new(() => Open(options.Value));

    /// <summary>Null where nobody signs.</summary>
    /// <exception cref="InvalidOperationException">The settings make no sense, or a key cannot be read.</exception>
    public IAccountSigner? Signer => opened.Value.Signer;

    public Address? Address => Signer?.Address;

    /// <summary>Who calls the vaults: the account, or the Safe that is asked instead; null where nobody does.</summary>
    public Address? Payer => options.Value.HasSafe ? Primitives.Address.Parse(options.Value.Safe!) : Address;

    /// <summary>Makes a new key in a file of mode 0600, unless there is one.</summary>
    public static PrivateKey Create(string file) => KeyFile.ReadOrCreate(file);

    public void Dispose()
    {
        if (opened.IsValueCreated)
            opened.Value.Client?.Dispose();
    }

    private static (IAccountSigner?, IDisposable?) Open(TreasuryOptions options)
    {
        var account = string.IsNullOrEmpty(options.Account) ? (Address?)null : Primitives.Address.Parse(options.Account);
        var isElsewhere = !string.IsNullOrEmpty(options.KmsKeyId) || options.RemoteSigner is not null;
        if (isElsewhere && (account is null || string.IsNullOrEmpty(options.JournalFile)))
            throw new InvalidOperationException("With KMS or a remote signer, Treasury:Account and Treasury:JournalFile have to be set.");
        if (!string.IsNullOrEmpty(options.KmsKeyId))
        {
            var kms = ClientOf(options);
            return (new KmsSigner(kms, options.KmsKeyId, account!.Value), kms);
        }

        if (options.RemoteSigner is { } remote)
        {
            var http = new HttpClient();
            return (new RemoteSigner(new EthereumRpc(http, remote), account!.Value), http);
        }

        if (string.IsNullOrEmpty(options.KeyFile))
            return (null, null);
        var signer = FileSigner.Open(options.KeyFile, options.KeyPasswordFile);
        return account is { } other && other != signer.Address
            ? throw new InvalidOperationException($"The key file is {signer.Address}'s, and Treasury:Account says {other}.")
            : (signer, null);
    }

    /// <summary>The SDK's own client; it tries again what KMS throttles or leaves unanswered, and gives up then.</summary>
    internal static AmazonKeyManagementServiceClient ClientOf(TreasuryOptions options)
    {
        var config = new AmazonKeyManagementServiceConfig { Timeout = TimeSpan.FromSeconds(options.KmsTimeoutSeconds) };
        if (options.KmsEndpoint is { } endpoint)
            (config.ServiceURL, config.AuthenticationRegion) = (endpoint.ToString(), options.KmsRegion);
        else
            config.RegionEndpoint = RegionEndpoint.GetBySystemName(options.KmsRegion);
        return new AmazonKeyManagementServiceClient(config);
    }
}
