namespace Grants.Service.Disbursements;

/// <summary>Section <c>Treasury</c>.</summary>
public sealed class TreasuryOptions
{
    /// <summary>
    /// A file that holds the operator's private key, plain or as a V3 keystore, readable by the service's user alone.
    /// </summary>
    public string? KeyFile { get; set; }

    /// <summary>
    /// A file that holds the password of the keystore, readable by the service's user alone; null where the key is plain.
    /// </summary>
    public string? KeyPasswordFile { get; set; }

    /// <summary>The operator's account, checksummed: needed where the key is not in a file.</summary>
    public string? Account { get; set; }

    /// <summary>The id, alias or ARN of a key of AWS KMS; its credentials come from where the SDK looks for them.</summary>
    public string? KmsKeyId { get; set; }

    /// <summary>The region of KMS, such as eu-central-1.</summary>
    public string KmsRegion { get; set; } = "us-east-1";

    /// <summary>Where KMS is, if not at the region's own address.</summary>
    public Uri? KmsEndpoint { get; set; }

    /// <summary>How long an answer of KMS is waited for, seconds, each of the few times that the SDK asks.</summary>
    public int KmsTimeoutSeconds { get; set; } = 5;

    /// <summary>A signer that speaks eth_signTransaction; http or https.</summary>
    public Uri? RemoteSigner { get; set; }

    /// <summary>
    /// Where the signer remembers what it signed: beside the key file where unset. Nodes that sign for the same account share it.
    /// </summary>
    public string? JournalFile { get; set; }

    /// <summary>
    /// A Safe that does what is ordered, checksummed: orders are proposed to its owners, and no key of the service pays. It needs the
    /// vault's operator role. Null where the service's own account does it.
    /// </summary>
    public string? Safe { get; set; }

    /// <summary>Whether orders are proposed to a Safe.</summary>
    internal bool HasSafe => !string.IsNullOrEmpty(Safe);

    /// <summary>How long a signed transaction may be mined, seconds; the vault refuses it afterwards.</summary>
    public int DeadlineSeconds { get; set; } = 86_400;

    /// <summary>The most that is offered for a unit of gas, in gwei (10^9 wei), whatever the node says that it costs.</summary>
    public int MostFeePerGasGwei { get; set; } = 1_000;

    /// <summary>How many releases of one vault go into a transaction at most, 1 to 100.</summary>
    public int BatchSize { get; set; } = 100;

    /// <summary>How long limits that allow more wait before they count, seconds.</summary>
    public int LimitsDelaySeconds { get; set; } = 172_800;

    /// <summary>With less than so many thousandths of the chain's own token, the operator is said to lack gas money; 0 for never.</summary>
    public int LeastGasThousandths { get; set; } = 10;

    /// <summary>A transaction that is in no block for so long is replaced by one that offers more.</summary>
    public int StuckAfterSeconds { get; set; } = 60;
}
