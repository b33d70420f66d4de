using Grants.Ethereum.Signing;
using Grants.Service.Hosting;
using Microsoft.Extensions.Options;

namespace Grants.Service.Disbursements;

/// <summary>Section <c>Treasury</c>.</summary>
public sealed class TreasuryOptions
{
    /// <summary>A file that holds the operator's private key, readable by the service's user alone.</summary>
    public string? KeyFile { get; set; }

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

/// <summary>
/// The treasury's hot key. It can pay only what the vault allows, only to the rightful recipients. Without a key file
/// nothing is signed.
/// </summary>
public sealed class OperatorKey(IOptions<TreasuryOptions> options)
{
    private readonly Lazy<PrivateKey?> key = new(() => Read(options.Value.KeyFile));

    public PrivateKey? Key => key.Value;

    /// <summary>Makes a new key in a file of mode 0600, unless there is one.</summary>
    public static PrivateKey Create(string file) => KeyFile.ReadOrCreate(file);

    private static PrivateKey? Read(string? file) => string.IsNullOrEmpty(file) ? null : KeyFile.Read(file);
}
